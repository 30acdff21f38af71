"""Conditions that lists share: words that stand in columns, instants on civil days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.model.calendars import WorkingCalendar
from engine.model.periods import expires_at

LONGEST_SEARCH = 100


def holds(search: str, *columns: Any) -> sa.ColumnElement[bool]:
    """Return the condition that `search` stands anywhere in one of the columns.

    Letters of either case; blanks around it and what goes beyond 100 characters are ignored;
    the signs of LIKE mean themselves.
    """
    text = search.strip()[:LONGEST_SEARCH]
    for special in ("\\", "%", "_"):
        text = text.replace(special, "\\" + special)
    return sa.or_(*(column.ilike(f"%{text}%", escape="\\") for column in columns))


def on_days(
    column: Any, since: date | None, until: date | None, calendar: WorkingCalendar
) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions that an instant is on civil days from `since` to `until`, both included.

    None is no bound; nor is the first or last day of all, whose ends may have no instant in UTC.
    """
    if since is not None and since > date.min:
        yield column >= calendar.start_of(since)
    if until is not None and until < date.max:
        yield column < expires_at(until, calendar)
