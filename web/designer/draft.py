"""A draft: its files, what is wrong with it, what becomes of it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, send_file, url_for

import bpmn
from engine.commands.drafts import (
    discard_draft,
    remove_draft_file,
    restore_draft_file,
    save_draft_file,
    submit_draft,
)
from engine.desk.views.drafting import draft_file, draft_files, revisions
from engine.errors import NotAllowed, Refusal
from engine.publishing.drawing import zipped
from engine.publishing.folders import FolderRefused, assembled
from engine.publishing.manifests import digest_of_manifest, manifest_of
from web.acting import then
from web.designer.area import SHARED, findings_in, found_in, own, page, pages, shown
from web.designer.checks import progress_of
from web.failures import say
from web.texts import gettext as _
from web.visiting import ask, civil, give, language
from web.wording import full_day_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug.wrappers import Response

    from engine.desk.views.drafting import FileLine
    from engine.store.tables import VersionRow

FORM = b'{\n  "type": "default",\n  "id": "form",\n  "schemaVersion": 19,\n  "components": []\n}\n'
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions_{key}" \
name="{name}" namespace="urn:wenze:decisions">
  <decision id="{key}" name="{name}">
    <decisionTable id="{key}_table" hitPolicy="UNIQUE">
      <input id="{key}_in" label="条件"><inputExpression id="{key}_in_e" typeRef="string">\
<text>input</text></inputExpression></input>
      <output id="{key}_out" label="结论" name="result" typeRef="string" />
      <rule id="{key}_rule_1">
        <inputEntry id="{key}_rule_1_in"><text>-</text></inputEntry>
        <outputEntry id="{key}_rule_1_out"><text>"result"</text></outputEntry>
      </rule>
    </decisionTable>
  </decision>
</definitions>
"""


@pages.get("/<draft_id>")
def draft(draft_id: str) -> str:
    """Show a draft: its files and its findings."""
    view = own(draft_id)
    row, files = ask(draft_files, draft_id)
    return page(
        "draft",
        view,
        "draft",
        groups=_groups(draft_id, view.files),
        findings=shown(row, found_in(row, files)),
        progress=progress_of(view.row),
        begun=_(
            "%(name)s，%(day)s",
            name=view.names.get(view.row.created_by, ""),
            day=full_day_text(civil(view.row.created_at).date()),
        ),
    )


@pages.post("/<draft_id>/files")
def add_file(draft_id: str) -> Response:
    """Add a file: an empty one of a kind, or one that is uploaded."""
    view = own(draft_id)
    sent = request.files.get("file")
    here = url_for("designer.draft", draft_id=draft_id)
    if sent is not None and sent.filename:
        name = sent.filename.rpartition("/")[2]
        path, content = f"{request.form.get('folder', '')}{name}", sent.read()
    else:
        kind = request.form.get("kind", "")
        path, content = _blank(kind, request.form.get("name", "").strip())
    there = view.file(path)
    return then(
        here if sent is not None else url_for("designer.edit", draft_id=draft_id, path=path),
        _("已添加 %(path)s。", path=path),
        save_draft_file,
        draft_id,
        path,
        content,
        number=there.number if there is not None and sent is not None else 0,
    )


@pages.post("/<draft_id>/remove")
def remove_file(draft_id: str) -> Response:
    """Remove a file; its revisions stay."""
    path = request.form.get("path", "")
    return then(
        url_for("designer.draft", draft_id=draft_id),
        _("已删除 %(path)s，可在历史中恢复。", path=path),
        remove_draft_file,
        draft_id,
        path,
        number=request.form.get("number", type=int) or 0,
    )


@pages.get("/<draft_id>/history/<path:path>")
def history(draft_id: str, path: str) -> str:
    """Show the kept revisions of a file."""
    lines = ask(revisions, draft_id, path)
    return page(
        "history",
        own(draft_id),
        "draft",
        path=path,
        lines=[
            {
                "number": one.number,
                "by": one.saved_by,
                "at": f"{full_day_text(civil(one.saved_at).date())} {civil(one.saved_at):%H:%M}",
                "size": one.size,
                "is_removed": one.is_removed,
                "restored": one.restored,
                "is_newest": one is lines[0],
            }
            for one in lines
        ],
    )


