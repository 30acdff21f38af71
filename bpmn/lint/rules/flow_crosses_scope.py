"""A sequence flow stays in its scope and ends at nodes."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error
from bpmn.reading import Diagram

RULE = "flow-crosses-scope"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each flow whose ends are missing or lie in different scopes."""
    for process in diagram.processes.values():
        for flow in process.flows.values():
            source, target = process.nodes.get(flow.source), process.nodes.get(flow.target)
            if source is None or target is None:
                missing = flow.source if source is None else flow.target
                yield error(
                    diagram,
                    RULE,
                    flow,
                    f"顺序流 {flow.id} 连到的 {missing} 不是本流程的节点。请重新连接。",
                    f"Flow {flow.id} is tied to {missing}, which is no node of this process. "
                    "Connect it again.",
                )
            elif source.scope != target.scope:
                yield error(
                    diagram,
                    RULE,
                    flow,
                    f"顺序流 {flow.id} 跨越子流程边界。请在子流程内结束，再从子流程引出。",
                    f"Flow {flow.id} crosses the border of a sub-process. End inside it and lead "
                    "on from the sub-process itself.",
                )
            elif target.type in ("startEvent", "boundaryEvent") or target.is_event_subprocess:
                yield error(
                    diagram,
                    RULE,
                    flow,
                    f"顺序流 {flow.id} 通到 {target.id}，该处不能由顺序流进入。请删去该流。",
                    f"Flow {flow.id} leads to {target.id}, which no flow may enter. Remove it.",
                )
