"""A choice always has somewhere to go: a default flow, or conditions that leave nothing out."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.complete import is_complete
from bpmn.lint.context import Context, error, title
from bpmn.reading import ACTIVITY_TYPES, Diagram, Node, Process

RULE = "gateway-without-default"

_CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway"})


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each choice that may find no flow to take."""
    for process in diagram.processes.values():
        for node in process.nodes.values():
            flows = [process.flows[flow] for flow in node.outgoing]
            conditional = [flow for flow in flows if flow.condition is not None]
            if node.type in _CHOICES and len(flows) > 1:
                for flow in flows:
                    if flow.condition is None and not flow.is_default:
                        yield error(
                            diagram,
                            RULE,
                            flow,
                            f"网关 {title(node)} 的顺序流 {flow.id} 既无条件也不是默认流。"
                            "请写明条件或设为默认流。",
                            f"Flow {flow.id} of gateway {title(node)} has no condition and is not "
                            "its default. Give it a condition or make it the default.",
                        )
            if (
                conditional
                and len(conditional) == len(flows)
                and (node.type in _CHOICES or node.type in ACTIVITY_TYPES)
                and not _covers(process, node)
            ):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"{title(node)} 没有默认流，各条件也可能都不成立，案件会停在这里。请设默认流。",
                    f"{title(node)} has no default flow and its conditions may all fail, which "
                    "would stop the case. Set a default flow.",
                )


def _covers(process: Process, node: Node) -> bool:
    return is_complete([process.flows[flow].condition or "" for flow in node.outgoing])
