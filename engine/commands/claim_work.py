"""Claim a work item."""

from __future__ import annotations

from engine.desk import Desk
from engine.desk.assembly import COLLECTIVE
from engine.desk.working import item_and_case, take
from engine.errors import Refusal
from engine.store.tables import WorkItemRow


def claim_work(desk: Desk, work_item_id: str) -> WorkItemRow:
    """Take a work item into one's own hands; the others' inboxes lose it.

    Claiming what one has already changes nothing.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        AlreadyTaken: Somebody else has it; the refusal says who and since when.
        NotAllowed: It is offered to others.
        Recused: A conflict of interest bars the actor (S0篇1§14).
        Refusal: The procedure went on without it, or a body does it together: in one
            member's hands it would be out of the others'.
    """
    case, item = item_and_case(desk, work_item_id)
    if item.properties.get("act") == COLLECTIVE:
        raise Refusal("item.collective", item=item.name)
    take(desk, case, item)
    return item
