"""The working calendar: a year at a glance, enter one, mend a day, see first what moves."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.change_calendar import (
    CalendarWrong,
    Move,
    SpecialDay,
    change_day,
    moves_by,
    national_days,
    publish_year,
)
from engine.desk.views.year import YearView, year_view
from engine.errors import Refusal
from web.acting import then
from web.administration.area import page, pages
from web.failures import say
from web.forms import day_of
from web.texts import gettext as _
from web.visiting import ask, today
from web.wording import full_weekday_text, month, weekday

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

SATURDAY = 5
LINE = re.compile(
    r"(?P<day>\d{4}-\d{1,2}-\d{1,2})\s*[,，\t ]\s*"
    r"(?P<kind>休|班|off|work)\s*[,，\t ]?\s*(?P<name>.*)"
)
WORKED = frozenset({"班", "work"})


@dataclass(frozen=True, slots=True)
class DayView:
    """A cell of the year: empty before a month's first day."""

    number: int
    day: str = ""
    kind: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month as weeks of seven cells, Monday first."""

    title: str
    weeks: tuple[tuple[DayView, ...], ...]
    worked: int


@pages.get("/calendar")
def year() -> str:
    """Show a year of the calendar."""
    chosen = _year(request.args.get("year"))
    return _year_page(ask(year_view, chosen))


@pages.post("/calendar")
def year_act() -> str | Response | tuple[str, int]:
    """Show what a year's arrangement would move; enter it once that was confirmed."""
    chosen = _year(request.form.get("year"))
    pasted = request.form.get("days", "")
    source = request.form.get("source", "").strip()
    try:
        if request.form.get("action") == "national":
            special = national_days(chosen)
            pasted, source = text_of(special), source or _("国务院办公厅节假日安排")
        else:
            special = read_days(pasted)
        if request.form.get("action") != "confirm":
            moves = ask(moves_by, chosen, special)
            return _year_page(ask(year_view, chosen), pasted, source, moves=moves)
    except Refusal as refusal:
        return _year_page(ask(year_view, chosen), pasted, source, refused=say(refusal)), 409
    return then(
        url_for("administration.year", year=chosen),
        _("%(year)s 年已公布，在办期限正在重算。", year=chosen),
        publish_year,
        chosen,
        special,
        source=source,
    )


@pages.post("/calendar/day")
def day_act() -> str | Response:
    """Show what mending a day would move; mend it once that was confirmed."""
    day = day_of(request.form.get("day"))
    if day is None:
        raise BadRequest
    special = SpecialDay(
        day, request.form.get("kind") == "work", request.form.get("name", "").strip()
    )
    view = ask(year_view, day.year)
    if request.form.get("action") != "confirm" and view.is_published:
        moves = ask(moves_by, day.year, with_day(view, special))
        return _year_page(view, moves=moves, mended=special)
    return then(
        url_for("administration.year", year=day.year),
        _("%(day)s 已更改，在办期限正在重算。", day=full_weekday_text(day)),
        change_day,
        special,
        source=request.form.get("source", "").strip(),
    )


def read_days(text: str) -> tuple[SpecialDay, ...]:
    """Return the days that somebody pasted, one a line: `2026-10-01 休 国庆节`.

    Raises:
        CalendarWrong: A line is not of that form; it says which.
    """
    days = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        found = LINE.fullmatch(line.strip())
        day = None
        if found is not None:
            parts = [int(part) for part in found["day"].split("-")]
            try:
                day = date(*parts)
            except ValueError:
                day = None
        if found is None or day is None:
            raise CalendarWrong("calendar.line", number=number, line=line.strip()[:40])
        days.append(SpecialDay(day, found["kind"] in WORKED, found["name"].strip()))
    return tuple(days)


def text_of(days: tuple[SpecialDay, ...]) -> str:
    """Return days as `read_days` reads them."""
    return "\n".join(
        f"{one.day.isoformat()} {'班' if one.is_workday else '休'} {one.name}".strip()
        for one in days
    )


def with_day(view: YearView, special: SpecialDay) -> tuple[SpecialDay, ...]:
    """Return a year's days with one of them mended."""
    days = {day: SpecialDay(day, works, name) for day, (works, name) in view.days.items()}
    days.pop(special.day, None)
    if special.is_workday != (special.day.weekday() < SATURDAY):
        days[special.day] = special
    return tuple(days.values())


def months_of(view: YearView, today_is: date) -> tuple[MonthView, ...]:
    """Return the twelve months of a year."""
    return tuple(_month(view.year, number, view.days, today_is) for number in range(1, 13))


def _month(
    year_number: int, number: int, days: Mapping[date, tuple[bool, str]], today_is: date
) -> MonthView:
    weeks = []
    worked = 0
    for week in months.Calendar(firstweekday=0).monthdayscalendar(year_number, number):
        cells = []
        for day_number in week:
            if not day_number:
                cells.append(DayView(0))
                continue
            day = date(year_number, number, day_number)
            works, name = days.get(day, (day.weekday() < SATURDAY, ""))
            worked += works
            kind = "work" if works else "off"
            if day in days:
                kind = "made-up" if works else "holiday"
            word = _("上班") if works else _("休息")
            title = _("%(day)s %(what)s", day=full_weekday_text(day), what=name or word)
            cells.append(
                DayView(
                    day_number, day.isoformat(), f"{kind} now" if day == today_is else kind, title
                )
            )
        weeks.append(tuple(cells))
    return MonthView(month(date(year_number, number, 1)), tuple(weeks), worked)


def _year_page(
    view: YearView,
    pasted: str = "",
    source: str = "",
    *,
    moves: list[Move] | None = None,
    refused: str = "",
    mended: SpecialDay | None = None,
) -> str:
    kept = tuple(SpecialDay(day, works, name) for day, (works, name) in view.days.items())
    named = [
        {"day": full_weekday_text(day), "works": works, "name": name}
        for day, (works, name) in view.days.items()
    ]
    return page(
        "year",
        "year",
        view=view,
        months=months_of(view, today()),
        weekdays=[weekday(date(2024, 1, number))[-1] for number in range(1, 8)],
        named=named,
        pasted=pasted or text_of(kept),
        source=source or view.source,
        moves=[
            {
                "number": one.case_number,
                "key": one.key,
                "before": full_weekday_text(one.before),
                "after": full_weekday_text(one.after),
                "kept": one.kept,
            }
            for one in moves
        ]
        if moves is not None
        else None,
        refused=refused,
        mended=mended,
        years=sorted({*view.years, today().year, today().year + 1, view.year}),
        given=request.form,
    )


def _year(text: str | None) -> int:
    """Return the year that an address or a form names; this one if none is.

    Raises:
        BadRequest: It is no year of the calendar.
    """
    if not text:
        return today().year
    if not text.isdigit() or not 2004 <= int(text) <= 2100:  # noqa: PLR2004 -- the calendar's years
        raise BadRequest
    return int(text)
