"""Deputies of everybody, all work of who leaves, and the list of deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.depart import begin_departure, stop_departure
from engine.commands.oversee import (
    confirm_overreach,
    lift_stop,
    report_overreach,
    settle_deviation,
)
from engine.commands.substitute import end_substitution
from engine.desk.views.deviations import deviations as deviation_lines
from engine.desk.views.handing import departure_view, departures, substitutions
from engine.desk.views.register import everybody
from engine.desk.views.seeing import HIDDEN
from web.acting import then
from web.administration.area import page, pages
from web.handing.deputies import deputy_choices, deputy_row, set_from_form
from web.moments import moment_text
from web.sentences import sentence
from web.texts import gettext as _
from web.toolkit import TagView, Tone
from web.visiting import ask, language, today

if TYPE_CHECKING:
    from typing import Any

    from werkzeug.wrappers import Response

    from engine.desk.views.deviations import DeviationLine
    from engine.desk.views.handing import DepartureLine


@pages.get("/deputies")
def deputies() -> str:
    """Show everybody's deputies."""
    return page(
        "deputies",
        "deputies",
        lines=[deputy_row(one) for one in ask(substitutions, of_all=True)],
        people=ask(everybody),
        today=today().isoformat(),
        **deputy_choices(),
    )


@pages.post("/deputies")
def deputy_set() -> Any:
    """Let one person act for another."""
    person = request.form.get("person", "")
    return set_from_form(url_for("administration.deputies"), person)


@pages.post("/deputies/<substitution_id>/end")
def deputy_end(substitution_id: str) -> Response:
    """End a deputy's time."""
    done = _("代理已终止，即时生效。")
    return then(url_for("administration.deputies"), done, end_substitution, substitution_id)


@pages.get("/departures", endpoint="departures")
def departing() -> str:
    """Show the hand-overs of all work, and the form that begins one."""
    return page(
        "departures",
        "departures",
        lines=[_departure(one) for one in ask(departures)],
        people=ask(everybody),
    )


@pages.post("/departures")
def departure_begin() -> Response:
    """Begin to hand over all work of somebody."""
    return then(
        url_for("administration.departures"),
        _("已开始移交，可在此查看进度。"),
        begin_departure,
        request.form.get("person", ""),
        request.form.get("to", ""),
        reasons=request.form.get("reasons", ""),
    )


@pages.get("/departures/<departure_id>")
def departure(departure_id: str) -> str:
    """Show the progress of one, with the result of each item; it renews itself while it runs."""
    line, items = ask(departure_view, departure_id)
    results = {
        "waiting": TagView(_("待移交"), Tone.OPEN),
        "handed": TagView(_("已移交"), Tone.OK),
        "refused": TagView(_("未移交"), Tone.BAD),
        "gone": TagView(_("已不在手中"), Tone.PLAIN),
    }
    return page(
        "departure",
        "departures",
        line=_departure(line),
        items=[
            {
                "name": name,
                "case": number,
                "tag": results[one.result],
                "why": sentence(one.message, one.params, language()) if one.message else "",
            }
            for one, name, number in items
        ],
    )


@pages.post("/departures/<departure_id>/stop")
def departure_stop(departure_id: str) -> Response:
    """Stop one that runs."""
    here = url_for("administration.departure", departure_id=departure_id)
    return then(here, _("已停止；已移交的不退回。"), stop_departure, departure_id)


@pages.get("/deviations")
def deviations() -> str:
    """Show the list of deviations: those that wait, or those that were settled."""
    settled = request.args.get("settled") == "1"
    lines = ask(deviation_lines, is_settled=settled)
    return page(
        "deviations", "deviations", lines=[_deviation(one) for one in lines], settled=settled
    )


@pages.post("/deviations/<deviation_id>")
def deviation_act(deviation_id: str) -> Response:
    """Acknowledge, dismiss, confirm or lift, with reasons."""
    here = url_for("administration.deviations")
    reasons = request.form.get("reasons", "")
    action = request.form.get("action", "")
    if action in {"acknowledge", "dismiss"}:
        return then(
            here,
            _("已处理，并记入记录。"),
            settle_deviation,
            deviation_id,
            dismissed=action == "dismiss",
            reasons=reasons,
        )
    if action == "confirm":
        done = _("已确认越权：其后的办理已中止，并已上报。")
        return then(here, done, confirm_overreach, deviation_id, reasons=reasons)
    if action == "lift":
        return then(here, _("中止已解除。"), lift_stop, deviation_id, reasons=reasons)
    raise BadRequest


@pages.post("/deviations")
def deviation_report() -> Response:
    """Report that a step that is done was outside rights."""
    return then(
        url_for("administration.deviations"),
        _("已报为越权，确认之前不影响办理。"),
        report_overreach,
        request.form.get("item", ""),
        reasons=request.form.get("reasons", ""),
    )


def _departure(line: DepartureLine) -> dict[str, Any]:
    states = {"running": _("进行中"), "stopped": _("已停止"), "done": _("已完成")}
    counts = line.counts
    return {
        "id": line.row.id,
        "person": line.person,
        "to": line.to,
        "state": states[line.row.state],
        "runs": line.row.state == "running",
        "at": moment_text(line.row.started_at),
        "reasons": line.row.reasons,
        "total": line.total,
        "tried": line.total - counts.get("waiting", 0),
        "handed": counts.get("handed", 0),
        "refused": counts.get("refused", 0),
        "gone": counts.get("gone", 0),
    }


def _deviation(line: DeviationLine) -> dict[str, Any]:
    row = line.row
    kinds = {
        "attempt": TagView(_("越权尝试，已拒绝"), Tone.NEAR),
        "effective": TagView(_("已生效的越权"), Tone.BAD),
        "late": TagView(_("超期"), Tone.NEAR),
    }
    states = {
        "open": _("待处理"),
        "acknowledged": _("已知悉"),
        "dismissed": _("不予认定"),
        "confirmed": _("已确认，分支中止"),
        "lifted": _("中止已解除"),
    }
    persons = {HIDDEN: _("（身份保密）"), "": _("系统")}
    return {
        "id": row.id,
        "kind": kinds[row.kind],
        "person": persons.get(line.person, line.person),
        "case": line.case_number,
        "case_url": url_for("cases.show", case_id=row.case_id) if row.case_id else "",
        "said": sentence(row.message, row.params, language()),
        "reasons": row.reasons,
        "times": row.times,
        "at": moment_text(row.last_at),
        "state": states[row.state],
        "is_open": row.state == "open",
        "confirmable": row.state == "open" and row.kind == "effective",
        "liftable": row.state == "confirmed",
        "settled": _("%(name)s：%(reasons)s", name=line.settled_by, reasons=row.settled_reasons)
        if row.settled_by
        else "",
    }
