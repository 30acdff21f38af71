"""A timer in a procedure holds no duration of its own: it names a deadline."""

import re
from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.procedure.facts import Facts
from bpmn.reading import Diagram

RULE = "timer-without-deadline"

_NAMES_A_DEADLINE = re.compile(r"=?\s*deadline\s*\(.+\)\s*", re.DOTALL)


def check(diagram: Diagram, _: Facts) -> Iterator[Finding]:
    """Yield a finding for each timer that is not `deadline(…)`.

    Source: style.md §8.
    """
    for node in diagram.nodes():
        for definition in node.event_definitions:
            if definition.kind == "timer" and not _NAMES_A_DEADLINE.fullmatch(definition.text):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"定时事件 {title(node)} 写的是“{definition.text}”，没有引用期限。"
                    '请写 deadline("期限编号")，期限定义在 procedure.yaml。',
                    f"Timer {title(node)} says “{definition.text}” and names no deadline. "
                    'Write deadline("KEY"); its value stands in procedure.yaml.',
                )
