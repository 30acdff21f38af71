"""Proposed measures: their order, the set they must lie in, and who must approve."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.errors import Refusal
from engine.model.identifiers import MeasureCode, RoleKey
from engine.model.sanctions import DIRECT, Measure

NOT_HEAVIER_SOURCE = "S0篇1§7"


class ProposalStage(StrEnum):
    """When a proposal was made."""

    BEFORE_DEFENCE = "before_defence"
    AFTER_DEFENCE = "after_defence"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed to be imposed, at one moment of the case.

    Attributes:
        number: Its number in the case, from 1.
        stage: Before or after the defence.
        tier: The tier, one of the procedure's `tiers`; empty where there are none.
        measures: The codes proposed.
        new_fact: The number of the new fact that justifies a heavier proposal; empty if none.
    """

    number: int
    stage: ProposalStage
    tier: str
    measures: frozenset[MeasureCode]
    new_fact: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """The procedure's order of tiers and measures, light to heavy.

    Attributes:
        tiers: The tiers' names.
        measures: The measures by code; their weights give the order.
    """

    tiers: Sequence[str]
    measures: Mapping[MeasureCode, Measure]

    def weights(self, codes: Iterable[MeasureCode]) -> tuple[int, ...]:
        """Return the weights of `codes`, heaviest first.

        Raises:
            Refusal: A code is none of the procedure's.
        """
        unknown = sorted(code for code in codes if code not in self.measures)
        if unknown:
            raise Refusal("measure.unknown", measures=unknown)
        return tuple(sorted((self.measures[code].weight for code in codes), reverse=True))

    def place(self, tier: str) -> int:
        """Return the place of `tier`, from 0; a procedure without tiers has only one place.

        Raises:
            Refusal: It is none of the procedure's.
        """
        if tier in self.tiers:
            return list(self.tiers).index(tier)
        if not self.tiers and not tier:
            return 0
        raise Refusal("tier.unknown", tier=tier, tiers=list(self.tiers))


def heavier(after: Proposal, before: Proposal, scale: Scale) -> bool:
    """Return whether `after` is heavier than `before`.

    It is if its tier is higher, its heaviest measure is heavier, or, with the same
    heaviest, the next ones are heavier or more. Lower tiers do not make up for
    heavier measures, nor the reverse.

    Source: SUP-019 compares tiers; that measures count as well is proposed.
    """
    if scale.place(after.tier) > scale.place(before.tier):
        return True
    return scale.weights(after.measures) > scale.weights(before.measures)


def must_not_be_heavier(after: Proposal, before: Proposal, scale: Scale) -> None:
    """Refuse a proposal made heavier after a defence without a numbered new fact.

    Raises:
        Refusal: It is heavier, follows a proposal made before the defence, and names no new fact.

    Source: S0篇1§7: 不得因被调查人申辩而从重问责; SUP-019.
    """
    follows = (
        before.stage is ProposalStage.BEFORE_DEFENCE and after.stage is ProposalStage.AFTER_DEFENCE
    )
    if follows and not after.new_fact.strip() and heavier(after, before, scale):
        raise Refusal(
            "proposal.heavier_after_defence",
            rule=NOT_HEAVIER_SOURCE,
            before=before.tier,
            after=after.tier,
        )


def outside_the_set(
    chosen: Iterable[MeasureCode], allowed: Collection[MeasureCode], scale: Scale
) -> tuple[MeasureCode, ...]:
    """Return the chosen measures that the decision table does not offer, light to heavy.

    They need written reasons and the approval of the organ above.

    Raises:
        Refusal: A code is none of the procedure's.

    Source: SUP-029; proposed, after S0篇5§8-1 不得随意加重或减轻.
    """
    codes = set(chosen)
    scale.weights(codes)
    return tuple(sorted(codes - set(allowed), key=lambda code: scale.measures[code].weight))


def approvals_for(
    chosen: Iterable[MeasureCode], scale: Scale, levels: Iterable[str] = ("",)
) -> tuple[RoleKey, ...]:
    """Return the roles whose approval the chosen measures need, besides the deciding organ.

    Args:
        chosen: The codes.
        scale: The procedure's.
        levels: The levels of the persons concerned; "" for one without.

    Raises:
        Refusal: A code is none of the procedure's, or a measure states no organ for a level.

    Source: S0篇1§4 (DT-CA-4): measures 6 to 10 go by the authority over cadres; SUP-070.
    """
    codes = set(chosen)
    scale.weights(codes)
    found = {scale.measures[code].approval_for(level) for code in codes for level in set(levels)}
    return tuple(RoleKey(route) for route in sorted(found - {DIRECT}))


def not_approved(
    approvers: Iterable[str], approved_by: Collection[str], organ: str
) -> tuple[str, ...]:
    """Return the organs whose approval a decision still lacks; its own organ needs none of itself.

    Source: SUP-070: 不匹配则拒绝签发.
    """
    return tuple(one for one in approvers if one != organ and one not in approved_by)
