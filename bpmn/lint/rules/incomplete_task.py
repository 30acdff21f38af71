"""A task says what it does: a service its topic, several instances their number."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.reading import Diagram

RULE = "incomplete-task"


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each activity that lacks what it needs to run."""
    for node in diagram.nodes():
        camunda = node.camunda
        if node.type == "serviceTask" and (
            camunda.get("type") != "external" or not camunda.get("topic")
        ):
            yield error(
                diagram,
                RULE,
                node,
                f'服务任务 {title(node)} 没有主题。请设 camunda:type="external" 和 camunda:topic。',
                f'Service task {title(node)} has no topic. Set camunda:type="external" and '
                "camunda:topic.",
            )
        loop = node.loop
        if (
            loop is not None
            and loop.kind != "standard"
            and not (loop.cardinality or loop.collection)
        ):
            yield error(
                diagram,
                RULE,
                node,
                f"多实例 {title(node)} 没有写明个数或集合。请填写 loopCardinality 或"
                " camunda:collection。",
                f"Multi-instance {title(node)} gives neither number nor collection. Set "
                "loopCardinality or camunda:collection.",
            )
        if loop is not None and loop.kind == "standard" and not (loop.condition or loop.maximum):
            yield error(
                diagram,
                RULE,
                node,
                f"循环 {title(node)} 没有条件也没有最多次数，不会结束。请填写 loopCondition。",
                f"The loop {title(node)} has neither condition nor maximum and would not end. "
                "Set loopCondition.",
            )
