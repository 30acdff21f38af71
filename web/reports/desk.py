"""The reports that came in, for the intake clerk; who wrote them, for a reason alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for

from engine.commands.reports import (
    ask_reporter,
    name_reporter_of,
    open_report_file,
    read_report,
    refuse_report,
)
from engine.desk.reports import RECEIVED
from engine.desk.views.registering import registrable
from engine.desk.views.reports import report_lines
from engine.errors import NotAllowed, Refusal
from web.acting import then
from web.failures import say
from web.moments import moment_text
from web.texts import gettext as _
from web.toolkit import EmptyView
from web.visiting import ask, give, language

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

pages = Blueprint("received", __name__, url_prefix="/reports")


@pages.get("")
def listing() -> str:
    """Show the reports that wait, or those that are settled."""
    settled = request.args.get("settled") == "1"
    return render_template(
        "reports/list.html",
        lines=ask(report_lines, settled=settled),
        settled=settled,
        when=moment_text,
        states=_states(),
        empty=EmptyView(_("没有来信"), _("公众从“我要反映”提交的问题会列在这里。"), icon="inbox"),
    )


@pages.get("/<report_id>")
def show(report_id: str) -> str:
    """Show what a report says; the look is recorded."""
    return _page(report_id)


@pages.get("/<report_id>/files/<digest>")
def file(report_id: str, digest: str) -> ResponseReturnValue:
    """Give a file that came with a report, to save and never to show; the look is recorded."""
    said, content = give(open_report_file, report_id, digest)
    return send_file(
        io.BytesIO(content),
        mimetype=said.media_type,
        as_attachment=True,
        download_name=said.name,
    )


@pages.post("/<report_id>/reporter")
def reporter(report_id: str) -> ResponseReturnValue:
    """Show who reported, once, for a reason that is recorded."""
    try:
        named = give(name_reporter_of, report_id, reason=request.form.get("reason", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("received.listing"))
    labels = {"name": _("姓名"), "phone": _("电话"), "address": _("地址")}
    return render_template(
        "reports/reporter.html",
        facts=[(labels[key], value) for key, value in named.items()],
        back=url_for("received.listing"),
    )


@pages.post("/<report_id>/question")
def question(report_id: str) -> ResponseReturnValue:
    """Ask the writer of a report something."""
    done = _("已发出。来信人凭查询码可以看到并回复。")
    return _then(report_id, done, ask_reporter, request.form.get("text", ""))


@pages.post("/<report_id>/refusal")
def refusal(report_id: str) -> ResponseReturnValue:
    """Do not accept a report, with reasons that its writer reads."""
    reasons = request.form.get("reasons", "")
    return _then(report_id, _("已作不予受理处理，理由告知来信人。"), refuse_report, reasons=reasons)


def _page(report_id: str) -> str:
    row, messages = give(read_report, report_id)
    choices = ask(registrable) if row.state == RECEIVED else ()
    return render_template(
        "reports/show.html",
        row=row,
        messages=messages,
        when=moment_text,
        state=_states()[row.state],
        is_open=row.state == RECEIVED,
        choices=[
            (
                one.rules.title.say(language()),
                url_for("registering.form", procedure=one.procedure, report=report_id),
            )
            for one in choices
        ],
        case_url=url_for("cases.show", case_id=row.case_id) if row.case_id else "",
    )


def _then(report_id: str, done: str, command: Any, *args: Any, **given: Any) -> ResponseReturnValue:
    here = url_for("received.show", report_id=report_id)
    return then(here, done, command, report_id, *args, **given)


def _states() -> dict[str, str]:
    return {
        "received": _("待受理"),
        "registered": _("已登记"),
        "not_accepted": _("不予受理"),
    }
