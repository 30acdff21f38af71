"""Whether conditions leave nothing out, as far as their texts show it."""

import re
from collections.abc import Sequence

_COMPLEMENTS = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
_COMPARISON = re.compile(r"([^=<>!]*[^=<>!\s])\s*+(<=|>=|!=|=|<|>)\s*+([^=<>!]+)")
_NEGATION = re.compile(r"not\s*\((.*)\)", re.DOTALL)


def is_complete(conditions: Sequence[str]) -> bool:
    """One of the conditions always holds: `true`, or a condition and its opposite.

    Only what stands in the texts is seen: `x` with `not(x)`, `a > b` with `a <= b`, and so on.
    A set that is complete for other reasons is asked to mark one flow as the default.
    """
    texts = {_plain(condition) for condition in conditions}
    return "true" in texts or any(
        opposite in texts for text in texts for opposite in _opposites(text)
    )


def _plain(condition: str) -> str:
    text = condition.strip()
    if text.startswith(("${", "#{")) and text.endswith("}"):
        text = text[2:-1].replace("==", "=")
    return " ".join(text.removeprefix("=").split())


def _opposites(text: str) -> list[str]:
    found = [f"not({text})", f"not ({text})"]
    negated = _NEGATION.fullmatch(text)
    if negated:
        found.append(negated[1].strip())
    compared = _COMPARISON.fullmatch(text)
    if compared and not re.search(r"\b(and|or|if|for|some|every|in)\b", text):
        left, operator, right = compared.groups()
        found.append(f"{left} {_COMPLEMENTS[operator]} {right}")
    return found
