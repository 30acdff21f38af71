"""Anchor the record: once a day, by the clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.desk import Desk
from engine.store.anchors import add_anchor, last_anchor

STAMP = "stamp"
_PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")


def platform_day(instant: datetime) -> date:
    """Return the civil day of the platform (Asia/Shanghai) at an aware instant."""
    return instant.astimezone(_PLATFORM_ZONE).date()


def anchor_record(desk: Desk, *, stamped: bool = False) -> int:
    """Sign one root over every chain that grew since the last anchor; the clock gives this command.

    At most one anchor a civil day (Asia/Shanghai); a second call on the day does nothing,
    and so does an office without a key of the record.

    Args:
        desk: Of the platform.
        stamped: Whether a job is to ask a time-stamping authority after the commit.

    Returns:
        The anchor's number; 0 where none was made.
    """
    key = desk.office.record_key
    day = platform_day(desk.now())
    before = last_anchor(desk.session)
    if key is None or (before is not None and before.day >= day):
        return 0
    made = add_anchor(desk.session, day=day, at=desk.now(), public=key.public, sign=key.sign)
    if stamped:
        desk.office.jobs.enqueue(
            desk.session, STAMP, f"{STAMP}:{made.number}", {"number": made.number}
        )
    return made.number
