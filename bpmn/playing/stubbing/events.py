"""Events: timers, messages along message flows, signals, conditions."""

from lxml import etree

from bpmn.lint.timers import is_literal, looks_like_literal
from bpmn.playing.stubbing.supplying import Supply, tag
from bpmn.reading import Element, EventDefinition, Node, Process
from bpmn.running.timing import deadline_key

LENGTH = "PT1H"
_TIMERS = ("timeDate", "timeDuration", "timeCycle")


def supply(to: Supply) -> None:
    """Supply what the events of a diagram lack."""
    _names(to)
    arrows = _arrows(to)
    for process in to.diagram.processes.values():
        for node in process.nodes.values():
            _message_of_task(to, node, arrows)
            for definition, element in zip(node.event_definitions, _drawn(to, node), strict=True):
                if definition.kind == "timer":
                    _timer(to, node, definition, element)
                elif definition.kind in ("message", "signal"):
                    _declared(to, node, definition, element, arrows)
                elif definition.kind == "conditional":
                    _condition(to, process, node, definition, element)


def _drawn(to: Supply, node: Node) -> list[Element]:
    """Return the event definitions of a node in the copy."""
    return [child for child in to.element(node.id) if str(child.tag).endswith("EventDefinition")]


def _names(to: Supply) -> None:
    """Name messages and signals that have no name by their ids."""
    for found in (to.diagram.messages, to.diagram.signals):
        for item in found.values():
            if not item.name.strip():
                to.element(item.id).set("name", item.id)
                to.give(item.id, "name", item.id)


def _arrows(to: Supply) -> dict[str, str]:
    """Return the message that the message flows give each node at their ends, by node id."""
    nodes = {str(node.id): node for node in to.diagram.nodes()}
    groups: dict[str, set[str]] = {}
    collaboration = to.diagram.collaboration
    for flow in collaboration.message_flows if collaboration else ():
        joined = {flow.source, flow.target} & set(nodes)
        merged = set(joined).union(*(groups[end] for end in joined if end in groups))
        for end in merged:
            groups[end] = merged
    found: dict[str, str] = {}
    for end, group in groups.items():
        refs = sorted({ref for each in group for ref in _refs(nodes[each])})
        known = [ref for ref in refs if ref in to.diagram.messages]
        found[end] = known[0] if known else f"stub_{min(group)}"
    return found


def _refs(node: Node) -> list[str]:
    refs = [d.ref for d in node.event_definitions if d.kind == "message"]
    return [*refs, node.attributes.get("messageRef", "").rpartition(":")[2]]


def _message_of_task(to: Supply, node: Node, arrows: dict[str, str]) -> None:
    if node.type not in ("sendTask", "receiveTask") or node.camunda.get("topic"):
        return
    if node.attributes.get("messageRef", "").rpartition(":")[2] in to.diagram.messages:
        return
    ref = arrows.get(node.id, f"stub_{node.id}")
    _declare(to, "message", ref)
    to.element(node.id).set("messageRef", ref)
    to.give(node.id, "messageRef", ref)


def _declared(
    to: Supply,
    node: Node,
    definition: EventDefinition,
    element: Element,
    arrows: dict[str, str],
) -> None:
    kind = definition.kind
    known = to.diagram.messages if kind == "message" else to.diagram.signals
    if definition.ref in known:
        return
    ref = f"stub_{node.id}"
    if kind == "message":
        ref = arrows.get(node.id, ref)
    _declare(to, kind, ref)
    element.set(f"{kind}Ref", ref)
    to.give(node.id, f"{kind}Ref", ref)


def _declare(to: Supply, kind: str, ref: str) -> None:
    if any(each.get("id") == ref for each in to.root.iterchildren("*")):
        return
    place = next(
        n for n, each in enumerate(to.root) if each.tag in (tag("process"), tag("collaboration"))
    )
    to.root.insert(place, etree.Element(tag(kind), id=ref, name=ref))


def _timer(to: Supply, node: Node, definition: EventDefinition, element: Element) -> None:
    text = definition.text
    if definition.timer and text:
        if looks_like_literal(text):
            usable = is_literal(definition.timer, text)
        else:
            usable = deadline_key(text) is not None or to.is_usable(text)
        if usable:
            return
    for child in [each for each in element if each.tag in {tag(name) for name in _TIMERS}]:
        element.remove(child)
    etree.SubElement(element, tag("timeDuration")).text = LENGTH
    to.give(node.id, "timeDuration", LENGTH)


def _condition(
    to: Supply, process: Process, node: Node, definition: EventDefinition, element: Element
) -> None:
    if definition.text and to.is_usable(definition.text):
        return
    scope = process.nodes.get(node.scope)
    aside = node.type == "boundaryEvent" or (scope is not None and scope.is_event_subprocess)
    value = "false" if aside else "true"
    for child in element.findall(tag("condition")):
        element.remove(child)
    etree.SubElement(element, tag("condition")).text = value
    to.give(node.id, "condition", value)
