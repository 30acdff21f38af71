"""Numbers of cases and documents, such as ``某集问〔2026〕19号``."""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELDS = frozenset({"authority_short", "year", "n"})
_PART = re.compile(r"\{(?P<field>[^{}]*)\}")
_PLACES = re.compile(r"n(?::0(?P<places>[1-9]))?")


@dataclass(frozen=True, slots=True)
class NumberRule:
    """How the numbers of a series are written.

    The fields are ``{authority_short}``, ``{year}`` and ``{n}``; ``{n:04}`` pads to four places.
    A series begins at 1 in each year.

    Source: procedures C08; the form is proposed after GB/T 9704-2012 §7.2.5 (发文字号).

    Attributes:
        pattern: The text with its fields.

    Raises:
        ValueError: A field is unknown, ``{year}`` or ``{n}`` is missing, or a brace stands alone.
    """

    pattern: str

    def __post_init__(self) -> None:
        fields = [_field(match["field"]) for match in _PART.finditer(self.pattern)]
        unknown = sorted({field for field in fields if field not in FIELDS})
        if unknown:
            raise ValueError(f"unknown fields in the number rule: {', '.join(unknown)}")
        if fields.count("n") != 1 or fields.count("year") != 1:
            raise ValueError("a number rule has {year} and {n}, each once")
        if set("{}") & set(_PART.sub("", self.pattern)):
            raise ValueError("a brace stands alone in the number rule")

    def render(self, *, authority_short: str, year: int, n: int) -> str:
        """Return number `n` of `year`.

        Raises:
            ValueError: `n` is below 1.
        """
        if n < 1:
            raise ValueError(f"numbers are counted from 1, not {n}")
        values = {"authority_short": authority_short, "year": str(year)}

        def part(match: re.Match[str]) -> str:
            padded = _PLACES.fullmatch(match["field"])
            if padded:
                return str(n).zfill(int(padded["places"] or 1))
            return values[match["field"]]

        return _PART.sub(part, self.pattern)


def _field(text: str) -> str:
    return "n" if _PLACES.fullmatch(text) else text
