"""Circumstances that make a decision heavier, lighter or exempt, and where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Weight(StrEnum):
    """Which way a circumstance weighs."""

    HEAVIER = "heavier"
    LIGHTER = "lighter"
    EXEMPT = "exempt"


OUTPUTS: Mapping[str, Weight] = MappingProxyType(
    {
        "heavier_circumstances": Weight.HEAVIER,
        "heavier": Weight.HEAVIER,
        "lighter_circumstances": Weight.LIGHTER,
        "lighter": Weight.LIGHTER,
        "exempt_circumstances": Weight.EXEMPT,
        "exempt": Weight.EXEMPT,
    }
)
"""The names of a table's output by which its rules are circumstances (procedure-format.md)."""

NOTHING = frozenset({"false", "null", "", "[]", '""'})
"""What a rule concludes that names no circumstance, as FEEL."""


@dataclass(frozen=True, slots=True)
class Circumstance:
    """One circumstance that a decision table found.

    Attributes:
        weight: Which way it weighs.
        code: What the rule concluded: a code, or `true`.
        title: The table's name.
        source: The provision, as the rule notes it.
    """

    weight: Weight
    code: str
    title: str
    source: str


def circumstance(output: str, concluded: str, title: str, source: str) -> Circumstance | None:
    """Return the circumstance that a rule found; None where its table tells of none.

    Args:
        output: The name of the table's output.
        concluded: The rule's conclusion, as FEEL.
        title: The table's name.
        source: What the rule notes.

    Source: issue 5: circumstances are computed and shown with their sources.
    """
    weight = OUTPUTS.get(output)
    if weight is None or concluded.strip() in NOTHING:
        return None
    return Circumstance(weight, concluded.strip().strip('"'), title, source)
