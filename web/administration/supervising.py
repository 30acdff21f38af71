"""督办视图 and 上级督办: cases of authorities below, and how one is watched from above."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.grant_supervision import end_supervision, grant_supervision
from engine.commands.supervise_below import ask_below, list_below, look_below
from engine.desk.supervising import LOOKED
from engine.desk.views.supervised import asked_from_above, watched_from_above
from engine.desk.views.supervising import below as places_below
from engine.desk.views.supervising import case_below, cases_below
from web.acting import then
from web.administration.acts_below import acts_below
from web.administration.area import page, pages
from web.cases.above import notice_parts
from web.clocks import clock_in_row, clock_of
from web.moments import moment_text
from web.statuses import status_text
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import LinkView, PagerView, TagView, Tone
from web.visiting import ask, civil, give, language, today
from web.wording import step_name, weekday_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from engine.desk.views.supervised import GrantLine, LookLine, NoticeLine
    from engine.desk.views.supervising import CaseBelow

STATES = {"": False, "closed": True, "all": None}
LATE = "late"


@pages.get("/below")
def below() -> str:
    """Show the cases that authorities below let this one watch; the look is noted there."""
    state, authority = request.args.get("state", ""), request.args.get("authority", "")
    after = request.args.get("after", "")
    if state not in {*STATES, LATE}:
        raise BadRequest
    places = ask(places_below)
    give(list_below)
    try:
        found = ask(
            cases_below,
            authority_id=authority,
            is_closed=STATES.get(state, False),
            late=state == LATE,
            after=after,
        )
    except ValueError as error:  # an address that somebody typed
        raise BadRequest from error
    words = {"": _("在办"), LATE: _("逾期"), "closed": _("已结"), "all": _("全部")}
    chosen: dict[str, Any] = {"state": state or None, "authority": authority or None}
    return page(
        "below",
        "below",
        places=[
            {
                "name": one.name,
                "url": url_for("administration.below", authority=one.authority_id),
                "until": weekday_text(one.until, today()),
                "procedures": _("、").join(
                    title.say(language()) for title in one.procedures.values()
                ),
            }
            for one in places
        ],
        lines=[_line(one) for one in found.lines],
        chips=[
            LinkView(
                label,
                url_for("administration.below", state=key or None, authority=authority or None),
                current=key == state,
            )
            for key, label in words.items()
        ],
        pager=PagerView(
            ngettext("本页 %(num)s 件", "本页 %(num)s 件", len(found.lines)),
            previous_url=url_for("administration.below", **chosen) if after else "",
            next_url=url_for("administration.below", **chosen, after=found.after)
            if found.after
            else "",
        ),
    )


@pages.get("/below/<case_id>")
def below_case(case_id: str) -> str:
    """Show one case of an authority below; the first time on a day why is asked for."""
    view = ask(case_below, case_id)
    line = _line(view.case)
    if not view.reason:
        return page("below_reason", "below", line=line)
    give(look_below, case_id)
    return page(
        "below_case",
        "below",
        line=line,
        clocks=[
            clock_of(one, view.rules, today(), language(), names={})
            for one in view.deadlines
            if one.row.state in {"running", "suspended"}
        ],
        ended=[
            clock_of(one, view.rules, today(), language(), full=False)
            for one in view.deadlines
            if one.row.state not in {"running", "suspended"}
        ],
        acts=acts_below(view, today(), language()),
        notices=[notice_parts(one) for one in view.notices],
        may_ask=view.case.closed_at is None
        and all(one.answered_at is not None for one in view.notices),
        reason=view.reason,
        tomorrow=today().isoformat(),
    )


@pages.post("/below/<case_id>")
def below_look(case_id: str) -> Response:
    """Say why one looks at a case of an authority below."""
    here = url_for("administration.below_case", case_id=case_id)
    done = _("已记入下级机关的查看记录。")
    return then(here, done, look_below, case_id, reason=request.form.get("reason", ""))


@pages.post("/below/<case_id>/notices")
def below_ask(case_id: str) -> Response:
    """Send a notice that the authority below has to answer."""
    return then(
        url_for("administration.below_case", case_id=case_id),
        _("督办通知已发出，下级机关须按期答复。"),
        ask_below,
        case_id,
        text=request.form.get("text", ""),
        answer_by=_day("answer_by"),
    )


@pages.get("/above")
def above() -> str:
    """Show who may watch from above, every look, and what was asked."""
    found = ask(watched_from_above)
    return page(
        "above",
        "above",
        above=list(found.above.items()),
        procedures=[(key, title.say(language())) for key, title in found.procedures.items()],
        grants=[
            _grant(one, {k: t.say(language()) for k, t in found.procedures.items()})
            for one in found.grants
        ],
        looks=[_look(one) for one in found.looks],
        waiting=[_asked(one) for one in ask(asked_from_above)],
        today=today().isoformat(),
    )


@pages.post("/above")
def above_grant() -> Response:
    """Let an authority above watch over cases of some procedures for some days."""
    return then(
        url_for("administration.above"),
        _("已开放督办视图，可随时收回。"),
        grant_supervision,
        request.form.getlist("procedure"),
        valid_from=_day("valid_from"),
        valid_to=_day("valid_to"),
        reasons=request.form.get("reasons", ""),
        with_secret=request.form.get("with_secret") == "yes",
        superior_id=request.form.get("superior", ""),
    )


@pages.post("/above/<grant_id>/end")
def above_end(grant_id: str) -> Response:
    """Take a grant back."""
    return then(
        url_for("administration.above"),
        _("已收回，即时生效。"),
        end_supervision,
        grant_id,
        reasons=request.form.get(f"reasons-{grant_id}", ""),
    )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        raise BadRequest from error


def _line(case: CaseBelow) -> dict[str, Any]:
    deadline = case.deadline
    title = deadline.deadline.rule.title.say(language()) if deadline is not None else ""
    lamp = deadline.lamp if deadline is not None else None
    return {
        "id": case.id,
        "authority": case.authority,
        "number": case.number,
        "url": url_for("administration.below_case", case_id=case.id),
        "procedure": case.procedure.say(language()),
        "state": status_text(case.status),
        "stage": case.stage.say(language()) if case.stage is not None else "",
        "posts": _("、").join(case.posts),
        "steps": [step_name(one.name, one.properties, language()) for one in case.steps],
        "clock": clock_in_row(title, lamp, deadline.deadline, deadline.remaining, today())
        if deadline is not None and lamp is not None
        else None,
        "opened": weekday_text(civil(case.opened_at).date(), today()),
        "closed": weekday_text(civil(case.closed_at).date(), today()) if case.closed_at else "",
        "unanswered": case.unanswered,
    }


def _asked(line: NoticeLine) -> dict[str, Any]:
    return {
        **notice_parts(line.row),
        "case": line.number,
        "superior": line.superior,
        "url": url_for("cases.above", case_id=line.row.case_id),
    }


def _grant(line: GrantLine, titles: dict[str, str]) -> dict[str, Any]:
    row = line.row
    over = row.ended_at is not None or row.valid_to < today()
    state = (
        TagView(_("生效中"), Tone.OK)
        if line.in_force
        else TagView(_("已收回"), Tone.PLAIN)
        if row.ended_at is not None
        else TagView(_("未生效"), Tone.OPEN)
    )
    return {
        "id": row.id,
        "superior": line.superior,
        "procedures": _("、").join(titles.get(one, one) for one in row.procedures),
        "secret": row.with_secret,
        "days": _(
            "%(first)s 至 %(last)s",
            first=weekday_text(row.valid_from, today()),
            last=weekday_text(row.valid_to, today()),
        ),
        "by": _("%(name)s 于 %(when)s 开放", name=line.by, when=moment_text(row.made_at)),
        "reasons": row.reasons,
        "ended": _(
            "%(name)s 于 %(when)s 收回：%(reasons)s",
            name=line.ended_by,
            when=moment_text(row.ended_at),
            reasons=row.ended_reasons,
        )
        if row.ended_at is not None
        else "",
        "state": state,
        "is_over": over,
    }


def _look(line: LookLine) -> dict[str, str]:
    return {
        "who": line.who,
        "what": _("案件 %(number)s", number=line.number)
        if line.row.what == LOOKED
        else _("督办列表"),
        "why": line.row.reason,
        "when": moment_text(line.row.looked_at),
    }
