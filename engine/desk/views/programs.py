"""What programs that speak Camunda's interface see: definitions, instances, tasks, history.

Confidential values are never among it; cases, as far as the actor serves or sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engine.desk.advance import variables_of
from engine.desk.desk import Desk
from engine.desk.external import ATTACHED, without_secrets
from engine.desk.rights import Relation, Right
from engine.desk.trials import TRIAL
from engine.desk.views.case_list import visible_cases
from engine.desk.views.published import DESIGNERS, must_design, title_of
from engine.errors import NotFound
from engine.store.tables import (
    Attachment,
    CamundaDefinition,
    CamundaDeployment,
    CaseRow,
    ExternalTask,
    Incident,
    ProcedureFile,
    VersionRow,
    WorkItemRow,
)
from engine.store.versions import version_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST = 1_000
"""How many rows a query gives at most."""


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """A process that programs may begin.

    Attributes:
        key: The id of the process as it was drawn; the procedure's where it is published.
        number: Counted from 1, rehearsals apart from published versions.
        is_trial: Nobody has approved it: its cases only rehearse.
    """

    version_id: str
    key: str
    name: str
    number: int
    procedure: str
    resource: str
    deployment_id: str
    is_trial: bool
    is_retired: bool


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """A case, as programs name it."""

    case: CaseRow
    key: str
    number: int


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A step of a case for a person or a worker.

    Attributes:
        external: What a worker has of it; None for a person's.
    """

    item: WorkItemRow
    case: CaseRow
    key: str
    number: int
    external: ExternalTask | None = None


def definitions(desk: Desk) -> tuple[DefinitionLine, ...]:
    """Return the published versions of the authority, and to designers those for rehearsals.

    Those of one key stand together, the newest first; published ones before rehearsals.
    """
    states = ["published", "retired"]
    if designs(desk):
        states.append(TRIAL)
    rows = desk.session.execute(
        sa.select(VersionRow, CamundaDefinition)
        .outerjoin(CamundaDefinition, CamundaDefinition.version_id == VersionRow.id)
        .where(VersionRow.authority_id == desk.actor.authority_id, VersionRow.state.in_(states))
        .order_by(VersionRow.procedure, VersionRow.drafted_at.desc(), VersionRow.id.desc())
    )
    lines = [_line(desk, row, made) for row, made in rows]
    return tuple(sorted(lines, key=lambda one: (one.procedure, one.is_trial, -one.number)))


def designs(desk: Desk) -> bool:
    """Return whether the actor designs procedures or administers the platform."""
    return desk.actor.is_admin or not desk.roles_held().isdisjoint(DESIGNERS)


def definition(desk: Desk, version_id: str) -> DefinitionLine:
    """Return one definition.

    Raises:
        NotFound: There is none for the actor.
    """
    found = next((one for one in definitions(desk) if one.version_id == version_id), None)
    if found is None:
        raise NotFound(version_id)
    return found


def definition_in_force(desk: Desk, procedure: str) -> DefinitionLine:
    """Return what a case of a procedure begins with today: what is in force goes first.

    Raises:
        NotFound: Nothing is in force, and nothing may be rehearsed by the actor.
    """
    every = [one for one in definitions(desk) if one.procedure == procedure]
    row = version_in_force(desk.session, desk.actor.authority_id, procedure, desk.today())
    for one in every:
        if one.is_trial if row is None else one.version_id == row.id:
            return one
    raise NotFound(procedure)


def approved_as(desk: Desk, version_id: str) -> str | None:
    """Return the version in force that consists of the files of a rehearsed one, or None."""
    row = desk.session.get_one(VersionRow, version_id)
    now = version_in_force(desk.session, row.authority_id, row.procedure, desk.today())
    same = now is not None and now.manifest.get("files") == row.manifest.get("files")
    return now.id if now is not None and same else None


