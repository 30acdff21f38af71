"""Linked cases, transfers and copies on a case's page; the page that sends a reminder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for

from engine.commands.receipt_escalation import receipt_escalation
from engine.commands.send_dunning import prepare_dunning, send_dunning
from engine.commands.sign import signed
from engine.desk.views import case_view
from engine.desk.views.linked import dunnable
from engine.errors import NotAllowed, Refusal
from web.acting import carried_out, then
from web.cases.frame import pages, tab_page
from web.citations import laws_of
from web.failures import say
from web.statuses import relation_text, status_text
from web.texts import gettext as _
from web.toolkit import TagView, Tone
from web.visiting import ask, civil, language, office, today, visitor
from web.wording import step_name, weekday_text

if TYPE_CHECKING:
    from datetime import date

    from werkzeug.wrappers import Response as AnyResponse

    from engine.desk.views.linked import EscalationLine, Linked, LinkLine


@dataclass(frozen=True, slots=True)
class LinkRowView:
    """A case that this one is linked with; without number and link where it may not be seen."""

    side: str
    relation: str
    title: str
    number: str
    url: str
    state: TagView


@dataclass(frozen=True, slots=True)
class TransferRowView:
    """A transfer or copy and its receipt."""

    kind: str
    organ: str
    document: str
    sent: str
    state: TagView
    receipt: str


def link_rows(found: Linked, language: str) -> tuple[LinkRowView, ...]:
    """Return the parent first, then the children."""
    rows = [_row(found.parent, _("母案"), language)] if found.parent is not None else []
    rows += [_row(one, _("派生案件"), language) for one in found.children]
    return tuple(rows)


def transfer_rows(found: Linked, day: date) -> tuple[TransferRowView, ...]:
    """Return the transfers and copies of a case."""
    kinds = {"judicial": _("移送司法"), "discipline": _("移送纪律处分"), "copy": _("抄告")}
    states = {
        "sent": TagView(_("待回执"), Tone.NEAR, "hourglass"),
        "received": TagView(_("已签收"), Tone.OK, "check"),
        "returned": TagView(_("已退回"), Tone.BAD, "alert-triangle"),
    }
    return tuple(
        TransferRowView(
            kind=kinds.get(row.kind, _("移送")),
            organ=row.organ,
            document=found.titles.get(row.document_id or "", ""),
            sent=_(
                "%(name)s，%(day)s",
                name=found.names.get(row.sent_by, _("系统")),
                day=weekday_text(row.sent_on, day),
            ),
            state=states[row.state],
            receipt=_("；").join(
                part
                for part in (
                    weekday_text(row.received_on, day) if row.received_on else "",
                    row.received_by,
                    row.receipt_number,
                    row.reasons,
                )
                if part
            ),
        )
        for row in found.transfers
    )


def _row(line: LinkLine, side: str, language: str) -> LinkRowView:
    words = {
        "opening": TagView(_("正在立案"), Tone.OPEN),
        "open": TagView(status_text(line.status), Tone.ACCENT),
        "closed": TagView(
            line.outcome.say(language) if line.outcome else _("已结案"), Tone.OK, "check"
        ),
    }
    return LinkRowView(
        side=side,
        relation=relation_text(line.relation),
        title=line.title or line.procedure.say(language),
        number=line.number,
        url=url_for("cases.show", case_id=line.case_id) if line.number else "",
        state=words[line.state],
    )


@dataclass(frozen=True, slots=True)
class EscalationRowView:
    """Lateness before one level; `url` acknowledges it, where the reader may."""

    deadline: str
    level: str
    raised: str
    state: TagView
    url: str


def escalation_rows(
    found: tuple[EscalationLine, ...], day: date, language: str
) -> tuple[EscalationRowView, ...]:
    """Return the escalations of a case for its deadlines page."""
    return tuple(
        EscalationRowView(
            deadline=one.deadline.say(language),
            level=one.role.say(language),
            raised=weekday_text(civil(one.row.raised_at).date(), day),
            state=TagView(_("%(name)s已签收", name=one.by), Tone.OK, "check")
            if one.by
            else TagView(_("待签收"), Tone.NEAR, "hourglass"),
            url=url_for("cases.receipt_act", case_id=one.row.case_id, escalation_id=one.row.id)
            if one.may_receipt
            else "",
        )
        for one in found
    )


@pages.post("/cases/<case_id>/escalations/<escalation_id>")
def receipt_act(case_id: str, escalation_id: str) -> AnyResponse:
    """Acknowledge that lateness was put before one's level."""
    done = _("已签收，并记入案件记录。请督促办结。")
    return then(
        url_for("cases.deadlines", case_id=case_id), done, receipt_escalation, escalation_id
    )


@pages.get("/cases/<case_id>/dunning/<item_id>")
def dunning(case_id: str, item_id: str) -> str | AnyResponse:
    """Show the form by which a reminder notice is sent."""
    view = ask(case_view, case_id)
    try:
        item, has_paper, day = ask(dunnable, item_id)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("cases.show", case_id=case_id))
    rules = view.version.rules
    sources = (rules.dunning.source,) if rules.dunning and rules.dunning.source else ()
    return tab_page(
        "show",
        view,
        template="cases/dunning.html",
        item_id=item.id,
        name=step_name(item.name, item.properties, language()),
        signs=has_paper,
        today=weekday_text(day, today()),
        most=rules.most_dunnings,
        laws=laws_of(sources, rules, language()),
    )


@pages.post("/cases/<case_id>/dunning/<item_id>")
def dunning_act(case_id: str, item_id: str) -> AnyResponse:
    """Send a reminder notice; its paper is prepared and signed, where there is one."""
    reasons = request.form.get("reasons", "")

    def act() -> None:
        actor = visitor().actor
        if prepare_dunning(office(), actor, item_id, reasons=reasons) is not None:
            actor = signed(office(), actor, request.form.get("password", ""))
        office().give(actor, send_dunning, item_id, reasons=reasons)

    return carried_out(
        url_for("cases.show", case_id=case_id),
        _("催办已发出，并记入案件记录。"),
        act,
        refused=url_for("cases.dunning", case_id=case_id, item_id=item_id),
    )
