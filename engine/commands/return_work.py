"""Send work back (驳回): to the step before, the first one, or any that was done."""

from __future__ import annotations

from sqlalchemy.orm import undefer

from engine.desk import Desk, Fact, Right
from engine.desk.handing import DELEGATED, STOPPED, must_not_be_held
from engine.desk.moving import (
    NotMovable,
    Place,
    come_straight_back,
    earlier_steps,
    go_to,
    hand_to,
    must_be_one_persons,
    must_leave_papers,
    must_skip_nothing,
)
from engine.desk.notices import tell
from engine.desk.working import item_and_case, may_take, must_wait, take
from engine.errors import NotFound, Refusal
from engine.store.tables import CaseRow, WorkItemRow

PROPERTY = "return"
SOURCE = "operations, 驳回"


def return_work(
    desk: Desk, work_item_id: str, element: str, *, reasons: str, straight: bool = False
) -> WorkItemRow:
    """Send a work item back to an earlier step, which is done again.

    It goes to whoever did the step, if that person may still take it, else to the step's role.
    The deadline of the step that is left ends its round; that of the step done again begins anew.

    Args:
        desk: Of whoever may do the item.
        work_item_id: The item that is not accepted.
        element: One of `places_for`; or ``previous`` or ``first``.
        reasons: Why; on the record and told to whoever did the step.
        straight: Once the step is done again, the case comes straight back here; else it goes
            on in order.

    Raises:
        NotFound, AlreadyTaken, NotAllowed, Recused: As `claim_work` says.
        NotMovable: The procedure does not let this step be sent back so far, parallel branches
            could not meet, a mandatory step would be left out, or a document has gone out since.
        Refusal: The reasons are missing.

    Source: operations, 驳回 (continue in order, or return straight); proposed.
    """
    case, item = item_and_case(desk, work_item_id)
    take(desk, case, item, is_ending=True)
    must_not_be_held(desk, item, DELEGATED, STOPPED)
    must_be_one_persons(desk, case, item)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=SOURCE)
    place = _chosen(places_for(desk, case, item), element, item)
    must_leave_papers(desk, case, place.done_at)
    must_skip_nothing(desk, case, item, place.element)
    if straight:
        _must_be_straight(desk, case, item, place)
    desk.record(
        case,
        Fact.WORK_SENT_BACK,
        item=item.id,
        element=item.element,
        name=item.name,
        to=place.element,
        to_name=place.name,
        straight=straight,
        reasons=reasons,
    )
    new = go_to(desk, case, item, place.element)
    if straight and len(new) == 1:
        come_straight_back(new[0], item.element)
    hand_to(desk, case, new, place.done_by)
    tell(desk, case, {place.done_by} - {desk.actor.person_id, ""}, "work.returned", title=item.name)
    return item


def places_for(desk: Desk, case: CaseRow, item: WorkItemRow) -> tuple[Place, ...]:
    """Return where a work item may be sent back to, oldest first.

    The element's property `return` says ``any`` (as without it), ``previous``, ``first`` or
    ``none``.
    """
    found = earlier_steps(desk, case, item)
    policy = str(item.properties.get(PROPERTY) or "any")
    chosen = {"any": found, "previous": found[-1:], "first": found[:1]}
    return chosen.get(policy, ())


def return_places(desk: Desk, work_item_id: str) -> tuple[Place, ...]:
    """Return where the actor may send a waiting item back to; a query for its page.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.
    """
    case, item = _read(desk, work_item_id)
    try:
        must_wait(desk, item)
        may_take(desk, case, item)
        must_be_one_persons(desk, case, item)
    except Refusal:
        return ()
    return places_for(desk, case, item)


def _read(desk: Desk, work_item_id: str) -> tuple[CaseRow, WorkItemRow]:
    item = desk.session.get(WorkItemRow, work_item_id)
    if item is None:
        raise NotFound(work_item_id)
    case = desk.session.get_one(CaseRow, item.case_id, options=[undefer(CaseRow.state)])
    desk.authorise(case, Right.SEE)
    return case, item


def _chosen(places: tuple[Place, ...], element: str, item: WorkItemRow) -> Place:
    if not places:
        raise NotMovable("moving.nowhere", item=item.name)
    named = {"previous": places[-1], "first": places[0]}
    found = named.get(element) or next((one for one in places if one.element == element), None)
    if found is None:
        raise NotMovable("moving.not_there", item=item.name, steps=[one.name for one in places])
    return found


def _must_be_straight(desk: Desk, case: CaseRow, item: WorkItemRow, place: Place) -> None:
    """Refuse to come straight back past a mandatory step, or from another process."""
    if not place.is_near:
        raise NotMovable("moving.straight_far", step=place.name)
    there = WorkItemRow(
        authority_id=case.authority_id,
        case_id=case.id,
        item="",
        kind=item.kind,
        process=item.process,
        element=place.element,
        callers=item.callers,
        name=place.name,
        opened_at=item.opened_at,
    )
    must_skip_nothing(desk, case, there, item.element)
