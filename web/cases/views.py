"""The list of cases, and a case with its tabs and what is asked for in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.exceptions import BadRequest, NotFound

from engine.commands.extend_deadline import decide_extension, request_extension
from engine.commands.look import open_attachment, open_document, reveal
from engine.commands.recuse import (
    decide_recusal,
    deciders_of,
    declare_interest,
    request_recusal,
)
from engine.commands.withdraw_case import (
    approvers_of,
    decide_withdrawal,
    propose_withdrawal,
)
from engine.desk.form_context import people_options
from engine.desk.views import CaseView, case_list, case_view, timeline
from engine.desk.views.listing import rules_of
from engine.desk.views.requests import extension_requests, masked, services
from engine.desk.views.timeline import KINDS
from engine.errors import NotAllowed, Refusal
from web.casefacts import clue, steps_done, summary
from web.cases.diagrams import diagram_links, diagram_view, next_steps, source_of
from web.cases.presenting import (
    acts_view,
    case_row,
    deadline_rows,
    extension_views,
    head_view,
    mask_facts,
    newest_acts,
    open_items,
    part_rows,
    recusal_views,
)
from web.citations import laws_of
from web.clocks import clock_of
from web.failures import say
from web.forms import labels_of
from web.papers import attachment_view, document_view
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import EmptyView, LinkView, PagerView
from web.visiting import ask, civil, give, language, office, today, visitor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

pages = Blueprint("cases", __name__)

PER_PAGE, RECENT = 50, 40
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STATES = {"": None, "open": False, "closed": True}


@pages.get("/cases")
def listing() -> str:
    """Show the cases that the reader may see, the newest first."""
    search, state = request.args.get("q", ""), request.args.get("state", "")
    after = request.args.get("after", "")
    if state not in STATES:
        raise BadRequest
    try:
        page = ask(case_list, search=search, is_closed=STATES[state], after=after)
    except ValueError as error:  # an address that somebody typed
        raise BadRequest from error
    rules = ask(rules_of, {line.version_id for line in page.lines})
    words = {"": _("全部"), "open": _("在办"), "closed": _("已结")}
    return render_template(
        "cases/list.html",
        rows=[case_row(line, rules[line.version_id], today(), language()) for line in page.lines],
        search=search,
        state=state,
        chips=[
            LinkView(
                label,
                url_for("cases.listing", state=key or None, q=search or None),
                current=key == state,
            )
            for key, label in words.items()
        ],
        pager=PagerView(
            ngettext("本页 %(num)s 件", "本页 %(num)s 件", len(page.lines)),
            previous_url=url_for("cases.listing", state=state or None, q=search or None)
            if after
            else "",
            next_url=url_for(
                "cases.listing", state=state or None, q=search or None, after=page.after
            )
            if page.after
            else "",
        )
        if page.after or after
        else None,
        empty=EmptyView(
            _("没有您可以查看的案件"),
            _("登记线索、担任承办或收到办理事项后，案件会出现在这里。"),
            (LinkView(_("去待办"), url_for("inbox.listing")),),
            icon="folder-open",
        ),
    )


@pages.get("/cases/<case_id>")
def show(case_id: str) -> str:
    """Show where a case stands, what waits and what comes next."""
    view = ask(case_view, case_id)
    process = request.args.get("process") or view.version.definition.process_id
    if source_of(view, process) is None:
        raise NotFound
    running = [one for one in view.deadlines if one.row.state in {"running", "suspended"}]
    return _tab(
        "show",
        view,
        diagram=diagram_view(view, process),
        diagrams=diagram_links(view, process),
        items=open_items(view, today(), language(), visitor().actor.person_id),
        steps=next_steps(view),
        acts=newest_acts(ask(timeline, case_id, limit=RECENT), view, today(), language()),
        clocks=[
            clock_of(one, view.version.rules, today(), language(), names=view.names)
            for one in running[:2]
        ],
        facts=summary(view, today(), language()),
        clue=clue(view, language()),
        done=steps_done(view, today()),
    )


@pages.get("/cases/<case_id>/timeline", endpoint="timeline")
def timeline_tab(case_id: str) -> str:
    """Show every act of a case, the newest first."""
    kind, before = request.args.get("kind", ""), request.args.get("before", "")
    if before and not before.isdecimal():
        raise BadRequest
    view = ask(case_view, case_id)
    number = int(before or 0)
    lines = ask(timeline, case_id, kind=kind, before=number, limit=PER_PAGE)
    words = {
        "": _("全部"),
        "decision": _("讨论与决定"),
        "document": _("文书"),
        "deadline": _("期限"),
        "card": _("黄牌红牌"),
        "person": _("人员与回避"),
        "hand": _("交接"),
        "refused": _("被拒绝的操作"),
    }
    more = len(lines) == PER_PAGE and lines[-1].sequence > 1
    return _tab(
        "timeline",
        view,
        acts=acts_view(lines, view, today(), language()),
        today=today(),
        chips=[
            LinkView(
                label,
                url_for("cases.timeline", case_id=case_id, kind=key or None),
                current=key == kind,
            )
            for key, label in words.items()
            if not key or key in KINDS
        ],
        pager=PagerView(
            ngettext("本页 %(num)s 条", "本页 %(num)s 条", len(lines)),
            previous_url=url_for("cases.timeline", case_id=case_id, kind=kind or None)
            if number
            else "",
            next_url=url_for(
                "cases.timeline", case_id=case_id, kind=kind or None, before=lines[-1].sequence
            )
            if more
            else "",
        )
        if more or number
        else None,
    )


@pages.get("/cases/<case_id>/deadlines")
def deadlines(case_id: str) -> str:
    """Show the deadlines of a case and the requests for more time."""
    view = ask(case_view, case_id)
    return _tab(
        "deadlines",
        view,
        deadlines=deadline_rows(view, today(), language()),
        requests=extension_views(ask(extension_requests, case_id), view, today(), language()),
    )


@pages.get("/cases/<case_id>/documents")
def documents(case_id: str) -> str:
    """Show the documents and attachments of a case."""
    view = ask(case_view, case_id)
    served = ask(services, case_id)
    return _tab(
        "documents",
        view,
        documents=[document_view(row, view, today(), served) for row in view.documents],
        attachments=[attachment_view(row, view, today()) for row in view.attachments],
        sees_file=view.sees_file,
    )


@pages.get("/cases/<case_id>/people")
def people(case_id: str) -> str:
    """Show who has a part in a case, what was asked about recusal, and what is masked."""
    return _people(case_id, {})


@pages.post("/cases/<case_id>/reveal/<reference>", endpoint="reveal")
def reveal_act(case_id: str, reference: str) -> str | AnyResponse:
    """Show one confidential value, once, for a reason that is recorded."""
    reason = request.form.get("reason", "")
    try:
        value = give(reveal, case_id, reference, reason=reason)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("cases.people", case_id=case_id))
    at = civil(office().clock.now())
    seen = _("%(time)s 因“%(reason)s”查看，5 分钟后重新遮盖", time=f"{at:%H:%M}", reason=reason)
    return _people(case_id, {reference: (str(value), seen)})


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
    return _tab(
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
    return _then(
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
    return _then(
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
    return _tab(
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
    return _then(
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
    return _then(
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
    return _tab(
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
        return _then(back, done, decide_withdrawal, case_id, granted=_granted(), reasons=reasons)
    return _then(
        back, _("撤案提请已提交，由另一人决定。"), propose_withdrawal, case_id, reasons=reasons
    )


@pages.get("/cases/<case_id>/diagram/<process>")
def diagram(case_id: str, process: str) -> Response:
    """Give the diagram of the case's version as it was drawn, to who may see the case."""
    source = source_of(ask(case_view, case_id), process)
    if source is None:
        raise NotFound
    return Response(source, mimetype="application/xml")


