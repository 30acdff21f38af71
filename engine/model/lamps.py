"""Lamps and marks: how a clock looks, and when something is to happen by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.identifiers import RoleKey


class Lamp(StrEnum):
    """The colour of a clock; computed when read, never stored (scale.md §4)."""

    OK = "ok"
    NEAR = "near"
    YELLOW = "yellow"
    RED = "red"
    HELD = "held"
    DONE = "done"
    NONE = "none"


class MarkKind(StrEnum):
    """What is to happen at an instant that a deadline sets."""

    REMIND = "remind"
    YELLOW = "yellow"
    RED = "red"
    REMIND_DAILY = "remind_daily"
    CLOSE = "close"
    LAPSE = "lapse"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that a deadline makes due.

    One of each kind at most happens for a deadline, however often the sweep runs
    (SUP-053); `remind_daily` is due again on each day after.

    Attributes:
        at: When it falls due; aware, UTC.
        tell: The role that is told besides whoever has the work.
    """

    kind: MarkKind
    at: datetime
    tell: RoleKey | None = None
