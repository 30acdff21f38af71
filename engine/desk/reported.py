"""A report never goes to the reported, nor to the reported one's unit (SUP-013)."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.conflicts import conflicts_of
from engine.desk.desk import Desk
from engine.desk.holders import SUBJECT, participants
from engine.desk.rights import Right, permits
from engine.errors import NotAllowed
from engine.store.tables import CaseRow, PersonRow, PostRow, UnitRow

SOURCE = "SUP-013"


class GoesToReported(NotAllowed):
    """What was reported would reach the person it speaks of, or that person's unit."""


def must_not_reach_reported(desk: Desk, case: CaseRow, person_id: str) -> None:
    """Refuse to let material of a case reach its subject, or somebody of the subject's unit.

    Raises:
        GoesToReported: The person is one of them.

    Source: S4范文4§9(六); SUP-013.
    """
    subjects = participants(desk, case, SUBJECT)
    if person_id in subjects:
        raise GoesToReported("reported.person", rule=SOURCE, case=case.number)
    if units_of(desk, [person_id]) & units_of(desk, subjects):
        raise GoesToReported("reported.unit", rule=SOURCE, case=case.number)


def must_not_reach_unit(desk: Desk, case: CaseRow, name: str) -> None:
    """Refuse to send material of a case to an organ that is the subject's unit, by its name.

    Raises:
        GoesToReported: It is.

    Source: S4范文4§9(六); SUP-013.
    """
    units = units_of(desk, participants(desk, case, SUBJECT))
    names = desk.session.scalars(sa.select(UnitRow.name).where(UnitRow.id.in_(units)))
    if name.strip() in set(names):
        raise GoesToReported("reported.unit", rule=SOURCE, case=case.number)


def may_read(desk: Desk, case: CaseRow, person_id: str, right: Right) -> bool:
    """Return whether somebody may be told of a case: has the right, and no conflict in it."""
    standing = desk.standing(case, person_id)
    if standing.recusal or not permits(right, standing.relations):
        return False
    if person_id in participants(desk, case, SUBJECT):
        return False
    return not conflicts_of(desk, case, person_id)


def units_of(desk: Desk, people: list[str]) -> set[str]:
    """Return the units that people belong to, by person and by the posts they hold today."""
    day = desk.today()
    own = desk.session.scalars(sa.select(PersonRow.unit_id).where(PersonRow.id.in_(people)))
    held = desk.session.scalars(
        sa.select(PostRow.unit_id).where(
            PostRow.person_id.in_(people),
            PostRow.valid_from <= day,
            sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
        )
    )
    return {unit for unit in (*own, *held) if unit}
