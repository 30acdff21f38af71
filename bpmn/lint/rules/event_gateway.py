"""After an event-based gateway stand at least two events to wait for, and nothing else."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.reading import Diagram, Node

RULE = "event-gateway"

_KINDS = frozenset({"message", "timer", "signal", "conditional"})


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each event-based gateway that could not wait for one of its events.

    Source: OMG 2.0.2, 10.6.6.
    """
    for process in diagram.processes.values():
        for node in process.nodes.values():
            if node.type != "eventBasedGateway":
                continue
            targets = [process.nodes.get(process.flows[flow].target) for flow in node.outgoing]
            if len(targets) < 2:  # noqa: PLR2004 - the standard's number
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"事件网关 {title(node)} 之后不足两个事件。请补上，或改为单个捕获事件。",
                    f"Fewer than two events follow the event-based gateway {title(node)}. "
                    "Add one, or use a single catch event.",
                )
            for target in targets:
                if target is not None and not _can_be_waited_for(target):
                    yield error(
                        diagram,
                        RULE,
                        target,
                        f"事件网关 {title(node)} 之后只能是捕获事件或接收任务，"
                        f"{title(target)} 不是，或另有顺序流进入它。",
                        f"After the event-based gateway {title(node)} only catch events or receive "
                        f"tasks may stand, entered from it alone; {title(target)} is not such.",
                    )


def _can_be_waited_for(node: Node) -> bool:
    if len(node.incoming) != 1:
        return False
    if node.type == "receiveTask":
        return True
    return node.type == "intermediateCatchEvent" and all(
        definition.kind in _KINDS for definition in node.event_definitions
    )
