"""Take what a modeller deploys from the desktop: a draft, and a version for rehearsals of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.drafts import begin_draft, save_draft_file
from engine.commands.publish_version import keep_files
from engine.desk import Desk, Fact
from engine.desk.trials import TRIAL
from engine.desk.views.drafting import OPEN, newest_files
from engine.desk.views.published import must_design
from engine.errors import Refusal
from engine.store.tables import (
    CamundaDefinition,
    CamundaDeployment,
    ProcedureDraft,
    ProcedureFile,
    VersionRow,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAME_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Drawn:
    """A process of a deployment, made a folder and looked at before.

    Attributes:
        key: The id of the process as it was drawn.
        name: What the diagram calls it.
        resource: The name of its file.
        procedure: The id of the procedure.
        own: The folder's own files by path below it.
        manifest: Of the whole folder.
        digest: Of the manifest.
        files: Bytes by the manifest's paths.
    """

    key: str
    name: str
    resource: str
    procedure: str
    own: Mapping[str, bytes]
    manifest: Mapping[str, object]
    digest: str
    files: Mapping[str, bytes]


def digest_of_resources(resources: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over names and bytes, in hex; the same files give the same."""
    whole = hashlib.sha256()
    for name, content in sorted(resources.items()):
        whole.update(f"{name}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return whole.hexdigest()


def deployed_before(desk: Desk, name: str, digest: str) -> CamundaDeployment | None:
    """Return the newest deployment of this name, where it has just these files.

    Raises:
        NotAllowed: The actor designs no procedures here.
    """
    must_design(desk)
    newest = desk.session.scalar(
        sa.select(CamundaDeployment)
        .where(
            CamundaDeployment.authority_id == desk.actor.authority_id,
            CamundaDeployment.name == name,
        )
        .order_by(CamundaDeployment.deployed_at.desc(), CamundaDeployment.id.desc())
        .limit(1)
    )
    return newest if newest is not None and newest.digest == digest else None


def deploy_diagram(
    desk: Desk,
    name: str,
    resources: Mapping[str, bytes],
    drawn: Sequence[Drawn],
    *,
    source: str = "",
    only_changed: bool = False,
) -> tuple[CamundaDeployment, tuple[CamundaDefinition, ...]]:
    """Keep a deployment: each process becomes a draft and a version that can be rehearsed.

    Nothing that is in force changes: the draft is checked, submitted and approved by a
    second person like any other.

    Args:
        desk: Of a process designer or an administrator.
        name: Of the deployment.
        resources: Bytes by file name, as they were sent.
        drawn: The processes in them.
        source: Which program sent them.
        only_changed: The newest deployment of this name with the same files is given back,
            with no definitions.

    Raises:
        NotAllowed: The actor designs no procedures here.
        Refusal: The name is empty or too long, or a path of a file cannot be used.

    Source: design.md §6; SUP-051, proposed.
    """
    must_design(desk)
    if not 1 <= len(name.strip()) <= NAME_LIMIT:
        raise Refusal("camunda.deployment_name", longest=NAME_LIMIT)
    digest = digest_of_resources(resources)
    before = deployed_before(desk, name, digest) if only_changed else None
    if before is not None:
        return before, ()
    digests = {path: hashlib.sha256(one).hexdigest() for path, one in sorted(resources.items())}
    deployment = CamundaDeployment(
        authority_id=desk.actor.authority_id,
        name=name,
        source=source[:NAME_LIMIT],
        digest=digest,
        resources=dict(digests),
        deployed_by=desk.actor.person_id,
        deployed_at=desk.now(),
    )
    desk.session.add(deployment)
    _keep_resources(desk, resources, digests)
    desk.session.flush()
    desk.record(
        None,
        Fact.DIAGRAM_DEPLOYED,
        deployment=deployment.id,
        name=name,
        digest=digest,
        procedures=[one.procedure for one in drawn],
    )
    definitions = tuple(_defined(desk, deployment, one) for one in drawn)
    return deployment, definitions


def _defined(desk: Desk, deployment: CamundaDeployment, one: Drawn) -> CamundaDefinition:
    draft = _drafted(desk, one)
    keep_files(desk, one.manifest, one.files)
    lowest = desk.session.scalar(
        sa.select(sa.func.min(VersionRow.number)).where(
            VersionRow.authority_id == desk.actor.authority_id,
            VersionRow.procedure == one.procedure,
        )
    )
    version = VersionRow(
        authority_id=desk.actor.authority_id,
        procedure=one.procedure,
        number=min(1 if lowest is None else lowest, 1) - 1,
        state=TRIAL,
        manifest=dict(one.manifest),
        digest=one.digest,
        drafted_by=desk.actor.person_id,
        drafted_at=desk.now(),
    )
    desk.session.add(version)
    desk.session.flush()
    definition = CamundaDefinition(
        version_id=version.id,
        authority_id=desk.actor.authority_id,
        deployment_id=deployment.id,
        draft_id=draft.id,
        key=one.key,
        name=one.name[:NAME_LIMIT],
        resource=one.resource[:NAME_LIMIT],
    )
    desk.session.add(definition)
    desk.session.flush()
    return definition


def _drafted(desk: Desk, one: Drawn) -> ProcedureDraft:
    """Put the files into the open draft of the procedure, or begin one."""
    draft = desk.session.scalar(
        sa.select(ProcedureDraft).where(
            ProcedureDraft.authority_id == desk.actor.authority_id,
            ProcedureDraft.procedure == one.procedure,
            ProcedureDraft.state.in_(OPEN),
        )
    )
    if draft is None:
        title = one.name.strip() or one.key
        return begin_draft(desk, one.procedure, title=title[:200], files=one.own, origin="modeler")
    newest = {file.path: file for file in newest_files(desk, draft.id)}
    for path, content in sorted(one.own.items()):
        known = newest.get(path)
        if known is None or known.is_removed:
            save_draft_file(desk, draft.id, path, content, number=known.number if known else 0)
        elif known.digest != hashlib.sha256(content).hexdigest():
            save_draft_file(desk, draft.id, path, content, number=known.number)
    return draft


def _keep_resources(desk: Desk, resources: Mapping[str, bytes], digests: Mapping[str, str]) -> None:
    for path, content in resources.items():
        if desk.session.get(ProcedureFile, digests[path]) is None:
            desk.session.add(ProcedureFile(digest=digests[path], content=content))
            desk.session.flush()
