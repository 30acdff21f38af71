"""Turn a pair of link events into a sequence flow.

A link is short for a flow that would cross the page. Several throwing links may share a name;
one catching link of that name takes them all.

Source: OMG BPMN 2.0.2, 10.5.5 (Link).
"""

from bpmn.reading import BPMN, Element

_LINK = f"{{{BPMN}}}linkEventDefinition"
_THROW = f"{{{BPMN}}}intermediateThrowEvent"
_CATCH = f"{{{BPMN}}}intermediateCatchEvent"
_FLOW = f"{{{BPMN}}}sequenceFlow"


def rewrite(root: Element, names: dict[str, str]) -> None:
    """Draw a flow from each throwing link to the catching one of its name and scope.

    Both events stay, as none events, so that the trace shows them. A throwing link without its
    other half is left as it is, for the runtime to refuse.
    """
    catching: dict[tuple[Element | None, str], Element] = {}
    for event, link in _links(root, _CATCH):
        catching[(event.getparent(), link.get("name", ""))] = event
    met: set[Element] = set()
    taken = {str(node.get("id")) for node in root.iter() if node.get("id")}
    for event, link in list(_links(root, _THROW)):
        scope = event.getparent()
        target = catching.get((scope, link.get("name", "")))
        if target is None or scope is None:
            continue
        flow = event.makeelement(_FLOW, {})
        key = f"{event.get('id')}_link"
        while key in taken:
            key += "_"
        taken.add(key)
        flow.set("id", key)
        flow.set("sourceRef", str(event.get("id")))
        flow.set("targetRef", str(target.get("id")))
        target.addnext(flow)
        event.remove(link)
        met.add(target)
    for target in met:
        for link in target.findall(_LINK):
            target.remove(link)


def _links(root: Element, tag: str) -> list[tuple[Element, Element]]:
    return [(event, link) for event in root.iter(tag) for link in event.findall(_LINK)]
