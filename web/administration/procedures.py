"""Versions of procedures: what they hold, what their checks gave, approve, upload."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

import bpmn
from engine.commands.delete_version import DELETABLE, ask_deletion, decide_deletion
from engine.commands.publish_version import approve_version, draft_version, retire_version
from engine.desk.views.around import around
from engine.desk.views.published import (
    VersionView,
    diagram_of,
    guide_of,
    must_design,
    procedures,
    version_view,
)
from engine.publishing.checks import check_folder
from engine.publishing.drawing.pictures import is_picture
from engine.publishing.folders import FolderRefused, read_zip
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.publishing.schema import published_schema
from web.acting import carried_out, then
from web.administration.area import page, pages
from web.administration.checked import report_view
from web.forms import day_of
from web.navigation import SUPERVISION
from web.office import font_folders
from web.pictures import picture_of
from web.prose import read_prose
from web.texts import gettext as _
from web.toolkit import DiagramView, TagView, Tone
from web.visiting import ask, civil, give, language, settings, today, visitor
from web.wording import full_day_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from engine.store.tables import VersionRow

SHARED = Path(__file__).parents[2] / "processes" / "shared"
"""The shared procedures of this release: an upload may use them."""


@pages.get("/procedures", endpoint="procedures")
def listing() -> str:
    """Show every procedure with the version in force and its draft."""
    return page(
        "procedures",
        "procedures",
        lines=[
            {
                "url": url_for("administration.version", version_id=(one.draft or one.newest).id),
                "title": one.title.say(language()),
                "key": one.procedure,
                "current": one.current.number if one.current else None,
                "current_url": url_for("administration.version", version_id=one.current.id)
                if one.current
                else "",
                "draft": one.draft.number if one.draft else None,
                "check": check_tag(one.newest),
                "running": one.running,
            }
            for one in ask(procedures)
        ],
    )


@pages.get("/procedures/<version_id>")
def version(version_id: str) -> str:
    """Show a version: its checks, its diagrams, what changed, who did what."""
    view = ask(version_view, version_id)
    row = view.row
    said = language()
    shown = request.args.get("diagram", "")
    paths = dict(view.diagrams)
    name = shown if shown in paths else next(iter(paths), "")
    diagram, stored = None, ""
    if name:
        stored = picture_of(row, paths[name])
        source = url_for("administration.diagram", version_id=row.id, path=paths[name])
        diagram = DiagramView("version", _("流程图 %(name)s", name=name), source)
    return page(
        "version",
        "procedures",
        view=view,
        title=view.title.say(said),
        state=state_tag(row.state),
        check=check_tag(row),
        report=report_view(row.report, said),
        diagram=diagram,
        diagrams=[
            {"name": one, "url": url_for("administration.version", version_id=row.id, diagram=one)}
            for one in paths
        ],
        chosen=name,
        stored=stored,
        alternative=_(
            "%(title)s第 %(number)s 版的流程图 %(name)s",
            title=view.title.say(said),
            number=row.number,
            name=name,
        ),
        changes=[
            {"path": one.path, "kind": change_text(one.kind)}
            for one in view.changes
            if not is_picture(one.path, paths.values())
        ],
        drafted=_signed(view.names.get(row.drafted_by, _("系统")), civil(row.drafted_at).date()),
        approved=_signed(
            view.names.get(row.approved_by or "", _("系统")), civil(row.approved_at).date()
        )
        if row.approved_at
        else "",
        effective=full_day_text(row.effective_on) if row.effective_on else "",
        why_not=_why_not(row),
        versions=[
            {
                "number": one.number,
                "url": url_for("administration.version", version_id=one.id),
                "state": state_tag(one.state),
                "current": one.id == row.id,
            }
            for one in view.versions
        ],
        is_newest=view.versions[0].id == row.id,
        today=today(),
        draining=_draining(view) if row.state == "retired" else None,
        deletion=_deletion(view),
    )


@pages.post("/procedures/<version_id>/deletion")
def version_delete(version_id: str) -> AnyResponse:
    """Ask that a version be deleted, or decide on it."""
    url = url_for("administration.version", version_id=version_id)
    action, reasons = request.form.get("action", ""), request.form.get("reasons", "")
    if action == "ask":
        done = _("已提请删除，等另一名管理员决定。")
        return then(url, done, ask_deletion, version_id, reasons=reasons)
    return carried_out(
        url_for("administration.procedures") if action == "grant" else url,
        _("该版本已删除。") if action == "grant" else _("该版本保留。"),
        lambda: give(decide_deletion, version_id, granted=action == "grant", reasons=reasons),
        refused=url,
    )


@pages.get("/procedures/<key>/guide")
def guide(key: str) -> str:
    """Show the page of a procedure, or of a version, that its case officers read."""
    row, title, text = ask(guide_of, key)
    return render_template(
        "administration/guide.html",
        title=title.say(language()),
        number=row.number,
        blocks=read_prose(text),
    )


@pages.post("/procedures/<version_id>/approve")
def version_approve(version_id: str) -> AnyResponse:
    """Publish a draft from a day on."""
    day = day_of(request.form.get("effective_on"))
    if day is None:
        raise BadRequest
    return then(
        url_for("administration.version", version_id=version_id),
        _("已批准发布，自 %(day)s 起施行，只对之后立的案件有效。", day=full_day_text(day)),
        approve_version,
        version_id,
        effective_on=day,
    )


@pages.post("/procedures/<version_id>/retire")
def version_retire(version_id: str) -> AnyResponse:
    """Take a version out of use, once its number was typed."""
    url = url_for("administration.version", version_id=version_id)
    row = ask(version_view, version_id).row
    if request.form.get("typed", "").strip() != row.procedure:
        flash(_("请输入流程标识 %(key)s 以确认停用。", key=row.procedure), "bad")
        return redirect(url)
    reasons = request.form.get("reasons", "").strip()
    return then(url, _("该版本已停用。"), retire_version, version_id, reasons=reasons)


@pages.get("/procedures/<version_id>/diagrams/<path:path>")
def diagram(version_id: str, path: str) -> Response:
    """Give a diagram as it was drawn."""
    return Response(ask(diagram_of, version_id, path), mimetype="application/xml")


@pages.get("/procedures/schema.json")
def schema() -> Response:
    """Give the JSON Schema of `procedure.yaml`."""
    content = orjson.dumps(published_schema(), option=orjson.OPT_INDENT_2)
    answer = Response(content, mimetype="application/schema+json")
    answer.headers["Content-Disposition"] = 'attachment; filename="procedure.schema.json"'
    return answer


@pages.post("/procedures")
def upload() -> AnyResponse | tuple[str, int]:
    """Check a folder that somebody uploaded as a zip, and keep it as a draft with its report."""
    ask(must_design)
    sent = request.files.get("folder")
    if sent is None or not sent.filename:
        flash(_("请选择流程文件夹的压缩包。"), "bad")
        return redirect(url_for("administration.procedures"))
    try:
        folder = read_zip(sent.read(), SHARED)
        report = check_folder(folder, fonts=font_folders(settings()))
    except FolderRefused as refused:
        flash(refused.en if language() == "en" else refused.zh, "bad")
        return redirect(url_for("administration.procedures"))
    except bpmn.DiagramRefused as refused_diagram:
        return _refused_page(refused_diagram), 409
    manifest = manifest_of(folder)
    row: VersionRow = give(
        draft_version,
        folder.procedure,
        manifest=manifest,
        digest=digest_of_manifest(manifest),
        files={**folder.files, **folder.scenarios},
        report=report.as_json(),
    )
    if row.state == "draft":
        flash(_("已存为第 %(number)s 版草稿。", number=row.number), "ok")
    else:
        flash(_("与第 %(number)s 版相同，没有另存草稿。", number=row.number))
    return redirect(url_for("administration.version", version_id=row.id))


def state_tag(state: str) -> TagView:
    """Return the state of a version as a mark."""
    return {
        "draft": TagView(_("草稿"), Tone.OPEN),
        "published": TagView(_("已发布"), Tone.OK, "check"),
        "retired": TagView(_("已停用")),
        "declined": TagView(_("未批准")),
    }.get(state, TagView(state))


def check_tag(row: VersionRow) -> TagView:
    """Return what the checks of a version gave, as a mark."""
    if row.report.get("passed"):
        return TagView(_("检查通过"), Tone.OK, "check")
    return TagView(_("检查未通过"), Tone.BAD, "x")


def change_text(kind: str) -> str:
    """Return what happened to a file between two versions."""
    return {"added": _("新增"), "changed": _("修改"), "removed": _("删除")}.get(kind, kind)


def _why_not(row: VersionRow) -> str:
    """Return why the reader cannot approve a draft now, and what to do; empty if one can."""
    if not row.report.get("passed"):
        return _("检查或场景未全部通过：请按报告修改后重新上传。")
    if row.drafted_by == visitor().actor.person_id:
        return _("由您起草，须由另一人批准。")
    return ""


def _draining(view: VersionView) -> dict[str, Any]:
    """Return the cases that still run in a version that takes no new ones."""
    sees = SUPERVISION in ask(around).roles
    return {
        "cases": [
            {
                "number": one.number,
                "url": url_for("cases.show", case_id=one.id) if sees else "",
                "since": full_day_text(civil(one.opened_at).date()),
            }
            for one in view.cases
        ],
        "more": view.running - len(view.cases),
        "migrate": f"{url_for('administration.migration')}?from={view.row.id}",
    }


def _deletion(view: VersionView) -> dict[str, Any] | None:
    """Return who asked to delete a version and whether the reader decides; None where it stays."""
    row = view.row
    if row.state not in DELETABLE:
        return None
    return {
        "has_run": view.has_run,
        "by": view.names.get(row.deletion_by or "", ""),
        "reasons": row.deletion_reasons,
        "is_own": row.deletion_by == visitor().actor.person_id,
    }


def _signed(name: str, day: Any) -> str:
    return _("%(name)s，%(day)s", name=name, day=full_day_text(day))


def _refused_page(refused: bpmn.DiagramRefused) -> str:
    said = language()
    findings = [
        {
            "file": one.file,
            "element": one.element,
            "line": one.line,
            "text": one.en if said == "en" else one.zh,
        }
        for one in refused.findings
    ]
    return page("refused", "procedures", findings=findings)
