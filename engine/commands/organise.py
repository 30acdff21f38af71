"""Set up an authority: its units, persons, posts, relations and log-ins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.indexing import index_person
from engine.desk.organisation import (
    account_state,
    must_be_open,
    note_account,
    person_name,
    person_title,
    unit_name,
    unit_state,
)
from engine.desk.settings import note_change, optional_reasons
from engine.errors import NotAllowed, Refusal
from engine.model.settings import Area
from engine.store.tables import Account, AuthorityRow, PersonRow, PostRow, RelationRow, UnitRow

if TYPE_CHECKING:
    from datetime import date

SERVING = "serving"
STATUSES = (SERVING, "left", "retired", "moved")


class AlreadyThere(Refusal):
    """There is one of that name already."""


class PostDatesWrong(Refusal):
    """A post cannot end before it began."""


def add_authority(
    desk: Desk, key: str, *, name: str, short_name: str, zone: str = "Asia/Shanghai"
) -> AuthorityRow:
    """Add an authority; only the platform itself does.

    Raises:
        NotAllowed: It is somebody else, an administrator of another authority included.
        AlreadyThere: There is one with this key.
    """
    if not desk.actor.is_system:
        raise NotAllowed("authority.system_only", key=key)
    if desk.session.scalar(sa.select(AuthorityRow.id).where(AuthorityRow.key == key)):
        raise AlreadyThere("authority.exists", key=key)
    authority = AuthorityRow(key=key, name=name, short_name=short_name, zone=zone)
    desk.session.add(authority)
    desk.session.flush()
    desk.record(None, Fact.AUTHORITY_ADDED, authority=authority.id, key=key, name=name)
    return authority


def add_unit(desk: Desk, name: str, *, parent_id: str | None = None, reasons: str = "") -> UnitRow:
    """Add a unit to the actor's authority, below another or at the top; `reasons` may say why.

    Raises:
        NotFound: There is no such unit at the authority to put it below.
        Refusal: The name is empty or too long, the unit above is closed, or the reasons are
            too long.
    """
    desk.require_admin()
    called = unit_name(name)
    if parent_id is not None:
        must_be_open(desk.own(UnitRow, parent_id))
    unit = UnitRow(authority_id=desk.actor.authority_id, name=called, parent_id=parent_id)
    desk.session.add(unit)
    desk.session.flush()
    desk.record(None, Fact.UNIT_ADDED, unit=unit.id, name=called, parent=parent_id)
    note_change(
        desk,
        Area.UNIT,
        unit.id,
        old={},
        new=unit_state(desk, unit),
        reasons=optional_reasons(reasons),
    )
    return unit


def add_person(
    desk: Desk,
    name: str,
    *,
    title: str = "",
    unit_id: str | None = None,
    level: str = "",
    status: str = SERVING,
) -> PersonRow:
    """Add a person to the actor's authority.

    Args:
        desk: Of an administrator.
        name: Of the person, in 1 to 100 characters.
        title: The post as people call it, in up to 100 characters; may be empty.
        unit_id: The unit, if any.
        level: The level of a cadre, by which measures are approved (SUP-070).
        status: One of `STATUSES`; whoever has left can still be held to account (SUP-025).

    Raises:
        NotFound: There is no such unit at the authority.
        Refusal: The name is empty or too long, the title is too long, the status is none, or
            the unit is closed.
    """
    desk.require_admin()
    _must_be_status(status)
    called, post = person_name(name), person_title(title)
    if unit_id is not None:
        must_be_open(desk.own(UnitRow, unit_id))
    person = PersonRow(
        authority_id=desk.actor.authority_id,
        name=called,
        title=post,
        unit_id=unit_id,
        level=level,
        status=status,
    )
    desk.session.add(person)
    desk.session.flush()
    index_person(desk, person)
    desk.record(None, Fact.PERSON_ADDED, person=person.id, unit=unit_id)
    return person


def describe_person(desk: Desk, person_id: str, *, level: str, status: str) -> PersonRow:
    """Say at what level a person is and whether still in service.

    Neither ends what a person answers for: cases are opened on persons who have left,
    retired or moved as on any other.

    Raises:
        NotFound: There is no such person at the authority.
        Refusal: The status is none.

    Source: SUP-025 终身问责, S3 L27; SUP-070.
    """
    desk.require_admin()
    _must_be_status(status)
    person = desk.own(PersonRow, person_id)
    before = (person.level, person.status)
    person.level, person.status = level.strip(), status
    desk.record(
        None,
        Fact.PERSON_CHANGED,
        person=person.id,
        level=person.level,
        status=person.status,
        before=list(before),
    )
    return person


def give_post(
    desk: Desk,
    person_id: str,
    role: str,
    *,
    valid_from: date,
    unit_id: str | None = None,
    title: str = "",
    valid_to: date | None = None,
    reasons: str = "",
) -> PostRow:
    """Give a person a post that carries a role, from a day on; `reasons` may say why.

    Raises:
        NotFound: There is no such person or unit at the authority.
        PostDatesWrong: It would end before it began.
        Refusal: The title has more than 100 characters, the unit is closed, or the reasons are
            too long.
    """
    desk.require_admin()
    person = desk.own(PersonRow, person_id)
    called = person_title(title)
    if valid_to is not None and valid_to < valid_from:
        raise PostDatesWrong("post.dates", first=str(valid_from), last=str(valid_to))
    if unit_id is not None:
        must_be_open(desk.own(UnitRow, unit_id))
    post = PostRow(
        authority_id=desk.actor.authority_id,
        unit_id=unit_id if unit_id is not None else person.unit_id,
        person_id=person.id,
        role=role,
        title=called,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    desk.session.add(post)
    desk.session.flush()
    index_person(desk, person)
    desk.record(
        None,
        Fact.POST_GIVEN,
        person=person.id,
        role=role,
        valid_from=str(valid_from),
        valid_to=str(valid_to) if valid_to else None,
    )
    note_change(
        desk,
        Area.POST,
        post.id,
        old={},
        new={"person": person.id, "role": role, "from": str(valid_from), "to": _day(valid_to)},
        reasons=optional_reasons(reasons),
        effective_on=valid_from,
    )
    return post


def end_post(desk: Desk, post_id: str, *, last_day: date, reasons: str = "") -> PostRow:
    """End a post with a last day; who held it keeps what was done in it.

    Args:
        desk: Of an administrator.
        post_id: Which.
        last_day: The last day on which it is held.
        reasons: Why, where it needs saying.

    Raises:
        NotFound: There is no such post at the authority.
        PostDatesWrong: It would end before it began.
    """
    return set_last_day(desk, post_id, last_day, reasons=reasons)


def set_last_day(desk: Desk, post_id: str, last_day: date | None, *, reasons: str) -> PostRow:
    """Let a post end on another day, or go on: None is a post that has no last day.

    Raises:
        NotFound, PostDatesWrong: As `end_post` says.
        Refusal: The reasons are too long.
    """
    desk.require_admin()
    post = desk.own(PostRow, post_id, lock=True)
    if last_day is not None and last_day < post.valid_from:
        raise PostDatesWrong("post.dates", first=str(post.valid_from), last=str(last_day))
    before, post.valid_to = post.valid_to, last_day
    desk.record(None, Fact.POST_ENDED, person=post.person_id, role=post.role, last=_day(last_day))
    held = {"person": post.person_id, "role": post.role, "from": str(post.valid_from)}
    note_change(
        desk,
        Area.POST,
        post.id,
        old={**held, "to": _day(before)},
        new={**held, "to": _day(last_day)},
        reasons=optional_reasons(reasons),
        effective_on=last_day,
    )
    return post


def relate(desk: Desk, person_id: str, other_id: str, *, kind: str, note: str = "") -> RelationRow:
    """Note a relation between two persons, such as kin or former superior (SUP-017).

    Raises:
        NotFound: One of them is not at the authority.
        AlreadyThere: The relation is noted already.
    """
    desk.require_admin()
    for one in (person_id, other_id):
        desk.own(PersonRow, one)
    known = sa.select(RelationRow.id).where(
        RelationRow.person_id == person_id,
        RelationRow.other_id == other_id,
        RelationRow.kind == kind,
    )
    if desk.session.scalar(known) is not None:
        raise AlreadyThere("relation.exists", kind=kind)
    relation = RelationRow(
        authority_id=desk.actor.authority_id,
        person_id=person_id,
        other_id=other_id,
        kind=kind,
        note=note,
    )
    desk.session.add(relation)
    desk.session.flush()
    desk.record(None, Fact.PERSON_CHANGED, person=person_id, relation=kind, other=other_id)
    return relation


def open_account(
    desk: Desk,
    person_id: str,
    name: str,
    *,
    password_hash: str = "",
    is_admin: bool = False,
    reasons: str = "",
) -> Account:
    """Give a person a log-in.

    Args:
        desk: Of an administrator.
        person_id: Whose it is.
        name: What is typed; unique on the platform.
        password_hash: Of `hash_password`; empty for one that cannot log in by password.
        is_admin: Whether it administers the platform of the authority.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotFound: There is no such person at the authority.
        AlreadyThere: The name is taken.
        Refusal: The reasons are too long.
    """
    desk.require_admin()
    person = desk.own(PersonRow, person_id)
    if desk.session.scalar(sa.select(Account.id).where(Account.name == name)):
        raise AlreadyThere("account.exists", name=name)
    account = Account(person_id=person.id, name=name, password=password_hash, is_admin=is_admin)
    desk.session.add(account)
    desk.session.flush()
    desk.record(None, Fact.ACCOUNT_CHANGED, person=person.id, account=name, admin=is_admin)
    note_account(desk, account, old={}, new=account_state(account), reasons=reasons)
    return account


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _must_be_status(status: str) -> None:
    if status not in STATUSES:
        raise Refusal("person.status_unknown", status=status, known="、".join(STATUSES))
