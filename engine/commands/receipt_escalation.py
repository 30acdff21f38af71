"""Acknowledge that lateness was put before one's level of the ladder (督办签收)."""

from __future__ import annotations

from engine.desk import Desk, Fact, Right
from engine.desk.holders import people_in_role
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import DeadlineRow, Escalation

SOURCE = "SUP-071"


def receipt_escalation(desk: Desk, escalation_id: str) -> Escalation:
    """Acknowledge an escalation, once, as somebody of its level.

    Raises:
        NotFound: There is none, or the actor may not know of the case.
        NotAllowed: The actor is not of this level.
        Refusal: It has been acknowledged.

    Source: SUP-071: 每级记录签收; proposed.
    """
    row = desk.session.get(Escalation, escalation_id)
    if row is None:
        raise NotFound(escalation_id)
    case = desk.case(row.case_id, may=Right.SEE)
    desk.session.refresh(row, with_for_update=True)
    if desk.actor.person_id not in people_in_role(desk, case, row.role):
        raise NotAllowed("escalation.not_yours", rule=SOURCE, case=case.number)
    if row.receipted_by is not None:
        raise Refusal("escalation.receipted", rule=SOURCE, case=case.number)
    row.receipted_by, row.receipted_at = desk.actor.person_id, desk.now()
    deadline = desk.session.get_one(DeadlineRow, row.deadline_id)
    desk.record(
        case,
        Fact.ESCALATION_RECEIPTED,
        escalation=row.id,
        key=deadline.key,
        level=row.level,
        role=row.role,
    )
    return row
