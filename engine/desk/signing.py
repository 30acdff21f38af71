"""Signatures asked for beside the holder of a step (加签): which are awaited, which count.

The layer lies above the diagram: ``before`` blocks the holder's completion; ``beside`` and
``after`` let it be given, and keep its effect back until they are there.

Source: operations.md (前加签, 后加签, 并加签, 减签); proposed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.handing import SIGNING, let_go
from engine.desk.holders import names_of
from engine.desk.notices import tell
from engine.errors import Refusal
from engine.store import record
from engine.store.tables import CaseRow, Draft, HeldAnswers, SignatureRequest, WorkItemRow
from engine.vault import is_reference

BEFORE, AFTER, BESIDE, INSTANCE = "before", "after", "beside", "instance"
PLACES = (BEFORE, BESIDE, AFTER)
ASKED, AGREED, DISAGREED, DROPPED = "asked", "agreed", "disagreed", "dropped"


def requests_on(desk: Desk, item: WorkItemRow) -> list[SignatureRequest]:
    """Return what counts on a step: not dropped, not asked again; the oldest first."""
    return list(
        desk.session.scalars(
            sa.select(SignatureRequest)
            .where(
                SignatureRequest.work_item_id == item.id,
                SignatureRequest.place != INSTANCE,
                SignatureRequest.state != DROPPED,
                SignatureRequest.asked_again.is_(None),
            )
            .order_by(SignatureRequest.asked_at, SignatureRequest.id)
        )
    )


def held_answers(desk: Desk, item: WorkItemRow) -> HeldAnswers | None:
    """Return the answers of a step that wait for signatures."""
    return desk.session.get(HeldAnswers, item.id)


def signers_of(desk: Desk, item: WorkItemRow) -> list[str]:
    """Return who may sign a step now; who comes after it, only once it was answered."""
    is_answered = held_answers(desk, item) is not None
    return [
        one.person_id
        for one in requests_on(desk, item)
        if one.state == ASKED and (one.place != AFTER or is_answered)
    ]


def awaited(desk: Desk, item: WorkItemRow) -> list[SignatureRequest]:
    """Return the signatures without which a given completion has no effect yet."""
    return [one for one in requests_on(desk, item) if one.place != BEFORE and one.state != AGREED]


def must_be_signed_before(desk: Desk, item: WorkItemRow) -> None:
    """Refuse the completion of a step that somebody signs first, or that is given already.

    Raises:
        Refusal: Who has not signed yet, or that signatures are awaited.
    """
    if SIGNING not in item.holds:
        return
    first = [
        one.person_id
        for one in requests_on(desk, item)
        if one.place == BEFORE and one.state == ASKED
    ]
    if first:
        names = "、".join(names_of(desk, first).values())
        raise Refusal("signing.awaited", item=item.name, people=names)
    must_not_be_under_way(desk, item)


def must_not_be_under_way(desk: Desk, item: WorkItemRow) -> None:
    """Refuse what cannot be done while a completion waits for signatures.

    Raises:
        Refusal: Whose signatures it waits for.
    """
    if SIGNING in item.holds and held_answers(desk, item) is not None:
        people = [one.person_id for one in awaited(desk, item)]
        names = "、".join(names_of(desk, people).values())
        raise Refusal("signing.under_way", item=item.name, people=names)


def ask_again(desk: Desk, item: WorkItemRow) -> None:
    """Ask those anew who did not agree with what was given before."""
    for one in awaited(desk, item):
        if one.state == DISAGREED:
            again = SignatureRequest(
                authority_id=one.authority_id,
                case_id=one.case_id,
                work_item_id=item.id,
                place=one.place,
                person_id=one.person_id,
                reasons=one.reasons,
                asked_by=one.asked_by,
                asked_at=desk.now(),
            )
            desk.session.add(again)
            desk.session.flush()
            one.asked_again = again.id
    desk.session.flush()


def keep_back(
    desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any], proof: str
) -> None:
    """Keep a completion's answers until the signatures are there, and tell who signs."""
    kept = dict(answers)
    desk.session.add(
        HeldAnswers(
            work_item_id=item.id,
            authority_id=case.authority_id,
            case_id=case.id,
            person_id=desk.actor.person_id,
            account_id=desk.actor.account_id,
            data=kept,
            proof=proof,
            held_at=desk.now(),
        )
    )
    desk.session.flush()
    _, digest = record.seal(kept)
    people = [one.person_id for one in awaited(desk, item)]
    desk.record(
        case, Fact.ANSWERS_HELD, item=item.id, element=item.element, answers=digest, signers=people
    )
    tell(desk, case, people, "signing.asked", item=item.name)


def bring_back(desk: Desk, item: WorkItemRow, held: HeldAnswers) -> None:
    """Give held answers back to their writer as a draft, confidential values left out."""
    data = _open_part(held.data)
    draft = desk.session.get(Draft, (item.id, held.person_id))
    if draft is None:
        desk.session.add(
            Draft(
                work_item_id=item.id,
                person_id=held.person_id,
                authority_id=held.authority_id,
                case_id=held.case_id,
                data=data,
                saved_at=desk.now(),
            )
        )
    else:
        draft.data, draft.saved_at = data, desk.now()
    desk.session.delete(held)
    desk.session.flush()


def settle_hold(desk: Desk, item: WorkItemRow) -> None:
    """Let a step go once nothing on it waits for a signature any more."""
    if not any(one.state == ASKED or one.place != BEFORE for one in requests_on(desk, item)):
        let_go(item, SIGNING)


def _open_part(data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in data.items():
        if is_reference(value):
            continue
        found[key] = _open_part(value) if isinstance(value, dict) else value
    return found
