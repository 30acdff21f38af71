"""Where a scope has end events, every path ends at one."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.lint.graph import compensates, link_of
from bpmn.reading import Diagram, Node, Process

RULE = "dead-end"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each node other than an end event that nothing follows.

    A scope without any end event ends where its paths do; that is BPMN and no finding.

    Source: OMG 2.0.2, 10.5.3.
    """
    for process in diagram.processes.values():
        for node in process.nodes.values():
            if not node.outgoing and not _may_end(process, node):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"{title(node)} 之后没有去处。请连到下一步或结束事件。",
                    f"Nothing follows {title(node)}. Connect it to the next step or an end event.",
                )
            if node.outgoing and node.type == "endEvent":
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"结束事件 {title(node)} 之后还有顺序流，不会执行。请删去该顺序流。",
                    f"A flow leaves the end event {title(node)} and is never taken. Remove it.",
                )


def _may_end(process: Process, node: Node) -> bool:
    ends = any(other.type == "endEvent" for other in process.children(node.scope))
    return not ends or (
        node.type == "endEvent"
        or node.is_event_subprocess
        or node.is_compensation
        or bool(link_of(node, "intermediateThrowEvent"))
        or (node.type == "boundaryEvent" and compensates(node))
    )
