"""Collective decisions: who counts, who is needed, and whether a decision stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from engine.errors import Refusal
from engine.model.identifiers import PersonId

COLLECTIVE_SOURCE = "S0篇5§8-4;S3 L59§16"

CHECKS = (
    "facts_clear",
    "evidence_solid",
    "nature_accurate",
    "handling_appropriate",
    "procedure_lawful",
)
"""事实清楚、证据确凿、定性准确、处理恰当、程序合法. Source: S0篇1§2, SUP-031."""


_SHARE = re.compile(r"[0-9]{1,4}(/0*[1-9][0-9]{0,3}|\.[0-9]{1,6})?")


class Voting(StrEnum):
    """Whether everybody sees who votes how."""

    OPEN = "open"
    SECRET = "secret"  # noqa: S105 -- a way of voting


class DeputyVotes(StrEnum):
    """Whether a deputy (代理) may vote for a member of a body; refused unless its rules say so."""

    REFUSED = "refused"
    ALLOWED = "allowed"


class Vote(StrEnum):
    """How a member votes."""

    AGREE = "agree"
    DISAGREE = "disagree"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Opinion:
    """One member's vote with its reasons; never edited.

    Raises:
        Refusal: There are no reasons.
    """

    person: PersonId
    vote: Vote
    reasons: str

    def __post_init__(self) -> None:
        if not self.reasons.strip():
            raise Refusal("opinion.reasons_missing", rule=COLLECTIVE_SOURCE)


def fraction_of(text: str) -> Fraction:
    """Read a share such as ``2/3``, as a procedure's parameters write it.

    Raises:
        ValueError: It is no fraction above 0 and up to 1.
    """
    if not _SHARE.fullmatch(text) or not 0 < (share := Fraction(text)) <= 1:
        raise ValueError(f"a share is above 0 and at most 1, such as 2/3, not {text[:20]}")
    return share


@dataclass(frozen=True, slots=True)
class CollectiveRules:
    """What a collective decision needs.

    Attributes:
        quorum: Of those entitled, the least that must be present
            (`collective.quorum`, C07 "到会人数校验 ≥2/3"); proposed.
        majority: Of those entitled, the share that the votes in favour must be more
            than (`collective.majority`, C07 "应到半数以上"); proposed. "以上" alone would
            let just half decide; half in favour is not a will of the whole, and the
            reference page says 同意过应到半数, so more than half is needed.
        least: The least number of members who gave an opinion. Source: SUP-022.
        recused_are_entitled: Whether who is recused still counts among those entitled
            (应到). They never count as present and never vote. False: those recused leave
            and are out of the quorum; an office that reads 应到 otherwise sets it; proposed.
    """

    quorum: Fraction = Fraction(2, 3)
    majority: Fraction = Fraction(1, 2)
    least: int = 2
    recused_are_entitled: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How a motion stands.

    Attributes:
        entitled: How many count (应到).
        present: How many take part (到会): neither recused nor absent.
        quorum_needed: The least of present members.
        in_favour: Votes for it.
        against: Votes against it.
        abstained: Members who abstained.
        majority_needed: The least of votes in favour.
        missing: Members present who have given no opinion yet, in their order.
        recused: Members who are recused, in their order.
        absent: Members who are absent, in their order.
        least: The least number of opinions.
        is_void: In a secret vote, somebody left the body after voting; nobody can take that
            ballot out, so that only a new motion can be decided.
    """

    entitled: int
    present: int
    quorum_needed: int
    in_favour: int
    against: int
    abstained: int
    majority_needed: int
    missing: tuple[PersonId, ...]
    recused: tuple[PersonId, ...]
    absent: tuple[PersonId, ...]
    least: int
    is_void: bool = False

    @property
    def given(self) -> int:
        """How many members have given an opinion."""
        return self.present - len(self.missing)

    @property
    def is_complete(self) -> bool:
        """Whether every member present has given an opinion."""
        return not self.missing

    @property
    def is_quorate(self) -> bool:
        """Whether enough members are present."""
        return self.present >= self.quorum_needed

    @property
    def is_carried(self) -> bool:
        """Whether enough members are in favour."""
        return self.in_favour >= self.majority_needed


def tally(
    members: Collection[PersonId],
    opinions: Iterable[Opinion],
    *,
    recused: Collection[PersonId] = (),
    absent: Collection[PersonId] = (),
    rules: CollectiveRules = CollectiveRules(),
) -> Tally:
    """Count a motion.

    Args:
        members: Who belongs to the organ, in its order.
        opinions: The opinions given.
        recused: Members who have left the room for a conflict.
        absent: Members who are recorded as absent. Who is neither is present.
        rules: What is needed.

    Raises:
        Refusal: An opinion comes from somebody who does not vote, or a second one
            from the same member.

    Source: procedures C07; S0篇5§8-4; S3 L59§16; the numbers are proposed.
    """
    present = _present(members, recused, absent)
    votes: dict[PersonId, Vote] = {}
    for opinion in opinions:
        if opinion.person not in present:
            raise Refusal("opinion.not_entitled", rule=COLLECTIVE_SOURCE, person=opinion.person)
        if opinion.person in votes:
            raise Refusal("opinion.given", rule=COLLECTIVE_SOURCE, person=opinion.person)
        votes[opinion.person] = opinion.vote
    counted = list(votes.values())
    box = Box(*(counted.count(vote) for vote in Vote))
    return _counted(members, present, votes, box, recused=recused, absent=absent, rules=rules)


