"""A process and each sub-process has something that it begins with."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title, warning
from bpmn.lint.graph import begins_alone, entries
from bpmn.reading import SUBPROCESS_TYPES, Diagram, Node, Process

RULE = "missing-start"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each process or sub-process without a fitting start event.

    BPMN lets a process without start events begin with all that no flow leads to; that runs, and
    its author is told.
    """
    for process in diagram.processes.values():
        if not _starts(process, process.id):
            yield _begins_without(diagram, process)
        for node in process.nodes.values():
            if node.type in SUBPROCESS_TYPES and node.type != "adHocSubProcess":
                yield from _check_scope(diagram, process, node)


def _begins_without(diagram: Diagram, process: Process) -> Finding:
    implicit = [node.id for node in entries(process, process.id)]
    if implicit:
        return warning(
            diagram,
            RULE,
            process,
            f"流程 {process.id} 没有开始事件，将从 {'、'.join(implicit)} 开始。请加一个开始事件。",
            f"Process {process.id} has no start event and begins with {', '.join(implicit)}. "
            "Add a start event.",
        )
    return error(
        diagram,
        RULE,
        process,
        f"流程 {process.id} 没有开始事件，无从开始。请加一个开始事件。",
        f"Process {process.id} has no start event and cannot begin. Add one.",
    )


def _check_scope(diagram: Diagram, process: Process, scope: Node) -> Iterator[Finding]:
    starts = _starts(process, scope.id)
    if len(starts) > 1 or not (starts or entries(process, scope.id)):
        yield error(
            diagram,
            RULE,
            scope,
            f"子流程 {title(scope)} 有 {len(starts)} 个开始事件，应恰有一个。请增删。",
            f"Sub-process {title(scope)} has {len(starts)} start events; it must have one. "
            "Add or remove.",
        )
    elif scope.is_event_subprocess and not starts:
        yield error(
            diagram,
            RULE,
            scope,
            f"事件子流程 {title(scope)} 没有开始事件，永远不会启动。请加一个消息、定时等开始事件。",
            f"Event sub-process {title(scope)} has no start event, so that it never begins. "
            "Add one: a message, a timer or another event.",
        )


def _starts(process: Process, scope: str) -> tuple[Node, ...]:
    return tuple(node for node in process.children(scope) if begins_alone(node))