def diagram_text(desk: Desk, version_id: str) -> bytes:
    """Return the diagram of a definition as it runs.

    Raises:
        NotFound: There is none for the actor.
    """
    line = definition(desk, version_id)
    version = desk.office.versions.get(desk.session, version_id)
    folder = version.folders[line.procedure]
    own = f"{folder}/{line.procedure}.bpmn"
    paths = [path for path in sorted(version.files) if path.startswith(f"{folder}/")]
    drawn = [path for path in paths if path.endswith(".bpmn")]
    return version.files[own if own in drawn else drawn[0]]


def deployments(desk: Desk, *, name: str = "") -> tuple[CamundaDeployment, ...]:
    """Return the deployments of the authority, the newest first.

    Raises:
        NotAllowed: The actor designs no procedures here.
    """
    must_design(desk)
    query = sa.select(CamundaDeployment).where(
        CamundaDeployment.authority_id == desk.actor.authority_id
    )
    if name:
        query = query.where(CamundaDeployment.name == name)
    newest = query.order_by(CamundaDeployment.deployed_at.desc(), CamundaDeployment.id.desc())
    return tuple(desk.session.scalars(newest.limit(MOST)))


def deployment(desk: Desk, deployment_id: str) -> CamundaDeployment:
    """Return a deployment.

    Raises:
        NotAllowed: As `deployments` says.
        NotFound: There is none at the actor's authority.
    """
    must_design(desk)
    row = desk.session.get(CamundaDeployment, deployment_id)
    if row is None or row.authority_id != desk.actor.authority_id:
        raise NotFound(deployment_id)
    return row


def resource_bytes(desk: Desk, deployment_id: str, digest: str) -> bytes:
    """Return the bytes of a file of a deployment.

    Raises:
        NotAllowed, NotFound: As `deployment` says, or it has no such file.
    """
    row = deployment(desk, deployment_id)
    if digest not in row.resources.values():
        raise NotFound(digest)
    return desk.session.get_one(ProcedureFile, digest).content


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
    query = _cases(desk)
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
    names = _named(desk, {row.version_id for row in found})
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
    return row, desk.office.files.get(row.digest)


def open_external(
    desk: Desk, *, task_id: str = "", topic: str = "", worker: str = "", case_id: str = ""
) -> tuple[TaskLine, ...]:
    """Return the external tasks that wait in cases that the actor serves, the oldest first."""
    query = (
        sa.select(WorkItemRow, CaseRow, ExternalTask)
        .join(ExternalTask, ExternalTask.work_item_id == WorkItemRow.id)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .where(_serves(desk), WorkItemRow.state == "open", ~ExternalTask.is_over)
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
        .limit(MOST)
    )
    for column, value in (
        (ExternalTask.work_item_id, task_id),
        (ExternalTask.topic, topic),
        (ExternalTask.worker, worker),
        (ExternalTask.case_id, case_id),
    ):
        if value:
            query = query.where(column == value)
    rows = desk.session.execute(query).all()
    names = _named(desk, {case.version_id for _, case, _ in rows})
    return tuple(TaskLine(item, case, *names[case.version_id], task) for item, case, task in rows)


def open_tasks(desk: Desk, *, case_id: str = "", task_id: str = "") -> tuple[TaskLine, ...]:
    """Return the steps that the actor holds or could take, the oldest first."""
    found = []
    query = (
        sa.select(WorkItemRow, CaseRow)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .where(
            WorkItemRow.authority_id == desk.actor.authority_id,
            WorkItemRow.state.in_(("open", "claimed")),
            WorkItemRow.kind != "external",
        )
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
    )
    if case_id:
        query = query.where(WorkItemRow.case_id == case_id)
    if task_id:
        query = query.where(WorkItemRow.id == task_id)
    own = {f"p:{desk.actor.person_id}"} | {
        f"r:{desk.actor.authority_id}:{role}" for role in desk.roles_held()
    }
    for item, case in desk.session.execute(query.limit(MOST)):
        is_offered = item.state == "open" and not own.isdisjoint(item.candidates)
        if is_offered or item.claimed_by == desk.actor.person_id:
            standing = desk.standing(case)
            if not standing.recusal and Relation.CANDIDATE in standing.relations:
                found.append((item, case))
    names = _named(desk, {case.version_id for _, case in found})
    return tuple(TaskLine(item, case, *names[case.version_id]) for item, case in found)


