"""Time that repeats: rounds of a deadline, and the periods by which cases open by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from engine.model.calendars import ONE_DAY, WorkingCalendar
from engine.model.periods import (
    Period,
    Unit,
    after_days,
    after_months,
    after_weeks,
    after_years,
)

REPEATING = frozenset({Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS})
"""The units by which a deadline may repeat."""

LATEST_DAY = 28
"""The latest day of a month that every month has."""

_PLAIN = {
    Unit.DAYS: after_days,
    Unit.WEEKS: after_weeks,
    Unit.MONTHS: after_months,
    Unit.YEARS: after_years,
}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a deadline repeats.

    Attributes:
        every: From the first day of one round to that of the next.
        until: The fact after which no further round begins; empty for the end of the case.
    """

    every: Period
    until: str = ""

    def counts_from(self, first: date, number: int, calendar: WorkingCalendar) -> date:
        """Return the day from which round `number` counts; that of round 1 is `first`.

        Always counted from the first, so that a month of 28 days shortens no later round.

        Source: S0篇5§15-4 "定期督促检查"; the way of counting is proposed.
        """
        turns = self.every.value * (number - 1)
        if turns == 0:
            return first
        if self.every.unit is Unit.WORKING_DAYS:
            return calendar.workday_after(first, turns)
        return _PLAIN[self.every.unit](first, turns)


class Every(StrEnum):
    """The periods of the calendar by which cases open."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """One week, month, quarter or year.

    Attributes:
        key: As people write it: ``2026-W07``, ``2026-02``, ``2026-Q1``, ``2026``.
        first_day, last_day: Both belong to it.
    """

    key: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Schedule:
    """When cases of a procedure open by themselves.

    Attributes:
        every: Once in each of these periods.
        day: The day of the period, from 1; 0 is its last.
        at: Civil time of the authority.
        answers: To the start form.
    """

    every: Every
    day: int = 1
    at: time = time()
    answers: Mapping[str, object] = field(default_factory=dict)

    def period_of(self, day: date) -> CalendarPeriod:
        """Return the period in which `day` lies."""
        if self.every is Every.WEEK:
            first = day - timedelta(days=day.weekday())
            year, week, _ = first.isocalendar()
            return CalendarPeriod(f"{year}-W{week:02}", first, after_days(first, 6))
        if self.every is Every.MONTH:
            first = day.replace(day=1)
            return CalendarPeriod(f"{first:%Y-%m}", first, after_months(first, 1) - ONE_DAY)
        if self.every is Every.QUARTER:
            quarter = (day.month - 1) // 3
            first = date(day.year, 3 * quarter + 1, 1)
            last = after_months(first, 3) - ONE_DAY
            return CalendarPeriod(f"{day.year}-Q{quarter + 1}", first, last)
        return CalendarPeriod(f"{day.year}", date(day.year, 1, 1), date(day.year, 12, 31))

    def after(self, period: CalendarPeriod) -> CalendarPeriod:
        """Return the period that follows."""
        return self.period_of(period.last_day + ONE_DAY)

    def day_in(self, period: CalendarPeriod) -> date:
        """Return the day of `period` on which its case opens."""
        if self.day == 0:
            return period.last_day
        return after_days(period.first_day, self.day - 1)


@dataclass(frozen=True, slots=True)
class DunningRule:
    """Who may send reminder notices (催办) and by what paper.

    Attributes:
        by: Roles.
        document: The key of the notice; empty where none is made.
        source: The provision.
    """

    by: tuple[str, ...]
    document: str = ""
    source: str = ""
