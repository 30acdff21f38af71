"""Drafts of procedures: begun, drawn, checked, submitted by programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import bpmn
from bpmn import dmn, feel
from engine.commands.drafts import begin_draft, save_draft_file, submit_draft
from engine.desk import Actor, Desk, Office
from engine.desk.views.drafting import (
    OPEN,
    FileLine,
    draft_file,
    draft_files,
    draft_view,
    version_files,
)
from engine.desk.views.published import must_design, procedures
from engine.desk.views.trial import tried
from engine.documents.typeset import TemplateFault
from engine.errors import Fault, NotFound, Refusal
from engine.model.draft_files import is_procedure_name
from engine.publishing.checks import draft_as_version
from engine.publishing.checks.documents import preview
from engine.publishing.drawing import (
    copied,
    empty_folder,
    from_diagram,
    own_files,
    title_in,
    zipped,
)
from engine.publishing.drawing.comparing import differences
from engine.publishing.drawing.wizard import LONGEST, QUESTIONS, usual_procedure
from engine.publishing.folders import FolderRefused, assembled, read_folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.store.tables import DraftFile, ProcedureDraft, VersionRow
from web.api.calls import BYTES
from web.api.reading.versions import Changed, Table, folder_in, table_of, unfit
from web.designer.area import PROCESSES, SHARED, found_in
from web.designer.area import shown as findings_shown
from web.designer.checks import begin_check, progress_of, stop_running
from web.designer.gallery import shipped
from web.office import font_folders
from web.visiting import settings

PDF, ZIP = "application/pdf", "application/zip"


@dataclass(frozen=True, slots=True)
class DrawnDraft:
    """A draft with its files and what is wrong with it.

    Attributes:
        report: What its last whole check gave; empty before.
        findings: What can be told at once: file, element, severity, text.
    """

    row: ProcedureDraft
    files: tuple[FileLine, ...]
    report: Mapping[str, Any]
    findings: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """The whole check of a draft.

    Attributes:
        runs: It is under way; ask again.
        played: How many of the `total` scenarios have been played.
        tables: How many decision tables have been searched.
        report: Of the last check that ended; empty before.
        is_current: The report is of the draft as it stands.
    """

    state: str
    runs: bool
    played: int
    total: int
    tables: int
    report: Mapping[str, Any]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Shipped:
    """A procedure of this release."""

    key: str
    title: str
    deadlines: int
    documents: int
    scenarios: int


def shipped_procedures(desk: Desk) -> tuple[Shipped, ...]:
    """Return the procedures of this release, which a draft may copy.

    Raises:
        NotAllowed: The caller designs no procedures here.
    """
    must_design(desk)
    return tuple(
        Shipped(one.key, one.title.zh, one.deadlines, one.documents, one.scenarios)
        for one in shipped()
    )


def new_draft(
    desk: Desk,
    procedure: str,
    *,
    title: str = "",
    copy_of: str = "",
    folder: bytes = b"",
    diagram: bytes = b"",
    stages: list[str] | None = None,
    days: int = 0,
) -> ProcedureDraft:
    """Begin a draft: from one of four beginnings, or from nothing.

    Args:
        desk: Of a designer or an administrator.
        procedure: Its id: lower-case letters, digits and hyphens.
        title: What it is called; that of its beginning if none is given.
        copy_of: Id of a version or draft, or of a procedure of this release.
        folder: A zip of a procedure's folder.
        diagram: A .bpmn.
        stages: Of the usual shape, besides those that it always has: verification, defence,
            service, appeal.
        days: Working days of the usual shape's investigation; 0 for the usual number.

    Raises:
        NotAllowed: The caller designs no procedures here.
        NotFound: There is nothing of that id to copy.
        Refusal: As `begin_draft` says.
        Problem: The zip or the diagram cannot be read.
    """
    must_design(desk)
    if not is_procedure_name(procedure):
        raise Refusal("draft.name", name=procedure[:80])
    name = title.strip() or procedure
    if copy_of:
        old, files = _copy(desk, copy_of)
        origin = f"copy:{old}"
    elif folder:
        read = folder_in(folder)
        old, files, origin = read.procedure, own_files(read), "import"
    else:
        old = procedure
        try:
            files, origin = _drawn(procedure, name, diagram, stages, days)
        except bpmn.DiagramRefused as refused:
            raise unfit(procedure, refused) from refused
    if old != procedure:
        files = copied(files, old, procedure)
    called = title.strip() or title_in(files, procedure)
    return begin_draft(desk, procedure, title=called, files=files, origin=origin)


def _drawn(
    procedure: str, name: str, diagram: bytes, stages: list[str] | None, days: int
) -> tuple[dict[str, bytes], str]:
    if diagram:
        return from_diagram(procedure, name, diagram), "import"
    if stages is not None:
        chosen = {one: one in stages for one in QUESTIONS}
        return usual_procedure(procedure, name, chosen, min(days, LONGEST)), "wizard"
    return empty_folder(procedure, name), "empty"


def _copy(desk: Desk, source: str) -> tuple[str, dict[str, bytes]]:
    if source in {one.key for one in shipped()}:
        return source, own_files(read_folder(PROCESSES / source))
    row: VersionRow | ProcedureDraft
    try:
        row, files = version_files(desk, source)
    except NotFound:
        row, files = draft_files(desk, source)
    return row.procedure, files


def whole_draft(desk: Desk, draft_id: str) -> DrawnDraft:
    """Return a draft with its files and what is wrong with it.

    Raises:
        NotAllowed, NotFound: As `draft_view` says.
    """
    view = draft_view(desk, draft_id)
    row, files = draft_files(desk, draft_id)
    findings = tuple(findings_shown(row, found_in(row, files)))
    return DrawnDraft(view.row, view.files, view.row.report, findings)


def read_draft_file(desk: Desk, draft_id: str, *, path: str, number: int = 0) -> tuple[str, bytes]:
    """Return a file of a draft: its newest revision, or one of before.

    Args:
        desk: Of a designer or an administrator.
        draft_id: The draft.
        path: Below its folder.
        number: The revision; 0 for the newest.

    Raises:
        NotAllowed, NotFound: As `draft_file` says.
    """
    return BYTES, draft_file(desk, draft_id, path, number).content


def write_draft_file(
    desk: Desk, draft_id: str, path: str, content: bytes, *, number: int = 0
) -> DraftFile:
    """Save a file of a draft; whoever has not seen the newest revision is refused.

    Args:
        desk: Of a designer or an administrator.
        draft_id: The draft.
        path: Below its folder.
        content: The bytes.
        number: The revision that was read; 0 for a new file.

    Raises:
        NotAllowed, NotFound, DraftClosed, ConcurrentChange, Refusal: As `save_draft_file` says.
    """
    return save_draft_file(desk, draft_id, path, content, number=number)


def draft_zip(desk: Desk, draft_id: str) -> tuple[str, bytes]:
    """Return the whole folder as a zip, as a draft can begin with it.

    Raises:
        NotAllowed, NotFound: As `draft_files` says.
    """
    row, files = draft_files(desk, draft_id)
    return ZIP, zipped(row.procedure, files)


def draft_changes(desk: Desk, draft_id: str) -> Changed:
    """Return what a draft changes against the version in force of its procedure, or the newest.

    Raises:
        NotAllowed, NotFound: As `draft_files` says.
    """
    row, files = draft_files(desk, draft_id)
    line = next((one for one in procedures(desk) if one.procedure == row.procedure), None)
    if line is None:
        return Changed(0, 0, ())
    base = line.current or line.newest
    return Changed(base.number, 0, differences(version_files(desk, base.id)[1], files))


def draft_tables(desk: Desk, draft_id: str, *, path: str) -> tuple[Table, ...]:
    """Return the decision tables in a file of a draft.

    Args:
        desk: Of a designer or an administrator.
        draft_id: The draft.
        path: Of the .dmn, below its folder.

    Raises:
        NotAllowed, NotFound: As `draft_file` says.
        Problem: The file cannot be read.
    """
    model = _model(desk, draft_id, path)
    keys = [one for one in model.decisions if dmn.table_view(model.decisions[one]) is not None]
    return tuple(table_of(tried(desk, model, one)) for one in keys)


def try_draft_table(
    desk: Desk, draft_id: str, path: str, decision: str, given: Mapping[str, str]
) -> Table:
    """Return what a decision table of a draft gives for inputs.

    Raises:
        NotAllowed, NotFound, Problem: As `draft_tables` says, or there is no such table.
        ValueNotRead: What was typed is no value of the input's type.
    """
    model = _model(desk, draft_id, path)
    found = model.decisions.get(decision)
    if found is None or dmn.table_view(found) is None:
        raise NotFound(decision)
    return table_of(tried(desk, model, decision, given))


def _model(desk: Desk, draft_id: str, path: str) -> dmn.DecisionModel:
    content = draft_file(desk, draft_id, path).content
    row, files = draft_files(desk, draft_id)
    others = {name: data for name, data in files.items() if name.endswith(".dmn") and name != path}
    try:
        return dmn.read_decisions(content, name=path, imports=others)
    except dmn.DecisionRefused as refused:
        raise unfit(row.procedure, refused) from refused


def draft_preview(office: Office, actor: Actor, draft_id: str, key: str) -> tuple[str, bytes]:
    """Return a document of a draft as PDF with sample values.

    Raises:
        NotAllowed, NotFound: As `draft_files` says, or the draft has no such document.
        Refusal: It cannot be typeset yet.
        Problem: The draft is no folder of a procedure yet.
    """
    row, files = office.ask(actor, draft_files, draft_id)
    try:
        version = draft_as_version(assembled(row.procedure, files, SHARED))
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        raise unfit(row.procedure, refused) from refused
    except (Fault, KeyError, ValueError) as fault:
        raise Refusal("api.preview", why=str(fault)[:200]) from fault
    rule = next((one for name, one in version.rules.documents.items() if str(name) == key), None)
    if rule is None:
        raise NotFound(key)
    try:
        return PDF, preview(version, rule, font_folders(settings()))
    except (TemplateFault, Fault, feel.FeelError) as fault:
        raise Refusal("api.preview", why=str(fault)[:200]) from fault


def begin_draft_check(office: Office, actor: Actor, draft_id: str) -> Check:
    """Begin the whole check of a draft, scenarios and all; ask `draft_check` how far it is.

    Raises:
        NotAllowed, NotFound: As `draft_files` says.
    """
    row, files = office.ask(actor, draft_files, draft_id)
    running = progress_of(row)
    if row.state in OPEN and (running is None or running.is_over):
        begin_check(office, actor, row, files, font_folders(settings()))
    return _check(row)


def stop_draft_check(office: Office, actor: Actor, draft_id: str) -> Check:
    """Stop the check of a draft that runs; what it has found so far is not kept.

    Raises:
        NotAllowed, NotFound: As `draft_view` says.
    """
    row = office.ask(actor, draft_view, draft_id).row
    stop_running(row)
    return _check(row)


def draft_check(desk: Desk, draft_id: str) -> Check:
    """Return how far the whole check of a draft is, and what the last one gave.

    Raises:
        NotAllowed, NotFound: As `draft_view` says.
    """
    return _check(draft_view(desk, draft_id).row)


def _check(row: ProcedureDraft) -> Check:
    progress = progress_of(row)
    return Check(
        state=row.state,
        runs=progress is not None and not progress.is_over,
        played=len(progress.played) if progress is not None else 0,
        total=progress.total if progress is not None else 0,
        tables=len(progress.tables) if progress is not None else 0,
        report=row.report,
        is_current=row.checked_revision == row.revision,
    )


def submit_drawn(office: Office, actor: Actor, draft_id: str) -> VersionRow:
    """Make a checked draft a version, for a second person to approve.

    Raises:
        NotAllowed, NotFound, DraftClosed, NotSubmittable: As `submit_draft` says.
        Problem: The draft is no folder of a procedure.
    """
    row, files = office.ask(actor, draft_files, draft_id)
    try:
        folder = assembled(row.procedure, files, SHARED)
        manifest = manifest_of(folder)
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        raise unfit(row.procedure, refused) from refused
    made: VersionRow = office.give(
        actor,
        submit_draft,
        draft_id,
        revision=row.revision,
        manifest=manifest,
        digest=digest_of_manifest(manifest),
        files={**folder.files, **folder.scenarios},
    )
    return made
