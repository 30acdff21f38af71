"""Draw a procedure: begin a draft, save and restore its files, have it checked, submit it."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.publish_version import draft_version
from engine.desk import Desk, Fact
from engine.desk.holders import names_of
from engine.desk.views.drafting import OPEN, draft_file, newest_files, own_draft
from engine.desk.views.published import must_design
from engine.errors import ConcurrentChange, Refusal
from engine.model.draft_files import (
    FILE_LIMIT,
    FILES_LIMIT,
    FOLDER_LIMIT,
    KINDS,
    is_file_path,
    is_procedure_name,
)
from engine.store.tables import DraftFile, ProcedureDraft, VersionRow

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCE = "SUP-051"
RULES = "procedure.yaml"
TITLE_LIMIT = 200
ONE_SITTING = timedelta(minutes=10)
"""Saves of one person within this time after each other are one revision: an editor saves as
one works, and a history of every second helps nobody."""


class DraftClosed(Refusal):
    """The draft was submitted or discarded; it is not changed any more."""


class NotSubmittable(Refusal):
    """The draft has not passed its checks as it stands."""


def begin_draft(
    desk: Desk, procedure: str, *, title: str, files: Mapping[str, bytes], origin: str
) -> ProcedureDraft:
    """Begin a draft of a procedure.

    Args:
        desk: Of a process designer or an administrator.
        procedure: Its id: lower-case letters, digits and hyphens.
        title: What it is called, in the list of drafts.
        files: Bytes by path below the folder; hostile where somebody uploaded them.
        origin: ``empty``, ``copy:…``, ``import``, ``wizard`` or ``modeler``.

    Raises:
        NotAllowed: The actor designs no procedures here.
        Refusal: The id or a path cannot be used, the folder is too large, or somebody
            works on a draft of this procedure already.
    """
    must_design(desk)
    if not is_procedure_name(procedure):
        raise Refusal("draft.name", name=procedure[:80])
    if not title.strip() or len(title) > TITLE_LIMIT:
        raise Refusal("draft.title", limit=TITLE_LIMIT)
    if len(files) > FILES_LIMIT or sum(map(len, files.values())) > FOLDER_LIMIT:
        raise Refusal("draft.too_large", limit=FOLDER_LIMIT // 1_000_000)
    for path, content in files.items():
        _hold(path, content)
    other = desk.session.scalar(
        sa.select(ProcedureDraft)
        .where(
            ProcedureDraft.authority_id == desk.actor.authority_id,
            ProcedureDraft.procedure == procedure,
            ProcedureDraft.state.in_(OPEN),
        )
        .with_for_update()
    )
    if other is not None:
        raise Refusal(
            "draft.exists",
            procedure=procedure,
            by=names_of(desk, [other.changed_by]).get(other.changed_by, ""),
        )
    row = ProcedureDraft(
        authority_id=desk.actor.authority_id,
        procedure=procedure,
        title=title.strip(),
        origin=origin,
        created_by=desk.actor.person_id,
        created_at=desk.now(),
        changed_by=desk.actor.person_id,
        changed_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    for path, content in sorted(files.items()):
        desk.session.add(_revision(desk, row, path, 1, content))
    desk.record(
        None,
        Fact.DRAFT_BEGUN,
        draft=row.id,
        procedure=procedure,
        origin=origin,
        files=len(files),
    )
    return row


def save_draft_file(
    desk: Desk, draft_id: str, path: str, content: bytes, *, number: int
) -> DraftFile:
    """Save a file of a draft; whoever has not seen the newest revision is told.

    What one person saves within ten minutes is one revision. The first revision of each
    file stays as it was.

    Args:
        desk: Of a process designer or an administrator.
        draft_id: The draft.
        path: Below its folder.
        content: The bytes; hostile.
        number: The revision that the editor read; 0 for a new file.

    Returns:
        The revision; its `number` is what the editor names next time.

    Raises:
        NotAllowed, NotFound: As `own_draft` says.
        DraftClosed: It is not worked on any more.
        ConcurrentChange: Somebody else saved the file meanwhile.
        Refusal: The path cannot be used, or the file is too large.
    """
    draft = _open_draft(desk, draft_id)
    _hold(path, content)
    newest = _newest(desk, draft_id, path)
    _expect(desk, newest, path, number)
    if newest is None and len(newest_files(desk, draft_id)) >= FILES_LIMIT:
        raise Refusal("draft.too_large", limit=FOLDER_LIMIT // 1_000_000)
    if newest is not None and _is_same_sitting(desk, newest):
        newest.number += 1
        newest.content = content
        newest.size = len(content)
        newest.digest = hashlib.sha256(content).hexdigest()
        newest.saved_at = desk.now()
        _changed(desk, draft)
        return newest
    row = _revision(desk, draft, path, 1 if newest is None else newest.number + 1, content)
    desk.session.add(row)
    _changed(desk, draft)
    desk.record(None, Fact.DRAFT_SAVED, draft=draft_id, path=path, number=row.number)
    return row


def remove_draft_file(desk: Desk, draft_id: str, path: str, *, number: int) -> DraftFile:
    """Remove a file from a draft; its revisions stay and can be restored.

    Raises:
        NotAllowed, NotFound, DraftClosed, ConcurrentChange: As `save_draft_file` says.
        Refusal: It is ``procedure.yaml``, without which there is no procedure.
    """
    draft = _open_draft(desk, draft_id)
    if path == RULES:
        raise Refusal("draft.rules_stay")
    draft_file(desk, draft_id, path)
    newest = _newest(desk, draft_id, path)
    _expect(desk, newest, path, number)
    row = _revision(desk, draft, path, number + 1, b"")
    row.is_removed = True
    desk.session.add(row)
    _changed(desk, draft)
    desk.record(None, Fact.DRAFT_SAVED, draft=draft_id, path=path, number=row.number, removed=True)
    return row


def restore_draft_file(desk: Desk, draft_id: str, path: str, number: int) -> DraftFile:
    """Bring a revision of a file back as its newest one.

    Raises:
        NotAllowed, NotFound, DraftClosed: As `save_draft_file` says.
    """
    draft = _open_draft(desk, draft_id)
    old = draft_file(desk, draft_id, path, number)
    newest = _newest(desk, draft_id, path)
    after = 1 if newest is None else newest.number + 1
    row = _revision(desk, draft, path, after, old.content)
    row.restored = number
    desk.session.add(row)
    _changed(desk, draft)
    desk.record(
        None, Fact.DRAFT_SAVED, draft=draft_id, path=path, number=row.number, restored=number
    )
    return row


def discard_draft(desk: Desk, draft_id: str) -> ProcedureDraft:
    """Put a draft away; its files stay on record, it is not worked on any more.

    Raises:
        NotAllowed, NotFound, DraftClosed: As `save_draft_file` says.
    """
    draft = _open_draft(desk, draft_id)
    draft.state = "discarded"
    draft.changed_by = desk.actor.person_id
    draft.changed_at = desk.now()
    desk.record(None, Fact.DRAFT_DISCARDED, draft=draft_id, procedure=draft.procedure)
    return draft


def keep_check(
    desk: Desk, draft_id: str, *, revision: int, report: Mapping[str, object]
) -> ProcedureDraft:
    """Keep what the checks of a draft gave; of the revision that they read, no other.

    Args:
        desk: Of whoever had it checked.
        draft_id: The draft.
        revision: Of the folder that was checked.
        report: As `engine.publishing.checks` made it.

    Raises:
        NotAllowed, NotFound, DraftClosed: As `save_draft_file` says.
    """
    draft = _open_draft(desk, draft_id)
    passed = bool(report.get("passed"))
    draft.report = dict(report)
    draft.checked_revision = revision
    draft.state = "checked" if passed and revision == draft.revision else "draft"
    desk.record(
        None,
        Fact.DRAFT_CHECKED,
        draft=draft_id,
        procedure=draft.procedure,
        revision=revision,
        passed=passed,
    )
    return draft


def submit_draft(
    desk: Desk,
    draft_id: str,
    *,
    revision: int,
    manifest: Mapping[str, object],
    digest: str,
    files: Mapping[str, bytes],
) -> VersionRow:
    """Make a checked draft a version, which a second person approves.

    Args:
        desk: Of a process designer or an administrator.
        draft_id: The draft.
        revision: Of the folder that the manifest is made of.
        manifest: As `engine.publishing` made it.
        digest: Of the manifest.
        files: Bytes by the manifest's paths.

    Raises:
        NotAllowed, NotFound, DraftClosed: As `save_draft_file` says.
        NotSubmittable: Its checks did not pass, or not as it stands now.
        ValueError: A file differs from the manifest.

    Source: SUP-051, design.md §6, proposed.
    """
    draft = _open_draft(desk, draft_id)
    is_checked = draft.state == "checked" and draft.report.get("digest") == digest
    if not is_checked or revision != draft.revision:
        raise NotSubmittable("draft.not_checked", rule=SOURCE)
    version = draft_version(
        desk, draft.procedure, manifest=manifest, digest=digest, files=files, report=draft.report
    )
    if version.state != "draft":
        raise NotSubmittable("draft.unchanged", number=version.number)
    desk.session.flush()  # the version is there before the draft names it
    draft.state = "submitted"
    draft.version_id = version.id
    draft.changed_by = desk.actor.person_id
    draft.changed_at = desk.now()
    desk.record(
        None,
        Fact.DRAFT_SUBMITTED,
        draft=draft_id,
        procedure=draft.procedure,
        version=version.number,
        digest=digest,
    )
    return version


def _open_draft(desk: Desk, draft_id: str) -> ProcedureDraft:
    own_draft(desk, draft_id)
    draft = desk.session.get_one(
        ProcedureDraft, draft_id, with_for_update=True, populate_existing=True
    )
    if draft.state not in OPEN:
        raise DraftClosed("draft.closed", state=draft.state)
    return draft


def _changed(desk: Desk, draft: ProcedureDraft) -> None:
    draft.revision += 1
    draft.state = "draft"
    draft.changed_by = desk.actor.person_id
    draft.changed_at = desk.now()


def _hold(path: str, content: bytes) -> None:
    if not is_file_path(path):
        raise Refusal("draft.path", path=path[:200], kinds="、".join(KINDS))
    if len(content) > FILE_LIMIT:
        raise Refusal("draft.file_too_large", path=path, limit=FILE_LIMIT // 1_000_000)


def _newest(desk: Desk, draft_id: str, path: str) -> DraftFile | None:
    return desk.session.scalar(
        sa.select(DraftFile)
        .where(DraftFile.draft_id == draft_id, DraftFile.path == path)
        .order_by(DraftFile.number.desc())
        .limit(1)
    )


def _expect(desk: Desk, newest: DraftFile | None, path: str, number: int) -> None:
    """Check that the editor has read the newest revision; of a removed file 0 will do."""
    if newest is None:
        if number == 0:
            return
        raise ConcurrentChange("draft.gone", path=path)
    if number != newest.number and not (number == 0 and newest.is_removed):
        name = names_of(desk, [newest.saved_by]).get(newest.saved_by, "")
        raise ConcurrentChange("draft.changed", path=path, by=name)


def _is_same_sitting(desk: Desk, newest: DraftFile) -> bool:
    return (
        newest.number > 1
        and newest.saved_by == desk.actor.person_id
        and not newest.is_removed
        and not newest.restored
        and desk.now() - newest.saved_at < ONE_SITTING
    )


def _revision(
    desk: Desk, draft: ProcedureDraft, path: str, number: int, content: bytes
) -> DraftFile:
    return DraftFile(
        draft_id=draft.id,
        path=path,
        number=number,
        content=content,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        saved_by=desk.actor.person_id,
        saved_at=desk.now(),
    )
