"""What changes a running deadline, and counting it again with its changes.

A deadline's last day is always what its rule, its event and its changes in their
order give by the calendar. So anybody can count it again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from engine.model.calendars import WorkingCalendar
from engine.model.deadline_rules import DeadlineRule
from engine.model.identifiers import PersonId
from engine.model.periods import (
    STANDARD,
    Counted,
    CountingRules,
    Period,
    Unit,
    expires_at,
    expiry_of_hours,
    extended,
    last_day,
)


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension that was granted; never edited."""

    by: Period
    approved_by: PersonId
    reasons: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A time during which the clock stood still (`clock_suspended`).

    The day on which it began is used up; the day on which it ended is not counted
    either, counting goes on the day after.

    Source: procedures C14, §9; proposed.

    Attributes:
        resumed_on: The day on which it ended; None while it lasts.
    """

    began_on: date
    approved_by: PersonId
    reasons: str
    resumed_on: date | None = None


Change = Extension | Hold


@dataclass(frozen=True, slots=True)
class DeadlineCount:
    """What counting gave.

    Attributes:
        last_day: The last day, in the authority's civil time.
        expires_at: The first instant after it; aware, UTC, exclusive.
        original_last_day: The last day before the first extension.
        provisional: It rests on a year whose holidays are not published (暂定).
        skipped: Public holidays on Mondays to Fridays that were not counted.
        made_up: Make-up working days that were counted.
        length: The length in working days, days or hours (`rule.counts_in`), with extensions.
        extension_length: How much of `length` the extensions make up.
        calendar_version: The calendar's table by which it was counted.
    """

    last_day: date
    expires_at: datetime
    original_last_day: date
    provisional: bool
    skipped: tuple[date, ...]
    made_up: tuple[date, ...]
    length: int
    extension_length: int
    calendar_version: int


@dataclass(frozen=True, slots=True)
class Event:
    """The event from which a deadline counts.

    Attributes:
        happened_on: The proved day.
        recorded_at: When it was recorded; aware.
        happened_at: The instant, by which periods in hours count; `recorded_at` if None.
        until: The last day that was named for it (限期到某日); None where the period counts.
    """

    happened_on: date
    recorded_at: datetime
    happened_at: datetime | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        for instant in (self.recorded_at, self.happened_at):
            if instant is not None and instant.tzinfo is None:
                raise ValueError("instants must be aware")


def count(
    rule: DeadlineRule,
    event: Event,
    changes: Sequence[Change],
    calendar: WorkingCalendar,
    rules: CountingRules = STANDARD,
) -> DeadlineCount:
    """Count a deadline from its event through its changes.

    An extension is added to the last day as it stood, a hold moves what was left
    behind the day on which it ended. A named last day is kept as it was named: whoever
    named it named that day, a holiday too.

    Source: procedures §0.3 `cal.extension`; proposed.
    """
    if rule.period.unit is Unit.HOURS:
        return _in_hours(rule, event, changes, calendar)
    unit = rule.counts_in
    counted = _first(rule, event, calendar, rules)
    original: date | None = None
    plain = between(event.happened_on, counted.last_day, unit, calendar)
    more = 0
    for change in changes:
        before = counted.last_day
        if isinstance(change, Extension):
            original = original or before
            counted = extended(counted, change.by, calendar, rules)
            more += between(before, counted.last_day, unit, calendar)
        elif change.resumed_on is not None:
            left = between(change.began_on, before, unit, calendar)
            stopped = replace(counted, last_day=change.resumed_on)
            counted = _resumed(stopped, left, rule, calendar, rules)
    return DeadlineCount(
        last_day=counted.last_day,
        expires_at=expires_at(counted.last_day, calendar),
        original_last_day=original or counted.last_day,
        provisional=counted.provisional,
        skipped=counted.skipped,
        made_up=counted.made_up,
        length=plain + more,
        extension_length=more,
        calendar_version=calendar.version,
    )


def _first(
    rule: DeadlineRule, event: Event, calendar: WorkingCalendar, rules: CountingRules
) -> Counted:
    if event.until is None:
        return last_day(rule.period, event.happened_on, calendar, rules)
    known = calendar.all_published(event.happened_on, event.until)
    return Counted(event.until, provisional=rule.counts_in is Unit.WORKING_DAYS and not known)


def between(after: date, through: date, unit: Unit, calendar: WorkingCalendar) -> int:
    """Return the working days, or the days, after `after` up to and with `through`."""
    if unit is Unit.WORKING_DAYS:
        return calendar.workdays_between(after, through)
    return (through - after).days


def _resumed(
    stopped: Counted,
    left: int,
    rule: DeadlineRule,
    calendar: WorkingCalendar,
    rules: CountingRules,
) -> Counted:
    if left < 1:
        return replace(stopped, last_day=calendar.next_workday(stopped.last_day))
    return extended(stopped, Period(left, rule.counts_in, rule.period.roll), calendar, rules)


def _in_hours(
    rule: DeadlineRule, event: Event, changes: Sequence[Change], calendar: WorkingCalendar
) -> DeadlineCount:
    more = sum(change.by.value for change in changes if isinstance(change, Extension))
    plain = expiry_of_hours(rule.period, event.happened_at or event.recorded_at)
    over = plain + timedelta(hours=more)
    return DeadlineCount(
        last_day=calendar.day_of(over - timedelta.resolution),
        expires_at=over,
        original_last_day=calendar.day_of(plain - timedelta.resolution),
        provisional=False,
        skipped=(),
        made_up=(),
        length=rule.period.value + more,
        extension_length=more,
        calendar_version=calendar.version,
    )