def past_steps(
    desk: Desk, *, case_id: str = "", is_over: bool | None = None, people_only: bool = False
) -> tuple[TaskLine, ...]:
    """Return steps of cases that the actor serves or sees, the oldest first."""
    query = (
        sa.select(WorkItemRow, CaseRow)
        .join(CaseRow, CaseRow.id == WorkItemRow.case_id)
        .where(CaseRow.id.in_(_cases(desk).with_only_columns(CaseRow.id)))
        .order_by(WorkItemRow.opened_at, WorkItemRow.id)
        .limit(MOST)
    )
    waits = WorkItemRow.state.in_(("open", "claimed"))
    if case_id:
        query = query.where(CaseRow.id == case_id)
    if is_over is not None:
        query = query.where(~waits if is_over else waits)
    if people_only:
        query = query.where(WorkItemRow.kind != "external")
    rows = desk.session.execute(query).all()
    names = _named(desk, {case.version_id for _, case in rows})
    return tuple(TaskLine(item, case, *names[case.version_id]) for item, case in rows)


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
        query = query.where(_serves(desk))
    if case_id:
        query = query.where(Incident.case_id == case_id)
    rows = desk.session.execute(query).all()
    names = _named(desk, {case.version_id for _, case in rows})
    return tuple((one, InstanceLine(case, *names[case.version_id])) for one, case in rows)


def _serves(desk: Desk) -> sa.ColumnElement[bool]:
    own = sa.and_(CaseRow.is_trial, CaseRow.opened_by == desk.actor.person_id)
    reach = own
    if Relation.WORKER.value in desk.roles_held():
        other = aliased(ExternalTask)
        external = sa.exists().where(other.case_id == CaseRow.id)
        reach = sa.or_(own, sa.and_(~CaseRow.is_trial, external))
    return sa.and_(CaseRow.authority_id == desk.actor.authority_id, reach)


def _cases(desk: Desk) -> sa.Select[CaseRow]:
    return sa.select(CaseRow).where(sa.or_(_serves(desk), visible_cases(desk)))


def _served(desk: Desk, case_id: str) -> CaseRow:
    case = desk.session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(case_id)
    desk.authorise(case, Right.SERVE)
    return case


def _line(desk: Desk, row: VersionRow, made: CamundaDefinition | None) -> DefinitionLine:
    is_trial = row.state == TRIAL
    return DefinitionLine(
        version_id=row.id,
        key=made.key if made is not None else row.procedure,
        name=(made.name if made is not None else "") or title_of(desk, row).zh,
        number=1 - row.number if is_trial else row.number,
        procedure=row.procedure,
        resource=made.resource if made is not None else f"{row.procedure}.bpmn",
        deployment_id=made.deployment_id if made is not None else row.id,
        is_trial=is_trial,
        is_retired=row.state == "retired",
    )


def _named(desk: Desk, version_ids: set[str]) -> Mapping[str, tuple[str, int]]:
    rows = desk.session.execute(
        sa.select(VersionRow.id, VersionRow.procedure, VersionRow.number, CamundaDefinition.key)
        .outerjoin(CamundaDefinition, CamundaDefinition.version_id == VersionRow.id)
        .where(VersionRow.id.in_(version_ids))
    )
    return {
        one.id: (one.key or one.procedure, one.number if one.number > 0 else 1 - one.number)
        for one in rows
    }


def newest_version(desk: Desk, procedure: str) -> str:
    """Return the id of the newest version of a procedure that is no rehearsal.

    Raises:
        NotAllowed: The actor designs no procedures here.
        NotFound: There is none at the actor's authority.
    """
    must_design(desk)
    found = desk.session.scalar(
        sa.select(VersionRow.id)
        .where(
            VersionRow.authority_id == desk.actor.authority_id,
            VersionRow.procedure == procedure,
            VersionRow.state != TRIAL,
        )
        .order_by(VersionRow.number.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(procedure)
    return found
