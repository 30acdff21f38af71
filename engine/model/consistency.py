"""Whether like cases were decided alike: a hint where two lie two steps apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

CONSISTENCY_SOURCE = "SUP-030;S1一 L81;S2 L140"
APART = 2
"""From how many steps on a difference is hinted at."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case ended, for comparing.

    Attributes:
        case: Its number.
        case_id: Its id.
        procedure: The procedure.
        situation: What it was about; empty where the procedure does not say.
        tier: The tier's name; empty where there are none.
        tier_place: Its place from 0, light to heavy; 0 where there are none.
        weight: The place of its heaviest measure among the procedure's, from 1; 0 for none.
        measures: The measures, light to heavy.
        organ: Who decided.
        made_on: The day, ISO.
    """

    case: str
    case_id: str
    procedure: str
    situation: str
    tier: str
    tier_place: int
    weight: int
    measures: tuple[str, ...]
    organ: str
    made_on: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Cases of one procedure that are alike.

    Attributes:
        by: ``situation``: the same situation, whose tiers are compared; ``tier``: the same
            tier, whose heaviest measures are.
        key: The situation, or the tier.
        outcomes: The lightest first.
        apart: How many steps the lightest and the heaviest lie apart.
    """

    procedure: str
    by: str
    key: str
    outcomes: tuple[Outcome, ...]
    apart: int

    @property
    def is_hint(self) -> bool:
        """Whether somebody should look: they lie at least two steps apart (SUP-030)."""
        return self.apart >= APART


def compared(outcomes: Iterable[Outcome]) -> tuple[Comparison, ...]:
    """Return the groups of like cases, those that differ most first; single ones are left out.

    Cases without sanctions count too: that one is let off and another is not is a difference.
    The hint says nothing of which decision is right.

    Source: SUP-030 错罚对等 (同一情形/档次跨案件处理差异≥2档时提示).
    """
    known = list(outcomes)
    found = [
        *_groups(known, "situation", [one.situation for one in known]),
        *_groups(known, "tier", [one.tier for one in known]),
    ]
    return tuple(sorted(found, key=lambda one: (-one.apart, one.procedure, one.by, one.key)))


def _groups(outcomes: Sequence[Outcome], by: str, keys: Sequence[str]) -> list[Comparison]:
    keyed = sorted(
        ((one.procedure, key, one) for key, one in zip(keys, outcomes, strict=True) if key),
        key=lambda each: each[:2],
    )
    found = []
    for (procedure, key), group in groupby(keyed, key=lambda each: each[:2]):
        ranked = sorted((one for _, _, one in group), key=lambda one: (_step(one, by), one.case))
        if len(ranked) > 1:
            apart = _step(ranked[-1], by) - _step(ranked[0], by)
            found.append(Comparison(procedure, by, key, tuple(ranked), apart))
    return found


def _step(one: Outcome, by: str) -> int:
    return one.tier_place if by == "situation" else one.weight
