"""Working calendars as they stand in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.errors import NotFound
from engine.model.calendars import WorkingCalendar
from engine.store.prepared import Prepared
from engine.store.tables import AuthorityRow, CalendarDay, CalendarYear
from engine.store.waiting import asked

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CHANGED = "calendars_changed"
VERSIONS = "calendar_versions"
"""Where a session keeps the versions that it has read: a transaction asks once."""

_NEWEST = Prepared(
    sa.select(sa.func.max(CalendarYear.version)).where(
        CalendarYear.authority_id == sa.bindparam("authority")
    )
)


def calendar_version(session: Session, authority_id: str) -> int:
    """Return the number of the newest change to the authority's calendar; 0 if empty."""
    known: dict[str, int] = session.info.setdefault(VERSIONS, {})
    if authority_id not in known or is_changed(session, authority_id):
        ((newest,),) = asked(session, _NEWEST, {"authority": authority_id}, CalendarYear)
        known[authority_id] = newest or 0
    return known[authority_id]


def mark_changed(session: Session, authority_id: str) -> None:
    """Note that this transaction changes the authority's calendar; one change at a time.

    The authority's row stays locked until the end of the transaction, so that no two
    changes bear the same version. Rows that only name the authority need not wait for it.
    """
    session.get(AuthorityRow, authority_id, with_for_update={"key_share": True})
    session.info.setdefault(CHANGED, set()).add(authority_id)


def is_changed(session: Session, authority_id: str) -> bool:
    """Return whether this transaction has changed the authority's calendar."""
    return authority_id in session.info.get(CHANGED, ())


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
