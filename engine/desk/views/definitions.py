"""Definitions and deployments, as programs that speak Camunda's interface see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.trials import TRIAL
from engine.desk.views.published import DESIGNERS, must_design, title_of
from engine.errors import NotFound
from engine.store.tables import CamundaDefinition, CamundaDeployment, ProcedureFile, VersionRow
from engine.store.versions import version_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def begun_by(desk: Desk, message: str) -> tuple[DefinitionLine, ...]:
    """Return what a message begins today: of each procedure what is in force goes first.

    A published procedure names its message (`start.message`); what is only rehearsed begins with
    any message start event of its diagram.
    """
    every = definitions(desk)
    found = []
    for procedure in dict.fromkeys(one.procedure for one in every):
        try:
            line = definition_in_force(desk, procedure)
        except NotFound:
            continue
        version = desk.office.versions.get(desk.session, line.version_id)
        start = version.rules.start
        named = (start.message,) if start is not None and start.message else ()
        messages = version.definition.start_messages if line.is_trial else named
        if message in messages:
            found.append(line)
    return tuple(found)


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


def definitions_of(desk: Desk, version_ids: set[str]) -> Mapping[str, tuple[str, int]]:
    """Return key and number of the definition of each version, by its id."""
    rows = desk.session.execute(
        sa.select(VersionRow.id, VersionRow.procedure, VersionRow.number, CamundaDefinition.key)
        .outerjoin(CamundaDefinition, CamundaDefinition.version_id == VersionRow.id)
        .where(VersionRow.id.in_(version_ids))
    )
    return {
        one.id: (one.key or one.procedure, one.number if one.number > 0 else 1 - one.number)
        for one in rows
    }


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
