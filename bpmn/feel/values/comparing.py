"""Equality and order (DMN 1.5, 10.3.2.13, tables 53 and 54)."""

from collections.abc import Callable
from decimal import Decimal

from bpmn.feel.errors import LimitExceeded, Semantic
from bpmn.feel.limits import Limits
from bpmn.feel.values.dates import Date
from bpmn.feel.values.durations import NANOSECONDS, DaysTime, YearsMonths
from bpmn.feel.values.kinds import Value, type_in_chinese, type_of
from bpmn.feel.values.ranges import Form, Range
from bpmn.feel.values.times import DateTime, Time, offset_in

Spend = Callable[[int], None]

# Times in a zone that is not fixed are compared by its offset on this day, outside summer time.
_REFERENCE = Date(1970, 1, 1)


def mismatch(left: Value, right: Value) -> Semantic:
    """Return the reason why two values have no order and no equality."""
    one, two = type_of(left), type_of(right)
    return Semantic(
        "null-operand" if left is None or right is None else "type",
        f"{type_in_chinese(one)}与{type_in_chinese(two)}不能比较。",
        f"A {one} and a {two} cannot be compared.",
    )


def equal(left: Value, right: Value, spend: Spend | None = None) -> bool:  # noqa: PLR0911 - one branch a kind
    """Return whether two values are equal; null equals only null.

    Args:
        left: A value.
        right: Another.
        spend: Counts the elements compared; without it a fresh bound applies.

    Raises:
        Semantic: They are of different kinds.
        LimitExceeded: They have too many elements.
    """
    kind = type(left)
    if kind is type(right):
        if kind is Decimal or kind is str:
            return bool(left == right)
        if kind is list:
            return _lists_equal(left, right, spend or _bound())
        if kind is dict:
            return _contexts_equal(left, right, spend or _bound())
        if kind is Range:
            return _ranges_equal(left, right)
        if kind is Time or kind is DateTime:
            return left.is_local is right.is_local and _seconds(left) == _seconds(right)
        return bool(left == right)
    if left is None or right is None:
        return False
    raise mismatch(left, right)


def _bound() -> Spend:
    left = Limits().steps

    def spend(steps: int) -> None:
        nonlocal left
        left -= steps
        if left < 0:
            raise LimitExceeded("steps", Limits().steps)

    return spend


def _lists_equal(left: list[Value], right: list[Value], spend: Spend) -> bool:
    # Counted: a list may hold the same list many times, on every level.
    spend(1 + len(left))
    return len(left) == len(right) and all(
        same(one, two, spend) for one, two in zip(left, right, strict=True)
    )


def _contexts_equal(left: dict[str, Value], right: dict[str, Value], spend: Spend) -> bool:
    spend(1 + len(left))
    return left.keys() == right.keys() and all(
        same(item, right[key], spend) for key, item in left.items()
    )


def _ranges_equal(left: Range, right: Range) -> bool:
    return (
        left.form is right.form
        and left.start_included is right.start_included
        and left.end_included is right.end_included
        and same(left.start, right.start)
        and same(left.end, right.end)
    )


def same(left: Value, right: Value, spend: Spend | None = None) -> bool:
    """Whether two values are equal; values of different kinds are not."""
    return type(left) is type(right) and equal(left, right, spend)


def _seconds(value: Time | DateTime) -> int:
    # The standard compares whole seconds: `second` is an integer there, and fractions do not count.
    if isinstance(value, DateTime):
        return value.instant // NANOSECONDS
    offset = value.offset or 0
    if value.zone is not None:
        offset = offset_in(value.zone, _REFERENCE, value)
    return value.nanoseconds // NANOSECONDS - offset


def order_key(left: Value, right: Value) -> tuple[Value, Value]:
    """Return two things that Python orders as FEEL orders these values.

    Raises:
        Semantic: The values have no order between them.
    """
    kind = type(left)
    if kind is type(right):
        if kind is Decimal or kind is str:
            return left, right
        if kind is Date:
            return left.ordinal, right.ordinal
        if kind is YearsMonths:
            return left.months, right.months
        if kind is DaysTime:
            return left.nanoseconds, right.nanoseconds
        if kind is Time or kind is DateTime:
            if left.is_local is not right.is_local:
                raise Semantic(
                    "local-time",
                    "无时区的时间与有时区的时间不能比较先后。",
                    "A local time and one with an offset have no order.",
                )
            return _seconds(left), _seconds(right)
    raise mismatch(left, right)


def before(left: Value, right: Value) -> bool:
    """Return whether one value is less than another.

    Raises:
        Semantic: They have no order.
    """
    one, two = order_key(left, right)
    return bool(one < two)


def contains(where: Range, value: Value) -> bool:
    """Return whether a value lies in a range.

    Raises:
        Semantic: The value and the ends have no order, or an end of an interval is null.
    """
    if where.form is Form.EQUAL or where.form is Form.UNEQUAL:
        return equal(value, where.end) is (where.form is Form.EQUAL)
    if where.form is Form.INTERVAL or where.start is not None:
        low, one = order_key(where.start, value)
        if not (low < one or (where.start_included and low == one)):
            if where.form is Form.INTERVAL:
                order_key(value, where.end)
            return False
    if where.form is Form.INTERVAL or where.end is not None:
        one, high = order_key(value, where.end)
        return bool(one < high or (where.end_included and one == high))
    return True


def satisfies(value: Value, test: Value, spend: Spend | None = None) -> bool:
    """Return whether a value meets what a unary test evaluated to: equal, within, or among.

    Raises:
        Semantic: They cannot be compared.
    """
    if type(test) is Range:
        return equal(value, test, spend) if type(value) is Range else contains(test, value)
    if type(test) is list:
        return _among(value, test, spend or _bound())
    return equal(value, test, spend)


def _among(value: Value, tests: list[Value], spend: Spend) -> bool:
    spend(1 + len(tests))
    if same(value, tests, spend):
        return True
    for test in tests:
        if type(test) is Range and type(value) is not Range:
            try:
                if contains(test, value):
                    return True
            except Semantic:
                continue
        elif same(value, test, spend):
            return True
    return False
