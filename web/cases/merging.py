"""查重并案: which cases may be the same matter, and merging a later clue into an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from engine.commands.merge_clues import merge_clue
from engine.desk.views import case_view
from engine.desk.views.listing import rules_of
from engine.desk.views.merging import likely_duplicates
from web.acting import carried_out
from web.cases.frame import pages, tab_page
from web.cases.presenting import case_row
from web.texts import gettext as _
from web.visiting import ask, give, language, today

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@pages.get("/cases/<case_id>/merger")
def merger(case_id: str) -> str:
    """Show the cases that may be the same matter, and the form that merges into one of them."""
    view = ask(case_view, case_id)
    likely = ask(likely_duplicates, case_id)
    rules = ask(rules_of, {one.version_id for one in likely})
    return tab_page(
        "show",
        view,
        template="cases/merger.html",
        likely=[
            (
                one.id,
                case_row(one, rules[one.version_id], today(), language()),
                (one.opened_at, one.id) < (view.row.opened_at, view.row.id),
            )
            for one in likely
        ],
    )


@pages.post("/cases/<case_id>/merger")
def merge(case_id: str) -> AnyResponse:
    """Merge the case into the one that was chosen."""
    into, reasons = request.form.get("into", ""), request.form.get("reasons", "")
    return carried_out(
        url_for("cases.show", case_id=case_id),
        _("已并案，本案办结；以先登记的案件继续办理。"),
        lambda: give(merge_clue, case_id, into, reasons=reasons),
        refused=url_for("cases.merger", case_id=case_id),
    )
