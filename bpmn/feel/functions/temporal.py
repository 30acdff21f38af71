"""Date and time functions (DMN 1.5, 10.3.4.7 and 10.3.4.8)."""

from decimal import Decimal

from bpmn.feel.errors import Semantic
from bpmn.feel.functions.family import Family, Running
from bpmn.feel.values.conversion import normalise
from bpmn.feel.values.dates import Date
from bpmn.feel.values.kinds import Value, unwrapped, wrong_type
from bpmn.feel.values.times import DateTime

FUNCTIONS = Family()
_define = FUNCTIONS.define

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _moment(run: Running) -> DateTime:
    if run.env.now is None:
        raise Semantic(
            "no-clock",
            "此处没有时钟，不能取当前时间。",
            "There is no clock here; the current time is not known.",
        )
    instant = run.env.now()
    if instant.utcoffset() is None:
        msg = "the clock of an environment gives aware instants"
        raise ValueError(msg)
    found: DateTime = normalise(instant.astimezone(run.env.zone))
    return found


@_define("now", ())
def _now(run: Running) -> Value:
    return _moment(run)


@_define("today", ())
def _today(run: Running) -> Value:
    return _moment(run).date


def _day(value: Value) -> Date:
    value = unwrapped(value)
    if type(value) is DateTime:
        return value.date
    if type(value) is not Date:
        raise wrong_type("date", value)
    return value


def _day_of_year(day: Date) -> int:
    return day.ordinal - Date(day.year, 1, 1).ordinal + 1


@_define("day of year", ("date",))
def _of_year(_run: Running, value: Value) -> Value:
    return Decimal(_day_of_year(_day(value)))


@_define("day of week", ("date",))
def _of_week(_run: Running, value: Value) -> Value:
    return _DAYS[_day(value).weekday - 1]


@_define("month of year", ("date",))
def _month(_run: Running, value: Value) -> Value:
    return _MONTHS[_day(value).month - 1]


@_define("week of year", ("date",))
def _week(_run: Running, value: Value) -> Value:
    day = _day(value)
    # ISO 8601: the week belongs to the year of its Thursday.
    thursday = Date.from_ordinal(day.ordinal + 4 - day.weekday)
    return Decimal((_day_of_year(thursday) - 1) // 7 + 1)
