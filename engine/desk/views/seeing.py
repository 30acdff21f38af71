"""Cases for reading: authorised like any other, never locked."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import VISIBLE_TO, Right, permits
from engine.errors import NotAllowed, NotFound, Recused
from engine.store.tables import CaseRow, Participant

REPORTER = "reporter"
HIDDEN = "hidden"
"""What stands in the place of a person whom the reader must not learn of."""


def hidden_people(desk: Desk, case: CaseRow) -> frozenset[str]:
    """Return the persons of `case` whose identity no page shows the reader: its reporters.

    Who protects reporters, or received the clue, learns who they are by `reveal` alone,
    with a reason that goes on the access record; a reporter knows oneself.

    Source: SUP-014; S0篇1§7.
    """
    reporters = desk.session.scalars(
        sa.select(Participant.person_id).where(
            Participant.case_id == case.id, Participant.role == REPORTER
        )
    )
    return frozenset(reporters) - {desk.actor.person_id}


def seen(desk: Desk, case_id: str, rights: Collection[Right]) -> CaseRow:
    """Return a case for reading, if one of `rights` is given.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        Recused: A recusal, pending or granted, bars the actor from the file.
        NotAllowed: The actor may know of the case but not see this.
    """
    case = desk.session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(case_id)
    standing = desk.standing(case)
    if standing.relations.isdisjoint(VISIBLE_TO):
        raise NotFound(case_id)
    if standing.recusal:
        raise Recused(f"recusal.{standing.recusal}", rule="S0篇1§14", case=case.number)
    if not any(permits(right, standing.relations) for right in rights):
        raise NotAllowed("case.not_allowed", case=case.number, right=min(rights).value)
    return case
