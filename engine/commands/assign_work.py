"""Put open work of one's own group into a colleague's hands (派单)."""

from __future__ import annotations

from engine.desk import Desk, Fact, Right
from engine.desk.assembly import COLLECTIVE
from engine.desk.conflicts import conflicts_of
from engine.desk.handing import STOPPED, must_be_fit, must_not_be_held
from engine.desk.holders import names_of, people_behind
from engine.desk.moving import hand_to
from engine.desk.notices import tell
from engine.desk.working import item_and_case, may_take, must_wait
from engine.errors import AlreadyTaken, NotFound, Refusal
from engine.store.tables import CaseRow, WorkItemRow

SOURCE = "operations, 转办"


def assign_work(desk: Desk, work_item_id: str, to: str) -> WorkItemRow:
    """Give an item that nobody has to a colleague who may take it; that person holds it then.

    Args:
        desk: Of somebody to whom it is offered, too.
        work_item_id: Open.
        to: Who gets it: of the step's role, without recusal or conflict.

    Raises:
        NotFound: There is none, or no such person.
        AlreadyTaken: Somebody has it.
        NotAllowed, Recused: It is not offered to the actor, or a conflict bars the actor.
        ReceiverUnfit: The receiver lacks the role or has a conflict of interest.
        Refusal: A body does it, or it is stopped.

    Source: S0篇1§14; SUP-001, SUP-002; proposed.
    """
    case, item = item_and_case(desk, work_item_id)
    if item.properties.get("act") == COLLECTIVE:
        raise Refusal("item.collective", item=item.name)
    must_wait(desk, item)
    if item.state == "claimed":
        raise AlreadyTaken("assign.taken", item=item.name)
    may_take(desk, case, item)
    must_not_be_held(desk, item, STOPPED)
    must_be_fit(desk, case, item, to)
    if not hand_to(desk, case, [item], to):
        raise Refusal("assign.not_offered", rule=SOURCE, item=item.name)
    desk.record(case, Fact.WORK_ASSIGNED, item=item.id, element=item.element, name=item.name, to=to)
    tell(desk, case, {to} - {desk.actor.person_id}, "work.assigned", title=item.name)
    return item


def assignable_to(desk: Desk, work_item_id: str) -> dict[str, str]:
    """Return the colleagues to whom the actor may assign an open item: names by id; a query.

    Raises:
        NotFound, Recused, NotAllowed: The actor may not see the case.
    """
    item = desk.session.get(WorkItemRow, work_item_id)
    if item is None:
        raise NotFound(work_item_id)
    case = desk.session.get_one(CaseRow, item.case_id)
    standing = desk.authorise(case, Right.SEE)
    is_open = item.state == "open" and item.properties.get("act") != COLLECTIVE
    if not is_open or standing.principals.isdisjoint(item.candidates):
        return {}
    people = people_behind(desk, case, item.candidates)
    names = names_of(desk, people)
    fit = [one for one in people if not conflicts_of(desk, case, one, item=item)]
    return dict(sorted(((one, names[one]) for one in fit), key=lambda pair: pair[1]))
