"""Keyset paging: where a page ends is where the next one begins, however long the list is."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import orjson
import sqlalchemy as sa

_READERS: dict[str, Any] = {
    "instant": datetime.fromisoformat,
    "day": date.fromisoformat,
    "text": str,
}


def cursor_of(sort: str, value: datetime | date | str, row_id: str) -> str:
    """Return the cursor after a row: its sort, the value that it is sorted by, its id."""
    kind = "text"
    plain = str(value)
    if isinstance(value, datetime):
        kind, plain = "instant", value.isoformat()
    elif isinstance(value, date):
        kind, plain = "day", value.isoformat()
    return base64.urlsafe_b64encode(orjson.dumps([sort, kind, plain, row_id])).decode()


def read_cursor(after: str, sort: str) -> tuple[Any, str]:
    """Return the value and id that a cursor stands for; it came from an address: hostile.

    Raises:
        ValueError: It is no cursor, or one of another sort.
    """
    try:
        of, kind, plain, row_id = orjson.loads(base64.urlsafe_b64decode(after))
        value = _READERS[kind](plain)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError("this is no cursor") from error
    if of != sort or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValueError("this cursor is of another list")
    return value, str(row_id)


def paged(
    query: sa.Select[Any],
    keys: Sequence[Any],
    *,
    sort: str,
    after: str,
    limit: int,
    newest_first: bool,
) -> sa.Select[Any]:
    """Return `query` in the order of its two keys, from `after` on, with one row more than asked.

    The keys are compared as a row of values, so that an index over both serves.

    Raises:
        ValueError: `after` is no cursor of this sort.
    """
    first, second = keys
    if after:
        value, row_id = read_cursor(after, sort)
        here = sa.tuple_(first, second)
        there = sa.tuple_(
            sa.bindparam(None, value, type_=first.type, unique=True),
            sa.bindparam(None, row_id, type_=second.type, unique=True),
        )
        query = query.where(here < there if newest_first else here > there)
    order = [key.desc() if newest_first else key.asc() for key in (first, second)]
    return query.order_by(*order).limit(limit + 1)
