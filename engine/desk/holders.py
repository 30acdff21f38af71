"""Whom a role means in a case: the principals it is offered to, the people behind them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

import bpmn
from engine.desk.desk import Desk
from engine.desk.organs import organ_for
from engine.model.identifiers import AuthorityId, PersonId, RoleKey, UnitId
from engine.model.roles import Role, Scope, candidates, person_principal
from engine.model.texts import Text
from engine.store.prepared import Prepared
from engine.store.tables import CaseRow, Participant, PersonRow, PostRow, UnitRow
from engine.store.waiting import asked

SUBJECT = "subject"

_PARTICIPANTS = Prepared(
    sa.select(Participant.person_id)
    .where(
        Participant.case_id == sa.bindparam("case"),
        Participant.role == sa.bindparam("role"),
        Participant.until_at.is_(None),
    )
    .order_by(Participant.since_at, Participant.id)
)
_HOLDERS = sa.select(PostRow.person_id).where(
    PostRow.role == sa.bindparam("role"),
    PostRow.valid_from <= sa.bindparam("day"),
    sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= sa.bindparam("day")),
)
_AT_AUTHORITY = Prepared(_HOLDERS.where(PostRow.authority_id == sa.bindparam("place")))
_IN_UNIT = Prepared(_HOLDERS.where(PostRow.unit_id == sa.bindparam("place")))


@dataclass(frozen=True, slots=True)
class Offer:
    """To whom a work item is offered.

    Attributes:
        role: The role, where one is meant; several are joined by `,`.
        principals: Sorted; empty where the role's scope names nobody.
    """

    role: str
    principals: tuple[str, ...]


def offer_of(desk: Desk, case: CaseRow, item: bpmn.Item) -> Offer:
    """Return to whom `item` is offered now.

    Persons named on the element go first, then its candidate groups, then its
    lane's role. Nobody but who began it is troubled with the work of a rehearsal.

    Source: design.md §4, Roles.
    """
    if case.is_trial:
        return Offer("", (str(person_principal(PersonId(case.opened_by))),))
    version = desk.version(case)
    named = [one for one in (item.assignee, *item.candidate_users) if one]
    groups = list(item.candidate_groups)
    if not named and not groups:
        lane = version.role_of_lane(item.process, item.lane)
        groups = [lane] if lane else []
    principals = {str(person_principal(PersonId(one))) for one in named}
    for group in groups:
        principals |= principals_of_role(desk, case, group)
    return Offer(",".join(groups), tuple(sorted(principals)))


def principals_of_role(desk: Desk, case: CaseRow, role_key: str) -> frozenset[str]:
    """Return the principals that hold a role in `case`, by the role's declared scope.

    Of an organ that was recused, those of the one that stands in.
    """
    role_key = organ_for(case, role_key)
    key = RoleKey(role_key)
    role = desk.version(case).rules.roles.get(key) or Role(key, Text(role_key))
    units: list[str] = []
    parts: list[str] = []
    if role.scope in {Scope.SUBJECT_UNIT, Scope.UNIT_ABOVE}:
        units = _subject_units(desk, case, is_above=role.scope is Scope.UNIT_ABOVE)
    elif role.scope is Scope.PARTICIPANT:
        parts = participants(desk, case, role_key)
    return frozenset(
        candidates(
            role,
            authority=AuthorityId(case.authority_id),
            subject_units=[UnitId(unit) for unit in units],
            units_above=[UnitId(unit) for unit in units],
            participants=[PersonId(one) for one in parts],
        )
    )


def participants(desk: Desk, case: CaseRow, role_key: str) -> list[str]:
    """Return the persons who have a part in `case` now, in the order they got it."""
    known = {"case": case.id, "role": role_key}
    return [person for (person,) in asked(desk.session, _PARTICIPANTS, known, Participant)]


def people_behind(desk: Desk, case: CaseRow, principals: Iterable[str]) -> list[str]:
    """Return the persons who stand behind principals today; sorted, each once."""
    day = desk.calendar(case.authority_id).day_of(desk.now())
    return sorted({one for principal in principals for one in _holding_on(desk, principal, day)})


def holding(desk: Desk, principal: str) -> list[str]:
    """Return the persons who stand behind one principal today; sorted."""
    return sorted(_holding_on(desk, principal, desk.today()))


def _holding_on(desk: Desk, principal: str, day: date) -> set[str]:
    kind, _, rest = principal.partition(":")
    if kind == "p":
        return {rest}
    place, _, role = rest.partition(":")
    holders = _AT_AUTHORITY if kind == "r" else _IN_UNIT
    known = {"place": place, "role": role, "day": day}
    return {person for (person,) in asked(desk.session, holders, known, PostRow)}


def people_in_role(desk: Desk, case: CaseRow, role_key: str) -> list[str]:
    """Return the persons who hold a role in `case` today."""
    return people_behind(desk, case, principals_of_role(desk, case, role_key))


def names_of(desk: Desk, people: Collection[str]) -> dict[str, str]:
    """Return names by person id."""
    rows = desk.session.execute(
        sa.select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(set(people)))
    )
    return {row.id: row.name for row in rows}


def add_participant(desk: Desk, case: CaseRow, person_id: str, role_key: str) -> bool:
    """Give a person a part in `case`; return whether it is a new one."""
    row = desk.session.scalar(
        sa.select(Participant).where(
            Participant.case_id == case.id,
            Participant.person_id == person_id,
            Participant.role == role_key,
        )
    )
    if row is not None and row.until_at is None:
        return False
    if row is None:
        desk.session.add(
            Participant(
                authority_id=case.authority_id,
                case_id=case.id,
                person_id=person_id,
                role=role_key,
                since_at=desk.now(),
            )
        )
    else:
        row.since_at, row.until_at = desk.now(), None
    desk.session.flush()
    desk.forget_standing(case)
    return True


def _subject_units(desk: Desk, case: CaseRow, *, is_above: bool) -> list[str]:
    """Return the units of the subjects, or those above them."""
    column = UnitRow.parent_id if is_above else UnitRow.id
    found = desk.session.scalars(
        sa.select(column)
        .join(PersonRow, PersonRow.unit_id == UnitRow.id)
        .join(Participant, Participant.person_id == PersonRow.id)
        .where(Participant.case_id == case.id, Participant.role == SUBJECT)
    )
    return sorted({unit for unit in found if unit})
