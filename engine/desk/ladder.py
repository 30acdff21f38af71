"""The ladder of escalation: lateness goes up level by level while nobody deals with it.

Source: SUP-043 (主管层级超期未处置，自动升级上一级); SUP-071; both proposed.
"""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import people_in_role
from engine.desk.notices import tell
from engine.model.deadlines import DeadlineState
from engine.model.periods import expires_at, last_day
from engine.store.tables import CaseRow, DeadlineRow, DueRow, Escalation

ESCALATE = "escalate"
"""The kind of a due row by which lateness goes up one level; its `ref` is the level before."""


def climb(desk: Desk, case: CaseRow, row: DeadlineRow) -> Escalation | None:
    """Put a late deadline before the next level of the procedure's ladder; None where none is left.

    Each level is told once; the one above is told after `every`, unless the deadline has been
    met by then. A receipt says that a level took note, not that it has dealt with it.
    """
    ladder = desk.version(case).rules.ladder
    if ladder is None:
        return None
    query = sa.select(sa.func.count()).select_from(Escalation)
    level = cast("int", desk.session.scalar(query.where(Escalation.deadline_id == row.id))) + 1
    if level > len(ladder.levels):
        return None
    role = str(ladder.levels[level - 1])
    rule = desk.version(case).deadline(row.key)
    people = people_in_role(desk, case, role)
    told = tell(
        desk,
        case,
        people,
        "deadline.escalated",
        title=rule.title.zh,
        last_day=row.last_day.isoformat(),
    )
    raised = Escalation(
        authority_id=case.authority_id,
        case_id=case.id,
        deadline_id=row.id,
        level=level,
        role=role,
        told=told,
        raised_at=desk.now(),
    )
    desk.session.add(raised)
    desk.session.flush()
    desk.record(
        case,
        Fact.ESCALATED,
        key=row.key,
        round=row.round,
        level=level,
        role=role,
        told=told,
    )
    if level < len(ladder.levels):
        calendar = desk.calendar(case.authority_id)
        day = last_day(ladder.every, calendar.day_of(desk.now()), calendar).last_day
        desk.session.add(
            DueRow(
                authority_id=case.authority_id,
                case_id=case.id,
                kind=ESCALATE,
                ref=raised.id,
                deadline_key=row.key,
                due_at=expires_at(day, calendar),
            )
        )
    return raised


def climb_on(desk: Desk, case: CaseRow, due: DueRow) -> None:
    """Go one level up, if the deadline is still not met."""
    before = desk.session.get_one(Escalation, due.ref)
    row = desk.session.get_one(DeadlineRow, before.deadline_id)
    if row.state == DeadlineState.RUNNING:
        climb(desk, case, row)
