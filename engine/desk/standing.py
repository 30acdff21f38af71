"""What somebody is to a case at this moment, read from the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from engine.desk.organs import organ_for, replaced_organs
from engine.desk.rights import Relation
from engine.model.roles import Scope
from engine.store.prepared import Prepared, literals
from engine.store.supervising import grant_covering
from engine.store.tables import (
    Account,
    CaseRow,
    Participant,
    PersonRow,
    PostRow,
    Recusal,
    SignatureRequest,
    Substitution,
    WorkItemRow,
)
from engine.store.waiting import asked

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
    Relation.WORKER.value: Relation.WORKER,
}
OUTSIDERS = {
    Relation.SUBJECT.value: Relation.SUBJECT,
    Relation.REPORTER.value: Relation.REPORTER,
}
EXTERNAL = "external"
BARRING = ("pending", "granted")

_KINDS = _POST, _PART, _ADMIN, _RECUSAL, _DEPUTY, _SIGNER = (
    "post",
    "part",
    "admin",
    "recusal",
    "deputy",
    "signer",
)
_NONE: sa.ColumnElement[str] = sa.literal_column("''")


_ROWS = Prepared(
    sa.union_all(
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
            Recusal.state.in_(literals(*BARRING)),
        ),
        sa.select(
            sa.literal_column(f"'{_DEPUTY}'"),
            Substitution.role,
            Substitution.person_id,
            Substitution.procedure,
        ).where(
            Substitution.deputy_id == sa.bindparam("person"),
            Substitution.valid_from <= sa.bindparam("day"),
            Substitution.valid_to >= sa.bindparam("day"),
            Substitution.ended_at.is_(None),
        ),
        sa.select(
            sa.literal_column(f"'{_SIGNER}'"),
            SignatureRequest.state,
            SignatureRequest.work_item_id,
            _NONE,
        ).where(
            SignatureRequest.case_id == sa.bindparam("case"),
            SignatureRequest.person_id == sa.bindparam("person"),
            SignatureRequest.state != "dropped",
        ),
    )
)
"""What the rows say of a person and a case, in one question: it is asked in every command."""

_OF = (PostRow, Participant, Account, PersonRow, Recusal, Substitution, SignatureRequest)
_WORK_COLUMNS = (
    WorkItemRow.state,
    WorkItemRow.candidates,
    WorkItemRow.claimed_by,
    WorkItemRow.completed_by,
    WorkItemRow.role,
)
_WAITS = WorkItemRow.state.in_(literals("open", "claimed"))
_IN_CASE = WorkItemRow.case_id == sa.bindparam("case")
_ONE_DONE = (  # of however many that somebody has done in the case
    sa.select(*_WORK_COLUMNS)
    .where(
        _IN_CASE,
        ~_WAITS,
        WorkItemRow.completed_by == sa.bindparam("person"),
        WorkItemRow.kind != EXTERNAL,  # a program's work shows it nothing of the file
    )
    .limit(1)
    .subquery()
)
_WORK = Prepared(
    sa.union_all(sa.select(*_WORK_COLUMNS).where(_IN_CASE, _WAITS), sa.select(*_ONE_DONE.c))
)


class _Said(NamedTuple):
    """A row of any kind; a deputy's `authority_id` is for whom, `unit_id` in which procedure."""

    role: str
    authority_id: str
    unit_id: str | None


@dataclass(frozen=True, slots=True)
class Deputy:
    """That somebody acts for another today, in this case's procedure (代理).

    Attributes:
        person_id: For whom.
        role: Only for what is offered to this role; empty for all.
    """

    person_id: str
    role: str = ""

    def stands_in(self, roles: str, claimed_by: str | None, candidates: Iterable[str]) -> bool:
        """Return whether an item of these comma-separated roles is one of the other's."""
        if self.role and self.role not in roles.split(","):
            return False
        if claimed_by is not None:
            return claimed_by == self.person_id
        return f"p:{self.person_id}" in candidates


@dataclass(frozen=True, slots=True)
class Standing:
    """What one person is to one case.

    Attributes:
        relations: The relations that rights are looked up for.
        roles: The roles held today at the case's authority, and as a participant.
        principals: The keys by which work is offered to this person.
        recusal: The state of a recusal that bars contact: pending, granted, or "".
        deputy_for: For whom the person acts today in the case's procedure.
    """

    relations: frozenset[Relation]
    roles: frozenset[str]
    principals: frozenset[str]
    recusal: str
    deputy_for: tuple[Deputy, ...] = ()


_POSTS_HELD = sa.select(PostRow).where(
    PostRow.person_id == sa.bindparam("person"),
    PostRow.valid_from <= sa.bindparam("day"),
    sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= sa.bindparam("day")),
)


