"""A year of the working calendar as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.store.tables import CalendarDay, CalendarYear


@dataclass(frozen=True, slots=True)
class YearView:
    """A year: the days that differ from Monday-to-Friday.

    Attributes:
        is_published: Its arrangement is entered; otherwise it counts Monday to Friday and
            what reaches it is provisional (暂定).
        days: By day: whether it is worked, and what it is called.
        version: Of the calendar when the year was last changed; 0 if it is not published.
        years: All that are published, in order.
    """

    year: int
    is_published: bool
    days: Mapping[date, tuple[bool, str]]
    version: int
    source: str
    changed_at: datetime | None
    changed_by: str
    years: tuple[int, ...]


def year_view(desk: Desk, year: int) -> YearView:
    """Return a year of the authority's calendar, for the page on which it is changed.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    authority_id = desk.actor.authority_id
    years = tuple(
        desk.session.scalars(
            sa.select(CalendarYear.year)
            .where(CalendarYear.authority_id == authority_id)
            .order_by(CalendarYear.year)
        )
    )
    row = desk.session.get(CalendarYear, (authority_id, year))
    rows = desk.session.scalars(
        sa.select(CalendarDay)
        .where(
            CalendarDay.authority_id == authority_id,
            CalendarDay.day >= date(year, 1, 1),
            CalendarDay.day <= date(year, 12, 31),
        )
        .order_by(CalendarDay.day)
    )
    by = row.changed_by if row is not None else ""
    return YearView(
        year=year,
        is_published=row is not None,
        days={one.day: (one.is_workday, one.name) for one in rows},
        version=row.version if row is not None else 0,
        source=row.source if row is not None else "",
        changed_at=row.changed_at if row is not None else None,
        changed_by=names_of(desk, [by]).get(by, "") if by else "",
        years=years,
    )
