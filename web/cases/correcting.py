"""更正: the correction of a served document, from the draft to its service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for

from engine.commands.correct_document import (
    draft_correction,
    drop_correction,
    issue_correction,
    prepare_correction,
    serve_correction,
)
from engine.commands.sign import signed
from engine.desk.views import case_view
from engine.desk.views.corrections import correction_view
from engine.errors import NotAllowed, Refusal
from engine.model.services import ServiceWay
from web.acting import carried_out
from web.cases.frame import pages, tab_page
from web.failures import say
from web.papers import document_title
from web.statuses import document_tag, way_text
from web.texts import gettext as _
from web.visiting import ask, give, language, office, today, visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse


@pages.get("/documents/<document_id>/correct")
def correct(document_id: str) -> str:
    """Show the form by which a correction is drafted, and the corrections there are."""
    found = ask(correction_view, document_id)
    view = ask(case_view, found.row.case_id)
    return tab_page(
        "documents",
        view,
        template="cases/correct.html",
        row=found.row,
        title=document_title(found.row, view.version.rules, language()),
        others=[(one, document_tag(one.state)) for one in found.corrections],
    )


@pages.post("/documents/<document_id>/correct")
def correct_act(document_id: str) -> AnyResponse:
    """Draft a correction."""
    form = request.form
    try:
        row = give(
            draft_correction,
            document_id,
            wrong=form.get("wrong", ""),
            right=form.get("right", ""),
            reasons=form.get("reasons", ""),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("cases.correct", document_id=document_id))
    flash(_("更正通知已拟好，由另一人签发。"), "ok")
    return redirect(url_for("cases.correction", document_id=row.id))


@pages.get("/corrections/<document_id>")
def correction(document_id: str) -> str:
    """Show a correction and what may be done with it now."""
    found = ask(correction_view, document_id)
    view = ask(case_view, found.row.case_id)
    return tab_page(
        "documents",
        view,
        template="cases/correction.html",
        row=found.row,
        original=found.original,
        original_title=document_title(found.original, view.version.rules, language())
        if found.original is not None
        else "",
        state=document_tag(found.row.state),
        is_own=found.row.drafted_by == visitor().actor.person_id,
        is_ready=bool(found.row.pdf) and found.row.issued_on == today(),
        ways=[(one.value, way_text(one.value)) for one in ServiceWay],
        today=today().isoformat(),
    )


@pages.post("/corrections/<document_id>")
def correction_act(document_id: str) -> AnyResponse:
    """Prepare, issue, serve or give up a correction."""
    acts: dict[str, tuple[Callable[[str], Any], str]] = {
        "prepare": (_prepare, _("文件已生成，请打开核对后签发。")),
        "issue": (_issue, _("更正通知已签发。")),
        "serve": (_serve, _("送达已登记，并告知当事人。")),
        "drop": (_drop, _("更正通知已放弃。")),
    }
    act, done = acts.get(request.form.get("act", ""), acts["prepare"])
    case_id = ask(correction_view, document_id).row.case_id
    here = url_for("cases.correction", document_id=document_id)
    after = url_for("cases.documents", case_id=case_id) if act is _drop else here
    return carried_out(after, done, lambda: act(document_id), refused=here)


def _prepare(document_id: str) -> None:
    prepare_correction(office(), visitor().actor, document_id)


def _issue(document_id: str) -> None:
    actor = signed(office(), visitor().actor, request.form.get("password", ""))
    office().give(actor, issue_correction, document_id)


def _serve(document_id: str) -> None:
    form = request.form
    names = form.get("witnesses", "").replace("，", "、").replace(",", "、").split("、")
    answers = {
        "way": form.get("way", ""),
        "received_on": form.get("received_on", ""),
        "received_by": form.get("received_by", ""),
        "witnesses": [one.strip() for one in names if one.strip()],
    }
    give(serve_correction, document_id, answers)


def _drop(document_id: str) -> None:
    give(drop_correction, document_id)