@dataclass(frozen=True, slots=True)
class Box:
    """The counts of a secret vote; nothing in it says who voted how."""

    agree: int = 0
    disagree: int = 0
    abstain: int = 0

    @property
    def total(self) -> int:
        """How many ballots it holds."""
        return self.agree + self.disagree + self.abstain


def secret_tally(
    members: Collection[PersonId],
    voted: Collection[PersonId],
    box: Box,
    *,
    recused: Collection[PersonId] = (),
    absent: Collection[PersonId] = (),
    rules: CollectiveRules = CollectiveRules(),
) -> Tally:
    """Count a motion on which the vote is secret.

    The counts are zero until every member present has voted: what is counted earlier
    would show how the next one voted. They stay zero when the box holds another number of
    ballots than members present have voted: somebody left the body after voting, whose
    ballot nobody can take out; a new motion is put.

    Args:
        members: Who belongs to the organ, in its order.
        voted: Who has voted.
        box: The counts.
        recused: Members who have left the room for a conflict.
        absent: Members who are recorded as absent.
        rules: What is needed.

    Source: procedures C07; that a vote may be secret is proposed (issue 5).
    """
    present = _present(members, recused, absent)
    within = [person for person in present if person in voted]
    is_void = box.total != len(within)
    shown = Box() if is_void or len(within) < len(present) else box
    counted = _counted(members, present, within, shown, recused=recused, absent=absent, rules=rules)
    return replace(counted, is_void=is_void)


def _present(
    members: Collection[PersonId], recused: Collection[PersonId], absent: Collection[PersonId]
) -> list[PersonId]:
    return [person for person in members if person not in recused and person not in absent]


def _counted(
    members: Collection[PersonId],
    present: Collection[PersonId],
    voted: Collection[PersonId],
    box: Box,
    *,
    recused: Collection[PersonId],
    absent: Collection[PersonId],
    rules: CollectiveRules,
) -> Tally:
    out = tuple(person for person in members if person in recused)
    entitled = len(members) - (0 if rules.recused_are_entitled else len(out))
    return Tally(
        entitled=entitled,
        present=len(present),
        quorum_needed=ceil(rules.quorum * entitled),
        in_favour=box.agree,
        against=box.disagree,
        abstained=box.abstain,
        majority_needed=floor(rules.majority * entitled) + 1,
        missing=tuple(person for person in present if person not in voted),
        recused=out,
        absent=tuple(person for person in members if person in absent and person not in recused),
        least=rules.least,
    )


def signers_missing(
    needed: int, *, chair: str, recorder: str, signed: Collection[str]
) -> tuple[str, ...]:
    """Return whose signature the minutes lack of those who must sign, in order.

    With one signature it is the chair's; with two or more the chair's and the recorder's.
    Members present add what is needed beyond.

    Source: procedures C07 (会议纪要); who signs is proposed.
    """
    must = (chair, recorder)[: max(0, min(needed, 2))]
    return tuple(dict.fromkeys(one for one in must if one not in signed))


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a decision, with its evidence.

    Attributes:
        id: Which one; the page's sentence is ``condition.<id>``.
        met: Whether it is fulfilled.
        evidence: What the sentence names: numbers, ids of persons, names of checks.
    """

    id: str
    met: bool
    evidence: Mapping[str, object] = field(default_factory=dict)


def conditions(
    counted: Tally,
    *,
    checked: Collection[str] = (),
    checks: Collection[str] = CHECKS,
    minutes_signed: int = 0,
    minutes_needed: int = 0,
) -> tuple[Condition, ...]:
    """Return what a decision needs, each with its evidence, in the page's order.

    A decision comes about only if all of them are met; nobody can make it alone.

    Args:
        counted: How the motion stands.
        checked: The checks that are ticked and signed.
        checks: The checks that are needed.
        minutes_signed: How many signatures the minutes bear.
        minutes_needed: How many they need; 0 where minutes are no condition.

    Source: procedures C07; SUP-022, SUP-031; S0篇1§2; S0篇5§8-4.
    """
    open_checks = [check for check in checks if check not in checked]
    found = [
        Condition(
            "quorum",
            counted.is_quorate,
            {
                "present": counted.present,
                "entitled": counted.entitled,
                "needed": counted.quorum_needed,
            },
        ),
        Condition(
            "opinions",
            not counted.missing and counted.given >= counted.least,
            {
                "given": counted.given,
                "least": counted.least,
                "missing": list(counted.missing),
            },
        ),
        Condition(
            "majority",
            counted.is_carried,
            {
                "in_favour": counted.in_favour,
                "entitled": counted.entitled,
                "needed": counted.majority_needed,
            },
        ),
        Condition("checks", not open_checks, {"missing": open_checks}),
    ]
    if counted.is_void:
        found.append(Condition("ballots", met=False))
    if minutes_needed:
        signed = minutes_signed >= minutes_needed
        evidence = {"signed": minutes_signed, "needed": minutes_needed}
        found.append(Condition("minutes", signed, evidence))
    return tuple(found)
