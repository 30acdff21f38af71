"""Only a transaction can be cancelled, from an end event within it to a boundary event of it."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.reading import Diagram

RULE = "cancel-outside-transaction"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each cancel event that is neither within a transaction nor on one.

    Source: OMG 2.0.2, table 10.93.
    """
    for process in diagram.processes.values():
        for node in process.nodes.values():
            place = process.nodes.get(node.attached_to or node.scope)
            if any(d.kind == "cancel" for d in node.event_definitions) and (
                place is None or place.type != "transaction"
            ):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"取消事件 {title(node)} 只能用在事务子流程里或其边界上。请改用错误事件。",
                    f"The cancel event {title(node)} may stand only in a transaction or at its "
                    "border. Use an error event.",
                )
