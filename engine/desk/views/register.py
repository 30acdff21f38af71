"""The register of persons: posts, relations and log-ins, for administrators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.errors import EngineError, NotFound
from engine.model.roles import Scope
from engine.model.texts import Text
from engine.store.queries.conditions import holds
from engine.store.tables import Account, PersonRow, PostRow, RelationRow, UnitRow, VersionRow

MOST = 200
PLATFORM_ROLES = {
    "platform_admin": Text("平台管理员", "Administrator"),
    "process_designer": Text("流程设计员", "Process designer"),
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list, with the roles held today."""

    id: str
    name: str
    title: str
    unit: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A page of the register, by name; `after` opens the next one, "" on the last."""

    lines: tuple[PersonLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person with everything the register holds.

    Attributes:
        posts: The newest first, those that ended too.
        relations: Kind, the other's name and id, the note.
    """

    row: PersonRow
    unit: str
    posts: tuple[tuple[PostRow, str], ...]
    relations: tuple[tuple[str, str, str, str], ...]
    accounts: tuple[Account, ...]


def people(desk: Desk, *, search: str = "", after: str = "", limit: int = 50) -> PersonPage:
    """Return the authority's persons by name.

    Args:
        desk: Of an administrator.
        search: In name and title.
        after: The `after` of the page before: name and id of its last line.
        limit: Lines on a page, 1 to 200.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    limit = min(max(limit, 1), MOST)
    query = (
        sa.select(PersonRow, UnitRow.name)
        .outerjoin(UnitRow, UnitRow.id == PersonRow.unit_id)
        .where(PersonRow.authority_id == desk.actor.authority_id)
        .order_by(PersonRow.name, PersonRow.id)
    )
    if search.strip():
        query = query.where(holds(search, PersonRow.name, PersonRow.title))
    if after:
        name, _, person_id = after.rpartition("|")
        query = query.where(
            sa.tuple_(PersonRow.name, PersonRow.id)
            > sa.tuple_(sa.literal(name), sa.literal(person_id))
        )
    found = desk.session.execute(query.limit(limit + 1)).all()
    held = _held(desk, [row[0].id for row in found[:limit]])
    lines = tuple(
        PersonLine(one.id, one.name, one.title, unit or "", held.get(one.id, ()))
        for one, unit in found[:limit]
    )
    last = lines[-1] if len(found) > limit else None
    return PersonPage(lines, f"{last.name}|{last.id}" if last is not None else "")


def person_card(desk: Desk, person_id: str) -> PersonCard:
    """Return a person of the authority.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: There is none.
    """
    desk.require_admin()
    row = desk.session.get(PersonRow, person_id)
    if row is None or row.authority_id != desk.actor.authority_id:
        raise NotFound(person_id)
    names = {one.id: one.name for one in every_unit(desk)}
    posts = desk.session.scalars(
        sa.select(PostRow)
        .where(PostRow.person_id == person_id)
        .order_by(PostRow.valid_from.desc(), PostRow.id.desc())
    )
    accounts = desk.session.scalars(
        sa.select(Account).where(Account.person_id == person_id).order_by(Account.name)
    )
    return PersonCard(
        row=row,
        unit=names.get(row.unit_id or "", ""),
        posts=tuple((one, names.get(one.unit_id or "", "")) for one in posts),
        relations=tuple(_relations(desk, person_id)),
        accounts=tuple(accounts),
    )


def units(desk: Desk) -> list[UnitRow]:
    """Return the open units of the authority, by name; for a choice."""
    return [one for one in every_unit(desk) if one.closed_on is None]


def every_unit(desk: Desk) -> list[UnitRow]:
    """Return the units of the authority, by name, the closed ones too."""
    return list(
        desk.session.scalars(
            sa.select(UnitRow)
            .where(UnitRow.authority_id == desk.actor.authority_id)
            .order_by(UnitRow.name, UnitRow.id)
        )
    )


def everybody(desk: Desk) -> list[tuple[str, str]]:
    """Return id and name of the authority's persons, by name; for a choice.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    rows = desk.session.execute(
        sa.select(PersonRow.id, PersonRow.name, PersonRow.title)
        .where(PersonRow.authority_id == desk.actor.authority_id)
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [(row.id, f"{row.name} {row.title}".strip()) for row in rows]


def roles_known(desk: Desk) -> dict[str, Text]:
    """Return the roles that a post may carry: of the platform and of every published procedure.

    A part in a case is no post.
    """
    roles = dict(PLATFORM_ROLES)
    versions = desk.session.scalars(
        sa.select(VersionRow.id)
        .where(VersionRow.authority_id == desk.actor.authority_id, VersionRow.state == "published")
        .order_by(VersionRow.procedure, VersionRow.number)
    )
    for version_id in list(versions):
        try:
            rules = desk.office.versions.get(desk.session, version_id).rules
        except EngineError:
            continue  # a version that no longer loads names no roles; its page says why
        for role in rules.roles.values():
            if role.scope is not Scope.PARTICIPANT:
                roles[str(role.key)] = role.title
    return roles


def _held(desk: Desk, people_ids: list[str]) -> dict[str, tuple[str, ...]]:
    today = desk.today()
    rows = desk.session.execute(
        sa.select(PostRow.person_id, PostRow.role)
        .where(
            PostRow.person_id.in_(people_ids),
            PostRow.valid_from <= today,
            sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= today),
        )
        .order_by(PostRow.role)
    )
    held: dict[str, tuple[str, ...]] = {}
    for row in rows:
        held[row.person_id] = (*held.get(row.person_id, ()), row.role)
    return held


def _relations(desk: Desk, person_id: str) -> Iterator[tuple[str, str, str, str]]:
    rows = desk.session.scalars(
        sa.select(RelationRow).where(
            sa.or_(RelationRow.person_id == person_id, RelationRow.other_id == person_id)
        )
    )
    for row in list(rows):
        other = row.other_id if row.person_id == person_id else row.person_id
        name = desk.session.get_one(PersonRow, other).name
        yield row.kind, name, other, row.note
