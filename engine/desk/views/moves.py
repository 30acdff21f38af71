"""A case on its diagram, for whoever administers: where it waits, where it could be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import names_of
from engine.desk.jumping import jumpers_of, open_targets
from engine.desk.moving import WAITING
from engine.desk.rights import Right
from engine.errors import NotFound
from engine.model.identifiers import RoleKey
from engine.model.texts import Text
from engine.store.tables import AuditEntry, CaseRow, WorkItemRow
from engine.workflow import LoadedVersion

MOST = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A step at which the case waits.

    Attributes:
        targets: Where it could be taken, names by element; empty where the actor may not.
    """

    item_id: str
    element: str
    name: str
    targets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that was made."""

    by: str
    at: datetime
    name: str
    to_name: str
    reasons: str


@dataclass(frozen=True, slots=True)
class CaseMoves:
    """A running case with what can be moved in it; nothing of its file.

    Attributes:
        process: The diagram that is shown: the procedure's own.
        jumpers: Titles of the roles that the procedure lets move work.
        may: Whether the actor holds one of them.
        moved: The newest first.
    """

    case_id: str
    number: str
    version_id: str
    procedure: Text
    process: str
    waiting: tuple[Waiting, ...]
    jumpers: tuple[Text, ...]
    may: bool
    moved: tuple[Moved, ...]


def case_moves(desk: Desk, number: str = "") -> CaseMoves | None:
    """Return where a case waits and where it could be taken; a query. None while none is chosen.

    Args:
        desk: Of an administrator.
        number: The case's number; hostile.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: The authority has no such case, or the actor may not know of it.
        Recused: A conflict of interest bars the actor.
    """
    desk.require_admin()
    if not number.strip():
        return None
    case = desk.session.scalar(
        sa.select(CaseRow).where(
            CaseRow.number == number.strip(), CaseRow.authority_id == desk.actor.authority_id
        )
    )
    if case is None:
        raise NotFound(number)
    held = desk.authorise(case, Right.JUMP).roles
    version = desk.version(case)
    jumpers = jumpers_of(desk, case)
    may = not held.isdisjoint(jumpers)
    items = desk.session.scalars(
        sa.select(WorkItemRow)
        .where(WorkItemRow.case_id == case.id, WorkItemRow.state.in_(WAITING))
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    ).all()
    return CaseMoves(
        case_id=case.id,
        number=case.number,
        version_id=case.version_id,
        procedure=version.rules.title,
        process=str(version.definition.process_id),
        waiting=tuple(
            Waiting(one.id, one.element, one.name, open_targets(desk, case, one) if may else {})
            for one in items
        ),
        jumpers=tuple(_title(version, role) for role in sorted(jumpers)),
        may=may,
        moved=_moved(desk, case),
    )


def _title(version: LoadedVersion, role: str) -> Text:
    known = version.rules.roles.get(RoleKey(role))
    return known.title if known is not None else Text(role)


def _moved(desk: Desk, case: CaseRow) -> tuple[Moved, ...]:
    rows = desk.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.case_id == case.id, AuditEntry.fact == Fact.WORK_JUMPED.value)
        .order_by(AuditEntry.sequence.desc())
        .limit(MOST)
    ).all()
    names = names_of(desk, {one.actor for one in rows})
    return tuple(
        Moved(
            names.get(one.actor, ""),
            one.recorded_at,
            str(one.details["name"]),
            str(one.details["to_name"]),
            str(one.details["reasons"]),
        )
        for one in rows
    )
