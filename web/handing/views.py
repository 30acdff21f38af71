"""A step's hands: who has had it, who signs it, to whom it may go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.change_signers import add_signer, remove_signer
from engine.commands.countersign import ask_signature, drop_signature, give_signature
from engine.commands.hand_over import (
    delegate_work,
    recall_delegated,
    return_delegated,
    transfer_work,
)
from engine.desk.views.handing import handing_view
from web.acting import then, then_signed
from web.casefacts import answered
from web.handing.area import pages
from web.moments import moment_text
from web.texts import gettext as _
from web.toolkit import TagView, Tone
from web.visiting import ask, language
from web.wording import step_name

if TYPE_CHECKING:
    from typing import Any

    from engine.store.tables import HandOver, SignatureRequest


@pages.get("/work/<item_id>/hands")
def show(item_id: str) -> str:
    """Show who has had a step, who signs it, and what the reader may do about it."""
    view = ask(handing_view, item_id, with_people=True)
    form = view.version.form(view.item.process, view.item.form)
    return render_template(
        "handing/show.html",
        view=view,
        name=step_name(view.item.name, view.item.properties, language()),
        signatures=[_signature(one.row, one.person, one.asked_by) for one in view.signatures],
        history=[_history(row, giver, to) for row, giver, to in view.history],
        given=answered(form, view.given, language()) if form is not None and view.given else (),
        places=list(place_texts().items()),
    )


@pages.post("/work/<item_id>/hands")
def act(item_id: str) -> Any:
    """Do what the button says, and come back to the page, or to the inbox without the step."""
    action = request.form.get("action", "")
    person = request.form.get(f"person_{action}", "")
    reasons = request.form.get(f"reasons_{action}", "")
    here, inbox = url_for("handing.show", item_id=item_id), url_for("inbox.listing")
    given: dict[str, tuple[Any, ...]] = {
        "transfer": (inbox, _("已转办。"), transfer_work, item_id, person),
        "delegate": (here, _("已委派，对方办好后交回。"), delegate_work, item_id, person),
        "recall": (here, _("已收回。"), recall_delegated, item_id),
        "add": (here, _("已增加会签人。"), add_signer, item_id, person),
        "remove": (here, _("已减去会签人。"), remove_signer, request.form.get("other", "")),
    }
    if action in given:
        return then(*given[action], reasons=reasons)
    if action == "return":
        return then(inbox, _("已交回委派人。"), return_delegated, item_id, note=reasons)
    if action != "ask":
        raise BadRequest
    place = request.form.get("place", "")
    done = _("已请其会签。")
    return then(here, done, ask_signature, item_id, person, place=place, reasons=reasons)


@pages.post("/work/<item_id>/signatures/<request_id>")
def answer(item_id: str, request_id: str) -> Any:
    """Sign, disagree, or withdraw the request."""
    here = url_for("handing.show", item_id=item_id)
    action = request.form.get("action", "")
    if action == "drop":
        reasons = request.form.get("reasons_drop", "")
        return then(here, _("已减签。"), drop_signature, request_id, reasons=reasons)
    if action not in {"agree", "disagree"}:
        raise BadRequest
    return then_signed(
        here,
        _("已会签，时间和意见记入案件记录。"),
        request.form.get("password", ""),
        give_signature,
        request_id,
        agrees=action == "agree",
        opinion=request.form.get("opinion", ""),
    )


def place_texts() -> dict[str, str]:
    """Return what the places of a signature are called."""
    return {
        "before": _("前加签：先签，之后我才能提交"),
        "beside": _("并加签：不分先后，签齐才生效"),
        "after": _("后加签：我提交后送签，同意才生效"),
    }


def _signature(row: SignatureRequest, person: str, asked_by: str) -> dict[str, Any]:
    tags = {
        "asked": TagView(_("待签"), Tone.NEAR),
        "agreed": TagView(_("同意"), Tone.OK),
        "disagreed": TagView(_("不同意"), Tone.BAD),
    }
    places = {"before": _("前加签"), "beside": _("并加签"), "after": _("后加签")}
    return {
        "id": row.id,
        "person": person,
        "asked_by": asked_by,
        "place": places[row.place],
        "tag": tags[row.state],
        "reasons": row.reasons,
        "opinion": row.opinion,
        "at": moment_text(row.answered_at or row.asked_at),
        "droppable": row.state != "agreed",
    }


def _history(row: HandOver, giver: str, to: str) -> dict[str, Any]:
    kinds = {"transferred": _("转办"), "departed": _("离职转办"), "delegated": _("委派")}
    states = {
        "in_force": "",
        "returned": _("已交回"),
        "recalled": _("已收回"),
        "ended": _("已失效"),
    }
    return {
        "kind": kinds[row.kind],
        "from": giver,
        "to": to,
        "at": moment_text(row.handed_at),
        "reasons": row.reasons,
        "note": row.note,
        "state": states[row.state],
    }
