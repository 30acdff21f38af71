"""Who sits in a body: may speak, call it together, or keep its minutes."""

from __future__ import annotations

from engine.desk.assembly import (
    COLLECTIVE,
    Member,
    assembly_of,
    newest_meeting,
    newest_motion,
    organ_of,
)
from engine.desk.conflicts import bar_conflicts
from engine.desk.desk import Desk
from engine.desk.working import item_and_case, must_wait
from engine.errors import NotAllowed, NotFound, Recused, Refusal
from engine.model.collective import COLLECTIVE_SOURCE, DeputyVotes
from engine.store.tables import CaseRow, Motion, WorkItemRow

DEPUTY_SOURCE = "operations, 代理"
CONVENER = "convener"
"""The property that names a role which calls the meeting besides the members."""


def collective_step(desk: Desk, work_item_id: str) -> tuple[CaseRow, WorkItemRow]:
    """Load a collective step that still waits, and lock its case.

    Raises:
        NotFound, NotAllowed, Recused, AlreadyTaken: As for any work item.
        Refusal: It is not decided by a body.
    """
    case, item = item_and_case(desk, work_item_id)
    if item.properties.get("act") != COLLECTIVE:
        raise Refusal("item.not_collective", item=item.name)
    must_wait(desk, item)
    return case, item


def motion_at_hand(desk: Desk, motion_id: str) -> tuple[CaseRow, WorkItemRow, Motion]:
    """Load the newest motion of a collective step, with its case and step.

    Raises:
        NotFound: There is none.
        Refusal: A newer one has taken its place.
    """
    motion = desk.session.get(Motion, motion_id)
    if motion is None:
        raise NotFound(motion_id)
    case, item = collective_step(desk, motion.work_item_id)
    newest = newest_motion(desk, item)
    if newest is None or newest.id != motion.id:
        raise Refusal("motion.replaced", rule=COLLECTIVE_SOURCE, number=motion.number)
    return case, item, motion


def must_sit(desk: Desk, case: CaseRow, item: WorkItemRow) -> Member:
    """Check that the actor belongs to the body and is not kept out by a conflict."""
    if organ_of(item) not in desk.standing(case).roles:
        raise NotAllowed("opinion.not_member", rule=COLLECTIVE_SOURCE)
    bar_conflicts(desk, case, desk.actor.person_id, item=item)
    member = assembly_of(desk, case, item).member(desk.actor.person_id)
    if member is None:
        raise NotAllowed("opinion.not_member", rule=COLLECTIVE_SOURCE)
    if member.recused:
        raise Recused(f"conflict.{member.recused}", rule="S0篇1§14", case=case.number, detail="")
    return member


def must_stand_in(desk: Desk, case: CaseRow, item: WorkItemRow, member_id: str) -> Member:
    """Check that the actor may vote as the deputy of a member of the body; return the member.

    Raises:
        NotAllowed: The rules of the body let no deputy vote, the actor is not the member's
            deputy today for this step, or the other is no member.
        Recused: A conflict keeps the deputy, or the member, out.
        Refusal: The deputy is a member, or votes for another already: one person, one ballot.

    Source: operations.md (代理); that votes are not deputised unless the body's rules of
    procedure say so, and one ballot a person, are proposed.
    """
    if desk.version(case).rules.deputy_votes is not DeputyVotes.ALLOWED:
        raise NotAllowed("opinion.deputies_refused", rule=DEPUTY_SOURCE)
    roles = {"", *item.role.split(","), organ_of(item)}
    if not any(
        one.person_id == member_id and one.role in roles for one in desk.standing(case).deputy_for
    ):
        raise NotAllowed("opinion.not_deputy", rule=DEPUTY_SOURCE)
    bar_conflicts(desk, case, desk.actor.person_id, item=item)
    assembly = assembly_of(desk, case, item)
    member = assembly.member(member_id)
    if member is None:
        raise NotAllowed("opinion.not_member", rule=COLLECTIVE_SOURCE)
    if member.recused:
        raise Recused(f"conflict.{member.recused}", rule="S0篇1§14", case=case.number, detail="")
    votes_already = any(
        one.opinion is not None and one.opinion.deputy_id == desk.actor.person_id
        for one in assembly.members
    )
    if votes_already or assembly.member(desk.actor.person_id) is not None:
        raise Refusal("opinion.one_ballot", rule=DEPUTY_SOURCE)
    return member


def stands_in_for(desk: Desk, case: CaseRow, item: WorkItemRow) -> tuple[Member, ...]:
    """Return the members for whom the actor may vote now as a deputy."""
    found = []
    for deputy in desk.standing(case).deputy_for:
        try:
            found.append(must_stand_in(desk, case, item, deputy.person_id))
        except Refusal:
            continue
    return tuple(found)


def convenes(desk: Desk, case: CaseRow, item: WorkItemRow) -> bool:
    """Return whether the actor looks after the body's meetings without being a member.

    It is who holds the step's `convener` role, and the recorder of the meeting called.
    """
    role = str(item.properties.get(CONVENER) or "")
    if role and role in desk.standing(case).roles:
        return True
    meeting = newest_meeting(desk, item)
    return meeting is not None and meeting.recorder == desk.actor.person_id


def must_sit_or_convene(desk: Desk, case: CaseRow, item: WorkItemRow) -> None:
    """Check that the actor belongs to the body or looks after its meetings, without conflict."""
    if convenes(desk, case, item):
        bar_conflicts(desk, case, desk.actor.person_id, item=item)
    else:
        must_sit(desk, case, item)
