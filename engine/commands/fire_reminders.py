"""Remind of deadlines: several cases in one transaction, since a morning brings thousands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.cards import holders_of_each
from engine.desk.holders import participants
from engine.desk.notices import tell
from engine.errors import Fault, NotAllowed
from engine.store.due import claim_together
from engine.store.tables import CaseRow, DeadlineRow, DueRow
from engine.store.waiting import add_later

NEAR = "remind"
DAILY = "remind_daily"
REMINDERS = {NEAR: "deadline.near", DAILY: "deadline.daily"}
"""The kinds of due rows that only tell people something, with what they say."""


def fire_reminders(desk: Desk, due_ids: Collection[str]) -> int:
    """Fire reminders of one authority, each exactly once, in one transaction.

    This is the one command that holds several cases. It waits for none: a case that is held
    elsewhere keeps its reminder armed, and a later sweep fires it.

    Args:
        desk: Of the platform, at the authority of the rows.
        due_ids: Rows of the kinds in `REMINDERS`.

    Returns:
        How many fired.

    Raises:
        NotAllowed: Somebody other than the platform asks.

    Source: SUP-053; docs/decisions/reminders-together.md.
    """
    if not desk.actor.is_system:
        raise NotAllowed("due.system_only")
    found = claim_together(desk.session, due_ids, desk.now())
    desk.hold_records([case for case, _ in found])
    remind(desk, found)
    return len(found)


def remind(desk: Desk, found: Sequence[tuple[CaseRow, DueRow]]) -> None:
    """Tell who holds the work under each deadline, or whose right it is, and record it.

    Args:
        desk: Of the command.
        found: Reminders that fire, with their cases, which are locked.

    Raises:
        Fault: A reminder is of no deadline.
    """
    if not found:
        return
    with desk.session.no_autoflush:  # nothing that is asked here has changed
        query = sa.select(DeadlineRow).where(DeadlineRow.id.in_({due.ref for _, due in found}))
        rows = {row.id: row for row in desk.session.scalars(query)}
        for _, due in found:
            if due.ref not in rows:
                raise Fault(f"reminder {due.id} is of the deadline {due.ref}, which is not there")
        work = [(case, rows[due.ref].key) for case, due in found]
        holders = holders_of_each(desk, work)
    for (case, due), people in zip(found, holders, strict=True):
        _tell(desk, case, due, rows[due.ref], people)
        if due.kind == DAILY:
            _again_tomorrow(desk, due)


def _tell(desk: Desk, case: CaseRow, due: DueRow, row: DeadlineRow, people: list[str]) -> None:
    rule = desk.version(case).deadline(row.key)
    key = REMINDERS[due.kind]
    if rule.right_of:
        key, people = "right.near", participants(desk, case, str(rule.right_of))
    told = tell(desk, case, people, key, title=rule.title.zh, last_day=row.last_day.isoformat())
    desk.record(case, Fact.REMINDED, deadline=row.key, kind=due.kind, told=told)


def _again_tomorrow(desk: Desk, due: DueRow) -> None:
    calendar = desk.calendar(due.authority_id)
    tomorrow = calendar.start_of(calendar.day_of(desk.now()) + timedelta(days=1))
    add_later(
        desk.session,
        DueRow(
            authority_id=due.authority_id,
            case_id=due.case_id,
            kind=due.kind,
            ref=due.ref,
            deadline_key=due.deadline_key,
            due_at=tomorrow,
        ),
    )
