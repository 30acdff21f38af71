"""What somebody is to a case at this moment, read from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Iterable, Mapping
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

_KINDS = _POST, _PART, _ADMIN, _RECUSAL = ("post", "part", "admin", "recusal")
_NONE: sa.ColumnElement[str] = sa.literal_column("''")
_ROWS: sa.CompoundSelect[Any] = sa.union_all(
    sa.select(
        sa.literal_column(f"'{_POST}'").label("kind"),
        PostRow.role,
        PostRow.authority_id,
        PostRow.unit_id,
    ).where(
        PostRow.person_id == sa.bindparam("person"),
        PostRow.valid_from <= sa.bindparam("day"),
        sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= sa.bindparam("day")),
    ),
    sa.select(sa.literal_column(f"'{_PART}'"), Participant.role, _NONE, _NONE).where(
        Participant.case_id == sa.bindparam("case"),
        Participant.person_id == sa.bindparam("person"),
        Participant.until_at.is_(None),
    ),
    sa.select(sa.literal_column(f"'{_ADMIN}'"), Account.id, _NONE, _NONE)
    .join(PersonRow, PersonRow.id == Account.person_id)
    .where(
        Account.person_id == sa.bindparam("person"),
        Account.is_admin,
        Account.is_active,
        PersonRow.authority_id == sa.bindparam("authority"),
    ),
    sa.select(sa.literal_column(f"'{_RECUSAL}'"), Recusal.state, _NONE, _NONE).where(
        Recusal.case_id == sa.bindparam("case"),
        Recusal.person_id == sa.bindparam("person"),
        Recusal.state.in_(BARRING),
    ),
)
"""What the rows say of a person and a case, in one question: it is asked in every command."""

_WORK = sa.select(
    WorkItemRow.state,
    WorkItemRow.candidates,
    WorkItemRow.claimed_by,
    WorkItemRow.completed_by,
).where(
    WorkItemRow.case_id == sa.bindparam("case"),
    sa.or_(
        WorkItemRow.state.in_(("open", "claimed")),
        WorkItemRow.completed_by == sa.bindparam("person"),
    ),
)


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
    return _principals(person_id, posts), posts


def _principals(person_id: str, posts: Iterable[Any]) -> frozenset[str]:
    """Return the principals of a person who holds `posts`, or rows with their columns."""
    keys = {f"p:{person_id}"}
    for post in posts:
        keys.add(f"r:{post.authority_id}:{post.role}")
        if post.unit_id is not None:
            keys.add(f"u:{post.unit_id}:{post.role}")
    return frozenset(keys)


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
    known = {"person": person_id, "day": day, "case": case.id, "authority": case.authority_id}
    found: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for row in session.execute(_ROWS, known):
        found[row.kind].append(row)
    posts = found[_POST]
    principals = _principals(person_id, posts)
    held = {post.role for post in posts if post.authority_id == case.authority_id}
    parts = {row.role for row in found[_PART]}
    relations = {OFFICES[role] for role in held if role in OFFICES}
    relations |= {OUTSIDERS[role] for role in parts if role in OUTSIDERS}
    offices = {str(key) for key, role in roles.items() if role.scope is not Scope.PARTICIPANT}
    if held & offices:
        relations.add(Relation.OFFICER)
    if parts - set(OUTSIDERS):
        relations.add(Relation.HANDLER)
    relations |= _by_work(session, person_id, case.id, principals)
    if found[_ADMIN]:
        relations.add(Relation.ADMINISTRATOR)
    states = {row.role for row in found[_RECUSAL]}
    recusal = next((state for state in reversed(BARRING) if state in states), "")
    return Standing(frozenset(relations), frozenset(held | parts), principals, recusal)


def _by_work(
    session: Session, person_id: str, case_id: str, principals: frozenset[str]
) -> set[Relation]:
    relations: set[Relation] = set()
    items = session.execute(_WORK, {"case": case_id, "person": person_id})
    for state, candidates, claimed_by, completed_by in items:
        if completed_by == person_id:
            relations.add(Relation.HANDLER)
        elif claimed_by == person_id:
            relations |= {Relation.CANDIDATE, Relation.HANDLER}
        elif state == "open" and not principals.isdisjoint(candidates):
            relations.add(Relation.CANDIDATE)
    return relations
