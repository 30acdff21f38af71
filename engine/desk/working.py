"""Work items in the hands of people: who may take one, who has it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.desk.conflicts import bar_conflicts
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import names_of, principals_of_role
from engine.desk.opening import list_work
from engine.desk.rights import Right
from engine.errors import AlreadyTaken, NotAllowed, Refusal
from engine.model.roles import Scope
from engine.store.tables import CaseRow, WorkItemRow

EXTERNAL = "external"


def item_and_case(desk: Desk, work_item_id: str) -> tuple[CaseRow, WorkItemRow]:
    """Load a work item and lock its case; whoever sees the case is told what became of it.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        Recused: A recusal bars the actor.
        NotAllowed: The actor sees the case but works on nothing in it.
    """
    case = desk.case_of_item(work_item_id, may=Right.SEE)
    item = desk.session.get_one(WorkItemRow, work_item_id, populate_existing=True)
    return case, item


def must_wait(desk: Desk, item: WorkItemRow) -> None:
    """Refuse an item that no longer waits, or that somebody else has.

    Raises:
        AlreadyTaken: Who has it or did it, and when.
        Refusal: The procedure went on without it.
    """
    holder = item.completed_by or item.claimed_by
    if item.state in {"done", "failed"}:
        raise AlreadyTaken("item.done", **_by_and_at(desk, item, holder, done=True))
    if item.state == "withdrawn":
        raise Refusal("item.withdrawn", item=item.name)
    if item.state == "claimed" and item.claimed_by != desk.actor.person_id:
        raise AlreadyTaken("item.taken", **_by_and_at(desk, item, holder, done=False))


def may_take(desk: Desk, case: CaseRow, item: WorkItemRow) -> None:
    """Check that the actor is one of those to whom the item is offered now, without conflict.

    The role is resolved again: a post that has ended gives no right, nor does a
    part in the case that was given up.

    Raises:
        NotAllowed: It is offered to others.
        Recused: A conflict of interest bars the actor.

    Source: design.md §4, Roles; SUP-002; S0篇1§14.
    """
    if item.kind == EXTERNAL:
        raise NotAllowed("item.not_yours", item=item.name, role=item.topic)
    standing = desk.standing(case)
    offered = set(item.candidates)
    for role in _participant_roles(desk, case, item):
        now = principals_of_role(desk, case, role)
        offered = {one for one in offered if not one.startswith("p:") or one in now}
    if standing.principals.isdisjoint(offered):
        raise NotAllowed("item.not_yours", item=item.name, role=item.role)
    bar_conflicts(desk, case, desk.actor.person_id, item=item)


def take(desk: Desk, case: CaseRow, item: WorkItemRow, *, is_ending: bool = False) -> None:
    """Put an open item into the actor's hands; what the actor has already stays there.

    Args:
        desk: Of the command.
        case: Locked.
        item: Of the case.
        is_ending: The same command completes the item, which takes it out of every inbox:
            it is not put into the actor's own before.
    """
    must_wait(desk, item)
    may_take(desk, case, item)
    if item.state == "claimed":
        return
    item.state = "claimed"
    item.claimed_by = desk.actor.person_id
    item.claimed_at = desk.now()
    if not is_ending:
        list_work(desk, case, item, [f"p:{desk.actor.person_id}"])
    desk.forget_standing(case)
    desk.record(case, Fact.WORK_CLAIMED, item=item.id, element=item.element, name=item.name)


def give_back(desk: Desk, case: CaseRow, item: WorkItemRow) -> None:
    """Offer a claimed item again to those who may take it."""
    item.state = "open"
    item.claimed_by = None
    item.claimed_at = None
    list_work(desk, case, item, item.candidates)
    desk.forget_standing(case)


def reoffer(desk: Desk, case: CaseRow) -> None:
    """Offer the open items of `case` anew, after its participants have changed."""
    for item in desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id, WorkItemRow.state == "open", WorkItemRow.role != ""
        )
    ):
        principals: set[str] = set()
        for role in item.role.split(","):
            principals |= principals_of_role(desk, case, role)
        if sorted(principals) != sorted(item.candidates) and item.kind != EXTERNAL:
            item.candidates = sorted(principals)
            list_work(desk, case, item, item.candidates)


def _participant_roles(desk: Desk, case: CaseRow, item: WorkItemRow) -> list[str]:
    roles = desk.version(case).rules.roles
    return [
        str(role.key)
        for role in roles.values()
        if role.scope is Scope.PARTICIPANT and str(role.key) in item.role.split(",")
    ]


def _by_and_at(desk: Desk, item: WorkItemRow, holder: str | None, *, done: bool) -> dict[str, Any]:
    at = item.completed_at if done else item.claimed_at
    zone = desk.calendar(item.authority_id).zone
    name = names_of(desk, [holder]).get(holder, holder) if holder else ""
    return {
        "item": item.name,
        "by": name,
        "at": at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else "",
    }
