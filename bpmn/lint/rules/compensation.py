"""What undoes an activity hangs by an association from its compensation event, outside the flow."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.lint.graph import compensates, undone_by
from bpmn.reading import Diagram

RULE = "compensation"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each compensation event without its activity, and the reverse.

    Source: OMG 2.0.2, 10.7.
    """
    for process in diagram.processes.values():
        undoing = undone_by(process)
        joined = [activity for activities in undoing.values() for activity in activities]
        for node in process.nodes.values():
            if node.type == "boundaryEvent" and compensates(node):
                if len(undoing.get(node.id, ())) != 1 or node.outgoing:
                    yield error(
                        diagram,
                        RULE,
                        node,
                        f"补偿边界事件 {title(node)} 应以关联线（不是顺序流）连到恰好一个补偿活动。"
                        "请改画。",
                        f"The compensation event {title(node)} must be joined by an association, "
                        "not a flow, to exactly one compensation activity. Draw it so.",
                    )
            elif node.is_compensation and (node.id not in joined or node.incoming or node.outgoing):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"补偿活动 {title(node)} 应由补偿边界事件的关联线连到，不能有顺序流。请改画。",
                    f"The compensation activity {title(node)} must hang from a compensation event "
                    "by an association and have no flows. Draw it so.",
                )
