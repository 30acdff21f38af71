"""The gallery: drafts in work, procedures in force, those of this release; ways to begin."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from flask import current_app, flash, redirect, render_template, request, url_for

import bpmn
from engine.commands.drafts import begin_draft
from engine.desk.views.drafting import draft_files, drafts, version_files
from engine.desk.views.published import must_design, procedures
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.draft_files import NAME
from engine.model.procedures import ProcedureFault
from engine.publishing.drawing import (
    YamlEditRefused,
    copied,
    empty_folder,
    from_diagram,
    own_files,
    title_in,
    with_value,
)
from engine.publishing.drawing.pictures import picture_in
from engine.publishing.drawing.wizard import QUESTIONS, usual_procedure
from engine.publishing.folders import RULES, FolderRefused, read_folder, read_zip
from engine.workflow.versions import rules_in
from web.designer.area import PROCESSES, SHARED, findings_in, pages, state_tag
from web.failures import say
from web.pictures import picture_of
from web.texts import gettext as _
from web.visiting import ask, civil, give, language
from web.wording import full_day_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from engine.model.texts import Text


@dataclass(frozen=True, slots=True)
class Shipped:
    """A procedure of this release: what it is called and how much it holds."""

    key: str
    title: Text
    summary: Text | None
    deadlines: int
    documents: int
    scenarios: int


@cache
def shipped() -> tuple[Shipped, ...]:
    """Return the procedures of this release by their ids; they do not change while it runs."""
    found = []
    for path in sorted(PROCESSES.glob(f"*/{RULES}")):
        try:
            rules = rules_in(path.read_bytes())
        except (ProcedureFault, yaml.YAMLError, KeyError, TypeError):
            continue
        found.append(
            Shipped(
                path.parent.name,
                rules.title,
                rules.summary,
                len(rules.deadlines),
                len(rules.documents),
                len(list((path.parent / "scenarios").glob("*.yaml"))),
            )
        )
    return tuple(found)


@pages.get("")
def gallery() -> str:
    """Show drafts, versions and shipped procedures."""
    said = language()
    in_force = ask(procedures)
    return render_template(
        "designer/gallery.html",
        drafts=[
            {
                "url": url_for("designer.draft", draft_id=one.row.id),
                "title": one.row.title,
                "key": one.row.procedure,
                "tag": state_tag(one.row),
                "changed": _(
                    "%(name)s，%(day)s",
                    name=one.changed_by,
                    day=full_day_text(civil(one.row.changed_at).date()),
                ),
            }
            for one in ask(drafts)
        ],
        versions=[
            {
                "id": (one.current or one.newest).id,
                "title": one.title.say(said),
                "key": one.procedure,
                "number": (one.current or one.newest).number,
                "picture": picture_of(one.current or one.newest),
            }
            for one in in_force
        ],
        shipped=[
            {
                "key": one.key,
                "title": one.title.say(said),
                "summary": one.summary.say(said) if one.summary else "",
                "deadlines": one.deadlines,
                "documents": one.documents,
                "scenarios": one.scenarios,
            }
            for one in shipped()
        ],
        questions={
            "verification": _("先作初步核实；不属实的即结束"),
            "defence": _("决定之前听取陈述申辩"),
            "service": _("决定之后送达当事人"),
            "appeal": _("当事人可以申诉"),
        },
    )


@pages.get("/pictures/<version_id>.svg")
def picture(version_id: str) -> Response:
    """Give the picture of a version's diagram; it is cleaned, and can do nothing by itself.

    Of the main one, or of the one whose path in the procedure's folder is asked for.
    """
    row, files = ask(version_files, version_id)
    drawn = picture_in(files, request.args.get("diagram") or f"{row.procedure}.bpmn")
    if not drawn:
        raise NotFound(version_id)
    answer = current_app.response_class(drawn, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return answer


@pages.post("/begin")
def begin() -> Response:
    """Begin a draft: from nothing, from something that is there, from a file, from questions."""
    ask(must_design)
    way = request.form.get("way", "")
    procedure = request.form.get("procedure", "").strip()
    title = request.form.get("title", "").strip()
    try:
        name, files, origin = _BEGINNINGS.get(way, _from_nothing)(procedure, title)
        row = give(
            begin_draft, name, title=title or title_in(files, name), files=files, origin=origin
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("designer.gallery"))
    except (FolderRefused, bpmn.DiagramRefused) as refused:
        for one in findings_in(procedure, refused):
            flash(one.en if language() == "en" else one.zh, "bad")
        return redirect(url_for("designer.gallery"))
    flash(_("草稿已建立。修改随时自动保存；送审并由另一人批准前不影响任何案件。"), "ok")
    return redirect(url_for("designer.draft", draft_id=row.id))


_Begun = tuple[str, dict[str, bytes], str]


def _from_nothing(procedure: str, title: str) -> _Begun:
    _hold_name(procedure)
    return procedure, empty_folder(procedure, title or procedure), "empty"


def _from_questions(procedure: str, title: str) -> _Begun:
    _hold_name(procedure)
    chosen = {key: request.form.get(key) == "on" for key in QUESTIONS}
    days = request.form.get("days", type=int) or 0
    return procedure, usual_procedure(procedure, title or procedure, chosen, days), "wizard"


def _from_there(procedure: str, title: str) -> _Begun:
    kind, _colon, key = request.form.get("source", "").partition(":")
    if kind == "shipped" and key in {one.key for one in shipped()}:
        files, old = own_files(read_folder(PROCESSES / key)), key
    elif kind == "version":
        row, files = ask(version_files, key)
        old = row.procedure
    elif kind == "draft":
        draft, files = ask(draft_files, key)
        old = draft.procedure
    else:
        raise NotFound(kind)
    new = procedure or old
    _hold_name(new)
    if new != old:
        files = copied(files, old, new)
    return new, _titled(files, title), f"copy:{old}"


def _from_file(procedure: str, title: str) -> _Begun:
    sent = request.files.get("file")
    name = (sent.filename or "") if sent is not None else ""
    if sent is not None and name.endswith(".zip"):
        folder = read_zip(sent.read(), SHARED)
        old, files = folder.procedure, own_files(folder)
        new = procedure or old
        _hold_name(new)
        return new, copied(files, old, new) if new != old else files, "import"
    if sent is not None and name.endswith(".bpmn"):
        _hold_name(procedure)
        return procedure, from_diagram(procedure, title or procedure, sent.read()), "import"
    raise Refusal("draft.import_unread", name=name)


_BEGINNINGS: dict[str, Any] = {
    "empty": _from_nothing,
    "copy": _from_there,
    "import": _from_file,
    "wizard": _from_questions,
}


def _titled(files: dict[str, bytes], title: str) -> dict[str, bytes]:
    if not title or title == title_in(files, ""):
        return files
    try:
        return {**files, RULES: with_value(files[RULES], ("title",), {"zh": title})}
    except YamlEditRefused:
        return files


def _hold_name(procedure: str) -> None:
    """Check the id before anything is made of it; the command holds it, too."""
    if not NAME.fullmatch(procedure):
        raise Refusal("draft.name", name=procedure[:80])
