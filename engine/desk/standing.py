"""What somebody is to a case at this moment, read from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk.rights import Relation
from engine.model.roles import Scope
from engine.store.tables import (
    Account,
    CaseRow,
    Participant,
    PersonRow,
    PostRow,
    Recusal,
    WorkItemRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from engine.model.identifiers import RoleKey
    from engine.model.roles import Role

OFFICES = {
    Relation.INTAKE.value: Relation.INTAKE,
    Relation.PROTECTION.value: Relation.PROTECTION,
    Relation.SUPERVISION.value: Relation.SUPERVISION,
}
OUTSIDERS = {
    Relation.SUBJECT.value: Relation.SUBJECT,
    Relation.REPORTER.value: Relation.REPORTER,
}
BARRING = ("pending", "granted")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person is to one case.

    Attributes:
        relations: The relations that rights are looked up for.
        roles: The roles held today at the case's authority, and as a participant.
        principals: The keys by which work is offered to this person.
        recusal: The state of a recusal that bars contact: pending, granted, or "".
    """

    relations: frozenset[Relation]
    roles: frozenset[str]
    principals: frozenset[str]
    recusal: str


def principals_on(
    session: Session, person_id: str, day: date
) -> tuple[frozenset[str], list[PostRow]]:
    """Return the principals of a person on `day`, with the posts held then."""
    posts = list(
        session.scalars(
            sa.select(PostRow).where(
                PostRow.person_id == person_id,
                PostRow.valid_from <= day,
                sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
            )
        )
    )
    keys = {f"p:{person_id}"}
    for post in posts:
        keys.add(f"r:{post.authority_id}:{post.role}")
        if post.unit_id is not None:
            keys.add(f"u:{post.unit_id}:{post.role}")
    return frozenset(keys), posts


def standing_of(
    session: Session, person_id: str, case: CaseRow, roles: Mapping[RoleKey, Role], day: date
) -> Standing:
    """Return what `person_id` is to `case` on `day`.

    Args:
        session: The command's session.
        person_id: Whose standing.
        case: The case.
        roles: The roles of the case's procedure.
        day: The authority's civil day; posts count by it.
    """
    principals, posts = principals_on(session, person_id, day)
    held = {post.role for post in posts if post.authority_id == case.authority_id}
    parts = set(
        session.scalars(
            sa.select(Participant.role).where(
                Participant.case_id == case.id,
                Participant.person_id == person_id,
                Participant.until_at.is_(None),
            )
        )
    )
    relations = {OFFICES[role] for role in held if role in OFFICES}
    relations |= {OUTSIDERS[role] for role in parts if role in OUTSIDERS}
    offices = {str(key) for key, role in roles.items() if role.scope is not Scope.PARTICIPANT}
    if held & offices:
        relations.add(Relation.OFFICER)
    if parts - set(OUTSIDERS):
        relations.add(Relation.HANDLER)
    relations |= _by_work(session, person_id, case.id, principals)
    if session.scalar(
        sa.select(Account.id)
        .join(PersonRow, PersonRow.id == Account.person_id)
        .where(
            Account.person_id == person_id,
            Account.is_admin,
            Account.is_active,
            PersonRow.authority_id == case.authority_id,
        )
    ):
        relations.add(Relation.ADMINISTRATOR)
    states = set(
        session.scalars(
            sa.select(Recusal.state).where(
                Recusal.case_id == case.id,
                Recusal.person_id == person_id,
                Recusal.state.in_(BARRING),
            )
        )
    )
    recusal = next((state for state in reversed(BARRING) if state in states), "")
    return Standing(frozenset(relations), frozenset(held | parts), principals, recusal)


def _by_work(
    session: Session, person_id: str, case_id: str, principals: frozenset[str]
) -> set[Relation]:
    relations: set[Relation] = set()
    items = session.execute(
        sa.select(
            WorkItemRow.state,
            WorkItemRow.candidates,
            WorkItemRow.claimed_by,
            WorkItemRow.completed_by,
        ).where(
            WorkItemRow.case_id == case_id,
            sa.or_(
                WorkItemRow.state.in_(("open", "claimed")), WorkItemRow.completed_by == person_id
            ),
        )
    )
    for state, candidates, claimed_by, completed_by in items:
        if completed_by == person_id:
            relations.add(Relation.HANDLER)
        elif claimed_by == person_id:
            relations |= {Relation.CANDIDATE, Relation.HANDLER}
        elif state == "open" and not principals.isdisjoint(candidates):
            relations.add(Relation.CANDIDATE)
    return relations
