"""The day strip of a clock: one cell for each day that counts.

It shows why the tenth is a working day: small gaps are weekends, wide ones
holidays. See prototypes/pages, component Clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from engine.model.calendars import WorkingCalendar
from engine.model.deadline_changes import Hold
from engine.model.deadlines import Deadline
from engine.model.periods import Unit

MOST_CELLS = 40


class CellKind(StrEnum):
    """What a day is to a clock."""

    PAST = "past"
    TODAY = "today"
    LEFT = "left"
    OVERRUN = "overrun"


class Gap(StrEnum):
    """What lies between a cell and the one before it."""

    NONE = "none"
    GAP = "gap"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Cell:
    """One day that counts, or one week of a long period.

    Attributes:
        day: The day; of a week, its first day that counts.
        gap: Days off before it: a weekend (`gap`), or a public holiday (`break`).
        is_extension: It belongs to an extension.
        is_made_up: It is a Saturday or Sunday that is worked.
        days: How many days the cell stands for.
    """

    day: date
    kind: CellKind
    gap: Gap = Gap.NONE
    is_extension: bool = False
    is_made_up: bool = False
    days: int = 1


def day_strip(deadline: Deadline, now: datetime, calendar: WorkingCalendar) -> tuple[Cell, ...]:
    """Return the cells of a clock at `now`, in order.

    Days after the last day, up to today, follow as overrun while the deadline runs. Past 40
    cells, a cell is a week. A period in hours has none.
    """
    if deadline.rule.counts_in is Unit.HOURS:
        return ()
    cells = tuple(_cells(deadline, now, calendar))
    return cells if len(cells) <= MOST_CELLS else tuple(_weeks(cells))


def _cells(deadline: Deadline, now: datetime, calendar: WorkingCalendar) -> Iterator[Cell]:
    stopped_on = deadline.hold.began_on if deadline.hold else deadline.ended_on
    today = stopped_on or calendar.day_of(now)
    days = tuple(_counted_days(deadline, today, calendar))
    within = sum(day <= deadline.last_day for day in days)
    extension = range(within - deadline.counted.extension_length, within)
    previous: date | None = None
    for number, day in enumerate(days):
        kind = _kind(day, deadline.last_day, today)
        yield Cell(
            day,
            CellKind.PAST if kind is CellKind.TODAY and stopped_on else kind,
            _gap(previous, day, calendar),
            is_extension=number in extension,
            is_made_up=calendar.is_made_up(day),
        )
        previous = day


def _counted_days(deadline: Deadline, today: date, calendar: WorkingCalendar) -> Iterator[date]:
    in_working_days = deadline.rule.counts_in is Unit.WORKING_DAYS
    holds = [change for change in deadline.changes if isinstance(change, Hold)]
    for ordinal in range(
        deadline.event_day.toordinal() + 1, max(deadline.last_day, today).toordinal() + 1
    ):
        day = date.fromordinal(ordinal)
        held = any(
            hold.resumed_on is not None and hold.began_on < day <= hold.resumed_on for hold in holds
        )
        if not held and (calendar.is_workday(day) or not in_working_days):
            yield day


def _kind(day: date, last_day: date, today: date) -> CellKind:
    if day > last_day:
        return CellKind.OVERRUN
    if day == today:
        return CellKind.TODAY
    return CellKind.PAST if day < today else CellKind.LEFT


def _gap(previous: date | None, day: date, calendar: WorkingCalendar) -> Gap:
    if previous is None or (day - previous).days == 1:
        return Gap.NONE
    return Gap.BREAK if calendar.holidays_between(previous, day) else Gap.GAP


def _weeks(cells: tuple[Cell, ...]) -> Iterator[Cell]:
    for _, week in groupby(cells, key=lambda cell: cell.day.isocalendar()[:2]):
        days = tuple(week)
        today = any(cell.kind is CellKind.TODAY for cell in days)
        yield replace(
            days[0],
            kind=CellKind.TODAY if today else days[-1].kind,
            gap=Gap.NONE,
            is_extension=all(cell.is_extension for cell in days),
            is_made_up=any(cell.is_made_up for cell in days),
            days=len(days),
        )
