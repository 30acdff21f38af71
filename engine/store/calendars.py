"""Working calendars as they stand in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.errors import NotFound
from engine.model.calendars import WorkingCalendar
from engine.store.tables import AuthorityRow, CalendarDay, CalendarYear

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def calendar_version(session: Session, authority_id: str) -> int:
    """Return the number of the newest change to the authority's calendar; 0 if empty."""
    newest = session.scalar(
        sa.select(sa.func.max(CalendarYear.version)).where(
            CalendarYear.authority_id == authority_id
        )
    )
    return newest or 0


def load_calendar(session: Session, authority_id: str) -> WorkingCalendar:
    """Return the authority's calendar with its published years.

    Raises:
        NotFound: There is no such authority.
    """
    authority = session.get(AuthorityRow, authority_id)
    if authority is None:
        raise NotFound(authority_id)
    years = session.scalars(
        sa.select(CalendarYear.year).where(CalendarYear.authority_id == authority_id)
    )
    days = session.execute(
        sa.select(CalendarDay.day, CalendarDay.is_workday).where(
            CalendarDay.authority_id == authority_id
        )
    )
    return WorkingCalendar(
        zone=ZoneInfo(authority.zone),
        overrides={row.day: row.is_workday for row in days},
        published_years=frozenset(years),
        version=calendar_version(session, authority_id),
    )
