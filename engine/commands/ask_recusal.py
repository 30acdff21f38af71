"""Ask for somebody's recusal by name: a subject knows names, not identifiers."""

from __future__ import annotations

import sqlalchemy as sa

from engine.commands.recuse import request_recusal
from engine.desk import Desk, Right
from engine.errors import Refusal
from engine.model.conflicts import RECUSAL_SOURCE
from engine.store.tables import CaseRow, Participant, PersonRow, Recusal, WorkItemRow

OUTSIDE = ("subject", "reporter")


def ask_recusal(desk: Desk, case_id: str, name: str, *, reasons: str) -> Recusal:
    """Ask that the person of this name be recused; the page names no investigators.

    Where several bear the name, the one who works on the case is meant.

    Args:
        desk: Of the subject, or of somebody who handles the case.
        case_id: The case.
        name: The whole name, as on papers.
        reasons: Why.

    Raises:
        NotFound, NotAllowed, Recused: As `Desk.case` says.
        RecusalSettled: There is an application on this person already.
        Refusal: Nobody, or not one person alone, bears the name; the reasons are missing.

    Source: S0篇1§14; procedures C03 ②; by name is proposed.
    """
    case = desk.case(case_id, may=Right.REQUEST)
    people = list(
        desk.session.scalars(
            sa.select(PersonRow.id).where(
                PersonRow.authority_id == case.authority_id, PersonRow.name == name.strip()
            )
        )
    )
    if len(people) > 1:
        people = [one for one in people if one in _hands(desk, case)]
    if len(people) != 1:
        raise Refusal("recusal.whom", rule=RECUSAL_SOURCE, name=name.strip())
    return request_recusal(desk, case_id, people[0], reasons=reasons)


def _hands(desk: Desk, case: CaseRow) -> set[str]:
    """Return who takes part in the case from inside, or has had its work in hand."""
    parts = desk.session.scalars(
        sa.select(Participant.person_id).where(
            Participant.case_id == case.id, Participant.role.not_in(OUTSIDE)
        )
    )
    work = desk.session.execute(
        sa.select(WorkItemRow.claimed_by, WorkItemRow.completed_by).where(
            WorkItemRow.case_id == case.id
        )
    )
    return set(parts) | {one for row in work for one in row if one is not None}
