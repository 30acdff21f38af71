"""Arithmetic on numbers, strings, dates, times and durations (DMN 1.5, table 57)."""

from collections.abc import Callable
from decimal import Decimal, DecimalException

from bpmn.feel.compiler.run import Run
from bpmn.feel.errors import Semantic
from bpmn.feel.values.dates import Date
from bpmn.feel.values.decimals import NUMBERS, out_of_range
from bpmn.feel.values.durations import NANOSECONDS, DaysTime, YearsMonths
from bpmn.feel.values.kinds import Value, type_in_chinese, type_of
from bpmn.feel.values.times import DateTime, Time

Operation = Callable[[Run, Value, Value], Value]
_DAY = 86_400 * NANOSECONDS
_LONGEST = 10**30
_COSTLY = 10  # steps that a power takes: it costs as much as so many calls
_MIDNIGHT = Time(0, 0, 0, offset=0)


def _misfit(operator: str, left: Value, right: Value) -> Semantic:
    one, two = type_of(left), type_of(right)
    kind = "null-operand" if left is None or right is None else "type"
    return Semantic(
        kind,
        f"{type_in_chinese(one)}与{type_in_chinese(two)}之间不能用“{operator}”运算。",
        f"There is no {operator!r} between a {one} and a {two}.",
    )


def _beyond(_cause: ValueError) -> Semantic:
    return Semantic(
        "time-range", "日期或时间超出范围。", "The date, time or duration is out of range."
    )


def _duration(value: YearsMonths | DaysTime) -> Value:
    size = value.months if isinstance(value, YearsMonths) else value.nanoseconds
    if abs(size) > _LONGEST:
        raise _beyond(ValueError())
    return value


def _shifted(moment: Value, by: Value, sign: int) -> Value:
    """Return a date or time moved by a duration; None where the two do not go together."""
    try:
        if type(by) is YearsMonths:
            if type(moment) in {Date, DateTime}:
                return moment.plus_months(sign * by.months)
        elif type(by) is DaysTime:
            if type(moment) in {Time, DateTime}:
                return moment.plus(sign * by.nanoseconds)
            if type(moment) is Date:
                return DateTime(moment, _MIDNIGHT).plus(sign * by.nanoseconds).date
    except ValueError as cause:
        raise _beyond(cause) from cause
    return None


def add(run: Run, left: Value, right: Value) -> Value:
    """Return `left + right`.

    Raises:
        Semantic: There is no sum.
    """
    if type(left) is Decimal and type(right) is Decimal:
        return _number(NUMBERS.add, left, right)
    kind = type(left)
    if kind is type(right):
        if kind is str:
            return run.built(left + right)
        if kind is YearsMonths:
            return _duration(YearsMonths(left.months + right.months))
        if kind is DaysTime:
            return _duration(DaysTime(left.nanoseconds + right.nanoseconds))
    found = _shifted(left, right, 1)
    if found is None:
        found = _shifted(right, left, 1)
    if found is None:
        raise _misfit("+", left, right)
    return found


def subtract(_run: Run, left: Value, right: Value) -> Value:
    """Return `left - right`.

    Raises:
        Semantic: There is no difference.
    """
    kind = type(left)
    if kind is type(right):
        if kind is Decimal:
            return _number(NUMBERS.subtract, left, right)
        if kind is YearsMonths:
            return _duration(YearsMonths(left.months - right.months))
        if kind is DaysTime:
            return _duration(DaysTime(left.nanoseconds - right.nanoseconds))
    if kind is Time and type(right) is Time:
        return _elapsed(DateTime(Date(1970, 1, 1), left), DateTime(Date(1970, 1, 1), right))
    if kind in {Date, DateTime} and type(right) in {Date, DateTime}:
        return _elapsed(_as_moment(left), _as_moment(right))
    found = _shifted(left, right, -1)
    if found is None:
        raise _misfit("-", left, right)
    return found


def _as_moment(value: Value) -> DateTime:
    # A date beside a date and time is its midnight in UTC (DMN 1.5, 10.3.2.3.6).
    return value if isinstance(value, DateTime) else DateTime(value, _MIDNIGHT)


def _elapsed(left: DateTime, right: DateTime) -> Value:
    if left.is_local is not right.is_local:
        raise Semantic(
            "local-time",
            "无时区的时间与有时区的时间不能相减。",
            "A local time and one with an offset have no difference.",
        )
    return DaysTime(left.instant - right.instant)


def multiply(_run: Run, left: Value, right: Value) -> Value:
    """Return `left * right`.

    Raises:
        Semantic: There is no product.
    """
    if type(left) is Decimal and type(right) is Decimal:
        return _number(NUMBERS.multiply, left, right)
    if type(left) is Decimal:
        left, right = right, left
    if type(right) is Decimal and type(left) in {YearsMonths, DaysTime}:
        return _scaled(left, NUMBERS.multiply, right)
    raise _misfit("*", left, right)


def divide(_run: Run, left: Value, right: Value) -> Value:
    """Return `left / right`.

    Raises:
        Semantic: There is no quotient.
    """
    kind = type(left)
    if kind is Decimal and type(right) is Decimal:
        return _number(NUMBERS.divide, left, right)
    if kind in {YearsMonths, DaysTime}:
        if type(right) is Decimal:
            return _scaled(left, NUMBERS.divide, right)
        if kind is type(right):
            return _number(NUMBERS.divide, _size(left), _size(right))
    raise _misfit("/", left, right)


def power(run: Run, left: Value, right: Value) -> Value:
    """Return `left ** right`.

    Raises:
        Semantic: There is no such power.
    """
    if type(left) is Decimal and type(right) is Decimal:
        run.spend(_COSTLY)
        return _number(NUMBERS.power, left, right)
    raise _misfit("**", left, right)


def negated(value: Value) -> Value:
    """Return `-value`.

    Raises:
        Semantic: It is neither number nor duration.
    """
    if type(value) is Decimal:
        return NUMBERS.minus(value)
    if type(value) is YearsMonths:
        return YearsMonths(-value.months)
    if type(value) is DaysTime:
        return DaysTime(-value.nanoseconds)
    raise _misfit("-", value, value)


def _number(
    operation: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal
) -> Decimal:
    try:
        return operation(left, right)
    except DecimalException as cause:
        raise out_of_range() from cause


def _size(value: YearsMonths | DaysTime) -> Decimal:
    return Decimal(value.months if isinstance(value, YearsMonths) else value.nanoseconds)


def _scaled(
    value: YearsMonths | DaysTime,
    operation: Callable[[Decimal, Decimal], Decimal],
    by: Decimal,
) -> Value:
    size = _number(operation, _size(value), by)
    if size.copy_abs() > _LONGEST:
        raise _beyond(ValueError())
    whole = int(size)
    return YearsMonths(whole) if isinstance(value, YearsMonths) else DaysTime(whole)


OPERATIONS: dict[str, Operation] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
