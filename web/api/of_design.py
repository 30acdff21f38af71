"""Operations of process designers: versions, decision tables, drafts."""

from __future__ import annotations

from functools import partial

from engine.commands.drafts import discard_draft, remove_draft_file, restore_draft_file
from engine.commands.publish_version import approve_version, retire_version, roll_back_version
from engine.desk.views.drafting import drafts, revisions
from engine.desk.views.published import procedures
from engine.model.scopes import Scope
from web.api.operations import Operation
from web.api.reading.drafts import (
    begin_draft_check,
    draft_changes,
    draft_check,
    draft_preview,
    draft_tables,
    draft_zip,
    new_draft,
    read_draft_file,
    shipped_procedures,
    stop_draft_check,
    submit_drawn,
    try_draft_table,
    whole_draft,
    write_draft_file,
)
from web.api.reading.versions import (
    guide,
    procedure_schema,
    table,
    tables,
    try_table,
    upload_procedure,
    version,
    version_changes,
    version_diagram,
)

_get = partial(Operation, "GET", scope=Scope.READ, changes=False)
_deploy = partial(Operation, "POST", scope=Scope.DEPLOY, changes=True)
_office = partial(Operation, "POST", scope=Scope.DEPLOY, changes=True, by_office=True)
_ask = partial(Operation, "POST", scope=Scope.READ, changes=False)

VERSIONS = (
    _get("/procedures", procedures, tag="procedures"),
    _office("/procedures", upload_procedure, tag="procedures"),
    _get("/procedures/{procedure}/guide", guide, tag="procedures"),
    _get("/procedure-schema", procedure_schema, tag="procedures"),
    _get("/versions/{version_id}", version, tag="procedures"),
    _get("/versions/{version_id}/diagram", version_diagram, tag="procedures", file=True),
    _get("/versions/{version_id}/changes", version_changes, tag="procedures"),
    _deploy("/versions/{version_id}/approve", approve_version, tag="procedures"),
    _deploy("/versions/{version_id}/retire", retire_version, tag="procedures"),
    _deploy("/versions/{version_id}/roll-back", roll_back_version, tag="procedures"),
    _get("/versions/{version_id}/tables", tables, tag="decisions"),
    _get("/versions/{version_id}/tables/{decision}", table, tag="decisions"),
    _ask("/versions/{version_id}/tables/{decision}/try", try_table, tag="decisions"),
)

DRAFTS = (
    _get("/drafts", drafts, tag="drafts"),
    _deploy("/drafts", new_draft, tag="drafts"),
    _get("/drafts/shipped", shipped_procedures, tag="drafts"),
    _get("/drafts/{draft_id}", whole_draft, tag="drafts"),
    _get("/drafts/{draft_id}/file", read_draft_file, tag="drafts", file=True),
    Operation(
        "PUT", "/drafts/{draft_id}/file", write_draft_file, Scope.DEPLOY, "drafts", changes=True
    ),
    _deploy("/drafts/{draft_id}/file/remove", remove_draft_file, tag="drafts"),
    _deploy("/drafts/{draft_id}/file/restore", restore_draft_file, tag="drafts"),
    _get("/drafts/{draft_id}/file/history", revisions, tag="drafts"),
    _get("/drafts/{draft_id}/zip", draft_zip, tag="drafts", file=True),
    _get("/drafts/{draft_id}/changes", draft_changes, tag="drafts"),
    _get("/drafts/{draft_id}/tables", draft_tables, tag="drafts"),
    _ask("/drafts/{draft_id}/tables/try", try_draft_table, tag="drafts"),
    Operation(
        "GET",
        "/drafts/{draft_id}/documents/{key}",
        draft_preview,
        Scope.READ,
        "drafts",
        changes=False,
        file=True,
        by_office=True,
    ),
    _get("/drafts/{draft_id}/check", draft_check, tag="drafts"),
    _office("/drafts/{draft_id}/check", begin_draft_check, tag="drafts"),
    _office("/drafts/{draft_id}/check/stop", stop_draft_check, tag="drafts"),
    _office("/drafts/{draft_id}/submit", submit_drawn, tag="drafts"),
    _deploy("/drafts/{draft_id}/discard", discard_draft, tag="drafts"),
)

OPERATIONS = (*VERSIONS, *DRAFTS)