def principals_on(
    session: Session, person_id: str, day: date
) -> tuple[frozenset[str], list[PostRow]]:
    """Return the principals of a person on `day`, with the posts held then."""
    posts = list(session.scalars(_POSTS_HELD, {"person": person_id, "day": day}))
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
    session: Session,
    person_id: str,
    case: CaseRow,
    roles: Mapping[RoleKey, Role],
    day: date,
    *,
    deputies_vote: bool = False,
) -> Standing:
    """Return what `person_id` is to `case` on `day`.

    Args:
        session: The command's session.
        person_id: Whose standing.
        case: The case.
        roles: The roles of the case's procedure.
        day: The authority's civil day; posts count by it.
        deputies_vote: The procedure lets a deputy vote for a member of a body.
    """
    known = {"person": person_id, "day": day, "case": case.id, "authority": case.authority_id}
    found: dict[str, list[_Said]] = {kind: [] for kind in _KINDS}
    for kind, *said in asked(session, _ROWS, known, *_OF):
        found[kind].append(_Said(*said))
    gone = replaced_organs(case)  # an organ that was recused is nobody here. Source: S3 L51
    posts = [
        post
        for post in found[_POST]
        if not (post.authority_id == case.authority_id and post.role in gone)
    ]
    principals = _principals(person_id, posts)
    held = {post.role for post in posts if post.authority_id == case.authority_id}
    held |= {organ for organ in gone if organ_for(case, organ) in held}
    parts = {row.role for row in found[_PART]}
    relations = _by_name(held, parts)
    if _watches_from_above(session, case, posts, day):
        relations.add(Relation.SUPERIOR)
    if held & _offices(roles):
        relations.add(Relation.OFFICER)
    if case.is_trial:  # a rehearsal is for who began it, and no program does it for real
        relations.discard(Relation.WORKER)
        if case.opened_by == person_id:
            relations |= {Relation.OFFICER, Relation.WORKER}
    if parts - set(OUTSIDERS):
        relations |= {Relation.HANDLER, Relation.TEAM}
    deputy_for = tuple(
        Deputy(row.authority_id, row.role)
        for row in found[_DEPUTY]
        if row.unit_id in {"", case.procedure}
    )
    relations |= _by_work(session, person_id, case.id, principals, deputy_for)
    if _may_vote_for(session, case.id, deputy_for if deputies_vote else (), day):
        relations.add(Relation.CANDIDATE)
    for row in found[_SIGNER]:
        relations.add(Relation.CANDIDATE if row.role == "asked" else Relation.HANDLER)
    if found[_ADMIN]:
        relations.add(Relation.ADMINISTRATOR)
    relations = _of_a_subject(session, relations, person_id, case.id)
    states = {row.role for row in found[_RECUSAL]}
    recusal = next((state for state in reversed(BARRING) if state in states), "")
    return Standing(frozenset(relations), frozenset(held | parts), principals, recusal, deputy_for)


def _of_a_subject(
    session: Session, relations: set[Relation], person_id: str, case_id: str
) -> set[Relation]:
    """Return what is left of relations where somebody is the subject.

    A report never goes to the reported, whatever posts that person holds (SUP-013).
    """
    if Relation.SUBJECT not in relations:
        return relations
    own = _by_work(session, person_id, case_id, frozenset({f"p:{person_id}"}), ())
    return (relations & set(OUTSIDERS.values())) | (own & {Relation.CANDIDATE})


def _by_name(held: set[str], parts: set[str]) -> set[Relation]:
    """Return the relations that posts and parts of certain names give."""
    return {OFFICES[role] for role in held if role in OFFICES} | {
        OUTSIDERS[role] for role in parts if role in OUTSIDERS
    }


def _offices(roles: Mapping[RoleKey, Role]) -> set[str]:
    """Return the roles that are held by a post, not by a part in a case."""
    return {str(key) for key, role in roles.items() if role.scope is not Scope.PARTICIPANT}


def _watches_from_above(session: Session, case: CaseRow, posts: Iterable[Any], day: date) -> bool:
    """Return whether one of the posts is supervision above, which is let watch over the case."""
    above = {
        post.authority_id
        for post in posts
        if post.role == Relation.SUPERVISION.value and post.authority_id != case.authority_id
    }
    return bool(above) and grant_covering(session, case, above, day) is not None


def _may_vote_for(session: Session, case_id: str, deputy_for: Iterable[Deputy], day: date) -> bool:
    """Return whether a body is to decide now in which one of those sits for whom one acts."""
    deputies = tuple(deputy_for)
    if not deputies:
        return False
    items = session.execute(
        sa.select(WorkItemRow.role, WorkItemRow.candidates, WorkItemRow.properties).where(
            WorkItemRow.case_id == case_id, WorkItemRow.state.in_(("open", "claimed"))
        )
    ).all()
    bodies = [one for one in items if one.properties.get("act") == "collective"]
    for deputy in deputies if bodies else ():
        principals, _posts = principals_on(session, deputy.person_id, day)
        for body in bodies:
            fits = not deputy.role or deputy.role in body.role.split(",")
            if fits and not principals.isdisjoint(body.candidates):
                return True
    return False


def _by_work(
    session: Session,
    person_id: str,
    case_id: str,
    principals: frozenset[str],
    deputy_for: Iterable[Deputy],
) -> set[Relation]:
    relations: set[Relation] = set()
    items = asked(session, _WORK, {"case": case_id, "person": person_id}, WorkItemRow)
    for state, candidates, claimed_by, completed_by, roles in items:
        if completed_by == person_id:
            relations.add(Relation.HANDLER)
        elif claimed_by == person_id:
            relations |= {Relation.CANDIDATE, Relation.HANDLER}
        elif (state == "open" and not principals.isdisjoint(candidates)) or any(
            one.stands_in(roles, claimed_by, candidates) for one in deputy_for
        ):
            relations.add(Relation.CANDIDATE)
    return relations
