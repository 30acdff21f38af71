"""What a procedure says about a deadline, before any case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from engine.model.identifiers import DeadlineKey, RoleKey
from engine.model.periods import Period, Unit
from engine.model.recurring import Recurrence
from engine.model.texts import Text


class ExpiryKind(StrEnum):
    """What may happen when a period ends without what it waits for."""

    YELLOW_CARD = "yellow_card"
    RED_CARD = "red_card"
    CLOSE = "close"
    REMIND_DAILY = "remind_daily"
    LIFT = "lift"


CARDS = frozenset({ExpiryKind.YELLOW_CARD, ExpiryKind.RED_CARD})

RED_AFTER = Period(3, Unit.WORKING_DAYS)
"""`card.red_after`: a yellow card turns red. Source: supervision, 督办牌规则; proposed."""


@dataclass(frozen=True, slots=True)
class ExpiryAct:
    """One thing that happens on expiry.

    Attributes:
        kind: What is done.
        after: How long after expiry; the day of the first card, which is the day after
            the last day, does not count. None is at once.
        tell: The role that is told besides whoever has the work.
    """

    kind: ExpiryKind
    after: Period | None = None
    tell: RoleKey | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """How a deadline may be extended.

    Attributes:
        by: The most by which one extension extends.
        times: How often.
        approver: The role that approves; None where nobody need.
        source: The provision; empty where it is proposed.
        proposed: The parts on which the provision is silent.
    """

    by: Period
    times: int = 1
    approver: RoleKey | None = None
    source: str = ""
    proposed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Before whom lateness is put, level by level.

    Attributes:
        levels: Roles, the lowest first.
        every: How long after one level the next one is told.
        source: The provision; empty where it is proposed.
    """

    levels: tuple[RoleKey, ...]
    every: Period = RED_AFTER
    source: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A deadline as `procedure.yaml` states it.

    Attributes:
        starts: The fact from whose day it counts; empty where only a measure's effect uses it.
        ends: The fact that meets it; None for a period that only runs out.
        right_of: The role whose right the period is. Its last day, once told, is
            never shortened, and it gives no cards. None for a duty of the authority.
        source: The provision; empty where the whole deadline is proposed.
        proposed: The parts on which the provision is silent.
        stops: The provision that lets its clock stop while the case stands still (挂起), or
            ``proposed``; empty: it runs on.
        near_share: Its clock is near in this last share of its length.
        near_least: And at least so many working days before the last day.
            Source of both: supervision, 督办牌规则; proposed.
        repeat: How it begins again by itself; None where it does not.
        until: The variable, by its dotted path, that names the last day (限期到某日); the period
            counts only where none is named. Empty: the period alone.
    """

    key: DeadlineKey
    title: Text
    period: Period
    starts: str
    ends: str | None = None
    extension: ExtensionRule | None = None
    on_expiry: tuple[ExpiryAct, ...] = ()
    right_of: RoleKey | None = None
    source: str = ""
    proposed: frozenset[str] = frozenset()
    stops: str = ""
    near_share: Fraction = Fraction(1, 5)
    near_least: int = 1
    repeat: Recurrence | None = None
    until: str = ""

    @property
    def is_proposed(self) -> bool:
        """Whether no provision sets this deadline at all."""
        return not self.source

    @property
    def counts_in(self) -> Unit:
        """The unit in which what is left is said: working days, days or hours."""
        if self.period.unit in {Unit.WORKING_DAYS, Unit.HOURS}:
            return self.period.unit
        return Unit.DAYS

    @property
    def lapses(self) -> bool:
        """Whether its end is only the end of a time: nobody is late by it."""
        closes = any(act.kind is ExpiryKind.CLOSE for act in self.on_expiry)
        return self.ends is None or self.right_of is not None or closes
