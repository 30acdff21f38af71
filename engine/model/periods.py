"""Periods of time as the provisions set them, and how they are counted.

None of the texts says how to count. Every rule here is therefore proposed
(procedures §0.3), one function each, and can be set by `CountingRules`.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from engine.model.calendars import DAYS_IN_A_WEEK, ONE_DAY, WorkingCalendar

MONTHS_IN_A_YEAR = 12
DECEMBER = 12


class Unit(StrEnum):
    """The unit in which a provision sets a period."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    TO_YEAR_END = "to_year_end"
    TO_MONTH_END = "to_month_end"


LONGEST = {
    Unit.WORKING_DAYS: 26_000,
    Unit.DAYS: 36_500,
    Unit.WEEKS: 5_200,
    Unit.MONTHS: 1_200,
    Unit.YEARS: 100,
    Unit.HOURS: 876_000,
    Unit.TO_YEAR_END: 100,
    Unit.TO_MONTH_END: 1_200,
}
"""The longest periods: about a century, so that no date leaves the calendar."""


class Roll(StrEnum):
    """What becomes of a last day that is no working day."""

    FORWARD = "forward"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a provision sets it.

    Attributes:
        value: How many units, from 1 up to `LONGEST`; for `to_year_end`, 1 is the year of the
            event, 2 the one after; for `to_month_end`, likewise its month.
        unit: The unit.
        roll: Whether a last day off moves to the next working day. A restriction,
            such as the year without an equal post, does not roll
            (procedures §0.3 `cal.month/year`).
    """

    value: int
    unit: Unit
    roll: Roll = Roll.FORWARD

    def __post_init__(self) -> None:
        if not 1 <= self.value <= LONGEST[self.unit]:
            raise ValueError(f"a period is 1 to {LONGEST[self.unit]} {self.unit}, not {self.value}")


@dataclass(frozen=True, slots=True)
class CountingRules:
    """How an authority counts; the defaults are procedures §0.3, proposed.

    Attributes:
        start_excluded: `cal.start_excluded`: the day of the event does not count.
        roll: `calendar.roll`: `none` switches rolling off for every period.
    """

    start_excluded: bool = True
    roll: Roll = Roll.FORWARD


STANDARD = CountingRules()


@dataclass(frozen=True, slots=True)
class Counted:
    """A last day, and what was met on the way to it.

    Attributes:
        last_day: The last day of the period, in the authority's civil time.
        provisional: The last day rests on a year whose holidays are not published.
        skipped: Public holidays on Mondays to Fridays that were not counted.
        made_up: Make-up working days at weekends that were counted.
        rolled_from: The day on which a period in calendar days would have ended,
            had that been a working day; None if nothing rolled.
    """

    last_day: date
    provisional: bool = False
    skipped: tuple[date, ...] = ()
    made_up: tuple[date, ...] = ()
    rolled_from: date | None = None


def last_day(
    period: Period, event: date, calendar: WorkingCalendar, rules: CountingRules = STANDARD
) -> Counted:
    """Return the last day of `period` after an event on the day `event`.

    The period runs to the end of that day (`expires_at`).

    Raises:
        ValueError: The period is in hours; see `expiry_of_hours`.

    Source: procedures §0.3; proposed.
    """
    if period.unit is Unit.HOURS:
        raise ValueError("hours run by the clock and have no last day")
    before = event if rules.start_excluded else event - ONE_DAY
    if period.unit is Unit.WORKING_DAYS:
        return after_working_days(before, period.value, calendar)
    if period.unit is Unit.TO_YEAR_END:
        return Counted(year_end(event, period.value))
    if period.unit is Unit.TO_MONTH_END:
        return month_end(event, period.value, calendar)
    plain = _PLAIN[period.unit](before, period.value)
    rolls = Roll.NONE not in {period.roll, rules.roll}
    return rolled_forward(plain, calendar) if rolls else Counted(plain)


def after_working_days(day: date, count: int, calendar: WorkingCalendar) -> Counted:
    """Return working day number `count` after `day`.

    Make-up Saturdays and Sundays count, public holidays do not.

    Source: procedures §0.3 `cal.start_excluded`, `cal.workday`; proposed.
    """
    last = calendar.workday_after(day, count)
    return Counted(
        last,
        provisional=not calendar.all_published(day + ONE_DAY, last),
        skipped=calendar.holidays_between(day, last),
        made_up=calendar.made_up_between(day, last),
    )


def after_days(day: date, count: int) -> date:
    """Return calendar day number `count` after `day`.

    Source: procedures §0.3 `cal.calendar_day`: 日 without 工作 is every day; proposed.
    """
    return day + timedelta(days=count)


def after_weeks(day: date, count: int) -> date:
    """Return the day `count` times seven days after `day`.

    Source: procedures §0.3 `cal.week`; proposed.
    """
    return day + timedelta(days=DAYS_IN_A_WEEK * count)


def after_months(day: date, count: int) -> date:
    """Return the corresponding day `count` months later, or that month's last day.

    Source: procedures §0.3 `cal.month/year`; proposed.
    """
    years, month = divmod(day.month - 1 + count, MONTHS_IN_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def after_years(day: date, count: int) -> date:
    """Return the corresponding day `count` years later; after 29 February, 28 February.

    Source: procedures §0.3 `cal.month/year`, scenario SC-123; proposed.
    """
    return after_months(day, MONTHS_IN_A_YEAR * count)


def year_end(day: date, count: int = 1) -> date:
    """Return 31 December of the year of `day`, or of the `count`-th year with it; never rolled.

    Source: S0篇1§4-2 and S3 L59§10 "当年"; that the year is that of the day given: proposed.
    """
    return date(day.year + count - 1, DECEMBER, 31)


def month_end(day: date, count: int, calendar: WorkingCalendar) -> Counted:
    """Return the last working day of the month of `day`, or of the `count`-th month with it.

    Make-up Saturdays count: February 2026 ends on Saturday the 28th.

    Source: procedures P04 `DL-JO-1` (当月最后工作日仍未开), SC-034; proposed.
    """
    last = after_months(day.replace(day=1), count) - ONE_DAY
    found = calendar.workday_before(last + ONE_DAY, 1)
    return Counted(found, provisional=not calendar.all_published(found, last))


def rolled_forward(day: date, calendar: WorkingCalendar) -> Counted:
    """Return `day`, or the first working day after it if it is none.

    Source: procedures §0.3 `cal.calendar_day` (`roll=forward`); proposed.
    """
    last = calendar.next_workday(day)
    return Counted(
        last,
        provisional=not calendar.all_published(day, last),
        rolled_from=None if last == day else day,
    )


def expires_at(last: date, calendar: WorkingCalendar) -> datetime:
    """Return the first instant after the day `last`, aware and in UTC; exclusive.

    Source: procedures §0.3 `cal.cutoff`: the last day runs to 24:00 local time; proposed.
    """
    return calendar.start_of(last + ONE_DAY)


def expiry_of_hours(period: Period, event: datetime) -> datetime:
    """Return the instant at which a period in hours is over, aware and in UTC; exclusive.

    Hours run on through nights and holidays.

    Raises:
        ValueError: The period is not in hours, or `event` is naive.

    Source: procedures §0.3 `cal.hour`; proposed.
    """
    if period.unit is not Unit.HOURS:
        raise ValueError(f"{period.unit} are not counted by the clock")
    if event.tzinfo is None:
        raise ValueError("the instant of the event must be aware")
    return event.astimezone(UTC) + timedelta(hours=period.value)


def extended(
    counted: Counted, period: Period, calendar: WorkingCalendar, rules: CountingRules = STANDARD
) -> Counted:
    """Return the last day after an extension by `period`.

    The extension is added to the last day as it was rolled, and begins the day after it.

    Source: procedures §0.3 `cal.extension`; proposed.
    """
    begins = replace(rules, start_excluded=True)
    more = last_day(period, counted.last_day, calendar, begins)
    return replace(
        more,
        provisional=counted.provisional or more.provisional,
        skipped=counted.skipped + more.skipped,
        made_up=counted.made_up + more.made_up,
    )


_PLAIN = {
    Unit.DAYS: after_days,
    Unit.WEEKS: after_weeks,
    Unit.MONTHS: after_months,
    Unit.YEARS: after_years,
}
