"""Data associations: an expression in them that is no FEEL is left out."""

from bpmn.playing.stubbing.supplying import Supply, tag

_HOLDING = ("assignment", "transformation")


def supply(to: Supply) -> None:
    """Leave out of data associations what cannot be read; the association itself stays."""
    for node in to.diagram.nodes():
        for direction in ("Input", "Output"):
            for association in to.element(node.id).findall(tag(f"data{direction}Association")):
                for part in list(association):
                    if part.tag not in {tag(name) for name in _HOLDING}:
                        continue
                    says = part.find(tag("from")) if part.tag == tag(_HOLDING[0]) else part
                    text = "" if says is None else (says.text or "").strip()
                    if not to.parses(text):
                        association.remove(part)
                        to.give(node.id, str(part.tag).rpartition("}")[2], "")
