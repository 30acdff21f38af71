"""Work items in the hands of people: who may take one, who has it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.desk.conflicts import bar_conflicts
from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.handing import (
    DELEGATED,
    SIGNING,
    STOPPED,
    by_policy,
    delegation_of,
    deputised_for,
    let_go,
    must_not_be_held,
    offered_now,
    was_handed,
)
from engine.desk.holders import names_of, principals_of_role
from engine.desk.opening import list_work
from engine.desk.rights import Right
from engine.desk.signing import bring_back, held_answers, signers_of
from engine.errors import AlreadyTaken, NotAllowed, Refusal
from engine.store.tables import CaseRow, WorkItemRow

EXTERNAL = "external"


def item_and_case(desk: Desk, work_item_id: str) -> tuple[CaseRow, WorkItemRow]:
    """Load a work item and lock its case; whoever sees the case is told what became of it.

    Raises:
        NotFound: There is none, or the actor may not know of it.
        Recused: A recusal bars the actor.
        NotAllowed: The actor sees the case but works on nothing in it.
    """
    return desk.case_and_item(work_item_id, may=Right.SEE)


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
    if item.state == "claimed" and not (
        item.claimed_by == desk.actor.person_id or _is_deputy(desk, item)
    ):
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
    if standing.principals.isdisjoint(offered_now(desk, case, item)) and not (
        (was_handed(desk, item, desk.actor.person_id) or deputised_for(item, standing))
        and by_policy(desk, case, item, standing)
    ):
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
    must_not_be_held(desk, item, STOPPED)
    if item.claimed_by == desk.actor.person_id:
        return
    item.acting_for = _acts_for(desk, case, item)
    item.state = "claimed"
    item.claimed_by = desk.actor.person_id
    item.claimed_at = desk.now()
    if not is_ending:
        list_in_hands(desk, case, item)
    desk.forget_standing(case)
    desk.record(
        case,
        Fact.WORK_CLAIMED,
        item=item.id,
        element=item.element,
        name=item.name,
        **on_behalf(item),
    )


def list_in_hands(desk: Desk, case: CaseRow, item: WorkItemRow) -> None:
    """Show an item to its holder, or to whom it is offered, and to those who sign it now."""
    offered = [f"p:{item.claimed_by}"] if item.claimed_by else list(item.candidates)
    signers = signers_of(desk, item) if SIGNING in item.holds else ()
    list_work(desk, case, item, [*offered, *(f"p:{one}" for one in signers)])


def on_behalf(item: WorkItemRow) -> dict[str, str]:
    """Return what the record says of whom the actor acts for, if for somebody."""
    return {"on_behalf_of": item.acting_for} if item.acting_for else {}


def give_back(desk: Desk, case: CaseRow, item: WorkItemRow) -> None:
    """Offer a claimed item again to those who may take it; a deputy's goes back to whose it is."""
    whose, item.acting_for = item.acting_for, None
    if item.holds:
        _undo_holds(desk, item)
    if whose is not None and f"p:{whose}" not in item.candidates:
        item.claimed_by, item.claimed_at = whose, desk.now()
        list_in_hands(desk, case, item)
    else:
        item.state = "open"
        item.claimed_by = None
        item.claimed_at = None
        list_in_hands(desk, case, item)
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


def _undo_holds(desk: Desk, item: WorkItemRow) -> None:
    """End a delegation, and give answers that wait for signatures back to their writer."""
    delegation = delegation_of(desk, item)
    if delegation is not None:
        delegation.state, delegation.ended_at = "ended", desk.now()
        let_go(item, DELEGATED)
    held = held_answers(desk, item)
    if held is not None:
        bring_back(desk, item, held)


def _is_deputy(desk: Desk, item: WorkItemRow) -> bool:
    case = desk.session.get_one(CaseRow, item.case_id)
    return bool(deputised_for(item, desk.standing(case)))


def _acts_for(desk: Desk, case: CaseRow, item: WorkItemRow) -> str | None:
    """Return for whom the actor takes an item: its holder, or who alone is offered it."""
    standing = desk.standing(case)
    if item.claimed_by is None and not standing.principals.isdisjoint(item.candidates):
        return None
    return deputised_for(item, standing) or None


def _by_and_at(desk: Desk, item: WorkItemRow, holder: str | None, *, done: bool) -> dict[str, Any]:
    at = item.completed_at if done else item.claimed_at
    zone = desk.calendar(item.authority_id).zone
    name = names_of(desk, [holder]).get(holder, holder) if holder else ""
    return {
        "item": item.name,
        "by": name,
        "at": at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else "",
    }
