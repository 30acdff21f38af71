"""协同: comments, copies, one's own notes, suspension and waking of a case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.comment_case import comment_case
from engine.commands.copies import read_copy, send_copies
from engine.commands.own_notes import follow_up, tag_case, watch_case
from engine.commands.submit_work import Upload
from engine.commands.suspend_case import (
    approvers_of,
    decide_suspension,
    request_suspension,
    resume_case,
    stoppable,
)
from engine.commands.wake_case import answers_to_start, wake_case
from engine.desk.rights import Right, permits
from engine.desk.views import case_view, start_view
from engine.desk.views.accompanying import companions, readers_of
from engine.errors import AnswersRefused, NotAllowed, Refusal
from web.acting import then
from web.cases.frame import pages, tab_page
from web.failures import say
from web.forms import errors_of, form_view, sent_answers
from web.moments import moment_text
from web.papers import attachment_view
from web.texts import gettext as _
from web.toolkit import ActionBar, ActionView, FieldError
from web.visiting import ask, give, language, today
from web.wording import weekday_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

UNFIT = 422


@pages.get("/cases/<case_id>/companions", endpoint="companions")
def companions_tab(case_id: str) -> str:
    """Show what goes with a case: comments, copies, the reader's own notes."""
    view = ask(case_view, case_id)
    found = ask(companions, case_id)
    decides = bool(ask(approvers_of, view.row) & view.standing.roles)
    lasting = next((one for one in found.suspensions if one.row.state == "granted"), None)
    asked = any(one.row.state == "pending" for one in found.suspensions)
    return tab_page(
        "companions",
        view,
        found=found,
        files={
            one.id: [attachment_view(row, view, today()) for row in one.attachments]
            for one in found.comments
        },
        mentionable=ask(readers_of, case_id, Right.SEE_FILE) if found.sees_file else {},
        readers=ask(readers_of, case_id, Right.SEE) if found.sees_file else {},
        when=moment_text,
        day=lambda value: weekday_text(value, today()),
        decides=decides,
        lasting=lasting,
        may_ask=permits(Right.EXTEND, view.standing.relations)
        and view.row.closed_at is None
        and not asked
        and lasting is None
        and bool(ask(stoppable, view.row)),
        may_wake=view.row.closed_at is not None,
    )


@pages.post("/cases/<case_id>/comments")
def comment(case_id: str) -> AnyResponse:
    """Write a comment."""
    files = [
        Upload(one.filename or "", one.read())
        for one in request.files.getlist("file")
        if one.filename
    ]
    return _then(
        case_id,
        _("已发出。"),
        comment_case,
        case_id,
        request.form.get("text", ""),
        mentions=request.form.getlist("mention"),
        files=files,
    )


@pages.post("/cases/<case_id>/copies")
def copy(case_id: str) -> AnyResponse:
    """Send copies."""
    people = request.form.getlist("person")
    note = request.form.get("note", "")
    return _then(case_id, _("已抄送。"), send_copies, case_id, people, note=note)


@pages.post("/cases/<case_id>/copies/<copy_id>")
def copy_read(case_id: str, copy_id: str) -> AnyResponse:
    """Confirm that one has read it."""
    return _then(case_id, _("已回执。"), read_copy, copy_id)


@pages.post("/cases/<case_id>/watch")
def watch(case_id: str) -> AnyResponse:
    """Watch the case, or no longer."""
    on = request.form.get("watched") == "yes"
    done = _("已关注。") if on else _("已取消关注。")
    return _then(case_id, done, watch_case, case_id, watched=on)


@pages.post("/cases/<case_id>/tags")
def tags(case_id: str) -> AnyResponse:
    """Put one's own tags on the case."""
    words = request.form.get("tags", "").replace("，", ",").replace("、", ",").split(",")
    return _then(case_id, _("标签已保存。"), tag_case, case_id, words)


@pages.post("/cases/<case_id>/follow-up")
def follow_up_act(case_id: str) -> AnyResponse:
    """Have the case come up in the inbox on a day."""
    text = request.form.get("on", "")
    try:
        on = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadRequest from error
    what = request.form.get("what", "")
    done = _("到期日会出现在待办上方。") if on else _("已取消跟进。")
    return _then(case_id, done, follow_up, case_id, on, what=what)


@pages.post("/cases/<case_id>/suspension")
def suspension(case_id: str) -> AnyResponse:
    """Ask that the case stand still, or let it go on."""
    reasons = request.form.get("reasons", "")
    if request.form.get("act") == "resume":
        return _then(case_id, _("案件已恢复办理。"), resume_case, case_id, reasons=reasons)
    done = _("挂起申请已提交，由另一人决定。")
    return _then(case_id, done, request_suspension, case_id, reasons=reasons)


@pages.post("/cases/<case_id>/suspension/<suspension_id>")
def suspension_decision(case_id: str, suspension_id: str) -> AnyResponse:
    """Grant or reject a suspension."""
    decision = request.form.get("decision", "")
    if decision not in {"grant", "reject"}:
        raise BadRequest
    return _then(
        case_id,
        _("已作出决定，并告知申请人。"),
        decide_suspension,
        suspension_id,
        granted=decision == "grant",
        reasons=request.form.get("reasons", ""),
    )


@pages.get("/cases/<case_id>/wake")
def wake(case_id: str) -> str:
    """Show the start form of the new case, with what was registered then."""
    return _wake_page(case_id)


@pages.post("/cases/<case_id>/wake")
def wake_act(case_id: str) -> str | AnyResponse | tuple[str, int]:
    """Open the new case."""
    answers = sent_answers()
    view = ask(case_view, case_id)
    start = view.version.rules.start
    form = view.version.form(view.version.definition.process_id, start.form) if start else None
    try:
        case = give(wake_case, case_id, answers, reasons=request.form.get("reasons", ""))
    except AnswersRefused as refused:
        return _wake_page(case_id, answers, errors_of(refused, form, language())), UNFIT
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _wake_page(case_id, answers, (FieldError("", say(refusal)),)), UNFIT
    flash(_("已立为关联的新案件 %(number)s。", number=case.number), "ok")
    return redirect(url_for("cases.show", case_id=case.id))


def _wake_page(
    case_id: str, answers: dict[str, Any] | None = None, errors: tuple[FieldError, ...] = ()
) -> str:
    view = ask(case_view, case_id)
    version, form, data = ask(start_view, view.row.procedure, language=language())
    seeded = ask(answers_to_start, view.row) if answers is None else answers
    return tab_page(
        "companions",
        view,
        template="cases/wake.html",
        form=form_view(
            "wake",
            form,
            {**data, **seeded},
            language(),
            action_url=url_for("cases.wake_act", case_id=case_id),
            errors=errors,
        )
        if form is not None
        else None,
        bar=ActionBar(primary=ActionView(_("立为新案件"), "wake", icon="send", validate=True)),
        version=version.number,
    )


def _then(case_id: str, done: str, command: Any, *args: Any, **given: Any) -> AnyResponse:
    """Give a command; say what came of it on the tab."""
    return then(url_for("cases.companions", case_id=case_id), done, command, *args, **given)
