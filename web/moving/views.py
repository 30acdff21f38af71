"""The page on which a work item is moved, and the acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for

from engine.commands.assign_work import assign_work, assignable_to
from engine.commands.jump_work import jump_targets, jump_work
from engine.commands.remind_work import remind_work
from engine.commands.return_work import return_places, return_work
from engine.commands.take_back_work import take_back_work
from engine.desk.views import task_view
from web.acting import carried_out
from web.texts import gettext as _
from web.visiting import ask, give, language, visitor
from web.wording import step_name

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

pages = Blueprint("moving", __name__, url_prefix="/work")


@pages.get("/<item_id>/move")
def show(item_id: str) -> str:
    """Show where a work item may go, and who may have it."""
    task = ask(task_view, item_id, language=language())
    item = task.item
    waits = item.state in {"open", "claimed"}
    places = [
        (place.element, step_name(place.name, {"name_en": place.name_en}, language()), place)
        for place in ask(return_places, item_id)
    ]
    return render_template(
        "moving/move.html",
        item=item,
        case=task.case,
        name=step_name(item.name, item.properties, language()),
        waits=waits,
        places=places[::-1],
        targets=sorted(ask(jump_targets, item_id).items(), key=lambda one: one[1]),
        people=list(ask(assignable_to, item_id).items()),
        takes_back=item.state == "done" and item.completed_by == visitor().actor.person_id,
        reminds=waits and item.claimed_by != visitor().actor.person_id,
    )


@pages.post("/<item_id>/return")
def send_back(item_id: str) -> Response:
    """Send the item back to an earlier step."""
    return _then(
        item_id,
        _("已退回，并告知原办理人。"),
        return_work,
        request.form.get("return_to", ""),
        reasons=request.form.get("return_reasons", ""),
        straight=request.form.get("policy") == "straight",
    )


@pages.post("/<item_id>/take-back")
def take_back(item_id: str) -> Response:
    """Take back what one handed on."""
    return _then(item_id, _("已撤回，原来填写的内容已放入草稿。"), take_back_work)


@pages.post("/<item_id>/jump")
def jump(item_id: str) -> Response:
    """Take the item elsewhere."""
    return _then(
        item_id,
        _("已跳转，理由记入案件记录。"),
        jump_work,
        request.form.get("jump_to", ""),
        reasons=request.form.get("jump_reasons", ""),
    )


@pages.post("/<item_id>/assign")
def assign(item_id: str) -> Response:
    """Give the item to a colleague."""
    return _then(item_id, _("已分派。"), assign_work, request.form.get("assign_to", ""))


@pages.post("/<item_id>/remind")
def remind(item_id: str) -> Response:
    """Remind whoever has the item."""
    return _then(item_id, _("已提醒。"), remind_work)


def _then(item_id: str, done: str, command: Any, *args: Any, **given: Any) -> Response:
    """Give a command, and say what came of it on the case's page; a refusal stays here."""
    return carried_out(
        url_for("cases.show", case_id=ask(task_view, item_id).case.id),
        done,
        lambda: give(command, item_id, *args, **given),
        refused=url_for("moving.show", item_id=item_id),
    )
