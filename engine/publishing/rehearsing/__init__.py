"""A draft is rehearsed in an office of its own, and what was done there becomes a scenario."""

from __future__ import annotations

from engine.publishing.rehearsing.casting import usual_cast
from engine.publishing.rehearsing.offices import (
    Rehearsal,
    begin_rehearsal,
    end_rehearsal,
    open_rehearsal,
    rehearsal_id,
)
from engine.publishing.rehearsing.writing import Written, written

__all__ = [
    "Rehearsal",
    "Written",
    "begin_rehearsal",
    "end_rehearsal",
    "open_rehearsal",
    "rehearsal_id",
    "usual_cast",
    "written",
]
