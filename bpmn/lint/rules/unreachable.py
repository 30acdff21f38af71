"""Every node can be reached from a start."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.lint.graph import entries, event_subprocesses, reachable, successors
from bpmn.reading import Diagram

RULE = "unreachable"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each node to which no path leads from a start event."""
    for process in diagram.processes.values():
        starts = (*entries(process, process.id), *event_subprocesses(process, process.id))
        found = reachable([node.id for node in starts], successors(process))
        for node in process.nodes.values():
            if node.id not in found and not node.is_compensation:
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"没有路径通到 {title(node)}。请连上顺序流，或删去它。",
                    f"No path leads to {title(node)}. Connect it, or remove it.",
                )
