"""Which procedures somebody may register a clue under."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.model.procedure_rules import ProcedureRules
from engine.store.tables import VersionRow
from engine.store.versions import version_in_force

REPORTER = "reporter"


@dataclass(frozen=True, slots=True)
class Registrable:
    """A procedure in force under which the reader may register.

    Attributes:
        procedure: Its id.
        version_id: The version that a case opened today begins with.
        number: Of that version.
        rules: Of that version.
    """

    procedure: str
    version_id: str
    number: int
    rules: ProcedureRules


def registrable(desk: Desk) -> tuple[Registrable, ...]:
    """Return the procedures in force under which the actor may register, by their id.

    Where reporters may, everybody with a log-in may, as a reporter.

    Source: each procedure's own `start.roles`.
    """
    known = desk.session.scalars(
        sa.select(VersionRow.procedure)
        .where(VersionRow.authority_id == desk.actor.authority_id, VersionRow.state == "published")
        .distinct()
        .order_by(VersionRow.procedure)
    )
    held = desk.roles_held()
    found = []
    for procedure in list(known):
        row = version_in_force(desk.session, desk.actor.authority_id, procedure, desk.today())
        if row is None:
            continue
        version = desk.office.versions.get(desk.session, row.id)
        start = version.rules.start
        if start is not None and (REPORTER in start.roles or not held.isdisjoint(start.roles)):
            found.append(Registrable(procedure, row.id, row.number, version.rules))
    return tuple(found)
