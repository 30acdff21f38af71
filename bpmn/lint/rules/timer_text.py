"""A timer is an ISO 8601 literal of its kind, or a FEEL expression."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.lint.timers import is_literal, looks_like_literal
from bpmn.reading import Diagram

RULE = "timer-text"

_EXAMPLES = {
    "timeDate": "2026-03-05T09:00:00+08:00",
    "timeDuration": "P15D",
    "timeCycle": "R3/PT10H",
}


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each timer whose text is empty or a literal of the wrong form."""
    for node in diagram.nodes():
        for definition in node.event_definitions:
            if definition.kind != "timer":
                continue
            if not definition.timer or not definition.text:
                yield error(
                    diagram,
                    RULE,
                    node,
                    f'定时事件 {title(node)} 没有写明时间。请填写，例如 deadline("DL-CA-3")。',
                    f'Timer {title(node)} says no time. Give one, such as deadline("DL-CA-3").',
                )
            elif looks_like_literal(definition.text) and not is_literal(
                definition.timer, definition.text
            ):
                example = _EXAMPLES[definition.timer]
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"定时事件 {title(node)} 的 {definition.timer}“{definition.text}”不合格式。"
                    f"请写如 {example}，或写 FEEL 表达式。",
                    f"The {definition.timer} “{definition.text}” of {title(node)} is malformed. "
                    f"Write it like {example}, or as a FEEL expression.",
                )
