"""Move a rehearsal's date forward and see what fell due."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import flash, redirect, request, session, url_for

from engine.commands.move_clock import move_clock
from engine.desk import Desk
from engine.desk.views.records import since
from engine.errors import NotAllowed, Refusal
from scheduler import sweep
from web.administration.area import page, pages
from web.administration.facts import fact_text
from web.failures import say
from web.texts import gettext as _
from web.visiting import ask, civil, give, office

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

MOVED_FROM = "moved_from"


@pages.get("/clock")
def clock() -> str:
    """Show the rehearsal's date and what fell due when it was last moved here."""
    ask(Desk.require_admin)
    now = civil(office().clock.now())
    moved_from = session.get(MOVED_FROM)
    fell = ask(since, datetime.fromisoformat(moved_from)) if moved_from else None
    return page(
        "clock",
        "clock",
        now=now,
        moved_from=civil(datetime.fromisoformat(moved_from)) if moved_from else None,
        fell=[(fact_text(fact), count) for fact, count in fell.items()]
        if fell is not None
        else None,
    )


@pages.post("/clock")
def clock_act() -> Response:
    """Move the date forward; what falls due on the way happens at once."""
    now = office().clock.now()
    try:
        instant = datetime.fromisoformat(request.form.get("to", ""))
        instant = instant.replace(tzinfo=civil(now).tzinfo)
    except ValueError:
        flash(_("请填写要拨到的日期和时间。"), "bad")
        return redirect(url_for("administration.clock"))
    try:
        give(move_clock, instant)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("administration.clock"))
    fired = sweep(office())
    session[MOVED_FROM] = now.isoformat()
    flash(_("演练日期已拨动，其间到期 %(count)s 项。", count=fired), "ok")
    return redirect(url_for("administration.clock"))
