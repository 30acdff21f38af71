"""What can go wrong with an expression: it is no FEEL, it is too costly, or it gives null."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class At(NamedTuple):
    """A place in a source text; both count from 1."""

    line: int
    column: int


NOWHERE = At(1, 1)


class FeelError(ValueError):
    """The source is not an expression.

    Attributes:
        line: Line of the first character that does not fit, from 1.
        column: Column of that character, from 1.
        zh: The sentence in Chinese.
        en: The sentence in English; `str()` gives it with the place.
        expected: What would have fitted there, in FEEL's own spelling.
        suggestions: Names in scope that come close to an unknown one.
    """

    def __init__(
        self,
        zh: str,
        en: str,
        at: At = NOWHERE,
        *,
        expected: Sequence[str] = (),
        suggestions: Sequence[str] = (),
    ) -> None:
        self.line, self.column = at
        self.zh = zh
        self.en = en
        self.expected = tuple(expected)
        self.suggestions = tuple(suggestions)
        super().__init__(f"line {at.line}, column {at.column}: {en}")

    @property
    def message(self) -> str:
        """The English sentence without the place."""
        return self.en


class LimitExceeded(FeelError):
    """The expression or its evaluation went over one of its `Limits`.

    Attributes:
        limit: The name of the limit, a field of `Limits`.
    """

    def __init__(self, limit: str, bound: int, at: At = NOWHERE) -> None:
        self.limit = limit
        super().__init__(
            f"表达式超出上限：{_LIMITS_ZH.get(limit, limit)}不得超过 {bound}；请简化表达式。",
            f"The expression passes its bound: {limit} may not exceed {bound}; simplify it.",
            at,
        )


_LIMITS_ZH = {
    "steps": "运算步数",
    "depth": "嵌套或递归深度",
    "list_length": "列表长度",
    "string_length": "文本长度",
    "digits": "数字位数",
    "pattern_length": "正则表达式长度",
    "source_length": "表达式长度",
}


@dataclass(frozen=True, slots=True)
class Warned:
    """A semantic error that gave null while an expression ran.

    Attributes:
        id: Stable name of the kind of error, for the record.
        line: Line in the expression, from 1.
        column: Column in the expression, from 1.
        zh: What happened, in Chinese.
        en: What happened, in English.
    """

    id: str
    line: int
    column: int
    zh: str
    en: str


class Semantic(Exception):
    """Raised inside an operation whose result is null by the standard; carries the reason."""

    def __init__(self, kind: str, zh: str, en: str) -> None:
        self.kind = kind
        self.zh = zh
        self.en = en
        super().__init__(en)
