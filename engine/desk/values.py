"""Values between FEEL and JSON columns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bpmn import feel
from engine.model.days import day_of

__all__ = ["day_of", "plain", "value_at"]


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


def value_at(values: Mapping[str, Any], path: str) -> Any:
    """Return the value at a dotted path of mappings; None where the path leads nowhere."""
    value: Any = values
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
