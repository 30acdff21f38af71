"""Draft, approve and retire versions of procedures."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.scheduled import arm_first
from engine.desk.trials import TRIAL
from engine.errors import NotAllowed, Refusal
from engine.store.tables import ProcedureFile, VersionRow

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DESIGNERS = frozenset({"process_designer"})
APPROVERS = frozenset({"platform_admin"})
SOURCE = "SUP-051"


class NotPublishable(Refusal):
    """A version did not pass its checks and scenarios, or is not in the right state."""


def draft_version(
    desk: Desk,
    procedure: str,
    *,
    manifest: Mapping[str, object],
    digest: str,
    files: Mapping[str, bytes],
    report: Mapping[str, object],
) -> VersionRow:
    """Keep a version as a draft, with what its checks and scenarios gave.

    A draft with the same content as the newest version is that version.

    Args:
        desk: Of a process designer or an administrator.
        procedure: The folder's name.
        manifest: As `engine.publishing` made it.
        digest: Of the manifest.
        files: Bytes by the manifest's paths, scenarios included.
        report: What the checks gave; `passed` and `digest` are read here.

    Raises:
        NotAllowed: The actor designs no procedures here.
        ValueError: A file differs from the manifest or is missing, or the report is of
            another one.
    """
    _require(desk, DESIGNERS | APPROVERS)
    if report.get("digest") != digest:
        raise ValueError("the report is of another manifest")
    newest = desk.session.scalar(
        sa.select(VersionRow)
        .where(
            VersionRow.authority_id == desk.actor.authority_id,
            VersionRow.procedure == procedure,
        )
        .order_by(VersionRow.number.desc())
        .limit(1)
        .with_for_update()
    )
    if newest is not None and newest.digest == digest and newest.state != TRIAL:
        newest.report = dict(report)
        return newest
    keep_files(desk, manifest, files)
    version = VersionRow(
        authority_id=desk.actor.authority_id,
        procedure=procedure,
        number=1 if newest is None else newest.number + 1,
        manifest=dict(manifest),
        digest=digest,
        report=dict(report),
        drafted_by=desk.actor.person_id,
        drafted_at=desk.now(),
    )
    desk.session.add(version)
    desk.record(
        None,
        Fact.VERSION_DRAFTED,
        procedure=procedure,
        version=version.number,
        digest=digest,
        passed=bool(report.get("passed")),
    )
    return version


def approve_version(desk: Desk, version_id: str, *, effective_on: date) -> VersionRow:
    """Publish a draft from a day on; a second person does it.

    Cases that run keep the version they began with.

    Raises:
        NotFound: There is no such version at the actor's authority.
        NotAllowed: The actor may not approve, or drafted it.
        NotPublishable: Its checks or scenarios did not pass, or it is no draft.

    Source: design.md §6 and SUP-051, proposed.
    """
    _require(desk, APPROVERS)
    version = desk.own(VersionRow, version_id, lock=True)
    if version.drafted_by == desk.actor.person_id:
        raise NotAllowed("version.second_person", rule=SOURCE, version=version.number)
    if version.state != "draft":
        raise NotPublishable("version.not_draft", rule=SOURCE, state=version.state)
    if not version.report.get("passed"):
        raise NotPublishable("version.not_passed", rule=SOURCE, version=version.number)
    version.state = "published"
    version.effective_on = effective_on
    version.approved_by = desk.actor.person_id
    version.approved_at = desk.now()
    desk.record(
        None,
        Fact.VERSION_PUBLISHED,
        procedure=version.procedure,
        version=version.number,
        digest=version.digest,
        effective_on=effective_on.isoformat(),
    )
    arm_first(desk, version)
    return version


def retire_version(desk: Desk, version_id: str, *, reasons: str) -> VersionRow:
    """Take a published version out of use for new cases; running ones finish by it.

    Raises:
        NotFound: There is no such version at the actor's authority.
        NotAllowed: The actor may not.
        NotPublishable: It is not published.
    """
    _require(desk, APPROVERS)
    version = desk.own(VersionRow, version_id, lock=True)
    if version.state != "published":
        raise NotPublishable("version.not_published", rule=SOURCE, state=version.state)
    version.state = "retired"
    desk.record(
        None,
        Fact.VERSION_RETIRED,
        procedure=version.procedure,
        version=version.number,
        reasons=reasons,
    )
    return version


def roll_back_version(desk: Desk, version_id: str, *, reasons: str) -> VersionRow:
    """Draft the content of an earlier version anew, as the next version.

    A second person approves it like any other; nothing that was published is changed or
    taken away, and cases that run keep their version.

    Args:
        desk: Of a process designer or an administrator.
        version_id: The version to go back to: published or retired, and not the newest.
        reasons: Why.

    Raises:
        NotFound: There is no such version at the actor's authority.
        NotAllowed: The actor designs no procedures here.
        NotPublishable: It was never published, or is the newest, or no reasons are given.
    """
    _require(desk, DESIGNERS | APPROVERS)
    old = desk.own(VersionRow, version_id, lock=True)
    if old.approved_at is None:
        raise NotPublishable("version.never_published", rule=SOURCE, version=old.number)
    if not reasons.strip():
        raise NotPublishable("reasons.missing")
    newest = desk.session.scalar(
        sa.select(VersionRow)
        .where(VersionRow.authority_id == old.authority_id, VersionRow.procedure == old.procedure)
        .order_by(VersionRow.number.desc())
        .limit(1)
        .with_for_update()
    )
    if newest is None or newest.digest == old.digest:
        raise NotPublishable("version.same_as_newest", rule=SOURCE, version=old.number)
    version = VersionRow(
        authority_id=old.authority_id,
        procedure=old.procedure,
        number=newest.number + 1,
        manifest=dict(old.manifest),
        digest=old.digest,
        report=dict(old.report),
        drafted_by=desk.actor.person_id,
        drafted_at=desk.now(),
    )
    desk.session.add(version)
    desk.record(
        None,
        Fact.VERSION_ROLLED_BACK,
        procedure=old.procedure,
        version=version.number,
        to=old.number,
        reasons=reasons,
    )
    return version


def _require(desk: Desk, roles: frozenset[str]) -> None:
    if desk.actor.is_system or not roles.isdisjoint(desk.roles_held()):
        return
    raise NotAllowed("version.not_allowed", rule=SOURCE)


def keep_files(desk: Desk, manifest: Mapping[str, object], files: Mapping[str, bytes]) -> None:
    """Keep the files of a manifest, each once by its digest.

    Raises:
        ValueError: A file differs from the manifest or is missing.
    """
    listed: dict[str, str] = {}
    for part in ("files", "scenarios"):
        names = manifest.get(part, {})
        if isinstance(names, dict):
            listed |= {str(path): str(digest) for path, digest in names.items()}
    for path, digest in listed.items():
        if hashlib.sha256(files.get(path, b"")).hexdigest() != digest:
            raise ValueError(f"{path} differs from the manifest")
    known = set(
        desk.session.scalars(
            sa.select(ProcedureFile.digest).where(ProcedureFile.digest.in_(listed.values()))
        )
    )
    for path, digest in listed.items():
        if digest not in known:
            known.add(digest)
            desk.session.add(ProcedureFile(digest=digest, content=files[path]))
