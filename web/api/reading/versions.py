"""Versions of procedures and their decision tables, as programs read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

import bpmn
from engine.commands.publish_version import draft_version
from engine.desk import Actor, Desk, Office
from engine.desk.views.drafting import version_files
from engine.desk.views.published import (
    FileChange,
    diagram_of,
    guide_of,
    must_design,
    version_view,
)
from engine.desk.views.trial import Choice, InputField, Trial, tables_of, trial
from engine.errors import NotFound
from engine.model.texts import Text
from engine.publishing.checks import check_folder
from engine.publishing.drawing.comparing import FileDifference, differences
from engine.publishing.folders import Folder, FolderRefused, read_zip
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.publishing.schema import published_schema
from engine.store.tables import VersionRow
from web.api.problems import Problem
from web.api.reading.case_besides import XML
from web.designer.area import SHARED, findings_in
from web.office import font_folders
from web.visiting import language, settings


@dataclass(frozen=True, slots=True)
class Version:
    """A version: its checks, its diagrams, what changed, who did what.

    Attributes:
        diagrams: Paths by the name of the process.
        changes: Against the version before.
        versions: Every version of the procedure, the newest first.
        running: How many cases run under it.
    """

    row: VersionRow
    title: Text
    report: Mapping[str, Any]
    diagrams: Mapping[str, str]
    changes: tuple[FileChange, ...]
    versions: tuple[VersionRow, ...]
    drafted_by: str
    approved_by: str
    effective_on: date | None
    approved_at: datetime | None
    running: int


@dataclass(frozen=True, slots=True)
class Guide:
    """What a procedure's case officers read about it, as it was written (Markdown)."""

    title: Text
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table and what can be typed into it.

    Attributes:
        result: As FEEL; empty before it was tried.
        matched: How many rules matched.
        lit: The indices of those, from 0.
    """

    decision: str
    title: str
    hit_policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[tuple[str, ...], ...]
    fields: tuple[InputField, ...]
    result: str
    matched: int
    lit: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What one version changes against another."""

    before: int
    number: int
    files: tuple[FileDifference, ...]


def version(desk: Desk, version_id: str) -> Version:
    """Return a version.

    Raises:
        NotAllowed, NotFound: As `version_view` says.
    """
    view = version_view(desk, version_id)
    row = view.row
    return Version(
        row=row,
        title=view.title,
        report=row.report,
        diagrams=dict(view.diagrams),
        changes=view.changes,
        versions=view.versions,
        drafted_by=view.names.get(row.drafted_by, ""),
        approved_by=view.names.get(row.approved_by or "", ""),
        effective_on=row.effective_on,
        approved_at=row.approved_at,
        running=view.running,
    )


def version_diagram(desk: Desk, version_id: str, *, path: str) -> tuple[str, bytes]:
    """Return a diagram of a version as it was drawn.

    Args:
        desk: Of a designer or an administrator.
        version_id: The version.
        path: As `version` names it.

    Raises:
        NotAllowed, NotFound: As `diagram_of` says.
    """
    return XML, diagram_of(desk, version_id, path)


def guide(desk: Desk, procedure: str) -> Guide:
    """Return what a procedure's case officers read; of a version, where its id is given.

    Raises:
        NotAllowed, NotFound: As `guide_of` says.
    """
    row, title, text = guide_of(desk, procedure)
    return Guide(title, row.number, text)


def procedure_schema(desk: Desk) -> dict[str, Any]:
    """Return the JSON Schema of `procedure.yaml`; the same for everybody."""
    desk.roles_held()
    return dict(published_schema())


def version_changes(desk: Desk, version_id: str, *, against: str = "") -> Changed:
    """Return what a version changes against another of its procedure.

    Args:
        desk: Of a designer or an administrator.
        version_id: The version.
        against: The other one's id; the version before it if none is named.

    Raises:
        NotAllowed: The caller designs no procedures here.
        NotFound: There is no such version, or none to compare it with.
    """
    row, files = version_files(desk, version_id)
    others = [one for one in version_view(desk, version_id).versions if one.id != row.id]
    base = next(
        (one for one in others if (one.id == against if against else one.number < row.number)),
        None,
    )
    if base is None:
        raise NotFound(against or version_id)
    return Changed(base.number, row.number, differences(version_files(desk, base.id)[1], files))


def tables(desk: Desk, version_id: str) -> tuple[Choice, ...]:
    """Return the decision tables of a version.

    Raises:
        NotAllowed, NotFound: As `tables_of` says.
    """
    return tables_of(desk, version_id)


def table(desk: Desk, version_id: str, decision: str) -> Table:
    """Return a decision table of a version and what can be typed into it.

    Raises:
        NotAllowed, NotFound: As `trial` says.
    """
    return table_of(trial(desk, version_id, decision))


def try_table(desk: Desk, version_id: str, decision: str, given: Mapping[str, str]) -> Table:
    """Return what a decision table gives for inputs, and which of its rules match.

    Args:
        desk: Of a designer or an administrator.
        version_id: The version.
        decision: The table's id.
        given: What is typed, by path; texts as they are, other values as FEEL.

    Raises:
        NotAllowed, NotFound, ValueNotRead: As `trial` says.
    """
    return table_of(trial(desk, version_id, decision, given))


def table_of(found: Trial) -> Table:
    """Return a table that can be, or was, tried."""
    view = found.table
    return Table(
        decision=view.decision,
        title=view.title,
        hit_policy=view.hit_policy,
        inputs=tuple(one.label or one.expression for one in view.inputs),
        outputs=tuple(one.label for one in view.outputs),
        rules=tuple((*one.inputs, *one.outputs) for one in view.rows),
        fields=found.fields,
        result=found.result,
        matched=found.matched,
        lit=tuple(place for place, one in enumerate(view.rows) if one.is_lit),
    )


def upload_procedure(office: Office, actor: Actor, folder: bytes) -> VersionRow:
    """Check a procedure's folder that comes as a zip, and keep it as a draft with its report.

    The same folder again makes no other draft.

    Raises:
        NotAllowed: The caller designs no procedures here.
        Problem: It is no such zip; `errors` says why.
    """
    office.ask(actor, must_design)
    read = folder_in(folder)
    try:
        report = check_folder(read, fonts=font_folders(settings()))
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        raise unfit(read.procedure, refused) from refused
    manifest = manifest_of(read)
    made: VersionRow = office.give(
        actor,
        draft_version,
        read.procedure,
        manifest=manifest,
        digest=digest_of_manifest(manifest),
        files={**read.files, **read.scenarios},
        report=report.as_json(),
    )
    return made


def folder_in(content: bytes) -> Folder:
    """Return the procedure's folder in a zip.

    Raises:
        Problem: It is no such zip.
    """
    try:
        return read_zip(content, SHARED)
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        raise unfit("", refused) from refused


def unfit(procedure: str, refused: FolderRefused | bpmn.DiagramRefused) -> Problem:
    """Return why files are no folder of a procedure, by file."""
    errors: dict[str, list[str]] = {}
    for one in findings_in(procedure, refused):
        said = one.en if language() == "en" else one.zh
        errors.setdefault(one.file or "/", []).append(said)
    return Problem(HTTPStatus.CONFLICT, "api.folder", errors=errors)
