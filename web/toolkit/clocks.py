"""Deadlines as they are shown: in a row, on a card, and as a strip of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from web.toolkit.marks import FactView, Lamp, TagView

MOST_CELLS = 40
"""Counted days above which a strip has one cell a week (pages/README.md, component 1)."""


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"


class CellState(StrEnum):
    """A counted day seen from today."""

    PAST = "past"
    NOW = "now"
    TODO = ""
    OVER = "over"


class CellGap(StrEnum):
    """What lies before a counted day: nothing, a weekend, or a holiday."""

    NONE = ""
    WEEKEND = "gap"
    HOLIDAY = "break"


@dataclass(frozen=True, slots=True)
class DayCell:
    """One cell of the day strip."""

    state: CellState
    extension: bool = False
    before: CellGap = CellGap.NONE


@dataclass(frozen=True, slots=True)
class ClockView:
    """A deadline, in a row or on a card.

    Attributes:
        title: What has to be done.
        lamp: How it stands.
        today: The day it is seen on, in the authority's civil time.
        last_day: The last day of the period; None where there is none or it has not begun.
        remaining: Counted days left, today not among them: 0 on the last day, negative when
            overrun. For HELD what is left when it goes on; for DONE how many days early.
        unit: What is counted.
        held_days: Counted days since it was suspended; only with HELD.
        extension: Counted days granted in all; 0 for none.
        provisional: The last day reaches a year whose holidays are not published (暂定).
        platform_default: The regulation is silent and the value is ours (平台默认).
        note: A short line in place of the last day (阅后自动办结; 9月28日起中止).
        tags: Further marks (每月).
        facts: 依据, 起算, 延期, 不计, 届满后, in this order.
        cells: The day strip; see `day_strip`.
        counted: Length of the period with its extension, in `unit`; for the strip's sentence.
    """

    title: str
    lamp: Lamp
    today: date
    last_day: date | None = None
    remaining: int | None = None
    unit: Unit = Unit.WORKING_DAYS
    held_days: int | None = None
    extension: int = 0
    provisional: bool = False
    platform_default: bool = False
    note: str = ""
    tags: tuple[TagView, ...] = ()
    facts: tuple[FactView, ...] = ()
    cells: tuple[DayCell, ...] = ()
    counted: int = 0


def day_strip(
    days: Sequence[date], today: date, *, extension: int = 0, over: Sequence[date] = ()
) -> tuple[DayCell, ...]:
    """Return the cells of a day strip.

    Args:
        days: The counted days of the period, extension included, in order.
        today: The day it is seen on. When it is not counted itself, no cell is `NOW`.
        extension: How many of the last `days` were granted as an extension.
        over: The counted days after the last one, up to today; empty unless overrun.

    A gap is a weekend when only Saturdays and Sundays lie between two counted days, else a holiday.
    More than `MOST_CELLS` days give one cell a week, without gaps.
    """
    every = [*days, *over]
    first_extended = len(days) - extension
    cells = [
        DayCell(
            state=_state(day, today, is_over=index >= len(days)),
            extension=first_extended <= index < len(days),
            before=_gap(every[index - 1], day) if index else CellGap.NONE,
        )
        for index, day in enumerate(every)
    ]
    return tuple(cells) if len(cells) <= MOST_CELLS else _by_week(every, cells)


def _state(day: date, today: date, *, is_over: bool) -> CellState:
    if is_over:
        return CellState.OVER
    if day == today:
        return CellState.NOW
    return CellState.PAST if day < today else CellState.TODO


def _gap(earlier: date, later: date) -> CellGap:
    between = [earlier + timedelta(days=ahead) for ahead in range(1, (later - earlier).days)]
    if not between:
        return CellGap.NONE
    saturday = 5
    if all(day.weekday() >= saturday for day in between):
        return CellGap.WEEKEND
    return CellGap.HOLIDAY


def _by_week(days: Sequence[date], cells: Sequence[DayCell]) -> tuple[DayCell, ...]:
    """Return one cell a calendar week: overrun if any day is, now if any is, else its last day."""
    weeks: dict[tuple[int, int], list[DayCell]] = {}
    for day, cell in zip(days, cells, strict=True):
        year, week, _ = day.isocalendar()
        weeks.setdefault((year, week), []).append(cell)
    return tuple(
        DayCell(
            state=next(
                (
                    state
                    for state in (CellState.OVER, CellState.NOW)
                    if any(cell.state is state for cell in week)
                ),
                week[-1].state,
            ),
            extension=all(cell.extension for cell in week),
        )
        for week in weeks.values()
    )
