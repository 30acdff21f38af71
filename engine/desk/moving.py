"""Moving work back or forward in its diagram: where it may go, and what that does to its clocks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

import bpmn
from engine.desk.advance import STRAIGHT, move_item
from engine.desk.assembly import COLLECTIVE
from engine.desk.conflicts import conflicts_of
from engine.desk.deadlines import begin_anew, void_round
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.mandatory import skipped
from engine.desk.opening import list_work
from engine.errors import Refusal
from engine.store.tables import CaseRow, DecisionRow, DocumentRow, WorkItemRow

WAITING = ("open", "claimed")
OUT = ("issued", "served")
SOURCE = "procedures §0.9"


class NotMovable(Refusal):
    """The work cannot be taken to that step, or from this one."""


@dataclass(frozen=True, slots=True)
class Place:
    """An earlier step that work can be sent back to.

    Attributes:
        element: The step, or the call activity that it lies in, in a process around the item.
        name, name_en: Of the step that was done there last.
        done_by, done_at: Who did it last, and when.
        is_near: It stands in the item's own process, so that the case can come straight back.
    """

    element: str
    name: str
    name_en: str
    done_by: str
    done_at: datetime
    is_near: bool


def earlier_steps(desk: Desk, case: CaseRow, item: WorkItemRow) -> tuple[Place, ...]:
    """Return the steps of `case` that were done before and stand around `item`, oldest first."""
    rows = desk.session.scalars(
        sa.select(WorkItemRow)
        .where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.state == "done",
            WorkItemRow.kind != bpmn.ItemKind.EXTERNAL.value,
        )
        .order_by(WorkItemRow.completed_at, WorkItemRow.id)
    )
    found: dict[str, Place] = {}
    for row in rows:
        element = place_of(row, item)
        if not element or row.completed_at is None:
            continue
        found.pop(element, None)
        found[element] = Place(
            element,
            row.name,
            str(row.properties.get("name_en") or ""),
            row.completed_by or "",
            row.completed_at,
            is_near=element == row.element,
        )
    return tuple(found.values())


def place_of(row: WorkItemRow, item: WorkItemRow) -> str:
    """Return the element by which `item` can go to where `row` stands; "" where it stands there.

    That is the row's own element in the item's process or one around it, else the call activity
    within which the row lies.
    """
    shared = 0
    for own, other in zip(item.callers, row.callers, strict=False):
        if own != other:
            break
        shared += 1
    element = row.callers[shared] if shared < len(row.callers) else row.element
    inner = item.callers[shared] if shared < len(item.callers) else item.element
    return "" if element == inner else element


def must_be_one_persons(desk: Desk, case: CaseRow, item: WorkItemRow) -> None:
    """Refuse a step of a body, of somebody outside, or one of several turns at once.

    Raises:
        NotMovable: It is one.
    """
    roles = desk.version(case).rules.roles
    outside = {str(key) for key, role in roles.items() if role.outside}
    if item.properties.get("act") == COLLECTIVE:
        raise NotMovable("moving.collective", item=item.name)
    if item.role and set(item.role.split(",")) <= outside:
        raise NotMovable("moving.outside", item=item.name)
    beside = desk.session.scalar(
        sa.select(WorkItemRow.id).where(
            WorkItemRow.case_id == case.id,
            WorkItemRow.id != item.id,
            WorkItemRow.element == item.element,
            WorkItemRow.state.in_(WAITING),
        )
    )
    if beside is not None:
        raise NotMovable("moving.several", item=item.name)


def must_skip_nothing(desk: Desk, case: CaseRow, item: WorkItemRow, element: str) -> None:
    """Refuse to take work past a mandatory step.

    Raises:
        NotMovable: With the steps that would be left out.

    Source: procedures §0.9; design.md §4.
    """
    left_out = skipped(desk.version(case).definition, item.callers, item.element, element)
    if left_out:
        raise NotMovable("moving.mandatory", rule=SOURCE, steps=sorted(left_out))


def must_leave_papers(desk: Desk, case: CaseRow, since: datetime) -> None:
    """Refuse to go back before a document that has gone out, or a decision that was made.

    Raises:
        NotMovable: With what stands in the way; it is corrected (更正) or revoked (撤销) instead.

    Source: proposed: what others have received is not undone in silence.
    """
    titles = desk.session.scalars(
        sa.select(DocumentRow.title).where(
            DocumentRow.case_id == case.id,
            DocumentRow.state.in_(OUT),
            DocumentRow.issued_at >= since,
        )
    ).all()
    if titles:
        raise NotMovable("moving.papers", documents=list(titles))
    decided = desk.session.scalar(
        sa.select(DecisionRow.id).where(
            DecisionRow.case_id == case.id, DecisionRow.made_at >= since
        )
    )
    if decided is not None:
        raise NotMovable("moving.decided", case=case.number)


def go_to(desk: Desk, case: CaseRow, item: WorkItemRow, element: str) -> list[WorkItemRow]:
    """Take an item's token to an element, its clocks with it; return what waits there now.

    The round of the deadline of the step that is left ends, unless other work waits under it; a
    deadline of a step that is entered again begins anew.

    Raises:
        NotMovable: The instance could not come to its end from there.
    """
    before = set(_waiting(desk, case))
    try:
        move_item(desk, case, item, element)
    except bpmn.CannotMove as cannot:
        raise NotMovable("moving.not_safe", item=item.name, step=element) from cannot
    desk.session.flush()
    after = _waiting(desk, case)
    keys = {row.deadline_key for row in after.values()}
    if item.deadline_key and item.deadline_key not in keys:
        void_round(desk, case, item.deadline_key)
    new = [row for key, row in after.items() if key not in before]
    restart(desk, case, new)
    return new


def restart(desk: Desk, case: CaseRow, rows: Collection[WorkItemRow]) -> None:
    """Begin the deadlines of steps that are entered again, where an earlier round has ended."""
    for key in sorted({row.deadline_key for row in rows if row.deadline_key}):
        begin_anew(desk, case, key)


def hand_to(desk: Desk, case: CaseRow, rows: Sequence[WorkItemRow], person_id: str) -> bool:
    """Put a work item into somebody's hands, if the person may still take it; else it is offered.

    Post, recusal and conflicts are looked at anew.

    Source: S0篇1§14; operations, 驳回.
    """
    if len(rows) != 1 or not person_id or rows[0].state != "open":
        return False
    row = rows[0]
    standing = desk.standing(case, person_id)
    if standing.recusal or standing.principals.isdisjoint(row.candidates):
        return False
    if row.properties.get("act") == COLLECTIVE or conflicts_of(desk, case, person_id, item=row):
        return False
    row.state, row.claimed_by, row.claimed_at = "claimed", person_id, desk.now()
    list_work(desk, case, row, [f"p:{person_id}"])
    desk.forget_standing(case)
    desk.record(
        case,
        Fact.WORK_CLAIMED,
        item=row.id,
        element=row.element,
        name=row.name,
        person=person_id,
    )
    return True


def come_straight_back(row: WorkItemRow, element: str) -> None:
    """Let the case go on at `element` once this item is done."""
    row.properties = {**row.properties, STRAIGHT: element}


def new_work(desk: Desk, case: CaseRow, before: Collection[str]) -> list[WorkItemRow]:
    """Return the work that waits now and did not before."""
    return [row for key, row in _waiting(desk, case).items() if key not in before]


def _waiting(desk: Desk, case: CaseRow) -> dict[str, WorkItemRow]:
    rows = desk.session.scalars(
        sa.select(WorkItemRow)
        .where(WorkItemRow.case_id == case.id, WorkItemRow.state.in_(WAITING))
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    return {row.id: row for row in rows}
