"""What an element refers to exists."""

from collections.abc import Collection, Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.lint.graph import link_of
from bpmn.reading import Diagram, Node, Process, loop_events

RULE = "unresolved-reference"

_NEED_A_REF = frozenset({"message", "signal"})


def check(diagram: Diagram, context: Context) -> Iterator[Finding]:
    """Yield a finding for each reference that leads nowhere."""
    declared: dict[str, Collection[str]] = {
        "message": diagram.messages,
        "signal": diagram.signals,
        "error": diagram.errors,
        "escalation": diagram.escalations,
    }
    processes = set(diagram.processes)
    for other in context.others.values():
        processes.update(other.processes)
    for process in diagram.processes.values():
        for node in process.nodes.values():
            for what, ref in _broken(diagram, process, node, declared):
                yield _finding(diagram, node, what, ref)
            if node.type == "callActivity" and node.called_element not in processes:
                yield _finding(diagram, node, "calledElement", node.called_element)
            decision = node.camunda.get("decisionRef", "")
            if (
                node.type == "businessRuleTask"
                and node.camunda.get("type") != "external"
                and not decision.startswith(("=", "${", "#{"))
                and decision not in context.decisions
            ):
                yield _finding(diagram, node, "camunda:decisionRef", decision)


def _broken(
    diagram: Diagram, process: Process, node: Node, declared: dict[str, Collection[str]]
) -> Iterator[tuple[str, str]]:
    thrown = () if node.loop is None else (event.definition for event in loop_events(node.loop))
    for definition in (*node.event_definitions, *filter(None, thrown)):
        known = declared.get(definition.kind)
        if (
            known is not None
            and definition.ref not in known
            and (definition.ref or definition.kind in _NEED_A_REF)
        ):
            yield f"{definition.kind}Ref", definition.ref
        if definition.kind == "compensate" and definition.ref not in {"", *process.nodes}:
            yield "activityRef", definition.ref
    if node.type in ("sendTask", "receiveTask"):
        message = node.attributes.get("messageRef", "").rpartition(":")[2]
        external = node.camunda.get("type") == "external"
        if message not in diagram.messages and (message or not external):
            yield "messageRef", message
    if node.default and node.default not in node.outgoing:
        yield "default", node.default
    if node.type == "boundaryEvent" and not _is_host(process, node):
        yield "attachedToRef", node.attached_to
    link = link_of(node, "intermediateThrowEvent")
    if link and not any(
        link_of(other, "intermediateCatchEvent") == link for other in process.children(node.scope)
    ):
        yield "link", link


def _is_host(process: Process, boundary: Node) -> bool:
    host = process.nodes.get(boundary.attached_to)
    return host is not None and host.scope == boundary.scope


def _finding(diagram: Diagram, node: Node, what: str, ref: str) -> Finding:
    if not ref:
        return error(
            diagram,
            RULE,
            node,
            f"{title(node)} 没有填写 {what}。请指明它引用的对象。",
            f"{title(node)} names no {what}. Say what it refers to.",
        )
    return error(
        diagram,
        RULE,
        node,
        f"{title(node)} 的 {what} 指向不存在的 {ref}。请改正或补上该对象。",
        f"The {what} of {title(node)} names {ref}, which does not exist. Correct it or add it.",
    )
