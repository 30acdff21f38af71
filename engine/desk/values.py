"""Values between FEEL and JSON columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bpmn import feel


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it.

    Whole decimals become integers, others floats; dates and times their ISO text;
    what only FEEL knows (durations, ranges) its FEEL text. Keys become text.
    """
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    return feel.to_text(feel.normalise(value))


def day_of(value: object) -> date | None:
    """Return the day that an answer gives, or None if it is none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            return None
    return None
