"""Order a batch, see how far it is, stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.batches import KINDS, start_batch, stop_batch
from engine.desk.form_context import people_options
from engine.desk.views import task_view
from engine.desk.views.accompanying import batch_view, batches
from engine.errors import NotAllowed, Refusal
from web.acting import then
from web.failures import say
from web.forms import form_view, sent_answers
from web.moments import moment_text
from web.sentences import sentence
from web.texts import gettext as _
from web.toolkit import ActionBar, ActionView, EmptyView, LinkView
from web.visiting import ask, give, language, visitor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from engine.store.tables import Batch, BatchItem

pages = Blueprint("batches", __name__, url_prefix="/batches")

AT_ONCE = frozenset({"claim", "remind"})
"""Kinds that need nothing but the items."""

SHOWN = 200
"""How many results a page shows; refused ones go first."""


@pages.get("")
def listing() -> str:
    """Show the batches that the reader has ordered."""
    return render_template(
        "batches/list.html",
        rows=ask(batches),
        kind=kind_text,
        state=state_text,
        when=moment_text,
        empty=EmptyView(
            _("没有批量办理"),
            _("在待办中选中多项后，可以一并领取、分派、提醒、转办或办结。"),
            (LinkView(_("去待办"), url_for("inbox.listing")),),
            icon="checklist",
        ),
    )


@pages.post("/order")
def order() -> str | Response:
    """Begin a batch at once, or ask for what it needs first."""
    kind, picked = request.form.get("action", ""), request.form.getlist("pick")
    if kind not in KINDS:
        raise BadRequest
    if not picked:
        flash(_("请先选择事项。"), "bad")
        return redirect(url_for("inbox.listing"))
    if kind in AT_ONCE:
        return _start(kind, picked, {})
    task = ask(task_view, picked[0], language=language())
    form = None
    if kind == "complete" and task.form is not None:
        form = form_view(
            "batch", task.form, task.data, language(), action_url=url_for("batches.begin")
        )
    people: list[tuple[str, str]] = []
    if kind != "complete":
        options = {
            option["value"]: option["label"]
            for role in task.item.role.split(",")
            if role
            for option in ask(people_options, role, task.case)
        }
        if kind == "transfer":
            options.pop(visitor().actor.person_id, None)
        people = sorted(options.items(), key=lambda one: one[1])
    return render_template(
        "batches/order.html",
        kind=kind,
        label=kind_text(kind),
        picked=picked,
        people=people,
        form=form,
        bar=ActionBar(
            primary=ActionView(_("开始批量办结"), "complete", icon="send", validate=True)
        ),
        name=task.item.name,
    )


@pages.post("")
def begin() -> Response:
    """Begin a batch with what was asked for."""
    kind, picked = request.form.get("kind", ""), request.form.getlist("pick")
    if kind not in KINDS:
        raise BadRequest
    given: dict[str, Any] = {
        name: request.form[name] for name in ("to", "reasons") if name in request.form
    }
    if kind == "complete":
        given = {"answers": sent_answers()}
    return _start(kind, picked, given)


@pages.get("/<batch_id>")
def show(batch_id: str) -> str:
    """Show how far a batch is, live where the browser can."""
    found = ask(batch_view, batch_id)
    lines = sorted(found.items, key=lambda one: (one.state != "refused", one.number))
    part = request.headers.get("HX-Request") == "true"
    return render_template(
        "batches/progress.html" if part else "batches/show.html",
        batch=found.row,
        tried=found.row.done + found.row.refused,
        percent=100 * (found.row.done + found.row.refused) // found.row.total,
        label=kind_text(found.row.kind),
        state=state_text(found.row),
        lines=lines[:SHOWN],
        more=max(0, len(lines) - SHOWN),
        said=_said,
        when=moment_text,
    )


@pages.post("/<batch_id>/stop")
def stop(batch_id: str) -> Response:
    """Stop a batch."""
    here = url_for("batches.show", batch_id=batch_id)
    return then(here, _("已停止；办好的保留，其余未动。"), stop_batch, batch_id)


def kind_text(kind: str) -> str:
    """Return what a kind of batch is called."""
    return {
        "claim": _("批量领取"),
        "assign": _("批量分派"),
        "remind": _("批量提醒"),
        "transfer": _("批量转办"),
        "complete": _("批量办结"),
        "migration_try": _("批量试迁"),
        "migration_propose": _("批量提请迁移"),
        "migration_decide": _("批量决定迁移"),
    }.get(kind, kind)


def state_text(batch: Batch) -> str:
    """Return where a batch stands."""
    return {"running": _("办理中"), "stopped": _("已停止"), "done": _("已办完")}.get(
        batch.state, batch.state
    )


def _start(kind: str, picked: list[str], given: dict[str, Any]) -> Response:
    try:
        batch = give(start_batch, kind, picked, given)
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("inbox.listing"))
    return redirect(url_for("batches.show", batch_id=batch.id))


def _said(item: BatchItem) -> str:
    """Return what came of an item, in words."""
    if item.state == "refused":
        return sentence(item.message, item.params, language())
    return _("已办") if item.state == "done" else _("未办")
