"""Every expression is FEEL that parses."""

from collections.abc import Iterator

from bpmn.feel import FeelError
from bpmn.findings import Finding
from bpmn.lint.compiling import compiled
from bpmn.lint.context import Context, error
from bpmn.lint.expressions import expressions_of
from bpmn.reading import Diagram

RULE = "expression-syntax"

_LANGUAGES = ("feel", "/feel", "/feel/")


def check(diagram: Diagram, context: Context) -> Iterator[Finding]:
    """Yield a finding for each expression that is no FEEL, with the place in its text."""
    for found in expressions_of(diagram):
        try:
            compiled(found, context)
        except FeelError as problem:
            yield error(
                diagram,
                RULE,
                found,
                f"{found.id} 的 {found.where}“{_short(found.text)}”不是可用的 FEEL 表达式："
                f"第 {problem.line} 行第 {problem.column} 列，{problem.zh}",
                f"The {found.where} “{_short(found.text)}” of {found.id} is no FEEL expression: "
                f"line {problem.line}, column {problem.column}: {problem.en}",
            )
    for flow in diagram.flows():
        if flow.language and not flow.language.lower().endswith(_LANGUAGES):
            yield error(
                diagram,
                RULE,
                flow,
                f"顺序流 {flow.id} 的条件声明为 {flow.language}，本平台只用 FEEL。"
                "请改写为 FEEL 并删去 language。",
                f"The condition of flow {flow.id} declares {flow.language}; only FEEL is used. "
                "Rewrite it in FEEL and remove the attribute language.",
            )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004 - what a line shows
