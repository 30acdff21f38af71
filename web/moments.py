"""Instants in words, in the civil time of the visitor's authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.visiting import civil, today
from web.wording import day_text, weekday_text

if TYPE_CHECKING:
    from datetime import datetime


def instant_text(instant: datetime) -> str:
    """Return `3月2日 09:00`."""
    at = civil(instant)
    return f"{day_text(at.date(), today())} {at:%H:%M}"


def moment_text(instant: datetime | None) -> str:
    """Return `3月2日 周一 09:00`; empty for what has not happened."""
    if instant is None:
        return ""
    at = civil(instant)
    return f"{weekday_text(at.date(), today())} {at:%H:%M}"
