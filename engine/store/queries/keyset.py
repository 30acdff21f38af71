"""Keyset paging: where a page ends is where the next one begins, however long the list is."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
import sqlalchemy as sa

LARGEST_NUMBER = 2**31 - 1
"""What a column of whole numbers holds."""


def cursor_of(sort: str, value: datetime | date | str, row_id: str | int) -> str:
    """Return the cursor after a row: its sort, the value that it is sorted by, its id."""
    plain = value.isoformat() if isinstance(value, date) else value
    return base64.urlsafe_b64encode(orjson.dumps([sort, plain, row_id])).decode()


def read_cursor(after: str, sort: str, kinds: Sequence[type]) -> list[Any]:
    """Return the value and id that a cursor stands for; it came from an address: hostile.

    Args:
        after: The cursor.
        sort: Of the list that it is to be of.
        kinds: The types of value and id.

    Raises:
        ValueError: It is no cursor, or one of another sort.
    """
    try:
        of, *plain = orjson.loads(base64.urlsafe_b64decode(after))
        values = [_READERS[kind](one) for kind, one in zip(kinds, plain, strict=True)]
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError("this is no cursor") from error
    if of != sort:
        raise ValueError("this cursor is of another list")
    return values


def beyond(
    keys: Sequence[Any], values: Sequence[Any], *, newest_first: bool
) -> sa.ColumnElement[bool]:
    """Return the condition that a row comes after the one with these values.

    The keys are compared as a row of values, so that an index over all of them serves.
    """
    here = sa.tuple_(*keys)
    there = sa.tuple_(
        *(
            sa.bindparam(None, value, type_=key.type, unique=True)
            for key, value in zip(keys, values, strict=True)
        )
    )
    return here < there if newest_first else here > there


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

    Raises:
        ValueError: `after` is no cursor of this sort.
    """
    if after:
        values = read_cursor(after, sort, [_kind(key.type) for key in keys])
        query = query.where(beyond(keys, values, newest_first=newest_first))
    order = [key.desc() if newest_first else key.asc() for key in keys]
    return query.order_by(*order).limit(limit + 1)


def _kind(column: Any) -> type:
    """Return what a column's type is of in Python; an instant's wraps the database's own."""
    plain: sa.types.TypeEngine[Any] = column
    if isinstance(column, sa.TypeDecorator):
        plain = column.impl_instance
    return plain.python_type


def instant_of(plain: str) -> datetime:
    """Return the instant that a cursor names, in UTC.

    Raises:
        ValueError: It is none, it has no zone, or it lies outside of the years that there are.
    """
    value = datetime.fromisoformat(plain)
    if value.tzinfo is None:
        raise ValueError(plain)
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(plain) from error


def _number(plain: int) -> int:
    if not 0 <= int(plain) <= LARGEST_NUMBER:
        raise ValueError(plain)
    return int(plain)


_READERS: Mapping[type, Callable[[Any], Any]] = {
    datetime: instant_of,
    date: date.fromisoformat,
    str: str,
    int: _number,
}
