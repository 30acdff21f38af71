"""The page of a body that decides together: motion, opinions, absences, decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from engine.commands.decide import decide, give_opinion, note_absence, put_motion
from engine.desk.views import case_view
from engine.desk.views.meeting import meeting_view
from engine.errors import AnswersRefused, NotAllowed, Refusal
from web.failures import say
from web.forms import errors_of, sent_answers
from web.texts import gettext as _
from web.toolkit import FieldError
from web.visiting import ask, give, language, today
from web.work.assembling import meeting_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Blueprint
    from werkzeug.wrappers import Response

UNFIT, REFUSED = 422, 409


def page(
    item_id: str,
    answers: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> str:
    """Return the page of a collective step."""
    meeting = ask(meeting_view, item_id, language=language())
    view = meeting_page(
        meeting,
        ask(case_view, meeting.task.case.id),
        today(),
        language(),
        answers=answers,
        errors=errors,
    )
    return render_template("work/meeting.html", view=view)


def motion(item_id: str) -> str | Response | tuple[str, int]:
    """Put a motion; an earlier one and its votes no longer count."""
    answers = sent_answers()
    try:
        give(put_motion, item_id, answers)
    except AnswersRefused as refused:
        form = ask(meeting_view, item_id).task.form
        return page(item_id, answers, errors_of(refused, form, language())), UNFIT
    except NotAllowed:
        raise
    except Refusal as refusal:
        return page(item_id, answers, (FieldError("", say(refusal)),)), REFUSED
    flash(_("议案已提交，请到会成员逐人表态。"), "ok")
    return redirect(url_for("work.show", item_id=item_id))


def opinion(item_id: str) -> Response:
    """Give one's vote with its reasons."""
    return _then(
        item_id,
        give_opinion,
        _("您的表态已记录，不能再改。"),
        vote=request.form.get("vote", ""),
        reasons=request.form.get("reasons", ""),
    )


def absence(item_id: str) -> Response:
    """Note that a member is absent, and why."""
    return _then(
        item_id,
        note_absence,
        _("缺席已记录。"),
        person_id=request.form.get("person", ""),
        reasons=request.form.get("reasons", ""),
    )


def decision(item_id: str) -> Response:
    """Make the decision that the body has carried."""
    try:
        give(decide, request.form.get("motion", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("work.show", item_id=item_id))
    flash(_("决定已形成，案件继续往下走。"), "ok")
    return redirect(url_for("inbox.listing"))


def register(pages: Blueprint) -> None:
    """Add the acts of a body to the area of work items."""
    for name, view in (
        ("motion", motion),
        ("opinion", opinion),
        ("absence", absence),
        ("decision", decision),
    ):
        pages.add_url_rule(f"/<item_id>/{name}", name, view, methods=["POST"])


def _then(item_id: str, command: Any, done: str, **given: str) -> Response:
    """Give a command on the motion that was seen, and show the page again."""
    try:
        give(command, request.form.get("motion", ""), **given)
        flash(done, "ok")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(url_for("work.show", item_id=item_id))
