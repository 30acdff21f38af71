"""What a subject or reporter does: read, file, ask for a recusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from engine.commands.ask_recusal import ask_recusal
from engine.commands.filing_drafts import discard_filing_draft, save_filing_draft
from engine.commands.look import open_document
from engine.commands.submit_filing import submit_filing
from engine.desk.views.filing import filing_view
from engine.desk.views.own import own_cases
from engine.desk.views.own_matter import own_matter
from engine.errors import NotAllowed, NotFound, Refusal
from web.failures import say
from web.filing.presenting import filing_page
from web.filing.views import found_in
from web.forms import sent_answers, sent_draft, sent_files
from web.own.presenting import matter_view, right_word
from web.texts import gettext as _
from web.visiting import ask, civil, give, language, office, today, visitor
from web.wording import full_day_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

pages = Blueprint("own", __name__)


@pages.get("/my")
def listing() -> str | AnyResponse:
    """Show one's own matters; with one alone, that one."""
    found = ask(own_cases)
    if len(found) == 1:
        return redirect(url_for("own.matter", case_id=found[0][0]))
    lines = [
        {
            "url": url_for("own.matter", case_id=case_id),
            "number": number,
            "role": _("您是当事人") if role == "subject" else _("您反映的线索"),
            "day": full_day_text(civil(opened_at).date()),
        }
        for case_id, number, role, opened_at in found
    ]
    return render_template("own/list.html", lines=lines)


@pages.get("/my/<case_id>")
def matter(case_id: str) -> str:
    """Show one's own matter."""
    return _matter(case_id)


@pages.get("/my/<case_id>/file/<key>")
def write(case_id: str, key: str) -> str:
    """Show the form of a statement, a defence, an appeal."""
    return _filing(case_id, key)


@pages.post("/my/<case_id>/file/<key>")
def submit(case_id: str, key: str) -> str | AnyResponse | tuple[str, int]:
    """File it; what is refused is shown again with what was written."""
    answers = sent_answers()
    try:
        give(submit_filing, case_id, key, answers, sent_files())
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _filing(case_id, key, answers, refusal), 409
    flash(_("已收到，提交日期为今天。办理情况会在本页告知您。"), "ok")
    return redirect(url_for("own.matter", case_id=case_id))


@pages.post("/my/<case_id>/file/<key>/draft")
def draft(case_id: str, key: str) -> tuple[dict[str, str], int]:
    """Keep what has been written so far; the browser sends it by itself."""
    try:
        left_out = give(save_filing_draft, case_id, key, sent_draft())
    except NotAllowed as refusal:
        return {"message": say(refusal)}, 403
    except Refusal as refusal:
        return {"message": say(refusal)}, 409
    told = {"saved": f"{civil(office().clock.now()):%H:%M}"}
    return (told | {"message": _("保密字段不暂存，提交前请重新填写。")} if left_out else told), 200


@pages.post("/my/<case_id>/file/<key>/discard")
def discard(case_id: str, key: str) -> AnyResponse:
    """Throw the draft away."""
    give(discard_filing_draft, case_id, key)
    flash(_("草稿已删除。"), "ok")
    return redirect(url_for("own.matter", case_id=case_id))


@pages.post("/my/<case_id>/recusal")
def recusal(case_id: str) -> str | AnyResponse | tuple[str, int]:
    """Ask that somebody be recused."""
    name = request.form.get("name", "")
    try:
        give(ask_recusal, case_id, name, reasons=request.form.get("reasons", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _matter(case_id, refusal), 409
    flash(_("回避申请已提交，作出决定前此人暂停接触本案。"), "ok")
    return redirect(url_for("own.matter", case_id=case_id))


@pages.get("/my/<case_id>/documents/<document_id>.pdf")
def document(case_id: str, document_id: str) -> Response:
    """Give the PDF of a document that was served on the reader; the look is recorded."""
    row, content = give(open_document, document_id)
    if row.case_id != case_id:
        raise NotFound(document_id)
    name = quote(f"{row.number or row.title}.pdf")
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{name}"
    return answer


def _matter(case_id: str, refusal: Refusal | None = None) -> str:
    found = ask(own_matter, case_id)
    view = matter_view(found, visitor().name, today(), language(), civil)
    return render_template(
        "own/matter.html",
        view=view,
        today=today(),
        refused=say(refusal) if refusal is not None else "",
        given=request.form,
    )


def _filing(
    case_id: str, key: str, answers: dict[str, Any] | None = None, refusal: Refusal | None = None
) -> str:
    view = ask(filing_view, case_id, key, language=language())
    if not view.by_oneself:
        raise NotFound(key)
    back = url_for("own.matter", case_id=case_id)
    page = filing_page(
        view,
        today(),
        language(),
        action_url=url_for("own.submit", case_id=case_id, key=key),
        back_url=back,
        data=answers or view.draft,
        errors=found_in(refusal, case_id, key),
        draft_url=url_for("own.draft", case_id=case_id, key=key),
        saved=_("已载入您上次暂存的内容") if view.draft and refusal is None else "",
    )
    word = right_word(page.clock, is_late=view.is_late)
    discard_url = url_for("own.discard", case_id=case_id, key=key) if view.saved_at else ""
    return render_template(
        "own/file.html", page=page, back=back, lamp_text=word, discard_url=discard_url
    )
