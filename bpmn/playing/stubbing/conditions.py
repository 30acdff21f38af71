"""Conditions: the way that is the shortest to an end is taken."""

from collections import deque

from lxml import etree

from bpmn.lint.graph import reachable, successors
from bpmn.playing.stubbing.supplying import Supply, tag
from bpmn.reading import ACTIVITY_TYPES, Flow, Node, Process

_FAR = 1_000_000
_CHOICES = ("exclusiveGateway", "inclusiveGateway", "complexGateway")


def supply(to: Supply) -> None:
    """Supply the conditions that the choices of a diagram lack."""
    for process in to.diagram.processes.values():
        far = _distances(process)
        for node in process.nodes.values():
            flows = [process.flows[key] for key in node.outgoing]
            if node.type in _CHOICES and len(flows) > 1:
                lacking = [f for f in flows if not f.is_default and not _is_usable(to, f)]
            elif node.type in _CHOICES or node.type in ACTIVITY_TYPES:
                lacking = [f for f in flows if f.condition is not None and not _is_usable(to, f)]
            else:
                lacking = []
            if lacking:
                nearest = min(flows, key=lambda flow: far.get(flow.target, _FAR))
                _supply_choice(to, process, node, nearest, lacking)


def _is_usable(to: Supply, flow: Flow) -> bool:
    return flow.condition is not None and not flow.language and to.is_usable(flow.condition)


def _supply_choice(
    to: Supply, process: Process, node: Node, nearest: Flow, lacking: list[Flow]
) -> None:
    """Let the nearest way be taken; of an inclusive choice all that do not lead back."""
    edges = successors(process)
    for flow in lacking:
        taken = flow is nearest
        if node.type == "inclusiveGateway" and node.id not in reachable(edges[flow.target], edges):
            taken = True
        _set(to, flow, "true" if taken else "false")


def _set(to: Supply, flow: Flow, value: str) -> None:
    element = to.element(flow.id)
    for child in element.findall(tag("conditionExpression")):
        element.remove(child)
    etree.SubElement(element, tag("conditionExpression")).text = value
    to.give(flow.id, "condition", value)


def _distances(process: Process) -> dict[str, int]:
    """Return how many flows lie between each node and the nearest place where its scope ends."""
    before: dict[str, list[str]] = {}
    for flow in process.flows.values():
        before.setdefault(flow.target, []).append(flow.source)
    found = {str(n.id): 0 for n in process.nodes.values() if not n.outgoing}
    waiting = deque(found)
    while waiting:
        name = waiting.popleft()
        for source in before.get(name, ()):
            if source not in found:
                found[source] = found[name] + 1
                waiting.append(source)
    return found
