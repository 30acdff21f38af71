"""File on paper for a participant, or in person as an officer of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.commands.submit_filing import submit_filing
from engine.desk.views.filing import filing_view
from engine.errors import AnswersRefused, NotAllowed, Refusal
from web.failures import say
from web.filing.presenting import ONESELF, filing_page
from web.forms import day_of, errors_of, sent_answers, sent_files
from web.texts import gettext as _
from web.toolkit import FieldError
from web.visiting import ask, give, language, today

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

pages = Blueprint("filing", __name__)


@pages.get("/cases/<case_id>/file/<key>")
def write(case_id: str, key: str) -> str:
    """Show the form of a filing, with the fields for what came on paper."""
    return _page(case_id, key)


@pages.post("/cases/<case_id>/file/<key>")
def submit(case_id: str, key: str) -> str | Response | tuple[str, int]:
    """File it; what is refused is shown again with what was written."""
    answers = sent_answers()
    whom = request.form.get("filed_for", ONESELF)
    day = day_of(request.form.get("happened_on", ""))
    try:
        give(
            submit_filing,
            case_id,
            key,
            answers,
            sent_files(),
            happened_on=day,
            proof=request.form.get("proof", "").strip(),
            filed_for="" if whom == ONESELF else whom,
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _page(case_id, key, answers, refusal), 409
    flash(_("已登记。"), "ok")
    return redirect(url_for("cases.show", case_id=case_id))


def found_in(refusal: Refusal | None, case_id: str, key: str) -> tuple[FieldError, ...]:
    """Return what a refusal found wrong, at its fields where it names some."""
    if refusal is None:
        return ()
    if isinstance(refusal, AnswersRefused):
        form = ask(filing_view, case_id, key, language=language()).form
        return errors_of(refusal, form, language())
    return (FieldError("", say(refusal)),)


def _page(
    case_id: str,
    key: str,
    answers: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> str:
    view = ask(filing_view, case_id, key, language=language())
    page = filing_page(
        view,
        today(),
        language(),
        action_url=url_for("filing.submit", case_id=case_id, key=key),
        back_url=url_for("cases.show", case_id=case_id),
        data=answers,
        errors=found_in(refusal, case_id, key),
    )
    return render_template(
        "filing/paper.html",
        page=page,
        case_url=url_for("cases.show", case_id=case_id),
        given=request.form,
        today=today(),
    )