@pages.get("/documents/<document_id>.<kind>")
def document(document_id: str, kind: str) -> AnyResponse:
    """Give a document's bytes; the look is recorded."""
    if kind not in {"pdf", "docx"}:
        raise NotFound
    row, content = give(open_document, document_id, kind=kind)
    name = f"{row.title}{row.number or ''}.{kind}"
    return send_file(
        io.BytesIO(content),
        mimetype="application/pdf" if kind == "pdf" else WORD,
        as_attachment=kind != "pdf",
        download_name=name,
    )


@pages.get("/attachments/<attachment_id>")
def attachment(attachment_id: str) -> AnyResponse:
    """Give an attachment's bytes to save, never to show; the look is recorded."""
    row, content = give(open_attachment, attachment_id)
    return send_file(
        io.BytesIO(content),
        mimetype=row.media_type,
        as_attachment=True,
        download_name=row.name,
    )


def _people(case_id: str, shown: dict[str, tuple[str, str]]) -> str:
    view = ask(case_view, case_id)
    start = view.version.rules.start
    form = (
        view.version.form(view.version.definition.process_id, start.form)
        if start is not None
        else None
    )
    return _tab(
        "people",
        view,
        parts=part_rows(view, today(), language()),
        recusals=recusal_views(
            view, today(), visitor().actor.person_id, ask(deciders_of, view.row)
        ),
        masks=mask_facts(
            ask(masked, case_id),
            case_id,
            labels_of(form, language()) if form is not None else {},
            shown,
        )
        if view.sees_file or shown or _protects(view)
        else (),
    )


def _protects(view: CaseView) -> bool:
    return not view.standing.relations.isdisjoint({"intake_clerk", "protection_officer"})


def _tab(tab: str, view: CaseView, *, template: str = "", **parts: Any) -> str:
    """Return a tab of a case under its head."""
    head = head_view(view, tab, today(), language(), visitor().actor.person_id)
    return render_template(template or f"cases/{tab}.html", head=head, **parts)


def _granted() -> bool:
    decision = request.form.get("decision", "")
    if decision not in {"grant", "reject"}:
        raise BadRequest
    return decision == "grant"


def _then(url: str, done: str, command: Any, *args: Any, **given: Any) -> AnyResponse:
    """Give a command; say what came of it on the page that follows."""
    try:
        give(command, *args, **given)
        flash(done, "ok")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(url)
