"""Variables as Camunda's clients write them, `{type, value, valueInfo}`, and as we hold them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson

from engine.desk.external import ATTACHED, FileValue
from engine.desk.values import plain
from web.camunda.area import BadBody

SMALLEST, LARGEST = -(2**31), 2**31 - 1
WIDEST = 2**63 - 1
MOST_VARIABLES = 200
NAME_LENGTH = 200


def given(data: object) -> dict[str, Any]:
    """Return variables that a client sent.

    Raises:
        BadBody: They are no object of `{value, type}`, or a value does not fit its type.
    """
    if data is None:
        return {}
    if not isinstance(data, Mapping) or len(data) > MOST_VARIABLES:
        raise BadBody("camunda.body", part="variables")
    found = {}
    for name, one in data.items():
        if not 1 <= len(name) <= NAME_LENGTH or not isinstance(one, Mapping):
            raise BadBody("camunda.body", part=f"variables.{name[:NAME_LENGTH]}")
        kind = str(one.get("type") or "").lower()
        if kind not in _READERS:
            raise BadBody("camunda.variable", name=name, type=kind[:40])
        try:
            found[name] = None if one.get("value") is None else _READERS[kind](one)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise BadBody("camunda.variable", name=name, type=kind or "null") from error
    return found


def typed(value: Any) -> dict[str, Any]:  # noqa: PLR0911 -- one for each type
    """Return a variable as clients read it; each has a type, and keys that are never missing."""
    if isinstance(value, Mapping) and ATTACHED in value:
        info = {
            "filename": value.get("name"),
            "mimetype": value.get("type"),
            "encoding": None,
        }
        return {"type": "File", "value": None, "valueInfo": info}
    if value is None:
        return _typed("Null", None)
    if isinstance(value, bool):
        return _typed("Boolean", value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        return _typed("Date", instant_text(value))
    if isinstance(value, Decimal):
        value = plain(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, float):
        return _typed("Double", value)
    shown = plain(value)
    if isinstance(shown, str):
        return _typed("String", shown)
    return _typed("Json", orjson.dumps(shown).decode())


def all_typed(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return variables as clients read them, by name."""
    return {name: typed(value) for name, value in values.items()}


def instant_text(at: datetime | None) -> str | None:
    """Return an instant as Camunda writes it: ``2026-03-02T01:00:00.000+0000``."""
    if at is None:
        return None
    told = at.astimezone(UTC)
    return f"{told:%Y-%m-%dT%H:%M:%S}.{told.microsecond // 1000:03}+0000"


def _typed(kind: str, value: object) -> dict[str, Any]:
    return {"type": kind, "value": value, "valueInfo": {}}


def _whole(value: int) -> dict[str, Any]:
    if SMALLEST <= value <= LARGEST:
        return _typed("Integer", value)
    if abs(value) <= WIDEST:
        return _typed("Long", value)
    return _typed("String", str(value))


def _as_it_is(one: Mapping[str, Any]) -> Any:
    return one["value"]


def _string(one: Mapping[str, Any]) -> str:
    if not isinstance(one["value"], str):
        raise TypeError
    return one["value"]


def _integer(one: Mapping[str, Any]) -> int:
    value = one["value"]
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError("no whole number")
    if isinstance(value, str) and len(value) > len(str(WIDEST)) + 1:
        raise ValueError("too long")
    return int(value)


def _double(one: Mapping[str, Any]) -> float:
    if isinstance(one["value"], bool):
        raise TypeError
    found = float(one["value"])
    if found != found or abs(found) == float("inf"):  # noqa: PLR0124 -- only NaN differs from itself
        raise ValueError("not finite")
    return found


def _boolean(one: Mapping[str, Any]) -> bool:
    if not isinstance(one["value"], bool):
        raise TypeError
    return one["value"]


def _date(one: Mapping[str, Any]) -> datetime:
    found = datetime.fromisoformat(one["value"])
    if found.tzinfo is None:
        raise ValueError("without an offset")
    return found.astimezone(UTC)


def _json(one: Mapping[str, Any]) -> Any:
    value = one["value"]
    return orjson.loads(value) if isinstance(value, str) else value


def _object(one: Mapping[str, Any]) -> Any:
    info = one.get("valueInfo") or {}
    if info.get("serializationDataFormat", "application/json") != "application/json":
        raise ValueError("not JSON")
    return _json(one)


def _file(one: Mapping[str, Any]) -> FileValue:
    info = one.get("valueInfo") or {}
    try:
        content = base64.b64decode(one["value"], validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    return FileValue(str(info["filename"]), content)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "": _as_it_is,
    "null": _as_it_is,
    "string": _string,
    "xml": _string,
    "integer": _integer,
    "short": _integer,
    "long": _integer,
    "number": _double,
    "double": _double,
    "float": _double,
    "boolean": _boolean,
    "date": _date,
    "json": _json,
    "object": _object,
    "file": _file,
}
