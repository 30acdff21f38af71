"""What runs late, what stopped, and whether the record holds together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.anchor_record import ALL, note_check
from engine.commands.repair import retry_due, retry_incident, retry_job
from engine.desk.views.around import around
from engine.desk.views.oversight import LateLine, Troubles, late_work, troubles
from engine.desk.views.records import Verified, verify_records
from web.acting import then
from web.administration.area import page, pages
from web.clocks import clock_in_row
from web.moments import instant_text
from web.navigation import SUPERVISION
from web.texts import gettext as _
from web.toolkit import ClockView, PagerView
from web.visiting import ask, give, language, today

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

FIRST = 10


@dataclass(frozen=True, slots=True)
class LateRow:
    """A row of the list: which case, what, how late, in whose hands.

    Attributes:
        url: Of the case, for supervision officers; empty for administrators, who see no case.
    """

    number: str
    url: str
    procedure: str
    clock: ClockView
    holders: str


@pages.get("")
def overview() -> str:
    """Show what needs an administrator's hand."""
    return _overview()


@pages.get("/late")
def late() -> str:
    """Show all work that is near its last day or over it."""
    try:
        found = ask(late_work, after=request.args.get("after", ""))
    except ValueError as error:  # an address that somebody typed
        raise BadRequest from error
    following = url_for("administration.late", after=found.after) if found.after else ""
    pager = PagerView(_("按最后一日排列"), next_url=following)
    return page("late", "late", late=[_row(line) for line in found.lines], pager=pager)


@pages.post("/verify")
def verify() -> str:
    """Verify every chain of the record and show what was found."""
    found = ask(verify_records)
    give(note_check, scope=ALL, streams=found.streams, breaches=len(found.breaches))
    return _overview(found)


@pages.post("/incidents/<incident_id>")
def incident(incident_id: str) -> Response:
    """Try an incident again."""
    done = _("已处理：案件继续办理。")
    return then(url_for("administration.overview"), done, retry_incident, incident_id)


@pages.post("/due/<due_id>")
def due(due_id: str) -> Response:
    """Try something that fell due again."""
    done = _("已安排立即重试。")
    return then(url_for("administration.overview"), done, retry_due, due_id)


@pages.post("/jobs/<job_id>")
def job(job_id: str) -> Response:
    """Try a dead job again."""
    done = _("已安排立即重试。")
    return then(url_for("administration.overview"), done, retry_job, job_id)


def _overview(verified: Verified | None = None) -> str:
    found: Troubles = ask(troubles)
    lines = ask(late_work, limit=FIRST)
    said = "en" if language() == "en" else "zh"
    return page(
        "overview",
        "overview",
        late=[_row(line) for line in lines.lines],
        more=bool(lines.after),
        incidents=[
            {
                "id": one.id,
                "number": one.case_number,
                "url": _case_url(one.case_id),
                "reason": str(one.reason.get(said) or one.reason.get("zh") or one.element),
                "kind": _("无人可办") if one.kind == "nobody" else _("步骤失败"),
                "at": instant_text(one.happened_at),
            }
            for one in found.incidents
        ],
        failed=[
            {
                "id": one.id,
                "number": one.case_number,
                "kind": due_text(one.kind),
                "due": instant_text(one.due_at),
                "again": instant_text(one.not_before) if one.not_before else "",
                "failures": one.failures,
            }
            for one in found.failed
        ],
        dead=[
            {
                "id": one.id,
                "kind": job_text(one.kind),
                "error": one.error,
                "attempts": one.attempts,
                "since": instant_text(one.since),
            }
            for one in found.dead
        ],
        missing_year=found.missing_year,
        verified=verified,
    )


def due_text(kind: str) -> str:
    """Return what falls due, in words."""
    return {
        "timer": _("流程定时"),
        "remind": _("临期提醒"),
        "remind_daily": _("每日催办"),
        "yellow": _("黄牌"),
        "red": _("红牌"),
        "lapse": _("期限届满"),
        "close": _("期限届满"),
        "effect": _("影响期解除"),
        "recount": _("期限重算"),
        "repeat": _("期限进入下一轮"),
        "open": _("按时立案"),
        "escalate": _("督办升级"),
        "supervision_answer": _("上级督办答复到期"),
    }.get(kind, kind)


def job_text(kind: str) -> str:
    """Return what a job does, in words."""
    return {
        "preview": _("文书预览"),
        "route_message": _("案件间消息投递"),
        "deliver_early": _("提前到达的消息投递"),
        "deliver_message": _("案件间消息投递"),
        "open_child": _("派生案件立案"),
        "tell_parent": _("向母案报告进展"),
        "deliver_notices": _("发送消息"),
        "try_notice_address": _("试发消息"),
        "prove_notice_address": _("发送邮箱确认码"),
    }.get(kind, kind)


def _case_url(case_id: str) -> str:
    return url_for("cases.show", case_id=case_id) if SUPERVISION in ask(around).roles else ""


def _row(line: LateLine) -> LateRow:
    deadline = line.deadline
    title = deadline.rule.title.say(language())
    clock = clock_in_row(title, line.lamp, deadline, line.remaining, today())
    holders = _("、").join(line.holders) or _("无人可办")
    url = _case_url(line.case_id)
    return LateRow(line.case_number, url, line.procedure.say(language()), clock, holders)
