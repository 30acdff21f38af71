"""Draft, approve and retire versions of procedures."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.scheduled import arm_first
from engine.desk.trials import TRIAL
from engine.errors import NotAllowed, Refusal
from engine.model.sections import ProcedureFault
from engine.store.tables import ProcedureFile, SettingChange, VersionRow
from engine.workflow import digest_of_manifest, rules_in_force

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DESIGNERS = frozenset({"process_designer"})
APPROVERS = frozenset({"platform_admin"})
SOURCE = "SUP-051"
VALUES = ("parameters", "switches")
"""The parts of a manifest that say what is otherwise than in the folder."""


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

    A draft with the same content as the newest version is that version. Values that an
    administrator has set for the procedure go over into it, as far as it has them.

    Args:
        desk: Of a process designer or an administrator.
        procedure: The folder's name.
        manifest: As `engine.publishing` made it.
        digest: Of the manifest.
        files: Bytes by the manifest's paths, scenarios included.
        report: What the checks gave; `passed` and `digest` are read here.

    Raises:
        NotAllowed: The actor designs no procedures here.
        NotPublishable: A value that was set does not fit the new rules.
        ValueError: A file differs from the manifest or is missing, or the report is of
            another one.
    """
    must_hold(desk, DESIGNERS | APPROVERS)
    if report.get("digest") != digest:
        raise ValueError("the report is of another manifest")
    newest = newest_version(desk, procedure)
    carried = _with_values_kept(desk, procedure, manifest, files)
    if carried != manifest:
        manifest, digest = carried, digest_of_manifest(carried)
        report = {**report, "digest": digest}
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
        NotPublishable: Its checks or scenarios did not pass, it is no draft, or values of the
            procedure were changed since it was drafted.

    Source: design.md §6 and SUP-051, proposed.
    """
    must_hold(desk, APPROVERS)
    version = desk.own(VersionRow, version_id, lock=True)
    if version.drafted_by == desk.actor.person_id:
        raise NotAllowed("version.second_person", rule=SOURCE, version=version.number)
    if version.state != "draft":
        raise NotPublishable("version.not_draft", rule=SOURCE, state=version.state)
    if not version.report.get("passed"):
        raise NotPublishable("version.not_passed", rule=SOURCE, version=version.number)
    _must_not_be_overtaken(desk, version)
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
    must_hold(desk, APPROVERS)
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
    must_hold(desk, DESIGNERS | APPROVERS)
    old = desk.own(VersionRow, version_id, lock=True)
    if old.approved_at is None:
        raise NotPublishable("version.never_published", rule=SOURCE, version=old.number)
    if not reasons.strip():
        raise NotPublishable("reasons.missing")
    newest = newest_version(desk, old.procedure)
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


def newest_version(desk: Desk, procedure: str) -> VersionRow | None:
    """Return the version with the highest number, locked: the next one is counted from it."""
    return desk.session.scalar(_versions(desk, procedure).with_for_update())


def newest_published(desk: Desk, procedure: str) -> VersionRow | None:
    """Return the published version with the highest number, in effect already or not."""
    return desk.session.scalar(_versions(desk, procedure).where(VersionRow.state == "published"))


def _versions(desk: Desk, procedure: str) -> sa.Select[VersionRow]:
    return (
        sa.select(VersionRow)
        .where(
            VersionRow.authority_id == desk.actor.authority_id,
            VersionRow.procedure == procedure,
        )
        .order_by(VersionRow.number.desc())
        .limit(1)
    )


def must_hold(desk: Desk, roles: frozenset[str]) -> None:
    """Check that the actor holds one of the roles at the authority.

    Raises:
        NotAllowed: Not so.
    """
    if desk.actor.is_system or not roles.isdisjoint(desk.roles_held()):
        return
    raise NotAllowed("version.not_allowed", rule=SOURCE)


def _with_values_kept(
    desk: Desk, procedure: str, manifest: Mapping[str, object], files: Mapping[str, bytes]
) -> Mapping[str, object]:
    """Return a folder's manifest with the values that were set for the procedure before."""
    before = newest_published(desk, procedure)
    kept = {part: (before.manifest.get(part) or {}) if before else {} for part in VALUES}
    if not any(kept.values()) or any(manifest.get(part) for part in VALUES):
        return manifest
    carried = {**manifest, **kept}
    for path, content in files.items():
        if path.endswith("/procedure.yaml"):
            try:
                rules_in_force(content, carried)
            except ProcedureFault as fault:
                why = "; ".join(f"{one.path}: {one.zh} / {one.en}" for one in fault.flaws)
                raise NotPublishable("version.values_do_not_fit", rule=SOURCE, why=why) from fault
    return carried


def _must_not_be_overtaken(desk: Desk, version: VersionRow) -> None:
    """Refuse what would undo, unseen, what was published since it was drafted.

    A change of a value is drafted from the version in force, a folder with the values in force.
    """
    now = newest_published(desk, version.procedure)
    if now is None or now.approved_at is None or now.approved_at <= version.drafted_at:
        return
    is_change = sa.select(SettingChange.id).where(SettingChange.version_id == version.id)
    same = all((now.manifest.get(one) or {}) == (version.manifest.get(one) or {}) for one in VALUES)
    if not same or desk.session.scalar(is_change.limit(1)) is not None:
        raise NotPublishable("version.overtaken", rule=SOURCE, version=now.number)


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
