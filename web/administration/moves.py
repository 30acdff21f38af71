"""跳转: a case on its diagram, its waiting work taken to another step with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from engine.commands.jump_work import jump_work
from engine.desk.views.moves import case_moves
from engine.errors import NotFound, Recused
from web.acting import then
from web.administration.area import page, pages
from web.failures import say
from web.moments import instant_text
from web.texts import gettext as _
from web.toolkit import DiagramView
from web.visiting import ask, language

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from engine.desk.views.moves import CaseMoves


@pages.get("/moves")
def moves() -> str:
    """Choose a case by its number; show it on its diagram with what can be moved."""
    number = request.args.get("number", "").strip()[:100]
    found, refused = None, ""
    try:
        found = ask(case_moves, number)
    except NotFound:
        refused = _("没有案号为“%(number)s”的案件，请核对案号。", number=number)
    except Recused as recused:
        refused = say(recused)
    said = language()
    return page(
        "moves",
        "moves",
        number=number,
        found=found,
        refused=refused,
        diagram=_diagram(found) if found is not None else None,
        title=found.procedure.say(said) if found is not None else "",
        jumpers=_("、").join(one.say(said) for one in found.jumpers) if found is not None else "",
        when=instant_text,
    )


@pages.post("/moves/<item_id>")
def move(item_id: str) -> Response:
    """Take waiting work to another step."""
    return then(
        url_for("administration.moves", number=request.form.get("number", "")[:100]),
        _("已跳转，记入案件记录。"),
        jump_work,
        item_id,
        request.form.get("to", ""),
        reasons=request.form.get("reasons", ""),
    )


def _diagram(found: CaseMoves) -> DiagramView:
    return DiagramView(
        key="moves",
        label=_("流程图：%(count)s 项正在办理。", count=len(found.waiting)),
        source=url_for("administration.drawn", version_id=found.version_id, process=found.process),
        now=tuple(one.element for one in found.waiting),
    )
