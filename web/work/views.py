"""The page on which a work item is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.commands.acts.papers import ISSUES
from engine.commands.add_attachment import add_attachment
from engine.commands.claim_work import claim_work
from engine.commands.look_at_work import look_at_work
from engine.commands.prepare_papers import prepare_papers
from engine.commands.release_work import release_work
from engine.commands.save_draft import save_draft
from engine.commands.sign import signed
from engine.commands.submit_work import submit_work
from engine.desk.views import TaskView, case_view, completed_answers, task_view
from engine.errors import AlreadyTaken, AnswersRefused, NotAllowed, NotFound, Refusal
from web.failures import say
from web.forms import errors_of, sent_answers, sent_draft, sent_files
from web.texts import gettext as _
from web.toolkit import FieldError
from web.visiting import ask, civil, give, language, office, today, visitor
from web.wording import step_name
from web.work import meeting
from web.work.presenting import COLLECTIVE, TaskPage, task_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from werkzeug.wrappers import Response

pages = Blueprint("work", __name__, url_prefix="/work")
meeting.register(pages)

UNFIT, REFUSED, FORBIDDEN = 422, 409, 403


@pages.get("/<item_id>")
def show(item_id: str) -> str:
    """Show a work item: its form, or what became of it."""
    task = ask(task_view, item_id, language=language())
    if task.item.properties.get("act") == COLLECTIVE and task.item.state in {"open", "claimed"}:
        return meeting.page(item_id)
    if task.refusal is None:
        give(look_at_work, item_id)
    return _page(task)


@pages.post("/<item_id>")
def act(item_id: str) -> str | Response | tuple[str, int]:
    """Do what the button says: submit, save, or give back."""
    if request.form.get("action") == "release":
        give(release_work, item_id)
        flash(_("已退回本组，暂存的内容为您保留。"), "ok")
        return redirect(url_for("inbox.listing"))
    if request.form.get("action") == "save":
        left_out = give(save_draft, item_id, sent_answers())
        flash(_saved_text(left_out), "ok")
        return redirect(url_for("work.show", item_id=item_id))
    return _submit(item_id)


@pages.post("/<item_id>/claim")
def claim(item_id: str) -> Response:
    """Take the item into one's own hands."""
    give(claim_work, item_id)
    return redirect(url_for("work.show", item_id=item_id))


@pages.post("/<item_id>/draft")
def draft(item_id: str) -> tuple[dict[str, str], int]:
    """Keep what has been typed so far; the browser sends it by itself."""
    try:
        give(save_draft, item_id, sent_draft())
    except NotAllowed as refusal:
        return {"message": say(refusal)}, FORBIDDEN
    except Refusal as refusal:
        return {"message": say(refusal)}, REFUSED
    return {"saved": f"{civil(office().clock.now()):%H:%M}"}, 200


@pages.post("/<item_id>/papers")
def papers(item_id: str) -> Response:
    """Prepare the document of this step: its draft, or the text that is to be signed."""
    try:
        prepare_papers(office(), visitor().actor, item_id)
        flash(_("文书已生成，请打开核对。"), "ok")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(url_for("work.show", item_id=item_id))


@pages.post("/<item_id>/files")
def files(item_id: str) -> Response:
    """Add files to the case from this step."""
    task = ask(task_view, item_id)
    for one in request.files.getlist("file"):
        try:
            give(
                add_attachment,
                task.case.id,
                one.filename or "",
                one.read(),
                work_item_id=task.item.id,
            )
        except NotAllowed:
            raise
        except Refusal as refusal:
            flash(say(refusal), "bad")
        else:
            flash(_("已添加附件：%(name)s", name=one.filename or ""), "ok")
    return redirect(url_for("work.show", item_id=item_id) + "#files")


def _submit(item_id: str) -> str | Response | tuple[str, int]:
    answers = sent_answers()
    task = ask(task_view, item_id, language=language())
    try:
        actor = visitor().actor
        if task.item.properties.get("act") == ISSUES:
            actor = signed(office(), actor, request.form.get("password", ""))
        proof = request.form.get("proof", "").strip()
        office().give(actor, submit_work, item_id, answers, sent_files(), proof=proof)
    except AnswersRefused as refused:
        return _page(task, answers, errors_of(refused, task.form, language())), UNFIT
    except (NotAllowed, AlreadyTaken):
        raise
    except Refusal as refusal:
        return _page(task, answers, (FieldError("", say(refusal)),)), REFUSED
    flash(
        _(
            "“%(name)s”已提交，案件 %(case)s 继续往下走。",
            name=step_name(task.item.name, task.item.properties, language()),
            case=task.case.number,
        ),
        "ok",
    )
    return redirect(url_for("inbox.listing"))


def _page(
    task: TaskView,
    answers: Mapping[str, Any] | None = None,
    errors: tuple[FieldError, ...] = (),
) -> str:
    view: TaskPage = task_page(
        task,
        ask(case_view, task.case.id),
        today(),
        language(),
        visitor().actor.person_id,
        answers=answers,
        errors=errors,
        done=_done(task),
    )
    return render_template("work/task.html", view=view)


def _done(task: TaskView) -> Mapping[str, Any] | None:
    """Return what was answered, for who sees the file; None while it waits or for others."""
    if task.item.state != "done":
        return None
    try:
        return ask(completed_answers, task.item.id)
    except (NotAllowed, NotFound):
        return None


def _saved_text(left_out: tuple[str, ...]) -> str:
    if not left_out:
        return _("已暂存。")
    return _("已暂存；保密字段不在暂存之列，提交前请重新填写。")
