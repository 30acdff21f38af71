"""How much an expression may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one evaluation; passing one raises `LimitExceeded`.

    Attributes:
        steps: Iterations, calls, elements touched and hundreds of characters built, together.
        depth: Calls of FEEL functions within each other.
        list_length: Elements of one list.
        string_length: Code points of one string.
        digits: Digits of a number in a text, and the size of an exponent.
        pattern_length: Code points of a regular expression.
    """

    steps: int = 200_000
    depth: int = 64
    list_length: int = 50_000
    string_length: int = 100_000
    digits: int = 6_200
    pattern_length: int = 1_000


# Bounds of the source itself; compiling knows no environment.
SOURCE_LENGTH = 50_000
SOURCE_DEPTH = 150
