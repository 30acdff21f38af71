"""Numeric functions (DMN 1.5, 10.3.4.5)."""

from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from bpmn.feel.functions.family import Family, Running, integer, number
from bpmn.feel.values.decimals import EXACT, NUMBERS, out_of_range, rounded
from bpmn.feel.values.durations import DaysTime, YearsMonths
from bpmn.feel.values.kinds import Value, unwrapped

FUNCTIONS = Family()
_define = FUNCTIONS.define
_COSTLY = 10  # steps: these functions cost as much as so many calls
_HUGE = 1000  # steps of a division whose quotient has thousands of digits
_TWO = Decimal(2)


def _rounding(name: str, mode: str, scale: str) -> None:
    @_define(name, ("n", scale))
    def _round(_run: Running, value: Value, *places: Value) -> Value:
        return rounded(number(value), integer(places[0]) if places else 0, mode)


_rounding("decimal", ROUND_HALF_EVEN, "scale")
_rounding("floor", ROUND_FLOOR, "scale?")
_rounding("ceiling", ROUND_CEILING, "scale?")
_rounding("round up", ROUND_UP, "scale")
_rounding("round down", ROUND_DOWN, "scale")
_rounding("round half up", ROUND_HALF_UP, "scale")
_rounding("round half down", ROUND_HALF_DOWN, "scale")


@_define("abs", ("n",))
def _abs(_run: Running, value: Value) -> Value:
    value = unwrapped(value)
    if type(value) is YearsMonths:
        return YearsMonths(abs(value.months))
    if type(value) is DaysTime:
        return DaysTime(abs(value.nanoseconds))
    return NUMBERS.abs(number(value))


def _remainder(run: Running, dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return what the division leaves, with the sign of the dividend; exact for any size."""
    try:
        return NUMBERS.remainder(dividend, divisor)
    except DecimalException:
        run.spend(_HUGE)
    try:
        return NUMBERS.plus(EXACT.remainder(dividend, divisor))
    except DecimalException as cause:
        raise out_of_range() from cause


@_define("modulo", ("dividend", "divisor"))
def _modulo(run: Running, dividend: Value, divisor: Value) -> Value:
    one, two = number(dividend), number(divisor)
    rest = _remainder(run, one, two)
    # The sign of the divisor, as the standard's `dividend - divisor * floor(dividend/divisor)`.
    return NUMBERS.add(rest, two) if rest and (rest < 0) is not (two < 0) else rest


def _one_number(name: str, operation: Callable[[Decimal], Decimal]) -> None:
    @_define(name, ("number",))
    def _calculate(run: Running, value: Value) -> Value:
        operand = number(value)
        run.spend(_COSTLY)
        try:
            found = operation(operand)
        except DecimalException as cause:
            raise out_of_range() from cause
        if not found.is_finite():
            raise out_of_range()
        return found


_one_number("sqrt", NUMBERS.sqrt)
_one_number("log", NUMBERS.ln)
_one_number("exp", NUMBERS.exp)


@_define("odd", ("number",))
def _odd(run: Running, value: Value) -> Value:
    return _remainder(run, number(value), _TWO).copy_abs() == 1


@_define("even", ("number",))
def _even(run: Running, value: Value) -> Value:
    return _remainder(run, number(value), _TWO) == 0
