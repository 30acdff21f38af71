"""Between Python's values and FEEL's."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, DecimalException
from zoneinfo import ZoneInfo

from bpmn.feel.values.callables import Function
from bpmn.feel.values.dates import Date
from bpmn.feel.values.decimals import NUMBERS
from bpmn.feel.values.durations import DaysTime, YearsMonths
from bpmn.feel.values.kinds import Value
from bpmn.feel.values.ranges import Range
from bpmn.feel.values.times import DateTime, Time

_DEPTH = 100
_READY = frozenset(
    {type(None), bool, str, Date, Time, DateTime, YearsMonths, DaysTime, Range, Function}
)


def normalise(value: object) -> Value:
    """Return a value of Python as one of FEEL; a value of FEEL as it is.

    Numbers become decimals of 34 digits, a float by its shortest text; tuples become lists,
    mappings contexts; dates and times FEEL's own, keeping offset or zone.

    Raises:
        ValueError: There is no such value in FEEL: another type, a key that is no string,
            a number that is not finite, or a structure deeper than 100.
    """
    kind = type(value)
    if kind in _READY:
        return value
    return _number(value) if kind is Decimal else _normalised(value, 0)  # type: ignore[arg-type]


def _normalised(value: object, depth: int) -> Value:  # noqa: PLR0911 - one branch a kind
    kind = type(value)
    if kind in _READY:
        return value
    if kind is Decimal or isinstance(value, int | float | Decimal):
        return _number(value)  # type: ignore[arg-type]
    if depth > _DEPTH:
        msg = "the value is nested too deeply"
        raise ValueError(msg)
    if isinstance(value, list | tuple):
        found = [_normalised(item, depth + 1) for item in value]
        if kind is list and all(new is old for new, old in zip(found, value, strict=True)):
            return value
        return found
    if isinstance(value, Mapping):
        return _context(value, depth)
    if isinstance(value, str):
        return str(value)
    return _temporal(value)


def _number(value: float | Decimal) -> Value:
    try:
        found = NUMBERS.create_decimal(repr(value) if isinstance(value, float) else value)
    except DecimalException:
        found = Decimal("NaN")
    if not found.is_finite():
        msg = "FEEL has only finite numbers within decimal128"
        raise ValueError(msg)
    # Rounding moves the exponent; what kept it is the value itself, and a list may stay as it is.
    return value if type(value) is Decimal and found.same_quantum(value) else found


def _context(value: Mapping[object, object], depth: int) -> Value:
    found: dict[str, Value] = {}
    same = type(value) is dict
    for key, item in value.items():
        if not isinstance(key, str):
            msg = f"a key of a context is a string, not {type(key).__name__}"
            raise ValueError(msg)  # noqa: TRY004 - one family for whatever does not fit
        found[key] = _normalised(item, depth + 1)
        same = same and found[key] is item
    return value if same else found


def _offset(moment: datetime | time) -> tuple[int | None, str | None]:
    zone = moment.tzinfo
    if isinstance(zone, ZoneInfo) and zone.key:
        return None, zone.key
    offset = moment.utcoffset()
    return (None, None) if offset is None else (int(offset.total_seconds()), None)


def _clock(moment: datetime | time) -> Time:
    offset, zone = _offset(moment)
    return Time(moment.hour, moment.minute, moment.second, moment.microsecond * 1000, offset, zone)


def _temporal(value: object) -> Value:
    if isinstance(value, datetime):
        return DateTime(Date(value.year, value.month, value.day), _clock(value))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        return DaysTime(
            (value.days * 86_400_000_000 + value.seconds * 1_000_000 + value.microseconds) * 1000
        )
    msg = f"FEEL has no values of type {type(value).__name__}"
    raise ValueError(msg)


def to_python(value: Value) -> object:  # noqa: PLR0911 - one branch a kind
    """Return a value of FEEL as Python's own, lists and contexts with all they hold.

    Dates, times and days and time durations become those of `datetime`. Numbers stay decimals;
    years and months durations, ranges and functions stay what they are.

    Raises:
        ValueError: Python's types cannot hold it: a year beyond 1 to 9999.
    """
    kind = type(value)
    if kind is list:
        return [to_python(item) for item in value]
    if kind is dict:
        return {key: to_python(item) for key, item in value.items()}
    if kind is Date:
        return date(value.year, value.month, value.day)
    if kind is Time:
        return _python_time(value)
    if kind is DateTime:
        day = value.date
        return datetime.combine(date(day.year, day.month, day.day), _python_time(value.time))
    if kind is DaysTime:
        return timedelta(microseconds=value.nanoseconds // 1000)
    return value


def _python_time(value: Time) -> time:
    zone: ZoneInfo | None = None
    if value.zone is not None:
        zone = ZoneInfo(value.zone)
        return time(value.hour, value.minute, value.second, value.nanosecond // 1000, zone)
    found = time(value.hour, value.minute, value.second, value.nanosecond // 1000)
    if value.offset is None:
        return found
    fixed = UTC if not value.offset else _fixed(value.offset)
    return found.replace(tzinfo=fixed)


def _fixed(seconds: int) -> timezone:
    return timezone(timedelta(seconds=seconds))
