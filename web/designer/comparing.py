"""What changed: a draft against a version, a version against another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound

from engine.commands.publish_version import roll_back_version
from engine.desk.views.drafting import draft_files, version_files
from engine.desk.views.published import procedures, version_view
from engine.errors import NotAllowed, Refusal
from engine.publishing.drawing.comparing import Kind, differences
from web.administration.procedures import change_text
from web.designer.area import own, page, pages
from web.failures import say
from web.texts import gettext as _
from web.toolkit import DiagramView
from web.visiting import ask, give

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from engine.store.tables import VersionRow


@pages.get("/<draft_id>/changes")
def changes(draft_id: str) -> str:
    """Show what a draft changes against the newest version of its procedure."""
    row, files = ask(draft_files, draft_id)
    line = next((one for one in ask(procedures) if one.procedure == row.procedure), None)
    before: Mapping[str, bytes] = {}
    number = 0
    if line is not None:
        base = line.current or line.newest
        number = base.number
        before = ask(version_files, base.id)[1]
    found = differences(before, files) if number else ()
    return page(
        "changes",
        own(draft_id),
        "changes",
        number=number,
        **_views(found, lambda path: url_for("designer.source", draft_id=draft_id, path=path)),
    )


@pages.get("/compare/<version_id>")
def compare(version_id: str) -> str:
    """Show what a version changes against another: the one before it if none is named."""
    row, files = ask(version_files, version_id)
    view = ask(version_view, version_id)
    others = [one for one in view.versions if one.id != row.id]
    against = request.args.get("against", "")
    base = next((one for one in others if one.id == against), None)
    if base is None:
        base = next((one for one in others if one.number < row.number), None)
    if base is None:
        raise NotFound
    before = ask(version_files, base.id)[1]

    def picture(path: str) -> str:
        full = f"{row.procedure}/{path}"
        return url_for("administration.diagram", version_id=row.id, path=full)

    return render_template(
        "designer/compare.html",
        title=view.title,
        row=row,
        number=base.number,
        base=base,
        others=others,
        **_views(differences(before, files), picture),
    )


@pages.post("/versions/<version_id>/roll-back")
def roll_back(version_id: str) -> Response:
    """Draft an earlier version anew; a second person approves it."""
    try:
        made: VersionRow = give(
            roll_back_version, version_id, reasons=request.form.get("reasons", "")
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("administration.version", version_id=version_id))
    flash(_("已按原内容起草第 %(number)s 版，须由另一人批准后施行。", number=made.number), "ok")
    return redirect(url_for("administration.version", version_id=made.id))


def _views(found: Any, picture: Any) -> dict[str, Any]:
    """Return the differences for the page, the changed diagrams with their elements marked."""
    files = []
    for place, one in enumerate(found):
        marked = [each.element for each in one.elements if str(each.kind) != "removed"]
        shown = None
        if one.path.endswith(".bpmn") and one.kind is Kind.CHANGED and marked:
            shown = DiagramView(
                f"changed-{place}",
                _("标出的是有改动的元素：%(ids)s", ids="、".join(marked)),
                picture(one.path),
                now=tuple(dict.fromkeys(marked)),
            )
        files.append(
            {
                "path": one.path,
                "kind": change_text(str(one.kind)),
                "elements": [
                    {
                        "kind": change_text(str(each.kind)),
                        "element": each.element,
                        "what": each.what,
                        "before": each.before,
                        "after": each.after,
                    }
                    for each in one.elements
                ],
                "rows": [
                    {
                        "kind": change_text(str(each.kind)),
                        "table": each.table,
                        "number": each.number,
                        "before": each.before,
                        "after": each.after,
                    }
                    for each in one.rows
                ],
                "lines": one.lines,
                "layout_only": one.is_layout_only,
                "picture": shown,
            }
        )
    return {"files": files}
