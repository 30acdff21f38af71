"""统计: the authority's figures for a period, each leading to its cases; taken out as .xlsx."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.exports import order_statistics
from engine.desk.views.around import around
from engine.desk.views.counting import statistics as figures
from engine.errors import NotAllowed, Refusal
from web.administration.area import page, pages
from web.clocks import period_text
from web.failures import say
from web.figures import (
    appeal_text,
    chart_of,
    days_text,
    deviation_text,
    extension_text,
    month_text,
    named,
)
from web.navigation import SUPERVISION
from web.texts import gettext as _
from web.visiting import ask, give, language, today
from web.wording import full_day_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from engine.desk.views.figures import Figure, Statistics


@pages.get("/statistics")
def statistics() -> str | Response:
    """Show the figures of a period; of this year if none is asked for."""
    since, until = _period(request.args)
    try:
        found = ask(figures, since, until)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("administration.statistics"))
    return page("statistics", "statistics", **_shown(found))


@pages.post("/statistics/export")
def statistics_export() -> Response:
    """Order the figures of a period as .xlsx."""
    since, until = _period(request.form)
    try:
        order = give(
            order_statistics,
            since,
            until,
            reason=request.form.get("reason", ""),
            language=language(),
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        days: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat()}
        return redirect(url_for("administration.statistics", **days))
    return redirect(url_for("exports.show", export_id=order.id))


def _period(given: Any) -> tuple[date, date]:
    year = today().year
    try:
        return (
            date.fromisoformat(given.get("since") or f"{year}-01-01"),
            date.fromisoformat(given.get("until") or today().isoformat()),
        )
    except ValueError as error:
        raise BadRequest from error


def _shown(found: Statistics) -> dict[str, Any]:
    """Return the figures as the page draws them; only supervision is led to cases."""
    follows = SUPERVISION in ask(around).roles

    def linked(figure: Figure, title: str = "") -> dict[str, Any]:
        address = f"{url_for('ledger.listing')}?{urlencode(figure.cases)}" if follows else ""
        return {"count": figure.count, "url": address, "title": title}

    def of(procedure: str) -> str:
        title = found.titles.get(procedure)
        return named(title, procedure, language())

    return {
        "since": found.since,
        "until": found.until,
        "title": _(
            "%(first)s 至 %(last)s",
            first=full_day_text(found.since),
            last=full_day_text(found.until),
        ),
        "today": today(),
        "tiles": [
            linked(found.opened, _("期间立案")),
            linked(found.closed, _("期间办结")),
            linked(found.running, _("现在办")),
            linked(found.yellow, _("黄牌案件")),
            linked(found.red, _("红牌案件")),
        ],
        "chart": chart_of(found),
        "months": [
            (month_text(one.key), linked(one.opened), linked(one.closed)) for one in found.by_month
        ],
        "procedures": [
            (
                named(one.title, one.key, language()),
                linked(one.opened),
                linked(one.closed),
                linked(one.running) if one.running is not None else None,
            )
            for one in found.by_procedure
        ],
        "measures": [linked(one, named(one.title, one.key, language())) for one in found.measures],
        "most": max((one.count for one in found.measures), default=1),
        "late": [
            (
                named(one.title, one.key, language()),
                of(one.procedure),
                linked(one.yellow),
                linked(one.red),
            )
            for one in found.late
        ],
        "durations": [
            (
                named(one.title, one.key, language()),
                of(one.procedure),
                days_text(one.tenths),
                period_text(one.allowed) if one.allowed else "",
                linked(one.done),
            )
            for one in found.durations
        ],
        "kinds": [
            (_("延期申请"), [linked(one, extension_text(one.key)) for one in found.extensions]),
            (_("申诉"), [linked(one, appeal_text(one.key)) for one in found.appeals]),
            (_("偏差"), [linked(one, deviation_text(one.key)) for one in found.deviations]),
        ],
        "informed": found.informed,
        "rate": round(100 * found.informed.read / found.informed.told)
        if found.informed.told
        else None,
    }
