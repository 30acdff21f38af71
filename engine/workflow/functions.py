"""The functions that diagrams, tables and forms may call beside FEEL's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from bpmn import feel
from engine.model.calendars import WorkingCalendar
from engine.model.days import day_of


def host_functions(
    calendar: WorkingCalendar,
    expiry_of: Callable[[str], datetime | None],
    now: Callable[[], datetime],
) -> Mapping[str, feel.Function]:
    """Return the host functions of one case.

    Args:
        calendar: The authority's.
        expiry_of: Gives a deadline's expiry by its key; None while it does not run.
        now: The clock; gives an aware instant.
    """

    def deadline(key: object) -> datetime | None:
        return expiry_of(str(key))

    def add_workdays(day: object, count: object) -> date | None:
        """Return working day number `count` after `day`; the day itself is not counted."""
        start, number = _day(day), _whole(count)
        if start is None or number is None or number < 1:
            return None
        return calendar.workday_after(start, number)

    def workdays(first: object, *rest: object) -> datetime | int | None:
        return _between(first, rest[0]) if rest else _period(first)

    def _between(after: object, through: object) -> int | None:
        """Return how many working days lie after one day, up to and with another."""
        first, last = _day(after), _day(through)
        return None if first is None or last is None else calendar.workdays_between(first, last)

    def _period(count: object) -> datetime | None:
        """Return when a period of `count` working days is over that begins now.

        Today is not counted; the period runs to the end of its last day, at the authority.
        """
        number = _whole(count)
        if number is None or number < 1:
            return None
        last = calendar.workday_after(calendar.day_of(now()), number)
        return calendar.start_of(last + timedelta(days=1))

    def is_workday(day: object) -> bool | None:
        known = _day(day)
        return None if known is None else calendar.is_workday(known)

    return {
        "deadline": feel.host_function("deadline", ["key"], deadline),
        "workdays": feel.host_function("workdays", ["n"], workdays, ["after", "through"]),
        "add workdays": feel.host_function("add workdays", ["day", "count"], add_workdays),
        "is workday": feel.host_function("is workday", ["day"], is_workday),
    }


def _day(given: object) -> date | None:
    try:
        return day_of(feel.to_python(given))
    except ValueError:
        return None


def _whole(value: object) -> int | None:
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number
