"""The list of cases, and a case with its tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound

from engine.commands.look import reveal
from engine.commands.recuse import deciders_of
from engine.desk.rights import Right, permits
from engine.desk.views import CaseView, case_list, case_view, timeline
from engine.desk.views.linked import escalations, linked
from engine.desk.views.listing import rules_of
from engine.desk.views.merging import likely_duplicates, mergers
from engine.desk.views.requests import extension_requests, masked, services
from engine.desk.views.supervised import asked_from_above
from engine.desk.views.timeline import KINDS
from engine.errors import NotAllowed, Refusal
from web.casefacts import clue, steps_done, summary
from web.cases.acts import acts_view, newest_acts
from web.cases.diagrams import diagram_links, diagram_view, next_steps, source_of
from web.cases.frame import pages, tab_page
from web.cases.linked import escalation_rows, link_rows, transfer_rows
from web.cases.people import extension_views, mask_facts, part_rows, recusal_views
from web.cases.presenting import case_row, deadline_rows, open_items
from web.clocks import clock_of
from web.failures import say
from web.forms import labels_of
from web.papers import attachment_view, document_view
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import EmptyView, LinkView, PagerView
from web.visiting import ask, civil, give, language, office, today, visitor
from web.wording import weekday_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


PER_PAGE, RECENT = 50, 40
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
    found = ask(linked, case_id)
    running = [one for one in view.deadlines if one.row.state in {"running", "suspended"}]
    return tab_page(
        "show",
        view,
        diagram=diagram_view(view, process),
        diagrams=diagram_links(view, process),
        items=open_items(view, today(), language(), visitor().actor.person_id, found),
        links=link_rows(found, language()),
        asked=ask(asked_from_above, case_id=case_id),
        mergers=ask(mergers, case_id),
        opened=lambda one: weekday_text(civil(one.opened_at).date(), today()),
        likely=ask(likely_duplicates, case_id)
        if permits(Right.MERGE, view.standing.relations)
        else (),
        transfers=transfer_rows(found, today()),
        steps=next_steps(view, language()),
        acts=newest_acts(ask(timeline, case_id, limit=RECENT), view, today(), language()),
        clocks=[
            clock_of(one, view.version.rules, today(), language(), names=view.names)
            for one in running[:2]
        ],
        facts=summary(view, today(), language()),
        clue=clue(view, language()),
        done=steps_done(view, today(), language()),
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
    return tab_page(
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
    return tab_page(
        "deadlines",
        view,
        deadlines=deadline_rows(view, today(), language()),
        escalations=escalation_rows(ask(escalations, case_id), today(), language()),
        requests=extension_views(ask(extension_requests, case_id), view, today(), language()),
    )


@pages.get("/cases/<case_id>/documents")
def documents(case_id: str) -> str:
    """Show the documents and attachments of a case."""
    view = ask(case_view, case_id)
    served = ask(services, case_id)
    return tab_page(
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


def _people(case_id: str, shown: dict[str, tuple[str, str]]) -> str:
    view = ask(case_view, case_id)
    start = view.version.rules.start
    form = (
        view.version.form(view.version.definition.process_id, start.form)
        if start is not None
        else None
    )
    return tab_page(
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
