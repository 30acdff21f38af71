"""Rename elements whose id SpiffWorkflow keeps for itself.

It puts tasks of its own called `Start`, `End`, `Root` and `<process>.EndJoin` into every process;
a node of that name is silently taken for one of them, or refused as a duplicate.
"""

from bpmn.reading import BPMN, Element

RESERVED = frozenset({"Start", "End", "Root"})
_REFERRING = ("sourceRef", "targetRef", "attachedToRef", "default", "activityRef")
_LISTING = ("incoming", "outgoing", "flowNodeRef", "source", "target")


def rewrite(root: Element, names: dict[str, str]) -> None:
    """Rename the reserved ids in `root` and note in `names` what they were."""
    taken = {str(node.get("id")) for node in root.iter() if node.get("id")}
    renamed: dict[str, str] = {}
    for old in sorted(key for key in taken if key in RESERVED or key.endswith(".EndJoin")):
        new = f"{old}_"
        while new in taken:
            new += "_"
        taken.add(new)
        renamed[old] = new
        names[new] = old
    if not renamed:
        return
    for node in root.iter(f"{{{BPMN}}}*"):
        for attribute in ("id", *_REFERRING):
            value = node.get(attribute)
            if value in renamed:
                node.set(attribute, renamed[value])
        if str(node.tag).rpartition("}")[2] in _LISTING and (node.text or "").strip() in renamed:
            node.text = renamed[(node.text or "").strip()]
    _in_pictures(root, renamed)


def _in_pictures(root: Element, renamed: dict[str, str]) -> None:
    for node in root.iter():
        value = node.get("bpmnElement")
        if value in renamed:
            node.set("bpmnElement", renamed[value])
