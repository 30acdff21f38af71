"""The register of sanctions and the consistency board."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.commands.request_personnel import request_appointment, request_award
from engine.desk.views.around import around
from engine.desk.views.consistency import consistency_board
from engine.desk.views.standing import standing_card, standings
from engine.errors import NotAllowed, Refusal
from web.failures import say
from web.navigation import SUPERVISION
from web.standing.presenting import board_page, card_page, line_view
from web.texts import gettext as _
from web.toolkit import EmptyView, LinkView, PagerView
from web.visiting import ask, give, language, today

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

pages = Blueprint("standing", __name__, url_prefix="/standing")

EVERYBODY = "all"


@pages.get("/")
def listing() -> str:
    """Show persons with what holds against them today."""
    search, after = request.args.get("q", ""), request.args.get("after", "")
    everybody = request.args.get("show") == EVERYBODY
    show = EVERYBODY if everybody else None
    found = ask(standings, search=search, after=after, everybody=everybody)
    following = url_for("standing.listing", q=search or None, show=show, after=found.after)
    return render_template(
        "standing/list.html",
        rows=[line_view(line) for line in found.lines],
        search=search,
        compares=SUPERVISION in ask(around).roles,
        show=show or "",
        chips=(
            LinkView(_("受过问责"), url_for("standing.listing"), current=not everybody),
            LinkView(_("全部人员"), url_for("standing.listing", show=EVERYBODY), current=everybody),
        ),
        pager=PagerView(_("按姓名排列"), next_url=following if found.after else ""),
        empty=EmptyView(
            _("没有查到人员"),
            _("没有人受过问责，或者换一个姓名再查。"),
            icon="users",
        ),
    )


@pages.get("/people/<person_id>")
def person(person_id: str) -> str:
    """Show a person with sanctions, effects over time, requests and answers."""
    card = ask(standing_card, person_id)
    return render_template("standing/person.html", view=card_page(card, today(), language()))


@pages.post("/people/<person_id>/award")
def award(person_id: str) -> Response:
    """Ask whether the person may be honoured for a year."""
    year = request.form.get("year", "")
    return _asked(
        person_id, lambda: give(request_award, person_id, int(year) if year.isdecimal() else 0)
    )


@pages.post("/people/<person_id>/appointment")
def appointment(person_id: str) -> Response:
    """Ask whether the person may be given a post."""
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        flash(_("请填写任职日期。"), "bad")
        return redirect(url_for("standing.person", person_id=person_id))
    return _asked(
        person_id,
        lambda: give(
            request_appointment,
            person_id,
            request.form.get("post", ""),
            equal=request.form.get("equal") == "yes",
            on=on,
        ),
    )


@pages.get("/consistency")
def consistency() -> str:
    """Show how like cases were decided."""
    procedure = request.args.get("procedure", "")
    board = ask(consistency_board, procedure=procedure)
    return render_template("standing/consistency.html", view=board_page(board, language()))


def _asked(person_id: str, act: Callable[[], Any]) -> Response:
    try:
        row = act()
        if row.answer == "granted":
            flash(_("没有受限制，可以办理。答复已留痕。"), "ok")
        else:
            flash(_("受限制，不能办理。依据见下方的答复。"), "bad")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(url_for("standing.person", person_id=person_id))
