"""Cases as programs that speak Camunda's interface see them, without confidential values.

A program sees the cases that it serves as a worker, and those that its person sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engine.desk.advance import variables_of
from engine.desk.desk import Desk
from engine.desk.external import ATTACHED, without_secrets
from engine.desk.paper_bytes import paper_bytes
from engine.desk.rights import Relation, Right
from engine.desk.views.case_list import visible_cases
from engine.desk.views.definitions import MOST, definitions_of
from engine.desk.views.inbox import barred_cases
from engine.errors import NotFound
from engine.store.tables import Attachment, CaseRow, ExternalTask, Incident

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """A case, as programs name it."""

    case: CaseRow
    key: str
    number: int


def instances(
    desk: Desk,
    *,
    ids: Sequence[str] = (),
    business_key: str | None = None,
    procedure: str | None = None,
    version_id: str | None = None,
    is_over: bool | None = False,
    awaits: str | None = None,
) -> tuple[InstanceLine, ...]:
    """Return cases that the actor serves or sees, the newest first; at most `MOST`.

    Args:
        desk: Of a query.
        ids, business_key, procedure, version_id: Only those; a number of a case is a
            business key, too.
        is_over: Only closed, or only open ones; None for all.
        awaits: Only those that wait for a message of this name.
    """
    query = cases_for_programs(desk)
    if ids:
        query = query.where(CaseRow.id.in_(ids))
    if business_key is not None:
        query = query.where(
            sa.or_(CaseRow.business_key == business_key, CaseRow.number == business_key)
        )
    if procedure is not None:
        query = query.where(CaseRow.procedure == procedure)
    if version_id is not None:
        query = query.where(CaseRow.version_id == version_id)
    if is_over is not None:
        query = query.where(
            CaseRow.closed_at.is_not(None) if is_over else CaseRow.closed_at.is_(None)
        )
    rows = desk.session.scalars(query.order_by(CaseRow.opened_at.desc(), CaseRow.id).limit(MOST))
    found = [row for row in rows if awaits is None or awaits in row.awaited]
    names = definitions_of(desk, {row.version_id for row in found})
    return tuple(InstanceLine(row, *names[row.version_id]) for row in found)


def instance(desk: Desk, case_id: str) -> InstanceLine:
    """Return a case that the actor serves or sees.

    Raises:
        NotFound: There is none.
    """
    found = instances(desk, ids=[case_id], is_over=None)
    if not found:
        raise NotFound(case_id)
    return found[0]


def instance_variables(desk: Desk, case_id: str) -> dict[str, Any]:
    """Return the variables of a case that the actor serves, without confidential ones.

    Raises:
        NotFound, NotAllowed: There is no such case, or the actor may not serve it.
    """
    return without_secrets(variables_of(desk, _served(desk, case_id)))


def variable_file(desk: Desk, case_id: str, name: str) -> tuple[Attachment, bytes]:
    """Return the file that a variable of a case stands for.

    Raises:
        NotFound, NotAllowed: As `instance_variables` says, or the variable is no file, or
            it is not for programs.
    """
    case = _served(desk, case_id)
    value = case.variables.get(name)
    named = value.get(ATTACHED) if isinstance(value, dict) else None
    row = desk.session.get(Attachment, str(named)) if named else None
    if row is None or row.case_id != case.id or row.investigation_only:
        raise NotFound(name)
    return row, paper_bytes(desk, case.id, row.digest)


def open_incidents(desk: Desk, *, case_id: str = "") -> tuple[tuple[Incident, InstanceLine], ...]:
    """Return what stopped in cases that the actor serves; to administrators, in all.

    It is technical: elements and reasons, nothing of a case's content.
    """
    query = (
        sa.select(Incident, CaseRow)
        .join(CaseRow, CaseRow.id == Incident.case_id)
        .where(
            Incident.authority_id == desk.actor.authority_id,
            Incident.resolved_at.is_(None),
        )
        .order_by(Incident.happened_at, Incident.id)
        .limit(MOST)
    )
    if not desk.actor.is_admin:
        query = query.where(serves(desk))
    if case_id:
        query = query.where(Incident.case_id == case_id)
    rows = desk.session.execute(query).all()
    names = definitions_of(desk, {case.version_id for _, case in rows})
    return tuple((one, InstanceLine(case, *names[case.version_id])) for one, case in rows)


def serves(desk: Desk) -> sa.ColumnElement[bool]:
    """Return what holds of cases that the actor serves: as a worker, or as a rehearsal's own.

    Whoever is recused from a case, or whom it is about, serves it no more (SUP-013).
    """
    own = sa.and_(CaseRow.is_trial, CaseRow.opened_by == desk.actor.person_id)
    reach = own
    if Relation.WORKER.value in desk.roles_held():
        other = aliased(ExternalTask)
        external = sa.exists().where(other.case_id == CaseRow.id)
        free = CaseRow.id.not_in(barred_cases(desk))
        reach = sa.or_(own, sa.and_(~CaseRow.is_trial, external, free))
    return sa.and_(CaseRow.authority_id == desk.actor.authority_id, reach)


def cases_for_programs(desk: Desk) -> sa.Select[CaseRow]:
    """Return the query of cases that the actor serves or sees."""
    return sa.select(CaseRow).where(sa.or_(serves(desk), visible_cases(desk)))


def _served(desk: Desk, case_id: str) -> CaseRow:
    case = desk.session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(case_id)
    desk.authorise(case, Right.SERVE)
    return case
