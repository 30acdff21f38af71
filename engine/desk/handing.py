"""Work on its way from one person to another: who is fit to receive it, who has it by that."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.conflicts import conflicts_of
from engine.desk.desk import Desk
from engine.desk.holders import names_of, principals_of_role
from engine.desk.standing import Standing
from engine.errors import NotFound, Refusal
from engine.model.conflicts import RECUSAL_SOURCE
from engine.model.roles import Scope
from engine.store.tables import CaseRow, HandOver, PersonRow, WorkItemRow

DELEGATED, SIGNING, STOPPED = "delegated", "signing", "stopped"
SUSPENDED = "suspended"
"""What may hold a work item (`WorkItemRow.holds`)."""

RULE = "SUP-002"


class ReceiverUnfit(Refusal):
    """Whoever is to receive work may not do it: no such role, or a conflict of interest."""


def must_be_fit(
    desk: Desk, case: CaseRow, item: WorkItemRow, person_id: str, *, signs: bool = False
) -> None:
    """Refuse somebody who may not receive a step, or sign it beside its holder.

    It is looked at anew at every hand-over and again when the receiver acts.

    Args:
        desk: Of the command.
        case: Locked.
        item: The step.
        person_id: Who is to receive it.
        signs: The person is only to sign; `handing.signers` applies.

    Raises:
        NotFound: The authority has no such person.
        ReceiverUnfit: The role is missing, or a conflict of interest bars the person.

    Source: S0篇1§14; SUP-002, SUP-017; operations.md.
    """
    person = desk.session.get(PersonRow, person_id)
    if person is None or person.authority_id != case.authority_id:
        raise NotFound(person_id)
    standing = desk.standing(case, person_id)
    if standing.recusal:
        raise ReceiverUnfit("handing.recused", rule=RECUSAL_SOURCE, person=person.name)
    if standing.principals.isdisjoint(offered_now(desk, case, item)) and not by_policy(
        desk, case, item, standing, signs=signs
    ):
        raise ReceiverUnfit("handing.not_fit", rule=RULE, person=person.name, item=item.name)
    if conflicts_of(desk, case, person_id, item=item):
        raise ReceiverUnfit("handing.conflict", rule=RECUSAL_SOURCE, person=person.name)


def offered_now(desk: Desk, case: CaseRow, item: WorkItemRow) -> set[str]:
    """Return the principals to whom a step is offered, parts in the case resolved again."""
    roles = participant_roles(desk, case, item)
    if not roles:
        return set(item.candidates)
    now = {one for role in roles for one in principals_of_role(desk, case, role)}
    return {one for one in item.candidates if not one.startswith("p:") or one in now}


def participant_roles(desk: Desk, case: CaseRow, item: WorkItemRow) -> list[str]:
    """Return the roles of a step that are parts in the case."""
    roles = desk.version(case).rules.roles
    return [
        str(role.key)
        for role in roles.values()
        if role.scope is Scope.PARTICIPANT and str(role.key) in item.role.split(",")
    ]


def by_policy(
    desk: Desk, case: CaseRow, item: WorkItemRow, standing: Standing, *, signs: bool = False
) -> bool:
    """Return whether the procedure lets who has this standing take over, or sign, a step.

    A step that the diagram gives to a person by name belongs to its lane's role.
    """
    version = desk.version(case)
    handing = version.rules.handing
    roles = item.role.split(",")
    if not item.role:
        roles = [version.role_of_lane(item.process, item.lane) or ""]
        if not standing.principals.isdisjoint(principals_of_role(desk, case, roles[0])):
            return True
    if signs:
        return handing.may_sign(roles, standing.roles)
    return handing.may_take_over(
        roles, standing.roles, is_mandatory=bool(item.properties.get("mandatory"))
    )


def deputised_for(item: WorkItemRow, standing: Standing) -> str:
    """Return the person whose item this is and for whom the actor may act today, or ""."""
    return next(
        (
            one.person_id
            for one in standing.deputy_for
            if one.stands_in(item.role, item.claimed_by, item.candidates)
        ),
        "",
    )


def was_handed(desk: Desk, item: WorkItemRow, person_id: str) -> bool:
    """Return whether a step is in a person's hands by a hand-over that still stands."""
    return (
        desk.session.scalar(
            sa.select(HandOver.id).where(
                HandOver.work_item_id == item.id,
                HandOver.to_id == person_id,
                HandOver.state == "in_force",
            )
        )
        is not None
    )


def delegation_of(desk: Desk, item: WorkItemRow) -> HandOver | None:
    """Return the delegation under which a step is worked on now."""
    return desk.session.scalar(
        sa.select(HandOver)
        .where(
            HandOver.work_item_id == item.id,
            HandOver.kind == DELEGATED,
            HandOver.state == "in_force",
        )
        .limit(1)
    )


def must_not_be_held(desk: Desk, item: WorkItemRow, *holds: str) -> None:
    """Refuse what a hold forbids: a delegated step is returned, a stopped one waits.

    Raises:
        Refusal: With who has it, or why it is stopped.
    """
    if SUSPENDED in item.holds and STOPPED in holds:
        raise Refusal("case.on_hold", rule="procedures §9", item=item.name)
    if STOPPED in item.holds and STOPPED in holds:
        raise Refusal("branch.stopped", rule=RULE, item=item.name)
    if DELEGATED in item.holds and DELEGATED in holds:
        found = delegation_of(desk, item)
        name = names_of(desk, [found.from_id]).get(found.from_id, "") if found else ""
        raise Refusal("delegation.returns", item=item.name, to=name)


def hold(item: WorkItemRow, why: str) -> None:
    """Keep a step from being completed for a reason; the same one counts once."""
    if why not in item.holds:
        item.holds = [*item.holds, why]


def let_go(item: WorkItemRow, why: str) -> None:
    """Take a reason away."""
    item.holds = [one for one in item.holds if one != why]
