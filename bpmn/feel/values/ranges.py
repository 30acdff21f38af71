"""Ranges, also those that a single comparison means: `(< 10)`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Form(StrEnum):
    """How a range was written; ranges written differently are different values (DMN 1.5)."""

    INTERVAL = ".."
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    EQUAL = "="
    UNEQUAL = "!="


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two ends.

    Attributes:
        start: The lower end, None if open below.
        end: The upper end, None if open above.
        start_included: Whether the lower end belongs to the range.
        end_included: Whether the upper end belongs to the range.
        form: How it was written.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    form: Form = Form.INTERVAL


def one_sided(form: Form, end: object) -> Range:
    """Return the range that a comparison with `end` means."""
    if form in {Form.LESS, Form.AT_MOST}:
        return Range(None, end, start_included=False, end_included=form is Form.AT_MOST, form=form)
    if form in {Form.GREATER, Form.AT_LEAST}:
        return Range(end, None, start_included=form is Form.AT_LEAST, end_included=False, form=form)
    included = form is Form.EQUAL
    return Range(end, end, start_included=included, end_included=included, form=form)
