"""The working calendar: enter a year's arrangement, mend a day, see what moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import chinese_calendar
import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.rounds import loaded
from engine.desk.settings import note_change, reasons_stated
from engine.errors import Refusal
from engine.model.settings import Area
from engine.store.calendars import calendar_version, mark_changed
from engine.store.tables import CalendarDay, CalendarYear, CaseRow, DeadlineRow, DueRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.model.calendars import WorkingCalendar

RECOUNT = "recount"
RUNNING = ("running", "suspended")
FIRST_YEAR, LAST_YEAR = 2004, 2100
NATIONAL = "国务院办公厅节假日安排 / chinesecalendar"
SATURDAY = 5
LONGEST_SOURCE = 400
"""Characters, as the column holds them."""


class CalendarWrong(Refusal):
    """A day is not of the year, is there twice, or says nothing new."""


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from Monday-to-Friday.

    Attributes:
        day: Which.
        is_workday: A make-up working day; otherwise a holiday.
        name: What is celebrated or made up for.
    """

    day: date
    is_workday: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A running deadline that a change of the calendar would move.

    Attributes:
        case_number: Whose.
        key: The deadline's key.
        before: Its last day now.
        after: Its last day then.
        kept: A right's told day is kept although counting gives an earlier one.
    """

    case_number: str
    key: str
    before: date
    after: date
    kept: bool


def national_days(year: int) -> tuple[SpecialDay, ...]:
    """Return the national arrangement of a year, as far as it is known here.

    Raises:
        CalendarWrong: It is not known yet; the notice usually appears from October on.

    Source: procedures §0.3 `cal.workday`; the table is chinesecalendar's.
    """
    days = []
    try:
        for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
            day = date.fromordinal(ordinal)
            is_workday = chinese_calendar.is_workday(day)
            if is_workday != (day.weekday() < SATURDAY):
                _, name = chinese_calendar.get_holiday_detail(day)
                days.append(SpecialDay(day, is_workday, name or ""))
    except NotImplementedError as unknown:
        raise CalendarWrong("calendar.unknown_year", year=year) from unknown
    return tuple(days)


def publish_year(
    desk: Desk,
    year: int,
    days: Iterable[SpecialDay],
    *,
    source: str,
) -> CalendarYear:
    """Enter the arrangement of a year, or put another in its place.

    Running deadlines are counted again, each case in a transaction of its own; a right's
    last day already told to a person is never brought forward.

    Args:
        desk: Of an administrator.
        year: 2004 to 2100.
        days: Every day that differs from Monday-to-Friday.
        source: The notice, by number or address, in up to 400 characters; the reason of the
            change.

    Raises:
        NotAllowed: The actor is no administrator.
        CalendarWrong: A day is not of the year, or there twice.
        Refusal: The source is missing or too long.

    Source: procedures §0.3 `cal.year_data`.
    """
    desk.require_admin()
    given, stated = _checked(year, days), reasons_stated(source, LONGEST_SOURCE)
    authority_id = desk.actor.authority_id
    mark_changed(desk.session, authority_id)
    version = calendar_version(desk.session, authority_id) + 1
    before = _as_it_stands(desk, year)
    desk.session.execute(
        sa.delete(CalendarDay).where(
            CalendarDay.authority_id == authority_id,
            CalendarDay.day >= date(year, 1, 1),
            CalendarDay.day <= date(year, 12, 31),
        )
    )
    for special in given.values():
        desk.session.add(
            CalendarDay(
                authority_id=authority_id,
                day=special.day,
                is_workday=special.is_workday,
                name=special.name,
                source=stated,
                version=version,
            )
        )
    row = desk.session.get(CalendarYear, (authority_id, year))
    if row is None:
        row = CalendarYear(authority_id=authority_id, year=year, changed_at=desk.now())
        desk.session.add(row)
    row.version, row.source = version, stated
    row.changed_at, row.changed_by = desk.now(), desk.actor.person_id
    desk.session.flush()
    note_change(
        desk,
        Area.CALENDAR,
        str(year),
        old=before,
        new=_as_it_stands(desk, year),
        reasons=stated,
    )
    desk.record(
        None,
        Fact.CALENDAR_CHANGED,
        year=year,
        version=version,
        source=stated,
        days=len(given),
    )
    _recount_all(desk)
    return row


def change_day(desk: Desk, special: SpecialDay, *, source: str) -> CalendarYear:
    """Mend one day of a published year; a day that is as Monday-to-Friday says is taken out.

    Raises:
        NotAllowed: The actor is no administrator.
        CalendarWrong: The year is not published yet.
        Refusal: The source is missing or too long.
    """
    desk.require_admin()
    year = special.day.year
    if desk.session.get(CalendarYear, (desk.actor.authority_id, year)) is None:
        raise CalendarWrong("calendar.not_published", year=year)
    rows = desk.session.scalars(
        sa.select(CalendarDay).where(
            CalendarDay.authority_id == desk.actor.authority_id,
            CalendarDay.day >= date(year, 1, 1),
            CalendarDay.day <= date(year, 12, 31),
        )
    )
    days = {row.day: SpecialDay(row.day, row.is_workday, row.name) for row in rows}
    days.pop(special.day, None)
    if special.is_workday != (special.day.weekday() < SATURDAY):
        days[special.day] = special
    return publish_year(desk, year, days.values(), source=source)


def special_days(stated: Mapping[str, object]) -> tuple[SpecialDay, ...] | None:
    """Return the days of a year as a change of it keeps them; None where it was not published."""
    days = stated.get("days")
    if not isinstance(days, list):
        return None
    return tuple(SpecialDay(date.fromisoformat(day), works, name) for day, works, name in days)


def _as_it_stands(desk: Desk, year: int) -> dict[str, object]:
    """Return a year as a change of it keeps it; empty where it is not published."""
    row = desk.session.get(CalendarYear, (desk.actor.authority_id, year))
    if row is None:
        return {}
    days = desk.session.scalars(
        sa.select(CalendarDay)
        .where(
            CalendarDay.authority_id == desk.actor.authority_id,
            CalendarDay.day >= date(year, 1, 1),
            CalendarDay.day <= date(year, 12, 31),
        )
        .order_by(CalendarDay.day)
    )
    return {
        "source": row.source,
        "days": [[one.day.isoformat(), one.is_workday, one.name] for one in days],
    }


def moves_by(desk: Desk, year: int, days: Iterable[SpecialDay]) -> list[Move]:
    """Return the running deadlines that this arrangement of a year would move; changes nothing.

    Raises:
        NotAllowed: The actor is no administrator: the list names cases.
        CalendarWrong: A day is not of the year, or there twice.
    """
    desk.require_admin()
    calendar = _with(desk.calendar(), year, _checked(year, days))
    moves = []
    rows = desk.session.execute(
        sa.select(DeadlineRow, CaseRow)
        .join(CaseRow, CaseRow.id == DeadlineRow.case_id)
        .where(DeadlineRow.authority_id == desk.actor.authority_id, DeadlineRow.state.in_(RUNNING))
        .order_by(DeadlineRow.expires_at, DeadlineRow.id)
    )
    for row, case in rows:
        again = loaded(desk, case, row).recounted(calendar)
        if again.deadline.last_day != row.last_day or again.reason == "right_kept":
            moves.append(
                Move(
                    case.number,
                    row.key,
                    row.last_day,
                    again.deadline.last_day,
                    again.reason == "right_kept",
                )
            )
    return moves


def _checked(year: int, days: Iterable[SpecialDay]) -> Mapping[date, SpecialDay]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarWrong("calendar.year", year=year, first=FIRST_YEAR, last=LAST_YEAR)
    given: dict[date, SpecialDay] = {}
    for special in days:
        if special.day.year != year:
            raise CalendarWrong("calendar.other_year", day=str(special.day), year=year)
        if special.day in given:
            raise CalendarWrong("calendar.twice", day=str(special.day))
        if special.is_workday == (special.day.weekday() < SATURDAY):
            raise CalendarWrong("calendar.nothing_new", day=str(special.day))
        given[special.day] = special
    return given


def _with(calendar: WorkingCalendar, year: int, days: Mapping[date, SpecialDay]) -> WorkingCalendar:
    others = {day: works for day, works in calendar.overrides.items() if day.year != year}
    changed = {special.day: special.is_workday for special in days.values()}
    return replace(
        calendar,
        overrides=others | changed,
        published_years=calendar.published_years | {year},
        version=calendar.version + 1,
    )


def _recount_all(desk: Desk) -> None:
    """Have every case with a running deadline count again, each in its own transaction."""
    cases = desk.session.scalars(
        sa.select(DeadlineRow.case_id)
        .where(DeadlineRow.authority_id == desk.actor.authority_id, DeadlineRow.state.in_(RUNNING))
        .distinct()
    )
    for case_id in list(cases):
        desk.session.add(
            DueRow(
                authority_id=desk.actor.authority_id,
                case_id=case_id,
                kind=RECOUNT,
                ref=case_id,
                due_at=desk.now(),
            )
        )
