"""Conversion functions (DMN 1.5, 10.3.4.1)."""

import re
from decimal import Decimal

from bpmn.feel.errors import Semantic
from bpmn.feel.functions.family import Family, Running, integer, number, string
from bpmn.feel.values.dates import Date, months_between, parse_date
from bpmn.feel.values.decimals import NUMBERS, number_of
from bpmn.feel.values.durations import NANOSECONDS, DaysTime, YearsMonths, parse_duration
from bpmn.feel.values.kinds import Value, type_in_chinese, unwrapped, wrong_type
from bpmn.feel.values.ranges import Range
from bpmn.feel.values.texts import to_text
from bpmn.feel.values.times import DateTime, Time, parse_date_time, parse_time, zone_named

FUNCTIONS = Family()
_define = FUNCTIONS.define

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)


def unreadable(kind: str) -> Semantic:
    """Return the reason that a text does not mean a value of that kind.

    It never quotes the text: a warning goes on the record, where nothing personal belongs.
    """
    return Semantic(
        "unreadable",
        f"这段文字不能读作有效的{type_in_chinese(kind)}。",
        f"The text is no valid {kind}.",
    )


def temporal(text: str) -> Value:
    """Return the date, time, date and time or duration that a text means.

    Raises:
        Semantic: It means none of them.
    """
    for parse in (parse_date, parse_duration, parse_time, parse_date_time):
        try:
            return parse(text)
        except ValueError:
            continue
    raise unreadable("date, time or duration")


def _no_such(kind: str) -> Semantic:
    return Semantic(
        "time-range", f"没有这样的{type_in_chinese(kind)}。", f"There is no such {kind}."
    )


@_define("date", ("from",), ("year", "month", "day"))
def _date(_run: Running, first: Value, *rest: Value) -> Value:
    if rest:
        try:
            return Date(integer(first), integer(rest[0]), integer(rest[1]))
        except ValueError as cause:
            raise _no_such("date") from cause
    first = unwrapped(first)
    if type(first) is DateTime:
        return first.date
    if type(first) is Date:
        return first
    text = string(first)
    try:
        return parse_date(text)
    except ValueError as cause:
        raise unreadable("date") from cause


@_define("time", ("from",), ("hour", "minute", "second", "offset?"))
def _time(_run: Running, first: Value, *rest: Value) -> Value:
    if rest:
        return _clock(first, rest[0], rest[1], rest[2] if len(rest) > 2 else None)  # noqa: PLR2004
    first = unwrapped(first)
    if type(first) is Time:
        return first
    if type(first) is DateTime:
        return first.time
    if type(first) is Date:
        return Time(0, 0, 0, offset=0)
    text = string(first)
    try:
        return parse_time(text)
    except ValueError as cause:
        raise unreadable("time") from cause


def _clock(hour: Value, minute: Value, second: Value, offset: Value) -> Time:
    seconds = None
    if offset is not None:
        offset = unwrapped(offset)
        if type(offset) is not DaysTime:
            raise wrong_type("days and time duration", offset)
        if offset.nanoseconds % NANOSECONDS:
            raise _no_such("offset")
        seconds = offset.nanoseconds // NANOSECONDS
    exact = number(second)
    whole = integer(exact)
    fraction = int(NUMBERS.multiply(NUMBERS.subtract(exact, whole), NANOSECONDS))
    try:
        return Time(integer(hour), integer(minute), whole, fraction, seconds)
    except ValueError as cause:
        raise _no_such("time") from cause


@_define(
    "date and time",
    ("from",),
    ("date", "time"),
    ("year", "month", "day", "hour", "minute", "second", "offset?"),
    ("year", "month", "day", "hour", "minute", "second", "timezone?"),
)
def _date_time(_run: Running, first: Value, *rest: Value) -> Value:  # noqa: PLR0911 - one branch a kind
    first = unwrapped(first)
    if len(rest) > 1:
        return _moment(first, *rest)
    if rest:
        second = unwrapped(rest[0])
        if type(first) is str:
            return _rezoned(parse_moment(first), second)
        if type(second) is not Time:
            if type(second) is str and type(first) is DateTime:
                return _rezoned(first, second)
            raise wrong_type("time", second)
        if type(first) is DateTime:
            return DateTime(first.date, second)
        if type(first) is not Date:
            raise wrong_type("date", first)
        return DateTime(first, second)
    if type(first) is DateTime:
        return first
    if type(first) is Date:
        return DateTime(first, Time(0, 0, 0, offset=0))
    return parse_moment(string(first))


