"""Measures, the sanctions that decisions impose, their effects over time, and repetition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from engine.errors import Refusal
from engine.model.calendars import WorkingCalendar
from engine.model.deadline_rules import DeadlineRule
from engine.model.identifiers import DeadlineKey, DecisionId, MeasureCode, PersonId
from engine.model.periods import Period, Roll, last_day
from engine.model.texts import Text

DIRECT = "direct"
"""The approval of a measure that the deciding organ may impose by itself."""


class EffectKind(StrEnum):
    """What a sanction bars or carries for a time; a procedure may name others of its own."""

    BARS_AWARDS = "bars_awards"
    BARS_EQUAL_POST = "bars_equal_post"
    BARS_PROMOTION = "bars_promotion"
    PERSONNEL_BASIS = "personnel_basis"
    WARNING_RECORD = "warning_record"


@dataclass(frozen=True, slots=True)
class EffectRule:
    """An effect as `procedure.yaml` states it, for a period or until a deadline's last day.

    Attributes:
        kind: An `EffectKind`, or a word of the procedure's own.
        ends: Its length, or the key of the deadline whose period it has.
    """

    kind: str
    ends: DeadlineKey | Period
    source: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """One way of holding to account (处理方式).

    Attributes:
        weight: Its place in the provision's order, light to heavy, from 1.
        approval: `direct`, or the role whose approval it needs; for a level that
            `by_level` does not name, empty where none is stated for it.
        by_level: The same by the level of the person concerned (SUP-070).
        effects: What it bars or carries for a time.
        source: The provision; empty where it is proposed.
    """

    code: MeasureCode
    title: Text
    weight: int
    approval: str = DIRECT
    effects: tuple[EffectRule, ...] = ()
    source: str = ""
    by_level: Mapping[str, str] = field(default_factory=dict)

    def approval_for(self, level: str) -> str:
        """Return `direct` or the role whose approval it needs for a person of this level.

        Raises:
            Refusal: The procedure states none for the level.

        Source: SUP-070 方式×级别→批准机关; S2 L44; S0篇5§25.
        """
        found = self.by_level.get(level, self.approval)
        if not found:
            raise Refusal(
                "approval.level_unknown",
                rule="SUP-070",
                measure=self.title.zh,
                level=level,
                levels="、".join(self.by_level),
            )
        return found


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect in a case.

    Attributes:
        begins_on: Its first day.
        last_day: Its last day, counted in.
    """

    kind: str
    begins_on: date
    last_day: date


class LiftReason(StrEnum):
    """Why a sanction no longer holds."""

    REVOKED = "revoked"
    CHANGED = "changed"
    RELIEVED = "relieved"


@dataclass(frozen=True, slots=True)
class Sanction:
    """A measure imposed on a person; never edited, only lifted.

    Attributes:
        effective_on: The day from which it holds.
        effects: What it bars or carries, and until when.
        lifted_on: The first day on which it no longer holds, if it was lifted.
    """

    person: PersonId
    decision: DecisionId
    measure: MeasureCode
    effective_on: date
    effects: tuple[Effect, ...] = ()
    lifted_on: date | None = None
    lift_reason: LiftReason | None = None

    def in_force(self, day: date) -> tuple[Effect, ...]:
        """Return the effects that hold on `day`; none from the day it was lifted."""
        if self.lifted_on is not None and day >= self.lifted_on:
            return ()
        return tuple(each for each in self.effects if each.begins_on <= day <= each.last_day)

    def is_in_force(self, day: date) -> bool:
        """Return whether any effect holds on `day`; a sanction without effects bars nothing."""
        return bool(self.in_force(day))

    def lifted(self, on: date, reason: LiftReason) -> Sanction:
        """Return the sanction lifted from the day `on`.

        A second lifting changes nothing: the first day stays.

        Source: S0篇1§12-2, -3; procedures C20.
        """
        if self.lifted_on is not None:
            return self
        return replace(self, lifted_on=on, lift_reason=reason)


def effect_of(
    rule: EffectRule,
    effective_on: date,
    deadlines: Mapping[DeadlineKey, DeadlineRule],
    calendar: WorkingCalendar,
) -> Effect:
    """Return the effect of a sanction that holds from `effective_on`.

    Its last day is never rolled: a restriction does not become longer because it
    ends on a day off.

    Raises:
        KeyError: The rule names a deadline that the procedure does not have; its
            publishing refuses that.

    Source: S0篇1§4-2 (当年), S3 L59§10 (一年内); procedures §0.3 `cal.month/year`.
    """
    period = rule.ends if isinstance(rule.ends, Period) else deadlines[rule.ends].period
    ends = last_day(replace(period, roll=Roll.NONE), effective_on, calendar).last_day
    return Effect(rule.kind, effective_on, ends)


def barred(sanctions: Iterable[Sanction], kind: str, day: date) -> tuple[Sanction, ...]:
    """Return the sanctions that bar or carry `kind` on `day`, as the grounds of a refusal.

    Source: SUP-023; S3 L59§10.
    """
    return tuple(
        sanction
        for sanction in sanctions
        if any(effect.kind == kind for effect in sanction.in_force(day))
    )


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """When somebody counts as held to account repeatedly (1年内2次以上).

    Attributes:
        window: How far back decisions count. Source: S0篇1§6.
        threshold: How many there must be. Source: S0篇1§6.
        include_current: Whether the present case counts as one; proposed (P01 歧义②).
    """

    window: Period
    threshold: int = 2
    include_current: bool = True


def decisions_within(
    earlier: Iterable[date], today: date, window: Period, calendar: WorkingCalendar
) -> tuple[date, ...]:
    """Return the days of earlier decisions whose window still holds `today`, in order.

    The window runs from the day of the earlier decision to the corresponding day,
    which is counted in and does not roll.

    Source: S0篇1§6-1(1), SC-015; the start is proposed (DL-CA-8).
    """
    plain = replace(window, roll=Roll.NONE)
    return tuple(
        sorted(
            decided
            for decided in earlier
            if decided <= today <= last_day(plain, decided, calendar).last_day
        )
    )


def is_repeat(
    earlier: Iterable[date], today: date, rule: RepeatRule, calendar: WorkingCalendar
) -> bool:
    """Return whether a decision made `today` meets a repeated offence.

    Source: S0篇1§6-1(1), SC-014; that the present case counts is proposed.
    """
    found = len(decisions_within(earlier, today, rule.window, calendar))
    return found + rule.include_current >= rule.threshold
