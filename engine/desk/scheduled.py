"""Cases that open by the calendar: one armed row for each procedure, the next one behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.model.recurring import CalendarPeriod, Schedule
from engine.store.tables import DueRow, ProcedureFile, VersionRow
from engine.workflow import schedule_in

OPENS = "open"
"""The kind of a due row by which a case opens; its `ref` is the procedure."""


def schedule_of(desk: Desk, version: VersionRow) -> Schedule | None:
    """Return when cases of a version open by themselves, or None."""
    files = cast("dict[str, str]", version.manifest.get("files") or {})
    digest = files.get(f"{version.procedure}/procedure.yaml")
    row = desk.session.get(ProcedureFile, digest) if digest else None
    return schedule_in(row.content) if row is not None else None


def arm_first(desk: Desk, version: VersionRow) -> None:
    """Arm the first case of a version that was published, unless one of the procedure is armed.

    It is that of the first period whose instant has not passed and lies within the version's
    time. What is armed already stays; what follows it is asked of the version in force then.
    """
    schedule = schedule_of(desk, version)
    if schedule is None or _armed(desk, version.procedure):
        return
    since = max(version.effective_on or desk.today(), desk.today())
    period = schedule.period_of(since)
    if schedule.day_in(period) < since or instant(desk, schedule, period) < desk.now():
        period = schedule.after(period)
    arm(desk, version.authority_id, version.procedure, schedule, period)


def arm(
    desk: Desk, authority_id: str, procedure: str, schedule: Schedule, period: CalendarPeriod
) -> None:
    """Arm the case of one period."""
    desk.session.add(
        DueRow(
            authority_id=authority_id,
            kind=OPENS,
            ref=procedure,
            due_at=instant(desk, schedule, period),
            repeat=period.first_day.isoformat(),
        )
    )


def instant(desk: Desk, schedule: Schedule, period: CalendarPeriod) -> datetime:
    """Return when the case of a period opens; aware, UTC."""
    zone = desk.calendar().zone
    return datetime.combine(schedule.day_in(period), schedule.at, zone).astimezone(UTC)


def begin_from_now(desk: Desk) -> None:
    """Let the calendar of a stage begin now: what would have opened before never does."""
    rows = list(_every_armed(desk))
    for row in rows:
        row.state = "withdrawn"
    desk.session.flush()
    for row in rows:
        version = desk.session.scalar(
            sa.select(VersionRow).where(
                VersionRow.authority_id == row.authority_id, VersionRow.procedure == row.ref
            )
        )
        if version is not None:
            arm_first(desk, version)


def _every_armed(desk: Desk) -> list[DueRow]:
    armed = sa.select(DueRow).where(DueRow.kind == OPENS, DueRow.state == "armed")
    return list(desk.session.scalars(armed.where(DueRow.authority_id == desk.actor.authority_id)))


def _armed(desk: Desk, procedure: str) -> bool:
    return any(row.ref == procedure for row in _every_armed(desk))
