"""Every task says by which provision it is done."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.procedure.facts import Facts
from bpmn.reading import TASK_TYPES, Diagram

RULE = "task-without-article"


def check(diagram: Diagram, _: Facts) -> Iterator[Finding]:
    """Yield a finding for each task without the property `article`.

    Source: design.md §6, every task carries its article.
    """
    for node in diagram.nodes():
        if node.type in TASK_TYPES and not node.properties.get("article", "").strip():
            yield error(
                diagram,
                RULE,
                node,
                f"任务 {title(node)} 没有注明条款。"
                "请在属性 article 中写明依据，原文没有的写 proposed。",
                f"Task {title(node)} cites no provision. Write it into the property article, or "
                "`proposed` where the texts are silent.",
            )
