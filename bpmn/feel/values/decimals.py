"""Numbers: decimals of 34 digits (IEEE 754 decimal128), in a context of their own."""

from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from bpmn.feel.errors import Semantic

DIGITS = 34
MIN_SCALE = -6111
MAX_SCALE = 6176
ZERO = Decimal(0)
ONE = Decimal(1)

NUMBERS = Context(
    prec=DIGITS,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
# Wide enough to hold any decimal128 with all its places: rounding to a scale is exact in it.
EXACT = Context(prec=13_000, Emin=-13_000, Emax=13_000, traps=[InvalidOperation])


def out_of_range(_cause: object = None) -> Semantic:
    """Return the reason why a calculation has no number for its result."""
    return Semantic(
        "number-range",
        "计算结果不是有限数（除以零或超出范围）。",
        "The result is no finite number (division by zero, or out of range).",
    )


def number_of(text: str) -> Decimal:
    """Return the number that a plain decimal text means, rounded to 34 digits.

    Raises:
        Semantic: The number is out of range.
    """
    try:
        return NUMBERS.create_decimal(text)
    except DecimalException as cause:
        raise out_of_range() from cause


def number_text(number: Decimal) -> str:
    """Return a number without exponent and without trailing zeros."""
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(number: Decimal, scale: int, mode: str) -> Decimal:
    """Return a number rounded to `scale` places by one of `decimal`'s modes.

    Args:
        number: What to round.
        scale: Places after the point, negative for tens and hundreds; from -6111 to 6176.
        mode: A `ROUND_` constant of `decimal`.

    Raises:
        Semantic: The scale is out of bounds.
    """
    if not MIN_SCALE <= scale <= MAX_SCALE:
        raise Semantic(
            "scale",
            f"小数位数须在 {MIN_SCALE} 与 {MAX_SCALE} 之间。",
            f"The scale must lie between {MIN_SCALE} and {MAX_SCALE}.",
        )
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale:
        return number
    found = number.quantize(Decimal(1).scaleb(-scale, EXACT), rounding=mode, context=EXACT)
    return NUMBERS.plus(found) if found else ZERO
