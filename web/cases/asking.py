"""What is asked for in a case: more time, recusal, withdrawal; and the decisions on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from engine.commands.extend_deadline import decide_extension, request_extension
from engine.commands.recuse import decide_recusal, declare_interest, request_recusal
from engine.commands.withdraw_case import approvers_of, decide_withdrawal, propose_withdrawal
from engine.desk.form_context import people_options
from engine.desk.views import case_view
from web.acting import then
from web.cases.frame import pages, tab_page
from web.citations import laws_of
from web.clocks import clock_of
from web.texts import gettext as _
from web.visiting import ask, give, language, today, visitor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


@pages.get("/cases/<case_id>/extension")
def extension(case_id: str) -> str:
    """Show the form by which more time is asked for."""
    view = ask(case_view, case_id)
    key = request.args.get("key", "")
    found = [one for one in view.deadlines if one.row.key == key]
    if not found:
        raise NotFound
    newest = max(found, key=lambda one: one.row.round)
    policy = newest.deadline.rule.extension
    citations = tuple(
        one for one in (newest.deadline.rule.source, policy.source if policy else "") if one
    )
    return tab_page(
        "deadlines",
        view,
        template="cases/extension.html",
        key=key,
        clock=clock_of(newest, view.version.rules, today(), language(), names=view.names),
        laws=laws_of(dict.fromkeys(citations), view.version.rules, language()),
    )


@pages.post("/cases/<case_id>/extension")
def extension_act(case_id: str) -> AnyResponse:
    """Ask for more time."""
    key = request.form.get("key", "")
    return then(
        url_for("cases.deadlines", case_id=case_id),
        _("延期申请已提交，等待批准；批准前原期限照常计算。"),
        request_extension,
        case_id,
        key,
        reasons=request.form.get("reasons", ""),
    )


@pages.post("/cases/<case_id>/extension/<request_id>")
def extension_decision(case_id: str, request_id: str) -> AnyResponse:
    """Grant or reject a request for more time."""
    return then(
        url_for("cases.deadlines", case_id=case_id),
        _("已作出决定，并告知申请人。"),
        decide_extension,
        request_id,
        granted=_granted(),
        reasons=request.form.get("reasons", ""),
    )


@pages.get("/cases/<case_id>/recusal")
def recusal(case_id: str) -> str:
    """Show the form by which an interest is declared or a recusal asked for."""
    view = ask(case_view, case_id)
    options = {
        option["value"]: option["label"]
        for role in view.version.rules.roles.values()
        if not role.outside
        for option in ask(people_options, str(role.key), view.row)
    }
    options.pop(visitor().actor.person_id, None)
    return tab_page(
        "people",
        view,
        template="cases/recusal.html",
        options=sorted(options.items(), key=lambda one: one[1]),
        laws=laws_of(("S0篇1§14",), view.version.rules, language()),
    )


@pages.post("/cases/<case_id>/recusal")
def recusal_act(case_id: str) -> AnyResponse:
    """Declare an interest of one's own, or ask that somebody be recused."""
    reasons = request.form.get("reasons", "")
    if request.form.get("who") == "me":
        give(declare_interest, case_id, reasons=reasons)
        flash(_("已声明利害关系。决定作出前，您不能再接触本案案卷。"), "ok")
        return redirect(url_for("inbox.listing"))
    return then(
        url_for("cases.people", case_id=case_id),
        _("回避申请已提交。决定作出前，被申请人不得接触案卷。"),
        request_recusal,
        case_id,
        request.form.get("person", ""),
        reasons=reasons,
    )


@pages.post("/cases/<case_id>/recusal/<recusal_id>")
def recusal_decision(case_id: str, recusal_id: str) -> AnyResponse:
    """Grant or reject a recusal."""
    return then(
        url_for("cases.people", case_id=case_id),
        _("已作出决定，并告知有关人员。"),
        decide_recusal,
        recusal_id,
        granted=_granted(),
        reasons=request.form.get("reasons", ""),
    )


@pages.get("/cases/<case_id>/withdrawal")
def withdrawal(case_id: str) -> str:
    """Show the forms by which a case's withdrawal is proposed and decided on."""
    view = ask(case_view, case_id)
    return tab_page(
        "show",
        view,
        template="cases/withdrawal.html",
        decides=bool(ask(approvers_of, view.row) & view.standing.roles),
    )


@pages.post("/cases/<case_id>/withdrawal")
def withdrawal_act(case_id: str) -> AnyResponse:
    """Propose that the case be withdrawn, or decide on the proposal."""
    reasons = request.form.get("reasons", "")
    back = url_for("cases.show", case_id=case_id)
    if "decision" in request.form:
        done = _("已作出决定，并记入案件记录。")
        return then(back, done, decide_withdrawal, case_id, granted=_granted(), reasons=reasons)
    return then(
        back, _("撤案提请已提交，由另一人决定。"), propose_withdrawal, case_id, reasons=reasons
    )


def _granted() -> bool:
    decision = request.form.get("decision", "")
    if decision not in {"grant", "reject"}:
        raise BadRequest
    return decision == "grant"
