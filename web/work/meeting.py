"""The page of a body that decides together: motion, opinions, absences, decision."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for

from engine.commands.decide import decide, give_opinion, note_absence, put_motion
from engine.commands.hold_meeting import (
    call_meeting,
    close_ballot,
    record_dissent,
    sign_minutes,
)
from engine.desk.views import case_view
from engine.desk.views.meeting import meeting_view
from engine.errors import AnswersRefused, NotAllowed, Refusal
from web.acting import carried_out, then, then_signed
from web.failures import say
from web.forms import errors_of, sent_answers
from web.texts import gettext as _
from web.toolkit import FieldError
from web.visiting import ask, civil, give, language, office, today, visitor
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
        reader=(visitor().actor.person_id, visitor().name),
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
        member_id=request.form.get("member", ""),
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
    return carried_out(
        url_for("inbox.listing"),
        _("决定已形成，案件继续往下走。"),
        lambda: give(decide, request.form.get("motion", "")),
        refused=url_for("work.show", item_id=item_id),
    )


def call(item_id: str) -> Response:
    """Call the meeting, or call it anew."""
    try:
        held_at = datetime.fromisoformat(request.form.get("held_at", ""))
    except ValueError:
        flash(_("请填写开会的日期和时间。"), "bad")
        return redirect(url_for("work.show", item_id=item_id))
    zone = civil(office().clock.now()).tzinfo
    return then(
        url_for("work.show", item_id=item_id),
        _("会议通知已发出，成员的消息里可以看到。"),
        call_meeting,
        item_id,
        held_at=held_at.replace(tzinfo=zone),
        place=request.form.get("place", ""),
        agenda=request.form.get("agenda", ""),
        chair=request.form.get("chair", ""),
        recorder=request.form.get("recorder", ""),
    )


def dissent(item_id: str) -> Response:
    """Have one's dissent kept in the minutes."""
    return _then(
        item_id,
        record_dissent,
        _("保留意见已记录，将写入会议纪要。"),
        reasons=request.form.get("reasons", ""),
    )


def close(item_id: str) -> Response:
    """Close the ballot and draft the minutes."""
    return _then(item_id, close_ballot, _("表决已结束，会议纪要已生成，请核对签字。"))


def sign(item_id: str) -> Response:
    """Sign the minutes; the password is entered again."""
    motion_id, password = request.form.get("motion", ""), request.form.get("password", "")
    here = url_for("work.show", item_id=item_id)
    return then_signed(here, _("您已在会议纪要上签字。"), password, sign_minutes, motion_id)


def register(pages: Blueprint) -> None:
    """Add the acts of a body to the area of work items."""
    for name, view in (
        ("motion", motion),
        ("opinion", opinion),
        ("absence", absence),
        ("decision", decision),
        ("meeting", call),
        ("dissent", dissent),
        ("close", close),
        ("signature", sign),
    ):
        pages.add_url_rule(f"/<item_id>/{name}", name, view, methods=["POST"])


def _then(item_id: str, command: Any, done: str, **given: str) -> Response:
    """Give a command on the motion that was seen, and show the page again."""
    here = url_for("work.show", item_id=item_id)
    return then(here, done, command, request.form.get("motion", ""), **given)
