"""An expression uses names that something gives, and functions that exist."""

from collections.abc import Iterator
from difflib import get_close_matches

from bpmn.feel import FeelError
from bpmn.findings import Finding
from bpmn.lint.compiling import compiled, unknown_functions
from bpmn.lint.context import Context, error
from bpmn.lint.expressions import Found, expressions_of, written_by
from bpmn.reading import Diagram

RULE = "unknown-name"

# What the runtime itself puts into scope: in a called process, in a multi-instance activity.
_GIVEN = frozenset(
    {
        "businessKey",
        "loopCounter",
        "nrOfInstances",
        "nrOfActiveInstances",
        "nrOfCompletedInstances",
    }
)


def check(diagram: Diagram, context: Context) -> Iterator[Finding]:
    """Yield a finding for each unknown function, and unknown name where the names are known."""
    written = written_by(diagram) | _GIVEN
    for found in expressions_of(diagram):
        try:
            expression = compiled(found, context)
        except FeelError:
            continue  # told by the rule on syntax
        functions = unknown_functions(expression, context)
        for name in sorted(functions):
            yield _finding(diagram, found, name, context.functions, "函数", "function")
        if context.names is None or found.reads_payload:
            continue
        known = context.names | written | context.functions
        for name in sorted(expression.names - known - functions):
            yield _finding(diagram, found, name, known, "名称", "name")


def _finding(  # noqa: PLR0917 - what a finding says
    diagram: Diagram, found: Found, name: str, known: frozenset[str], kind_zh: str, kind_en: str
) -> Finding:
    close = get_close_matches(name, known, n=3, cutoff=0.6)
    hint_zh = f"是否指 {'、'.join(close)}？" if close else "请改用已有的名称。"
    hint_en = f"Did you mean {' or '.join(close)}?" if close else "Use one that exists."
    return error(
        diagram,
        RULE,
        found,
        f"{found.id} 的 {found.where} 用到未知{kind_zh} {name}。{hint_zh}",
        f"The {found.where} of {found.id} uses an unknown {kind_en} {name}. {hint_en}",
    )
