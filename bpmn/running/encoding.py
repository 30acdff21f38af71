"""Values of variables as JSON and back, losing nothing.

JSON's own values stand for themselves. Everything else is an object with the key `$`, which
names its type; a user's object that has such a key is written as a list of pairs.
"""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Never
from zoneinfo import ZoneInfo

from bpmn import feel

TAG = "$"
_BIGGEST = 2**63 - 1
_MAX_DEPTH = 100
_OF_FEEL = (
    feel.Date, feel.Time, feel.DateTime, feel.YearsMonths, feel.DaysTime, feel.Range,
)  # fmt: skip


def encode(value: Any, depth: int = 0) -> Any:  # noqa: PLR0911 - one for each kind
    """Return `value` as JSON values.

    Raises:
        ValueError: It holds something that a variable cannot be: bytes, a set, a function, a
            number that is not finite, text that is not Unicode, or nesting deeper than 100.
    """
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        plain = int(value)
        return plain if abs(plain) <= _BIGGEST else {TAG: "int", "v": str(plain)}
    if isinstance(value, float):
        return value if math.isfinite(value) else _refuse(value)
    if depth > _MAX_DEPTH:
        raise ValueError(f"A variable may be nested {_MAX_DEPTH} deep, not deeper.")
    if isinstance(value, list | tuple):
        return [encode(each, depth + 1) for each in value]
    if isinstance(value, Mapping):
        return _mapping(value, depth)
    return _tagged(value)


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("A text of a variable holds half a character (a surrogate).") from error
    return str(value)


def _mapping(value: Mapping[Any, Any], depth: int) -> Any:
    for key in value:
        if not isinstance(key, str):
            raise ValueError(f"The keys of a context are texts; {key!r} is none.")  # noqa: TRY004
    if TAG in value:
        return {TAG: "map", "v": [[k, encode(v, depth + 1)] for k, v in value.items()]}
    return {_text(key): encode(each, depth + 1) for key, each in value.items()}


def _tagged(value: Any) -> dict[str, Any]:  # noqa: PLR0911 - one for each type
    if isinstance(value, Decimal):
        return {TAG: "number", "v": str(value)} if value.is_finite() else _refuse(value)
    if isinstance(value, datetime):
        zone = value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None
        return {TAG: "instant", "v": value.isoformat(), "z": zone, "f": value.fold}
    if isinstance(value, date):
        return {TAG: "date", "v": value.isoformat()}
    if isinstance(value, time):
        return {TAG: "time", "v": value.isoformat()}
    if isinstance(value, timedelta):
        return {TAG: "length", "v": [value.days, value.seconds, value.microseconds]}
    if isinstance(value, _OF_FEEL):
        return {TAG: "feel", "v": feel.literal(value)}
    return _refuse(value)


def _refuse(value: Any) -> Never:
    raise ValueError(f"A variable cannot hold {value!r:.80} ({type(value).__name__}).")


def decode(value: Any) -> Any:
    """Return the value that `encode` wrote.

    Raises:
        ValueError: No release wrote this.
    """
    if isinstance(value, list):
        return [decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    if TAG not in value:
        return {key: decode(each) for key, each in value.items()}
    kind = _DECODERS.get(value[TAG])
    if kind is None:
        raise ValueError(f"The state holds a value of an unknown type: {value[TAG]!r}.")
    return kind(value)


def _instant(found: Mapping[str, Any]) -> datetime:
    moment = datetime.fromisoformat(found["v"])
    if found["z"]:
        moment = moment.replace(tzinfo=ZoneInfo(found["z"]), fold=found["f"])
    return moment


@lru_cache(maxsize=1024)
def _feel(source: str) -> Any:
    return feel.compile_expression(source).evaluate({})


_DECODERS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "int": lambda found: int(found["v"]),
    "number": lambda found: Decimal(found["v"]),
    "instant": _instant,
    "date": lambda found: date.fromisoformat(found["v"]),
    "time": lambda found: time.fromisoformat(found["v"]),
    "length": lambda found: timedelta(*found["v"]),
    "feel": lambda found: _feel(found["v"]),
    "map": lambda found: {key: decode(each) for key, each in found["v"]},
}
