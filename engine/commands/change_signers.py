"""Signers of a multi-instance step (会签) added and removed while it runs."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.advance import add_instance, remove_instance
from engine.desk.handing import STOPPED, must_be_fit, must_not_be_held
from engine.desk.notices import tell
from engine.desk.signing import AGREED, ASKED, DROPPED, INSTANCE
from engine.desk.working import item_and_case, must_wait
from engine.errors import NotAllowed, Refusal
from engine.store.tables import CaseRow, SignatureRequest, WorkItemRow

RULE = "SUP-002"


def add_signer(desk: Desk, work_item_id: str, person_id: str, *, reasons: str) -> WorkItemRow:
    """Add an instance for another person to a multi-instance step of which one holds one.

    Returns:
        The new signer's work item; of a sequential step, whose turn comes later, the actor's.

    Raises:
        NotFound: There is none, or no such person.
        NotAllowed: The actor does not hold an instance.
        ReceiverUnfit: The person may not sign it, or has a conflict of interest.
        Refusal: The step is not a multi-instance, the person has one already, or reasons
            are missing.

    Source: operations.md (并加签); proposed.
    """
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=RULE)
    case, item = item_and_case(desk, work_item_id)
    must_wait(desk, item)
    if item.claimed_by != desk.actor.person_id:
        raise NotAllowed("handing.not_yours", rule=RULE, item=item.name)
    must_not_be_held(desk, item, STOPPED)
    must_be_fit(desk, case, item, person_id, signs=True)
    known = _instances(desk, case, item)
    if any(f"p:{person_id}" in one.candidates for one in known):
        raise Refusal("signing.asked_already", item=item.name)
    try:
        add_instance(desk, case, item, person_id)
    except ValueError as error:
        raise Refusal("signing.not_multi", item=item.name) from error
    desk.session.flush()
    before = {one.id for one in known}
    added = next((one for one in _instances(desk, case, item) if one.id not in before), item)
    desk.session.add(
        SignatureRequest(
            authority_id=case.authority_id,
            case_id=case.id,
            work_item_id=added.id,
            place=INSTANCE,
            person_id=person_id,
            reasons=reasons.strip(),
            asked_by=desk.actor.person_id,
            asked_at=desk.now(),
        )
    )
    desk.record(
        case,
        Fact.SIGNER_ADDED,
        item=added.id,
        element=item.element,
        person=person_id,
        reasons=reasons[:400],
    )
    tell(desk, case, [person_id], "signing.asked", item=item.name)
    return added


def remove_signer(desk: Desk, work_item_id: str, *, reasons: str) -> WorkItemRow:
    """Withdraw the instance of a signer whom one has added and who has not signed (减签).

    Those whom the procedure itself asks are never removed.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        NotAllowed: Somebody else added the signer, or the procedure did.
        AlreadyTaken: It is signed.
        Refusal: Reasons are missing.

    Source: operations.md (减签); design.md §4 (mandatory steps); proposed.
    """
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=RULE)
    case, item = item_and_case(desk, work_item_id)
    added = desk.session.scalar(
        sa.select(SignatureRequest).where(
            SignatureRequest.work_item_id == item.id,
            SignatureRequest.place == INSTANCE,
            SignatureRequest.asked_by == desk.actor.person_id,
        )
    )
    if added is None:
        raise NotAllowed("signing.not_added", rule=RULE, item=item.name)
    if item.state not in {"open", "claimed"}:
        added.state = AGREED if added.state == ASKED else added.state
        must_wait(desk, item)
    remove_instance(desk, case, item)
    added.state, added.answered_at = DROPPED, desk.now()
    desk.record(
        case,
        Fact.SIGNER_REMOVED,
        item=item.id,
        element=item.element,
        person=added.person_id,
        reasons=reasons[:400],
    )
    return item


def _instances(desk: Desk, case: CaseRow, item: WorkItemRow) -> list[WorkItemRow]:
    """Return the work items of the same step, whatever became of them; the oldest first."""
    return list(
        desk.session.scalars(
            sa.select(WorkItemRow)
            .where(
                WorkItemRow.case_id == case.id,
                WorkItemRow.element == item.element,
                WorkItemRow.state.in_(("open", "claimed")),
            )
            .order_by(WorkItemRow.opened_at, WorkItemRow.id)
        )
    )
