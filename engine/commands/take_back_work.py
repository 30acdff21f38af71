"""Take back what one handed on (撤回), while the next has neither acted nor looked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.desk import Desk, Fact, Right
from engine.desk.answers import SALT
from engine.desk.conflicts import bar_conflicts
from engine.desk.deadlines import take_up
from engine.desk.moving import (
    NotMovable,
    go_to,
    hand_to,
    must_be_one_persons,
    must_skip_nothing,
    place_of,
)
from engine.errors import NotAllowed
from engine.store.tables import (
    AccessEntry,
    Answers,
    AuditEntry,
    CaseRow,
    Draft,
    WorkItemRow,
)

SOURCE = "operations, 撤回"
LOOKED = "work_item"
"""What the access record calls a look at the page of a work item."""

HARMLESS = frozenset(
    {
        Fact.FACT_STATED,
        Fact.WORK_OPENED,
        Fact.STATUS_CHANGED,
        Fact.DEADLINE_STARTED,
        Fact.DEADLINE_MET,
        Fact.DEADLINE_WITHDRAWN,
        Fact.DEADLINE_LAPSED,
        Fact.DEADLINE_RECOUNTED,
        Fact.TABLE_CONSULTED,
        Fact.EXPRESSION_WARNED,
        Fact.REMINDED,
        Fact.ITEM_REMINDED,
        Fact.CARD_GIVEN,
        Fact.COPY_SENT,
        Fact.COPY_READ,
        Fact.COMMENTED,
        Fact.REFUSED,
    }
)
"""What may stand on the record behind a step that is taken back: nobody has acted on it."""


def take_back_work(desk: Desk, work_item_id: str) -> WorkItemRow:
    """Take back a work item that one has completed; it waits for one again, with its answers.

    Its deadline runs on as it did, with the same last day: nobody gains time by it.

    Args:
        desk: Of whoever completed it.
        work_item_id: The completed item.

    Raises:
        NotFound, Recused: As `Desk.case_of_item` says.
        NotAllowed: Somebody else completed it, or a conflict bars the actor by now.
        NotMovable: The next has acted or looked, something has followed that is not undone so,
            or the diagram has forked.

    Source: operations, 撤回 (while next has not acted, no later task completed or opened).
    """
    case = desk.case_of_item(work_item_id, may=Right.SEE)
    item = desk.session.get_one(WorkItemRow, work_item_id, populate_existing=True)
    if item.completed_by != desk.actor.person_id or item.state != "done":
        raise NotAllowed("take_back.not_yours", item=item.name)
    bar_conflicts(desk, case, desk.actor.person_id, item=item)
    must_be_one_persons(desk, case, item)
    following = _following(desk, case, item)
    _must_be_untouched(desk, following)
    element = place_of(item, following)
    if not element or (element != item.element and not _alone(desk, case, item, element)):
        raise NotMovable("take_back.too_far", item=item.name)
    must_skip_nothing(desk, case, following, element)
    desk.record(
        case,
        Fact.WORK_TAKEN_BACK,
        item=item.id,
        element=item.element,
        name=item.name,
        following=following.element,
    )
    if item.deadline_key:
        take_up(desk, case, item.deadline_key)
    new = go_to(desk, case, following, element)
    if hand_to(desk, case, new, desk.actor.person_id):
        _keep_answers(desk, case, item, new[0])
    return new[0] if new else item


def _following(desk: Desk, case: CaseRow, item: WorkItemRow) -> WorkItemRow:
    """Return the one item that the completion opened, if nothing else came of it."""
    entries = desk.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.case_id == case.id, AuditEntry.stream == f"case:{case.id}")
        .order_by(AuditEntry.sequence)
    ).all()
    done = [
        one.sequence
        for one in entries
        if one.fact == Fact.WORK_COMPLETED and one.details.get("item") == item.id
    ]
    since = [one for one in entries if done and one.sequence > done[-1]]
    for one in since:
        if one.fact not in HARMLESS:
            raise NotMovable("take_back.acted", item=item.name)
    opened = [str(one.details["item"]) for one in since if one.fact == Fact.WORK_OPENED]
    if not done or len(opened) != 1:
        raise NotMovable("take_back.forked", item=item.name)
    found = desk.session.get_one(WorkItemRow, opened[0])
    if found.state != "open":
        raise NotMovable("take_back.acted", item=item.name)
    return found


def _must_be_untouched(desk: Desk, following: WorkItemRow) -> None:
    """Refuse once somebody else has opened the page of the next step."""
    looked = desk.session.scalar(
        sa.select(AccessEntry.id).where(
            AccessEntry.case_id == following.case_id,
            AccessEntry.what == LOOKED,
            AccessEntry.ref == following.id,
            AccessEntry.person_id != desk.actor.person_id,
        )
    )
    if looked is not None:
        raise NotMovable("take_back.looked", item=following.name)


def _alone(desk: Desk, case: CaseRow, item: WorkItemRow, call: str) -> bool:
    """Whether the item was the only one of the called process that it ended."""
    callers = desk.session.scalars(
        sa.select(WorkItemRow.callers).where(
            WorkItemRow.case_id == case.id, WorkItemRow.id != item.id
        )
    )
    return all(call not in one for one in callers)


def _keep_answers(desk: Desk, case: CaseRow, item: WorkItemRow, new: WorkItemRow) -> None:
    """Put what was answered into the draft of the item; confidential values are given again."""
    given = desk.session.scalar(
        sa.select(Answers.data)
        .where(Answers.work_item_id == item.id)
        .order_by(Answers.recorded_at.desc())
        .limit(1)
    )
    form = desk.version(case).form(new.process, new.form)
    if given is None or form is None:
        return
    data: dict[str, Any] = {key: value for key, value in given.items() if key != SALT}
    kept, _ = form.without_secrets(data)
    desk.session.add(
        Draft(
            work_item_id=new.id,
            person_id=desk.actor.person_id,
            authority_id=case.authority_id,
            case_id=case.id,
            data=kept,
            saved_at=desk.now(),
        )
    )
