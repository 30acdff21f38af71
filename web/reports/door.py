"""What anybody may do without a log-in: report, get a query code, ask and add by it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, render_template, request

from engine.commands.reports import (
    CONTACT,
    Standing,
    add_to_report,
    hand_in_report,
    standing_of_report,
)
from engine.commands.submit_work import Upload
from engine.desk import system_actor
from engine.desk.reports import receivers
from engine.errors import NotFound, Refusal
from web.failures import say
from web.reports.allowance import Allowance
from web.texts import gettext as _
from web.visiting import EAST_EIGHT, office, open_to_all
from web.wording import full_day_text

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

pages = Blueprint("reports", __name__, url_prefix="/report")

ANYBODY = system_actor("")
TOO_OFTEN, UNFIT, GONE = 429, 422, 404
HANDING_IN = (5, timedelta(hours=1))
ASKING = (30, timedelta(minutes=10))
"""How often one address may (proposed): each report, each question by code."""


@pages.get("")
@open_to_all
def write() -> str:
    """Show the public form; nothing in it asks who one is unless one wants to say so."""
    return _form()


@pages.post("")
@open_to_all
def hand_in() -> ResponseReturnValue:
    """Take a report and show its query code, this once."""
    if not _allowed("handing in", HANDING_IN):
        return _form(_too_often()), TOO_OFTEN
    authority_id = request.form.get("authority", "")
    try:
        code = office().give(
            system_actor(authority_id),
            hand_in_report,
            request.form.get("text", ""),
            contact={key: request.form.get(key, "") for key in CONTACT},
            truthful=request.form.get("truthful") == "yes",
            files=_files(),
        )
    except NotFound:
        return _form(_("请选择受理机关。")), UNFIT
    except Refusal as refusal:
        return _form(say(refusal)), UNFIT
    return render_template("reports/code.html", code=code)


@pages.get("/query")
@open_to_all
def query() -> str:
    """Show where a code is entered."""
    return render_template("reports/query.html", error="", code="")


@pages.post("/query")
@open_to_all
def standing() -> ResponseReturnValue:
    """Show how the report of a code stands, and what the office asks."""
    if not _allowed("asking", ASKING):
        return render_template("reports/query.html", error=_too_often(), code=""), TOO_OFTEN
    return _standing(request.form.get("code", ""))


@pages.post("/add")
@open_to_all
def add() -> ResponseReturnValue:
    """Add something to a report, by its code."""
    code = request.form.get("code", "")
    if not _allowed("asking", ASKING):
        return render_template("reports/query.html", error=_too_often(), code=""), TOO_OFTEN
    try:
        office().give(ANYBODY, add_to_report, code, request.form.get("text", ""), files=_files())
    except NotFound:
        return _standing(code)
    except Refusal as refusal:
        return _standing(code, say(refusal))
    return _standing(code, done=_("补充的内容已收到。"))


def _standing(code: str, error: str = "", done: str = "") -> ResponseReturnValue:
    try:
        found = office().ask(ANYBODY, standing_of_report, code)
    except NotFound:
        text = _("没有这个查询码。请核对后再输入；查询码遗失的，平台无法找回。")
        return render_template("reports/query.html", error=text, code=""), GONE
    page = render_template(
        "reports/standing.html",
        code=code,
        said=status_sentence(found),
        questions=[(one.text, _day(one.said_at)) for one in found.questions],
        error=error,
        done=done,
    )
    return (page, UNFIT) if error else page


def status_sentence(found: Standing) -> str:
    """Return how a report stands, in the one sentence that its writer is shown."""
    if found.state == "not_accepted":
        return _("您反映的问题不予受理：%(reasons)s", reasons=found.reasons)
    return {
        "received": _("您反映的问题已收到，等待受理。"),
        "registered": _("您反映的问题已登记，正在办理。"),
        "closed": _("您反映的问题已办结。"),
    }[found.state]


def _form(error: str = "") -> str:
    return render_template(
        "reports/write.html",
        authorities=office().ask(ANYBODY, receivers),
        given=request.form,
        error=error,
    )


def _files() -> list[Upload]:
    sent = [one for one in request.files.getlist("files") if one.filename]
    return [Upload(one.filename or "", one.read()) for one in sent]


def _allowed(what: str, allowance: tuple[int, timedelta]) -> bool:
    """Count a knock of this address; of addresses nothing is written down."""
    kept = current_app.extensions.setdefault("wenze_allowances", {})
    door: Allowance = kept.setdefault(what, Allowance(*allowance))
    return door.takes(request.remote_addr or "", office().clock.now())


def _too_often() -> str:
    return _("提交过于频繁，请稍后再试。")


def _day(instant: datetime) -> str:
    return full_day_text(instant.astimezone(EAST_EIGHT).date())
