"""Every lane is a role of the procedure."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error
from bpmn.lint.procedure.facts import Facts
from bpmn.reading import Diagram

RULE = "lane-without-role"


def check(diagram: Diagram, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each innermost lane that `procedure.yaml` maps to no role."""
    for process in diagram.processes.values():
        for lane in process.lanes:
            used = lane.name in {process.nodes[m].lane for m in lane.members if m in process.nodes}
            if (used or not lane.name) and lane.members and lane.name not in facts.lanes:
                yield error(
                    diagram,
                    RULE,
                    lane,
                    f"泳道「{lane.name}」({lane.id}) 没有对应角色。"
                    "请在 procedure.yaml 的 lanes 中写明。",
                    f"Lane “{lane.name}” ({lane.id}) has no role. Map it in procedure.yaml, lanes.",
                )
