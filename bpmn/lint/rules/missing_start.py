"""A process and each sub-process begins at a start event that can start it."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.reading import SUBPROCESS_TYPES, Diagram, Node, Process

RULE = "missing-start"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each process or sub-process without a fitting start event."""
    for process in diagram.processes.values():
        if process.is_executable is not False and not _starts(process, process.id):
            yield error(
                diagram,
                RULE,
                process,
                f"流程 {process.id} 没有开始事件。请加一个开始事件。",
                f"Process {process.id} has no start event. Add one.",
            )
        for node in process.nodes.values():
            if node.type in SUBPROCESS_TYPES and node.type != "adHocSubProcess":
                yield from _check_scope(diagram, process, node)


def _check_scope(diagram: Diagram, process: Process, scope: Node) -> Iterator[Finding]:
    starts = _starts(process, scope.id)
    if len(starts) != 1:
        yield error(
            diagram,
            RULE,
            scope,
            f"子流程 {title(scope)} 有 {len(starts)} 个开始事件，必须恰有一个。",
            f"Sub-process {title(scope)} has {len(starts)} start events; it must have exactly one.",
        )
    elif scope.is_event_subprocess and not starts[0].event_definitions:
        yield error(
            diagram,
            RULE,
            scope,
            f"事件子流程 {title(scope)} 的开始事件没有触发器，永远不会启动。请设为消息、定时等。",
            f"The start event of event sub-process {title(scope)} has no trigger, so that it never "
            "begins. Make it a message, a timer or another event.",
        )


def _starts(process: Process, scope: str) -> tuple[Node, ...]:
    return tuple(node for node in process.children(scope) if node.type == "startEvent")
