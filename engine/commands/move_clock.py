"""Move a rehearsal's date forward."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from engine.clock import RehearsalClock
from engine.desk import Desk, Fact
from engine.errors import Refusal
from engine.store.tables import Platform

if TYPE_CHECKING:
    from datetime import datetime


YEARS = 10
FARTHEST = timedelta(days=366 * YEARS)
"""How far it goes at once (proposed): what repeats falls due on each day of the way."""


class NotMovable(Refusal):
    """The clock of a real database is the machine's; a rehearsal's never goes back."""


def move_clock(desk: Desk, instant: datetime) -> None:
    """Move the rehearsal's clock to `instant`; what falls due on the way then happens.

    Args:
        desk: Of an administrator.
        instant: Where to; aware, later than the present.

    Raises:
        NotAllowed: The actor is no administrator.
        NotMovable: This is no rehearsal, or the instant is past or more than ten years ahead.
    """
    desk.require_admin()
    clock = desk.office.clock
    if not isinstance(clock, RehearsalClock):
        raise NotMovable("clock.real")
    before = clock.now()
    if instant <= before:
        raise NotMovable("clock.past", now=before.isoformat(), to=instant.isoformat())
    if instant - before > FARTHEST:
        raise NotMovable("clock.far", years=YEARS)
    shift = clock.shift_for(instant)
    platform = desk.session.get_one(Platform, 1, with_for_update=True)
    platform.shift_seconds = max(platform.shift_seconds, int(shift.total_seconds()) + 1)
    desk.record(None, Fact.CLOCK_MOVED, before=before.isoformat(), after=instant.isoformat())
    desk.on_commit.append(lambda: clock.shift_to(max(shift, clock.shift)))