@pages.post("/<draft_id>/restore")
def restore(draft_id: str) -> Response:
    """Bring a revision back."""
    path = request.form.get("path", "")
    return then(
        url_for("designer.draft", draft_id=draft_id),
        _("已恢复 %(path)s。", path=path),
        restore_draft_file,
        draft_id,
        path,
        request.form.get("number", type=int) or 0,
    )


@pages.post("/<draft_id>/discard")
def discard(draft_id: str) -> Response:
    """Put a draft away."""
    return then(url_for("designer.gallery"), _("草稿已放弃。"), discard_draft, draft_id)


@pages.post("/<draft_id>/submit")
def submit(draft_id: str) -> Response:
    """Make a checked draft a version, for a second person to approve."""
    row, files = ask(draft_files, draft_id)
    try:
        folder = assembled(row.procedure, files, SHARED)
        manifest = manifest_of(folder)
        version: VersionRow = give(
            submit_draft,
            draft_id,
            revision=row.revision,
            manifest=manifest,
            digest=digest_of_manifest(manifest),
            files={**folder.files, **folder.scenarios},
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("designer.draft", draft_id=draft_id))
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        for one in findings_in(row.procedure, refused):
            flash(one.en if language() == "en" else one.zh, "bad")
        return redirect(url_for("designer.draft", draft_id=draft_id))
    flash(_("已送审为第 %(number)s 版，须由另一人批准后施行。", number=version.number), "ok")
    return redirect(url_for("administration.version", version_id=version.id))


@pages.get("/<draft_id>/export.zip")
def export(draft_id: str) -> Response:
    """Give the whole folder as a zip, as it can be imported again."""
    row, files = ask(draft_files, draft_id)
    content = zipped(row.procedure, files)
    return send_file(
        io.BytesIO(content),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{row.procedure}.zip",
    )


@pages.get("/<draft_id>/download/<path:path>")
def download(draft_id: str, path: str) -> Response:
    """Give one file, such as a diagram for another tool; an earlier revision if one is named."""
    found = ask(draft_file, draft_id, path, request.args.get("number", 0, type=int))
    return send_file(
        io.BytesIO(found.content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=path.rpartition("/")[2],
    )


def _groups(draft_id: str, files: Iterable[FileLine]) -> list[dict[str, Any]]:
    """Return the files in the order in which a designer thinks of them."""
    titles: tuple[tuple[str, Callable[[str], bool]], ...] = (
        (_("规则"), lambda path: path.endswith(".yaml") and "/" not in path),
        (_("流程图"), lambda path: path.endswith(".bpmn")),
        (_("决策表"), lambda path: path.endswith(".dmn")),
        (_("表单"), lambda path: path.endswith(".form")),
        (_("文书模板"), lambda path: path.startswith("documents/")),
        (_("场景"), lambda path: path.startswith("scenarios/")),
        (_("其他"), lambda _path: True),
    )
    left = list(files)
    groups: list[dict[str, Any]] = []
    for title, belongs in titles:
        mine = [one for one in left if belongs(one.path)]
        left = [one for one in left if one not in mine]
        if mine:
            lines = [
                {
                    "path": one.path,
                    "number": one.number,
                    "size": one.size,
                    "by": one.saved_by,
                    "at": f"{civil(one.saved_at):%m-%d %H:%M}",
                    "url": url_for("designer.edit", draft_id=draft_id, path=one.path),
                }
                for one in mine
            ]
            groups.append({"title": title, "files": lines})
    return groups


def _blank(kind: str, name: str) -> tuple[str, bytes]:
    """Return the path and content of a new file of a kind."""
    if kind == "form":
        return f"forms/{name}.form", FORM.replace(b'"form"', f'"{name}"'.encode())
    if kind == "dmn":
        key = name.replace("-", "_")
        return f"{name}.dmn", TABLE.format(key=key, name=name).encode()
    return f"{name}.md", b""
