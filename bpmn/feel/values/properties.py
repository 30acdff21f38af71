"""The properties of dates, times, durations and ranges (DMN 1.5, table 65)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from bpmn.feel.errors import Semantic
from bpmn.feel.values.dates import Date
from bpmn.feel.values.durations import NANOSECONDS, DaysTime, YearsMonths
from bpmn.feel.values.kinds import Value, type_in_chinese, type_of
from bpmn.feel.values.ranges import Range
from bpmn.feel.values.times import DateTime, Time

_Read = Callable[[Any], Value]


def _offset(seconds: int | None) -> Value:
    return None if seconds is None else DaysTime(seconds * NANOSECONDS)


def _of_date(read: _Read) -> _Read:
    return lambda moment: read(moment.date)


def _of_time(read: _Read) -> _Read:
    return lambda moment: read(moment.time)


_DATE: Mapping[str, _Read] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.weekday),
}
_TIME: Mapping[str, _Read] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: Decimal(time.second),
    "time offset": lambda time: _offset(time.offset),
    "timezone": lambda time: time.zone,
}
_PROPERTIES: Mapping[type, Mapping[str, _Read]] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: _of_date(read) for name, read in _DATE.items()},
        **{name: _of_time(read) for name, read in _TIME.items()},
        "time offset": lambda moment: _offset(moment.offset),
    },
    YearsMonths: {
        "years": lambda duration: Decimal(duration.parts()[0]),
        "months": lambda duration: Decimal(duration.parts()[1]),
    },
    DaysTime: {
        "days": lambda duration: Decimal(duration.parts()[0]),
        "hours": lambda duration: Decimal(duration.parts()[1]),
        "minutes": lambda duration: Decimal(duration.parts()[2]),
        "seconds": lambda duration: Decimal(duration.parts()[3]),
    },
    Range: {
        "start": lambda limits: limits.start,
        "end": lambda limits: limits.end,
        "start included": lambda limits: limits.start_included,
        "end included": lambda limits: limits.end_included,
    },
}


def property_of(value: Value, name: str) -> Value:
    """Return a property of a value, or the entry of a context.

    Raises:
        Semantic: The value has none of that name.
    """
    if type(value) is dict and name in value:
        return value[name]
    read = _PROPERTIES.get(type(value), {}).get(name)
    if read is None:
        kind = type_of(value)
        raise Semantic(
            "null-operand" if value is None else "no-member",
            f"{type_in_chinese(kind)}没有属性“{name}”。",
            f"A {kind} has no {name!r}.",
        )
    return read(value)
