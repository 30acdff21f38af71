"""Open the case of a week, month, quarter or year that has begun."""

from __future__ import annotations

from datetime import date

from engine.commands.open_case import register
from engine.desk import Desk
from engine.desk.scheduled import arm, schedule_of
from engine.errors import NotAllowed
from engine.store.due import claim_due
from engine.store.outbox import effect_done
from engine.store.versions import version_in_force


def open_by_calendar(desk: Desk, due_id: str) -> bool:
    """Open the case for which a due row stands, once, and arm that of the next period.

    A procedure that is no longer in force, or opens by the calendar no longer, opens
    nothing more. After a stop each missed period opens its own case, in order.

    Returns:
        Whether the row fired; false if it did before, or is not due yet.

    Raises:
        NotAllowed: Somebody other than the platform asks.
        AnswersRefused: The start form does not take the schedule's answers; the row stays
            armed and is tried again.

    Source: S0篇5§6 (一般每月一次); SUP-053.
    """
    if not desk.actor.is_system:
        raise NotAllowed("due.system_only")
    due = claim_due(desk.session, due_id, desk.now())
    if due is None:
        return False
    row = version_in_force(desk.session, due.authority_id, due.ref, desk.today())
    schedule = schedule_of(desk, row) if row is not None else None
    if row is None or schedule is None:
        return True
    period = schedule.period_of(date.fromisoformat(due.repeat))
    arm(desk, due.authority_id, due.ref, schedule, schedule.after(period))
    key = f"opens:{due.authority_id}:{due.ref}:{period.key}"
    if effect_done(desk.session, key, due.kind, desk.now()):
        return True
    version = desk.office.versions.get(desk.session, row.id)
    register(
        desk,
        version,
        schedule.answers,
        title=f"{version.rules.title.zh}（{period.key}）",
        happened_on=schedule.day_in(period),
        variables={
            "period": {
                "key": period.key,
                "first_day": period.first_day,
                "last_day": period.last_day,
            }
        },
        more={"period": period.key},
    )
    return True
