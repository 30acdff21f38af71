"""Hand work over: for good (转办), or for a while (委派) and back."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.handing import (
    DELEGATED,
    STOPPED,
    ReceiverUnfit,
    delegation_of,
    hold,
    let_go,
    must_be_fit,
    must_not_be_held,
)
from engine.desk.notices import tell
from engine.desk.signing import ASKED, must_not_be_under_way, requests_on
from engine.desk.working import give_back, item_and_case, list_in_hands, must_wait
from engine.errors import NotAllowed, Refusal
from engine.store.tables import CaseRow, Draft, HandOver, WorkItemRow

RULE = "SUP-002"
TRANSFERRED, DEPARTED = "transferred", "departed"


def transfer_work(desk: Desk, work_item_id: str, to: str, *, reasons: str) -> WorkItemRow:
    """Put a work item that one holds into another's hands, for good (转办).

    Args:
        desk: Of the holder.
        work_item_id: In the actor's hands.
        to: Who receives it: holds the step's role, or one that the procedure allows.
        reasons: Go on the record.

    Raises:
        NotFound: There is none, or no such person.
        NotAllowed: The actor does not hold it.
        ReceiverUnfit: The receiver lacks the role, or has a conflict of interest.
        Refusal: It was delegated or stopped, waits for signatures, or reasons are missing.

    Source: operations.md (转办); S0篇1§14; SUP-001, SUP-002.
    """
    case, item = _held(desk, work_item_id, reasons)
    must_not_be_held(desk, item, DELEGATED, STOPPED)
    _must_receive(desk, case, item, to)
    put_into_hands(desk, case, item, to, kind=TRANSFERRED, by=desk.actor.person_id, reasons=reasons)
    tell(desk, case, [to], "handing.transferred", item=item.name)
    return item


def delegate_work(desk: Desk, work_item_id: str, to: str, *, reasons: str) -> HandOver:
    """Let another work on an item and return it; the answers stay the holder's own (委派).

    Raises:
        NotFound, NotAllowed, ReceiverUnfit, Refusal: As `transfer_work` says.

    Source: operations.md (委派); proposed.
    """
    case, item = _held(desk, work_item_id, reasons)
    must_not_be_held(desk, item, DELEGATED, STOPPED)
    _must_receive(desk, case, item, to)
    row = _handed(desk, case, item, to, kind=DELEGATED, by=desk.actor.person_id, reasons=reasons)
    item.claimed_by, item.claimed_at = to, desk.now()
    hold(item, DELEGATED)
    list_in_hands(desk, case, item)
    desk.record(
        case, Fact.WORK_DELEGATED, item=item.id, element=item.element, to=to, reasons=reasons[:400]
    )
    tell(desk, case, [to], "handing.delegated", item=item.name)
    desk.forget_standing(case)
    return row


def return_delegated(desk: Desk, work_item_id: str, *, note: str = "") -> WorkItemRow:
    """Return a delegated item to whom it was delegated by, with what one has drafted.

    If that person may no longer have it, it is offered to the role again.

    Raises:
        NotAllowed: The actor does not hold it.
        Refusal: It was not delegated.
    """
    case, item = item_and_case(desk, work_item_id)
    must_wait(desk, item)
    if item.claimed_by != desk.actor.person_id:
        raise NotAllowed("handing.not_yours", rule=RULE, item=item.name)
    row = _delegation(desk, item)
    row.note = note.strip()
    _give_draft(desk, item, desk.actor.person_id, row.from_id)
    _back(desk, case, item, row, "returned")
    desk.record(
        case,
        Fact.WORK_RETURNED,
        item=item.id,
        element=item.element,
        to=row.from_id,
        note=row.note[:400],
    )
    tell(desk, case, [row.from_id], "handing.returned", item=item.name)
    return item


def recall_delegated(desk: Desk, work_item_id: str, *, reasons: str) -> WorkItemRow:
    """Take back what one has delegated, at any time before it is returned.

    Raises:
        NotAllowed: Somebody else delegated it.
        Refusal: It is not delegated, or reasons are missing.
    """
    _must_have(reasons)
    case, item = item_and_case(desk, work_item_id)
    row = _delegation(desk, item)
    if row.from_id != desk.actor.person_id:
        raise NotAllowed("handing.not_yours", rule=RULE, item=item.name)
    _back(desk, case, item, row, "recalled")
    desk.record(
        case,
        Fact.DELEGATION_RECALLED,
        item=item.id,
        element=item.element,
        person=row.to_id,
        reasons=reasons[:400],
    )
    tell(desk, case, [row.to_id], "handing.recalled", item=item.name)
    return item


def put_into_hands(
    desk: Desk,
    case: CaseRow,
    item: WorkItemRow,
    to: str,
    *,
    kind: str,
    by: str,
    reasons: str,
    whose: str = "",
) -> None:
    """Make `to` the holder of an item and write it down; the caller has checked everything.

    Args:
        by: Who ordered it.
        whose: Whose the item was, where nobody had claimed it.
    """
    before = item.claimed_by or whose
    _handed(desk, case, item, to, kind=kind, by=by, reasons=reasons, whose=whose)
    item.state = "claimed"
    item.claimed_by, item.claimed_at, item.acting_for = to, desk.now(), None
    list_in_hands(desk, case, item)
    desk.record(
        case,
        Fact.WORK_TRANSFERRED,
        item=item.id,
        element=item.element,
        kind=kind,
        before=before,
        to=to,
        by=by,
        reasons=reasons[:400],
    )
    desk.forget_standing(case)


def _held(desk: Desk, work_item_id: str, reasons: str) -> tuple[CaseRow, WorkItemRow]:
    """Load an item that the actor holds and that no signature is awaited on."""
    _must_have(reasons)
    case, item = item_and_case(desk, work_item_id)
    must_wait(desk, item)
    if item.claimed_by != desk.actor.person_id:
        raise NotAllowed("handing.not_yours", rule=RULE, item=item.name)
    must_not_be_under_way(desk, item)
    return case, item


def _must_receive(desk: Desk, case: CaseRow, item: WorkItemRow, to: str) -> None:
    if to == desk.actor.person_id:
        raise Refusal("handing.to_oneself", item=item.name)
    must_be_fit(desk, case, item, to)
    if any(one.person_id == to and one.state == ASKED for one in requests_on(desk, item)):
        raise Refusal("handing.signs", item=item.name)


def _handed(
    desk: Desk,
    case: CaseRow,
    item: WorkItemRow,
    to: str,
    *,
    kind: str,
    by: str,
    reasons: str,
    whose: str = "",
) -> HandOver:
    """Write a hand-over down; the ones before it no longer stand."""
    if kind != DELEGATED:
        for earlier in desk.session.scalars(
            sa.select(HandOver).where(
                HandOver.work_item_id == item.id, HandOver.state == "in_force"
            )
        ):
            earlier.state, earlier.ended_at = "ended", desk.now()
    row = HandOver(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=item.id,
        kind=kind,
        from_id=item.claimed_by or whose,
        to_id=to,
        by_id=by,
        reasons=reasons.strip(),
        handed_at=desk.now(),
    )
    desk.session.add(row)
    return row


def _delegation(desk: Desk, item: WorkItemRow) -> HandOver:
    found = delegation_of(desk, item) if item.state == "claimed" else None
    if found is None:
        raise Refusal("delegation.none", item=item.name)
    return found


def _back(desk: Desk, case: CaseRow, item: WorkItemRow, row: HandOver, state: str) -> None:
    row.state, row.ended_at = state, desk.now()
    let_go(item, DELEGATED)
    desk.session.flush()
    item.acting_for = None
    try:
        must_be_fit(desk, case, item, row.from_id)
    except ReceiverUnfit:
        give_back(desk, case, item)
    else:
        item.claimed_by, item.claimed_at = row.from_id, desk.now()
        list_in_hands(desk, case, item)
    desk.forget_standing(case)


def _give_draft(desk: Desk, item: WorkItemRow, writer: str, to: str) -> None:
    """Let `to` go on from what `writer` has drafted."""
    draft = desk.session.get(Draft, (item.id, writer))
    if draft is None:
        return
    own = desk.session.get(Draft, (item.id, to))
    if own is not None:
        own.data, own.saved_at = dict(draft.data), desk.now()
        return
    desk.session.add(
        Draft(
            work_item_id=item.id,
            person_id=to,
            authority_id=draft.authority_id,
            case_id=draft.case_id,
            data=dict(draft.data),
            saved_at=desk.now(),
        )
    )


def _must_have(reasons: str) -> None:
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=RULE)
