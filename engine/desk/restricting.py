"""The restrictions on a person, read from the sanctions in the register."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.errors import NotAllowed
from engine.model.restrictions import Restriction
from engine.store.tables import CaseRow, PersonRow, SanctionRow

PERSONNEL = frozenset({"personnel_dept", "personnel_officer"})
"""Roles (组织人事) that ask the register and keep what it answers."""
READERS = PERSONNEL | {"supervision_officer"}
"""Roles that read it. Administrators do not: whom sanctions concern is content."""
STANDS = ("in_force", "ended")
"""States of a sanction that was neither revoked nor changed."""


def require_personnel(desk: Desk) -> None:
    """Check that the actor holds a post in personnel at the authority.

    Raises:
        NotAllowed: It is somebody else.
    """
    if desk.roles_held().isdisjoint(PERSONNEL):
        raise NotAllowed("register.not_personnel")


def require_reader(desk: Desk) -> None:
    """Check that the actor may read the register of sanctions.

    Raises:
        NotAllowed: It is somebody else.
    """
    if desk.roles_held().isdisjoint(READERS):
        raise NotAllowed("register.not_reader")


def person_of_authority(desk: Desk, person_id: str) -> PersonRow:
    """Return a person of the actor's authority, whether serving, retired, moved or gone.

    Raises:
        NotFound: There is none.

    Source: SUP-025; S3 L27: 终身问责.
    """
    return desk.own(PersonRow, person_id)


def restrictions_on(desk: Desk, person_id: str) -> tuple[Restriction, ...]:
    """Return every restriction that stands or stood on a person, the oldest first.

    What was revoked, or changed by a later decision, is as if it had not been (C20).
    """
    rows = desk.session.execute(
        sa.select(SanctionRow, CaseRow.number)
        .outerjoin(CaseRow, CaseRow.id == SanctionRow.case_id)
        .where(
            SanctionRow.person_id == person_id,
            SanctionRow.state.in_(STANDS),
            SanctionRow.until.is_not(None),
            SanctionRow.effect != "",
        )
        .order_by(SanctionRow.effective_on, SanctionRow.id)
    )
    return tuple(_restriction(row, number or "") for row, number in rows)


def _restriction(row: SanctionRow, number: str) -> Restriction:
    zh = str(row.title.get("zh") or row.measure)
    return Restriction(
        kind=row.effect,
        begins_on=row.effective_on,
        last_day=row.until or row.effective_on,
        measure=row.measure,
        title=(zh, str(row.title.get("en") or zh)),
        source=row.source,
        case_number=number,
    )
