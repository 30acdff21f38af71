"""What a request sent, checked against its schema and read as the types of a command."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import types
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Union, get_args, get_origin

from web.api.shapes import hints_of

FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Between these a day is taken: those at the ends of time have no instants in every zone."""


class Unreadable(ValueError):
    """A value is not of its kind, though its schema let it pass.

    Attributes:
        where: Its place, as a JSON pointer below the request.
        kind: What it should have been.
    """

    def __init__(self, where: str, kind: str) -> None:
        """Name the place and the kind."""
        super().__init__(f"{where}: {kind}")
        self.where = where
        self.kind = kind


def read(kind: Any, value: Any, where: str = "") -> Any:  # noqa: PLR0911 -- one a kind
    """Return a JSON value as a value of `kind`.

    Raises:
        Unreadable: A date, an instant or base64 is none.
    """
    origin, inside = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return None if value is None else _first(inside, value, where)
    if kind is datetime:
        return _instant(value, where)
    if kind is date:
        return _day(value, where)
    if kind is bytes:
        return _bytes(value, where)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = hints_of(kind)
        return kind(**{key: read(hints[key], one, f"{where}/{key}") for key, one in value.items()})
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {key: read(inside[1], one, f"{where}/{key}") for key, one in value.items()}
    if isinstance(origin, type) and issubclass(origin, Iterable):
        return [read(inside[0], one, f"{where}/{number}") for number, one in enumerate(value)]
    if isinstance(kind, type) and issubclass(kind, str) and kind is not str:
        return kind(value)
    return value


def from_text(kind: Any, text: str) -> Any:
    """Return what a parameter of the address says, as JSON would have it; text where it does not.

    The schema then says what is wrong with it.
    """
    wanted = {one for one in get_args(kind) if one is not type(None)} or {kind}
    if bool in wanted and text in {"true", "false"}:
        return text == "true"
    if int in wanted and text.removeprefix("-").isdecimal() and text.isascii():
        return int(text)
    return text


def _first(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    return read(next(one for one in kinds if one is not type(None)), value, where)


def _day(value: str, where: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Unreadable(where, "date") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unreadable(where, "date")
    return day


def _instant(value: str, where: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
        return instant.astimezone(UTC) if instant.tzinfo is not None else _naive(where)
    except (ValueError, OverflowError):
        raise Unreadable(where, "date-time") from None


def _naive(where: str) -> datetime:
    raise Unreadable(where, "date-time")


def _bytes(value: str, where: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(where, "base64") from None
