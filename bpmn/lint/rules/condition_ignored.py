"""A condition stands only where BPMN looks at it."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.reading import ACTIVITY_TYPES, Diagram

RULE = "condition-ignored"

_LOOKED_AT = ACTIVITY_TYPES | {"exclusiveGateway", "inclusiveGateway", "complexGateway"}


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each condition that BPMN would not look at."""
    for process in diagram.processes.values():
        for flow in process.flows.values():
            source = process.nodes.get(flow.source)
            if flow.condition is None or source is None:
                continue
            if flow.is_default:
                yield error(
                    diagram,
                    RULE,
                    flow,
                    f"默认流 {flow.id} 带有条件，条件不会被判断。请删去条件。",
                    f"The default flow {flow.id} has a condition, which is never looked at. "
                    "Remove the condition.",
                )
            elif source.type not in _LOOKED_AT:
                yield error(
                    diagram,
                    RULE,
                    flow,
                    f"{title(source)} 引出的顺序流 {flow.id} 带有条件，那里不判断条件。"
                    "请改用排他网关或包容网关。",
                    f"Flow {flow.id} out of {title(source)} has a condition, which BPMN does not "
                    "look at there. Use an exclusive or an inclusive gateway.",
                )
