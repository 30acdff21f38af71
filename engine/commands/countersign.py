"""Signatures beside the holder of a step: 前加签, 并加签, 后加签, and 减签."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.acts.papers import ISSUES
from engine.commands.complete_work import finish_work
from engine.desk import Actor, Desk, Fact
from engine.desk.assembly import COLLECTIVE
from engine.desk.handing import (
    DELEGATED,
    SIGNING,
    STOPPED,
    ReceiverUnfit,
    hold,
    must_be_fit,
    must_not_be_held,
)
from engine.desk.notices import tell
from engine.desk.rights import Right
from engine.desk.signing import (
    AFTER,
    AGREED,
    ASKED,
    BEFORE,
    DISAGREED,
    DROPPED,
    PLACES,
    awaited,
    bring_back,
    held_answers,
    must_not_be_under_way,
    requests_on,
    settle_hold,
)
from engine.desk.working import give_back, item_and_case, list_in_hands, must_wait
from engine.errors import AlreadyTaken, NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, HeldAnswers, SignatureRequest, WorkItemRow

RULE = "SUP-002"
SIGNING_RULE = "S3 L59§17"


def ask_signature(
    desk: Desk, work_item_id: str, person_id: str, *, place: str, reasons: str
) -> SignatureRequest:
    """Ask somebody to sign a step that one holds (加签).

    Args:
        desk: Of the holder.
        work_item_id: In the actor's hands.
        person_id: Holds the step's role, or one that the procedure's `handing.signers` names.
        place: ``before`` the holder completes it (前加签), ``beside`` (并加签), ``after`` (后加签).
        reasons: What is asked, on the record.

    Raises:
        NotFound: There is none, or no such person.
        NotAllowed: The actor does not hold it.
        ReceiverUnfit: The person may not sign it, or has a conflict of interest.
        Refusal: A body does the step, it is signed itself, or the person is asked already.

    Source: operations.md (加签); proposed.
    """
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=RULE)
    if place not in PLACES:
        raise Refusal("signing.place", place=place[:20])
    case, item = item_and_case(desk, work_item_id)
    act = item.properties.get("act")
    if act == COLLECTIVE or (act == ISSUES and place != BEFORE):
        raise Refusal("signing.not_here", item=item.name)
    must_wait(desk, item)
    if item.claimed_by != desk.actor.person_id:
        raise NotAllowed("handing.not_yours", rule=RULE, item=item.name)
    must_not_be_held(desk, item, DELEGATED, STOPPED)
    must_not_be_under_way(desk, item)
    if person_id == desk.actor.person_id:
        raise Refusal("signing.oneself", item=item.name)
    must_be_fit(desk, case, item, person_id, signs=True)
    if any(one.person_id == person_id and one.state == ASKED for one in requests_on(desk, item)):
        raise Refusal("signing.asked_already", item=item.name)
    request = SignatureRequest(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=item.id,
        place=place,
        person_id=person_id,
        reasons=reasons.strip(),
        asked_by=desk.actor.person_id,
        asked_at=desk.now(),
    )
    desk.session.add(request)
    hold(item, SIGNING)
    desk.session.flush()
    list_in_hands(desk, case, item)
    desk.record(
        case,
        Fact.SIGNATURE_ASKED,
        item=item.id,
        element=item.element,
        request=request.id,
        person=person_id,
        place=place,
        reasons=reasons[:400],
    )
    if place != AFTER:
        tell(desk, case, [person_id], "signing.asked", item=item.name)
    return request


def give_signature(
    desk: Desk, request_id: str, *, agrees: bool, opinion: str = ""
) -> SignatureRequest:
    """Sign a step, or say with reasons that one does not agree.

    The last signature lets the holder's completion take effect, on this day; role and
    conflicts of both are looked at anew. Without agreement what was given goes back
    to the holder, and the same signer is asked again when it is given anew.

    Args:
        desk: Of the one who was asked, who has entered the password again.
        request_id: Of the signature asked for.
        agrees: Whether the signer agrees.
        opinion: Wanted where the signer does not.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        NotAllowed: Somebody else was asked.
        ReceiverUnfit: The signer may no longer sign it.
        AlreadyTaken: It has been answered or dropped.
        Refusal: The password was not entered, the turn has not come, or reasons are missing.

    Source: operations.md (加签); design.md §4 (signing); S0篇1§14.
    """
    request, case, item = _asked(desk, request_id)
    if request.person_id != desk.actor.person_id:
        raise NotAllowed("signing.not_yours", rule=RULE, item=item.name)
    _must_wait(desk, item)
    if not desk.actor.has_signed:
        raise Refusal("signature.missing", rule=SIGNING_RULE)
    held = held_answers(desk, item)
    if request.place == AFTER and held is None:
        raise Refusal("signing.not_yet", item=item.name)
    if not agrees and not opinion.strip():
        raise Refusal("reasons.missing", rule=RULE)
    must_be_fit(desk, case, item, request.person_id, signs=True)
    request.state = AGREED if agrees else DISAGREED
    request.opinion, request.answered_at = opinion.strip(), desk.now()
    desk.session.flush()
    desk.forget_standing(case)
    desk.record(
        case,
        Fact.SIGNATURE_GIVEN,
        item=item.id,
        element=item.element,
        request=request.id,
        place=request.place,
        agrees=agrees,
        opinion=request.opinion[:400],
    )
    if item.claimed_by:
        key = "signing.agreed" if agrees else "signing.disagreed"
        tell(desk, case, [item.claimed_by], key, item=item.name)
    _go_on(desk, case, item, held, agrees=agrees)
    return request


def drop_signature(desk: Desk, request_id: str, *, reasons: str) -> SignatureRequest:
    """Withdraw a signature asked for that was not given yet (减签).

    Raises:
        NotFound: There is none, or the actor may not know of it.
        NotAllowed: The actor neither asked for it nor holds the step.
        AlreadyTaken: It has been answered or dropped.
        Refusal: Reasons are missing.

    Source: operations.md (减签); proposed.
    """
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=RULE)
    request, case, item = _asked(desk, request_id, also=(DISAGREED,))
    if desk.actor.person_id not in {request.asked_by, item.claimed_by}:
        raise NotAllowed("handing.not_yours", rule=RULE, item=item.name)
    _must_wait(desk, item)
    request.state, request.answered_at = DROPPED, desk.now()
    desk.session.flush()
    desk.record(
        case,
        Fact.SIGNATURE_DROPPED,
        item=item.id,
        element=item.element,
        request=request.id,
        person=request.person_id,
        reasons=reasons[:400],
    )
    _go_on(desk, case, item, held_answers(desk, item), agrees=True)
    return request


def _asked(
    desk: Desk, request_id: str, also: tuple[str, ...] = ()
) -> tuple[SignatureRequest, CaseRow, WorkItemRow]:
    """Load a request and lock its case.

    Raises:
        AlreadyTaken: It no longer waits.
    """
    request = desk.session.get(SignatureRequest, request_id)
    if request is None:
        raise NotFound(request_id)
    case = desk.case(request.case_id, may=Right.SEE)
    desk.session.refresh(request)
    item = desk.session.get_one(WorkItemRow, request.work_item_id, populate_existing=True)
    if request.state not in {ASKED, *also} or request.asked_again is not None:
        raise AlreadyTaken("signing.answered", item=item.name)
    return request, case, item


def _must_wait(desk: Desk, item: WorkItemRow) -> None:
    """Refuse a step that went on without its signatures, whoever holds it."""
    if item.state not in {"open", "claimed"}:
        must_wait(desk, item)


def _go_on(
    desk: Desk, case: CaseRow, item: WorkItemRow, held: HeldAnswers | None, *, agrees: bool
) -> None:
    """Let a completion take effect, or go back, after a signature was given or dropped."""
    if held is None:
        settle_hold(desk, item)
        list_in_hands(desk, case, item)
        return
    if not agrees:
        bring_back(desk, item, held)
        list_in_hands(desk, case, item)
        return
    if awaited(desk, item):
        list_in_hands(desk, case, item)
        return
    try:
        must_be_fit(desk, case, item, held.person_id)
    except ReceiverUnfit:
        give_back(desk, case, item)
        return
    holder = Actor(held.person_id, case.authority_id, held.account_id)
    data, proof = dict(held.data), held.proof
    desk.session.delete(held)
    acting = replace_actor(desk, holder)
    finish_work(acting, case, item, data, proof=proof)
    tell(desk, case, [held.person_id], "signing.done", item=item.name)


def replace_actor(desk: Desk, actor: Actor) -> Desk:
    """Return the same desk, in the same transaction, as another's."""
    return replace(desk, actor=actor, _standings={})