def parse_moment(text: str) -> DateTime:
    """Return the date and time that a text means.

    Raises:
        Semantic: It means none.
    """
    try:
        return parse_date_time(text)
    except ValueError as cause:
        raise unreadable("date and time") from cause


def _rezoned(moment: DateTime, zone: Value) -> DateTime:
    name = string(zone)
    try:
        zone_named(name)
    except ValueError as cause:
        raise unreadable("time zone") from cause
    clock = moment.time
    return DateTime(
        moment.date, Time(clock.hour, clock.minute, clock.second, clock.nanosecond, None, name)
    )


def _moment(year: Value, month: Value, day: Value, *clock: Value) -> DateTime:
    try:
        date = Date(integer(year), integer(month), integer(day))
    except ValueError as cause:
        raise _no_such("date") from cause
    offset = clock[3] if len(clock) > 3 else None  # noqa: PLR2004 - hour, minute, second, offset
    if type(unwrapped(offset)) is str:
        return _rezoned(DateTime(date, _clock(clock[0], clock[1], clock[2], None)), offset)
    return DateTime(date, _clock(clock[0], clock[1], clock[2], offset))


@_define("duration", ("from",))
def _duration(_run: Running, value: Value) -> Value:
    value = unwrapped(value)
    if type(value) in {YearsMonths, DaysTime}:
        return value
    text = string(value)
    try:
        return parse_duration(text)
    except ValueError as cause:
        raise unreadable("duration") from cause


@_define("years and months duration", ("from", "to"))
def _years_months(_run: Running, start: Value, end: Value) -> Value:
    days: list[Date] = []
    for value in (unwrapped(start), unwrapped(end)):
        if type(value) not in {Date, DateTime}:
            raise wrong_type("date", value)
        days.append(value.date if isinstance(value, DateTime) else value)
    return YearsMonths(months_between(days[0], days[1]))


_SEPARATORS = frozenset({" ", ",", "."})


@_define("number", ("from", "grouping separator?", "decimal separator?"))
def _number(
    run: Running, value: Value, grouping: Value = None, decimal_point: Value = None
) -> Value:
    value = unwrapped(value)
    if type(value) is Decimal:
        return value
    text = string(value)
    group = None if grouping is None else string(grouping)
    point = None if decimal_point is None else string(decimal_point)
    if (group and group not in _SEPARATORS) or (point and point not in {",", "."}):
        raise unreadable("separator")
    if group == "" or point == "" or (group is not None and group == point):
        raise unreadable("separator")
    if group:
        text = text.replace(group, "")
    if point:
        text = text.replace(point, ".")
    if len(text) > run.env.limits.digits or not _NUMBER.fullmatch(text):
        raise unreadable("number")
    return number_of(text)


@_define("string", ("from",))
def _string(run: Running, value: Value) -> Value:
    if value is None:
        return None
    return run.built(to_text(value, run.env.limits.string_length))


@_define("range", ("from",))
def _range(_run: Running, value: Value) -> Value:
    text = string(value)
    found = re.fullmatch(r"\s*([\[(\]])(.*?)\.\.(.*)([\])\[])\s*", text, re.DOTALL)
    if not found:
        raise unreadable("range")
    start, end = _endpoint(found[2].strip()), _endpoint(found[3].strip())
    if (start is None and end is None) or (
        start is not None and end is not None and type(start) is not type(end)
    ):
        raise unreadable("range")
    opens, closes = found[1] == "[", found[4] == "]"
    if (start is None and opens) or (end is None and closes):
        raise unreadable("range")
    return Range(start, end, opens, closes)


_CALL = re.compile(r"(date and time|date|time|duration)\s*\(\s*\"([^\"\\]*)\"\s*\)")


def _endpoint(text: str) -> Value:
    if text in {"", "null"}:
        return None
    if _NUMBER.fullmatch(text):
        return number_of(text)
    if text.startswith('@"') and text.endswith('"'):
        return temporal(text[2:-1])
    called = _CALL.fullmatch(text)
    if called:
        return temporal(called[2])
    if len(text) > 1 and text[0] == text[-1] == '"' and '"' not in text[1:-1]:
        return text[1:-1]
    raise unreadable("end of a range")
