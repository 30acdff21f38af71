"""Days as answers and expressions give them."""

from __future__ import annotations

from datetime import date, datetime


def day_of(value: object) -> date | None:
    """Return the day that a value gives, or None if it gives none.

    Of an instant the day in its own zone; of a text its first ten characters, ISO 8601.
    """
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
