"""Anchor the record: once a day, by the clock."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.desk import Desk
from engine.store.access import STREAM as ACCESS
from engine.store.access import verify_access
from engine.store.anchors import add_anchor, grown_since_last, last_anchor
from engine.store.record import verify_stream
from engine.store.tables import RecordCheck

STAMP = "stamp"
ALL, GROWN = "all", "grown"
_PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")


def platform_day(instant: datetime) -> date:
    """Return the civil day of the platform (Asia/Shanghai) at an aware instant."""
    return instant.astimezone(_PLATFORM_ZONE).date()


def anchor_record(desk: Desk, *, stamped: bool = False) -> int:
    """Sign one root over every chain that grew since the last anchor; the clock gives this command.

    Those chains are verified first and the finding is kept, so that what was tampered with
    is known within a day. At most one anchor a civil day (Asia/Shanghai); a second call on
    the day does nothing, and so does an office without a key of the record.

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
    _check_grown(desk)
    made = add_anchor(desk.session, day=day, at=desk.now(), public=key.public, sign=key.sign)
    if stamped:
        desk.office.jobs.enqueue(
            desk.session, STAMP, f"{STAMP}:{made.number}", {"number": made.number}
        )
    return made.number


def note_check(desk: Desk, *, scope: str, streams: int, breaches: int) -> None:
    """Keep that chains were verified; the platform and the command line give this.

    Args:
        desk: Of whoever verified.
        scope: ``all`` or ``grown``.
        streams: How many chains were walked.
        breaches: How many places did not hold.
    """
    desk.session.add(
        RecordCheck(
            scope=scope,
            checked_at=desk.now(),
            checked_by=desk.actor.person_id,
            streams=streams,
            breaches=breaches,
        )
    )


def _check_grown(desk: Desk) -> None:
    streams = [name for name, _ in grown_since_last(desk.session) if name != ACCESS]
    breaches = sum(sum(1 for _ in verify_stream(desk.session, name)) for name in streams) + sum(
        1 for _ in verify_access(desk.session)
    )
    note_check(desk, scope=GROWN, streams=len(streams), breaches=breaches)
