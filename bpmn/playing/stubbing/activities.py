"""Activities: who does them, how often, and where an empty sub-process begins."""

from collections.abc import Collection

from lxml import etree

from bpmn.lint.graph import entries
from bpmn.playing.stubbing.supplying import Supply, put_first, put_node, tag
from bpmn.reading import SUBPROCESS_TYPES, Element, Loop, Node, Process

TURNS = "2"


def supply(to: Supply, processes: Collection[str], decisions: Collection[str]) -> None:
    """Supply what the activities of a diagram lack.

    Args:
        to: The copy.
        processes: The ids of the processes that can be called.
        decisions: The ids of the decisions that can be taken.
    """
    for process in to.diagram.processes.values():
        for node in process.nodes.values():
            _work(to, node, decisions)
            _loop(to, node)
            if node.type == "callActivity" and node.called_element not in processes:
                to.element(node.id).tag = tag("task")
                to.element(node.id).attrib.pop("calledElement", "")
                to.give(node.id, "task", "task")
            if node.type in SUBPROCESS_TYPES:
                _start(to, process, node)


def _work(to: Supply, node: Node, decisions: Collection[str]) -> None:
    external = node.camunda.get("type") == "external" and node.camunda.get("topic")
    decides = (
        node.type == "businessRuleTask" and node.camunda.get("decisionRef", "") not in decisions
    )
    if not external and (node.type == "serviceTask" or decides):
        to.external(node.id)


def _loop(to: Supply, node: Node) -> None:
    loop = node.loop
    if loop is None:
        return
    (element,) = (
        each
        for each in to.element(node.id)
        if each.tag in (tag("standardLoopCharacteristics"), tag("multiInstanceLoopCharacteristics"))
    )
    if loop.kind == "standard":
        _turns(to, node, loop, element)
        return
    number = loop.cardinality or loop.collection
    if not number or not to.is_usable(number):
        for key in [k for k in element.attrib if str(k).endswith("}collection")]:
            del element.attrib[key]
        _remove(element, "loopCardinality", "loopDataInputRef")
        cardinality = etree.Element(tag("loopCardinality"))
        cardinality.text = TURNS
        put_first(element, cardinality)
        to.give(node.id, "loopCardinality", TURNS)
    if loop.completion and not to.is_usable(loop.completion):
        _remove(element, "completionCondition")
        to.give(node.id, "completionCondition", "")


def _turns(to: Supply, node: Node, loop: Loop, element: Element) -> None:
    """A standard loop has a condition that can be asked, or a greatest number of turns."""
    unreadable = loop.condition and not to.is_usable(loop.condition)
    if unreadable:
        _remove(element, "loopCondition")
    if unreadable or not (loop.condition or loop.maximum):
        element.set("loopMaximum", TURNS)
        to.give(node.id, "loopMaximum", TURNS)


def _remove(element: Element, *parts: str) -> None:
    for part in parts:
        for child in element.findall(tag(part)):
            element.remove(child)


def _start(to: Supply, process: Process, scope: Node) -> None:
    """An empty sub-process gets a start event, at which it ends too."""
    if entries(process, scope.id) or process.children(scope.id):
        return
    key = f"stub_{scope.id}"
    kind = "task" if scope.type == "adHocSubProcess" else "startEvent"
    put_node(to.element(scope.id), etree.Element(tag(kind), id=key))
    to.give(scope.id, kind, key)
