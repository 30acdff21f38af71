"""Supervision from above: who watches by which grant, and what happens if nobody answers."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.deviations import note_late, officers_of
from engine.desk.facts import Fact
from engine.desk.holders import people_behind
from engine.desk.notices import tell
from engine.desk.rights import Relation
from engine.errors import NotAllowed
from engine.store.supervising import SECRET, grant_covering, grants_in_force
from engine.store.tables import (
    AccessEntry,
    CaseRow,
    DueRow,
    SupervisionGrant,
    SupervisionNotice,
    WorkItemRow,
)

SOURCE = "SUP-042"
UNANSWERED = "supervision_answer"
"""The kind of a due row by which the time for an answer ends; its `ref` is the notice."""

LISTED, LOOKED = "supervision_list", "supervision"
"""What the access record calls a look at the list, and at one case."""


def must_watch(desk: Desk) -> None:
    """Check that the actor is a supervision officer of the authority today.

    Raises:
        NotAllowed: It is somebody else.
    """
    if Relation.SUPERVISION.value not in desk.roles_held():
        raise NotAllowed("supervision.not_officer", rule=SOURCE)


def grants_here(desk: Desk) -> list[SupervisionGrant]:
    """Return the grants to the actor's authority that count today, the oldest first."""
    return grants_in_force(desk.session, desk.today(), superiors={desk.actor.authority_id})


def grant_for(desk: Desk, case: CaseRow) -> SupervisionGrant | None:
    """Return the grant by which the actor's authority watches over a case today."""
    day = desk.calendar(case.authority_id).day_of(desk.now())
    return grant_covering(desk.session, case, {desk.actor.authority_id}, day)


def granted_cases(grants: list[SupervisionGrant]) -> sa.ColumnElement[bool]:
    """Return the condition on cases that one of the grants is over; false without any."""
    return sa.or_(
        sa.false(),
        *(
            sa.and_(
                CaseRow.authority_id == grant.authority_id,
                CaseRow.procedure.in_(grant.procedures),
                ~CaseRow.is_trial,
                sa.true() if grant.with_secret else CaseRow.secrecy != SECRET,
            )
            for grant in grants
        ),
    )


def reason_given(desk: Desk, case_id: str) -> str:
    """Return why the actor said today to look at a case from above; "" if it was not said."""
    since = desk.calendar().start_of(desk.today())
    return (
        desk.session.scalar(
            sa.select(AccessEntry.reason)
            .where(
                AccessEntry.case_id == case_id,
                AccessEntry.person_id == desk.actor.person_id,
                AccessEntry.what == LOOKED,
                AccessEntry.looked_at >= since,
            )
            .order_by(AccessEntry.looked_at.desc())
            .limit(1)
        )
        or ""
    )


def answerers(desk: Desk, case: CaseRow) -> set[str]:
    """Return who is told of what is asked from above: supervision here, and who has the work."""
    people = set(officers_of(desk, case.authority_id))
    for item in desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
        )
    ):
        people |= (
            {item.claimed_by}
            if item.claimed_by
            else set(people_behind(desk, case, item.candidates))
        )
    return people


def note_unanswered(desk: Desk, case: CaseRow, due: DueRow) -> None:
    """Raise a finding of a notice from above that nobody answered in time; tell both sides."""
    row = desk.session.get_one(SupervisionNotice, due.ref)
    if row.answered_at is not None:
        return
    told = tell(
        desk,
        case,
        {*answerers(desk, case), *officers_of(desk, row.superior_id)},
        "supervision.unanswered",
        last_day=row.answer_by.isoformat(),
    )
    desk.record(
        case,
        Fact.SUPERVISION_UNANSWERED,
        notice=row.id,
        number=row.number,
        answer_by=row.answer_by.isoformat(),
        told=told,
    )
    note_late(desk, case, "unanswered", str(row.number))
