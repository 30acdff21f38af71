"""Take work elsewhere in its diagram (跳转): by an authorised person, with a reason."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.conflicts import bar_conflicts
from engine.desk.jumping import jumpers_of, open_targets, targets_of
from engine.desk.moving import (
    WAITING,
    NotMovable,
    go_to,
    must_be_one_persons,
    must_leave_papers,
    must_skip_nothing,
    place_of,
)
from engine.desk.notices import tell
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, WorkItemRow

SOURCE = "operations, 跳转"


def jump_work(desk: Desk, work_item_id: str, element: str, *, reasons: str) -> list[WorkItemRow]:
    """Take a waiting work item's token to another step, back or forward.

    Args:
        desk: Of somebody in a role that the parameter `jump.by` names.
        work_item_id: The item that waits.
        element: One of `targets_of`.
        reasons: Why; on the record.

    Returns:
        What waits there now.

    Raises:
        NotFound, Recused: As `Desk.case_of_item` says.
        NotAllowed: The actor's role may not, or a conflict bars the actor.
        NotMovable: A mandatory step would be left out, branches could not meet, a document has
            gone out, or there is no such step.
        Refusal: The reasons are missing.

    Source: operations, 跳转; design.md §4; who may is proposed.
    """
    case = desk.case_of_item(work_item_id, may=Right.JUMP)
    item = desk.session.get_one(WorkItemRow, work_item_id, populate_existing=True)
    if desk.standing(case).roles.isdisjoint(jumpers_of(desk, case)):
        raise NotAllowed("jump.not_allowed", rule=SOURCE, case=case.number)
    bar_conflicts(desk, case, desk.actor.person_id, item=item)
    if item.state not in WAITING:
        raise NotMovable("item.withdrawn", item=item.name)
    must_be_one_persons(desk, case, item)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    if element not in targets_of(desk, case, item):
        raise NotMovable("moving.not_there", item=item.name, steps=[element])
    must_skip_nothing(desk, case, item, element)
    _must_leave_papers(desk, case, item, element)
    holders = {item.claimed_by} if item.claimed_by else set()
    desk.record(
        case,
        Fact.WORK_JUMPED,
        item=item.id,
        element=item.element,
        name=item.name,
        to=element,
        to_name=targets_of(desk, case, item)[element],
        reasons=reasons,
    )
    new = go_to(desk, case, item, element)
    tell(desk, case, holders - {desk.actor.person_id}, "work.jumped", title=item.name)
    return new


def jump_targets(desk: Desk, work_item_id: str) -> dict[str, str]:
    """Return the steps to which the actor may take a waiting item; a query for its page.

    Empty for whoever may not. What would leave out a mandatory step is left out.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.
    """
    item = desk.session.get(WorkItemRow, work_item_id)
    if item is None:
        raise NotFound(work_item_id)
    case = desk.session.get_one(CaseRow, item.case_id)
    roles = desk.authorise(case, Right.SEE).roles
    if item.state not in WAITING or roles.isdisjoint(jumpers_of(desk, case)):
        return {}
    return open_targets(desk, case, item)


def _must_leave_papers(desk: Desk, case: CaseRow, item: WorkItemRow, element: str) -> None:
    """Look at what has gone out since the step was done last; never done, nothing is undone."""
    rows = desk.session.scalars(
        sa.select(WorkItemRow).where(WorkItemRow.case_id == case.id, WorkItemRow.state == "done")
    )
    done = [
        row.completed_at
        for row in rows
        if row.completed_at is not None and place_of(row, item) == element
    ]
    if done:
        must_leave_papers(desk, case, max(done))
