"""The editors of a draft's files: modeller, decision tables, forms, plain text; autosave."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, jsonify, redirect, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from engine.commands.drafts import save_draft_file
from engine.desk.views.drafting import OPEN, draft_file, draft_files
from engine.errors import ConcurrentChange, NotAllowed, Refusal
from engine.publishing.drawing import element_templates
from engine.publishing.drawing.pictures import DIAGRAM, cleaned_picture, picture_path
from engine.workflow.versions import rules_in
from web.acting import then
from web.designer.area import SHARED, found_in, own, page, pages, shown
from web.failures import say
from web.frontend import json_block
from web.texts import gettext as _
from web.visiting import ask, give, language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response as AnyResponse

    from engine.model.procedure_rules import ProcedureRules

DRAWN = {".bpmn": "bpmn", ".dmn": "dmn", ".form": "form"}
KEY = "editor"


@pages.get("/<draft_id>/edit/<path:path>")
def edit(draft_id: str, path: str) -> str | AnyResponse:
    """Show the editor of a file; the plain one where it is asked for or nothing else fits."""
    view = own(draft_id)
    suffix = path[path.rfind(".") :]
    if suffix == ".docx":
        return redirect(url_for("designer.document", draft_id=draft_id, path=path))
    row, files = ask(draft_files, draft_id)
    found = ask(draft_file, draft_id, path)
    findings = shown(row, found_in(row, files), path)
    if suffix in DRAWN and not request.args.get("plain") and row.state in OPEN:
        kind = DRAWN[suffix]
        block: dict[str, Any] = {
            "source": url_for("designer.source", draft_id=draft_id, path=path),
            "save": url_for("designer.save", draft_id=draft_id, path=path),
            "revision": found.number,
            "findings": findings,
            "words": _words(),
        }
        if kind == "bpmn":
            block["templates"] = _templates(files)
        return page("editor", view, path=path, kind=kind, key=KEY, block=json_block(block))
    text = found.content.decode("utf-8", "replace")
    return page(
        "plain",
        view,
        path=path,
        number=found.number,
        text=Markup.escape(text),
        findings=findings,
        can_draw=suffix in DRAWN,
    )


@pages.get("/<draft_id>/source/<path:path>")
def source(draft_id: str, path: str) -> Response:
    """Give a file as plain text, whatever it holds: nothing of it is ever run as a page."""
    found = ask(draft_file, draft_id, path)
    return Response(found.content, mimetype="text/plain")


@pages.post("/<draft_id>/save/<path:path>")
def save(draft_id: str, path: str) -> tuple[AnyResponse, int] | AnyResponse:
    """Save what an editor sends as one works; answer with the findings of our linter."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not isinstance(sent.get("content"), str):
        raise BadRequest
    number = sent.get("revision")
    if not isinstance(number, int) or isinstance(number, bool):
        raise BadRequest
    try:
        content = sent["content"].encode()
    except UnicodeEncodeError as error:  # half of a pair of surrogates is no text
        raise BadRequest from error
    try:
        saved = give(save_draft_file, draft_id, path, content, number=number)
    except NotAllowed:
        raise
    except ConcurrentChange as refusal:
        return jsonify(message=say(refusal)), 409
    except Refusal as refusal:
        return jsonify(message=say(refusal)), 422
    if path.endswith(DIAGRAM) and isinstance(sent.get("svg"), str):
        _keep_picture(draft_id, path, content, sent["svg"])
    row, files = ask(draft_files, draft_id)
    return jsonify(revision=saved.number, findings=shown(row, found_in(row, files), path))


def _keep_picture(draft_id: str, path: str, diagram: bytes, sent: str) -> None:
    """Keep the picture that the modeller has drawn of a diagram, where it can be made safe."""
    beside = picture_path(path)
    _row, files = ask(draft_files, draft_id)
    cleaned = cleaned_picture(diagram, sent.encode("utf-8", "replace"))
    if cleaned is None or files.get(beside) == cleaned:
        return
    there = own(draft_id).file(beside)
    number = there.number if there is not None else 0
    with suppress(ConcurrentChange):  # whoever saved the diagram meanwhile has drawn it, too
        give(save_draft_file, draft_id, beside, cleaned, number=number)


@pages.post("/<draft_id>/write/<path:path>")
def write(draft_id: str, path: str) -> AnyResponse:
    """Save the text of the plain editor."""
    text = request.form.get("text", "").replace("\r\n", "\n")
    return then(
        url_for("designer.edit", draft_id=draft_id, path=path, plain=1),
        _("已保存。"),
        save_draft_file,
        draft_id,
        path,
        text.encode(),
        number=request.form.get("number", type=int) or 0,
    )


@pages.get("/templates.json")
def templates() -> Response:
    """Give the element templates of a draft; Camunda's own Modeler reads them, too."""
    _row, files = ask(draft_files, request.args.get("draft", ""))
    return Response(orjson.dumps(_templates(files)), mimetype="application/json")


def _templates(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return element_templates(files, shared=shared_rules(), language=language())


@cache
def shared_rules() -> Mapping[str, ProcedureRules]:
    """Return the rules of the shared procedures of this release; which do not change."""
    found = {}
    for path in sorted(SHARED.glob("*/procedure.yaml")):
        rules = rules_in(path.read_bytes())
        if (path.parent / f"{path.parent.name}.bpmn").is_file():
            found[path.parent.name] = rules
    return found


def _words() -> dict[str, str]:
    return {
        "saved": _("已保存"),
        "saving": _("正在保存……"),
        "unsaved": _("有未保存的修改"),
        "failed": _("没有保存，将再试。"),
        "conflict": _("没有保存："),
    }
