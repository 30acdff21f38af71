"""Release a work item."""

from __future__ import annotations

from engine.desk import Desk, Fact
from engine.desk.handing import DELEGATED, must_not_be_held
from engine.desk.signing import must_not_be_under_way
from engine.desk.working import give_back, item_and_case, must_wait
from engine.errors import Refusal
from engine.store.tables import WorkItemRow


def release_work(desk: Desk, work_item_id: str, *, reasons: str = "") -> WorkItemRow:
    """Give back a work item that one has claimed; it is offered again.

    A draft stays with its writer and comes back if the same person claims again.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        AlreadyTaken: Somebody else has it or did it.
        Refusal: Nobody has claimed it, it was delegated, or it waits for signatures.
    """
    case, item = item_and_case(desk, work_item_id)
    must_wait(desk, item)
    if item.state != "claimed":
        raise Refusal("item.not_claimed", item=item.name)
    must_not_be_held(desk, item, DELEGATED)
    must_not_be_under_way(desk, item)
    give_back(desk, case, item)
    desk.record(case, Fact.WORK_RELEASED, item=item.id, element=item.element, reasons=reasons[:400])
    return item
