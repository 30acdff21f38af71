"""Note that somebody has opened the page of a work item that waits."""

from __future__ import annotations

import sqlalchemy as sa

from engine.commands.take_back_work import LOOKED
from engine.desk import Desk, Right
from engine.errors import NotFound
from engine.store.access import note_look
from engine.store.tables import AccessEntry, CaseRow, WorkItemRow


def look_at_work(desk: Desk, work_item_id: str) -> bool:
    """Put the first look of a person at a waiting item on the access record.

    The case is not locked. Once the next has looked, nothing is taken back (撤回).

    Returns:
        Whether this was the person's first look at it.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.

    Source: SUP-001; operations, 撤回 (no later task opened).
    """
    item = desk.session.get(WorkItemRow, work_item_id)
    if item is None:
        raise NotFound(work_item_id)
    desk.authorise(desk.session.get_one(CaseRow, item.case_id), Right.SEE)
    known = desk.session.scalar(
        sa.select(AccessEntry.id).where(
            AccessEntry.case_id == item.case_id,
            AccessEntry.what == LOOKED,
            AccessEntry.ref == item.id,
            AccessEntry.person_id == desk.actor.person_id,
        )
    )
    if known is not None or item.state not in {"open", "claimed"}:
        return False
    note_look(
        desk.session,
        authority_id=item.authority_id,
        case_id=item.case_id,
        person_id=desk.actor.person_id,
        what=LOOKED,
        ref=item.id,
        reason="",
        at=desk.now(),
    )
    return True
