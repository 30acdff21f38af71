"""Posts, the roles they hold, and the principals by which work is offered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from engine.model.identifiers import AuthorityId, PersonId, PostId, RoleKey, UnitId
from engine.model.texts import Text

Principal = NewType("Principal", str)
"""``p:<person>``, ``r:<authority>:<role>`` or ``u:<unit>:<role>``: who may take a work item."""


class Scope(StrEnum):
    """Where the holders of a role are looked for."""

    AUTHORITY = "authority"
    SUBJECT_UNIT = "subject_unit"
    UNIT_ABOVE = "unit_above"
    PARTICIPANT = "participant"


@dataclass(frozen=True, slots=True)
class Role:
    """What an office, or a part in a case, may do.

    Attributes:
        key: The role's name, as lanes and deadlines use it.
        title: What people call it.
        scope: Where its holders are looked for.
        outside: Its holders sign in to pages of their own (subject, reporter).
    """

    key: RoleKey
    title: Text
    scope: Scope = Scope.AUTHORITY
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """An office held by a person from one day to another.

    Attributes:
        roles: The roles that go with the office.
        valid_from: The first day in office.
        valid_to: The last day in office, counted in; None while it lasts.
    """

    id: PostId
    person: PersonId
    authority: AuthorityId
    unit: UnitId
    title: str
    roles: frozenset[RoleKey]
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"a post does not end on {self.valid_to}, before {self.valid_from}")

    def holds_on(self, day: date) -> bool:
        """Return whether the office is held on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def person_principal(person: PersonId) -> Principal:
    """Return the principal of one person."""
    return Principal(f"p:{person}")


def authority_principal(authority: AuthorityId, role: RoleKey) -> Principal:
    """Return the principal of everybody who holds `role` in `authority`."""
    return Principal(f"r:{authority}:{role}")


def unit_principal(unit: UnitId, role: RoleKey) -> Principal:
    """Return the principal of everybody who holds `role` in `unit`."""
    return Principal(f"u:{unit}:{role}")


def principals_of(person: PersonId, posts: Iterable[Post], day: date) -> frozenset[Principal]:
    """Return every principal that `person` stands for on `day`.

    Only posts of this person that are held on that day count; a post that has
    ended gives no right, even to work that was offered while it lasted.

    Source: design.md §4, Roles; proposed.
    """
    held = [post for post in posts if post.person == person and post.holds_on(day)]
    offices = (
        principal
        for post in held
        for role in post.roles
        for principal in (
            authority_principal(post.authority, role),
            unit_principal(post.unit, role),
        )
    )
    return frozenset({person_principal(person), *offices})


def candidates(
    role: Role,
    *,
    authority: AuthorityId,
    subject_units: Iterable[UnitId] = (),
    units_above: Iterable[UnitId] = (),
    participants: Iterable[PersonId] = (),
) -> frozenset[Principal]:
    """Return the principals to whom a work item of `role` is offered.

    Empty where the scope names nobody; the caller raises an incident, and the
    work item waits.

    Args:
        role: The role of the work item's lane or of its candidate groups.
        authority: The case's authority.
        subject_units: The units of the case's subjects.
        units_above: The units above those.
        participants: The persons who have this role in the case.
    """
    if role.scope is Scope.AUTHORITY:
        return frozenset({authority_principal(authority, role.key)})
    if role.scope is Scope.PARTICIPANT:
        return frozenset(map(person_principal, participants))
    units = subject_units if role.scope is Scope.SUBJECT_UNIT else units_above
    return frozenset(unit_principal(unit, role.key) for unit in units)
