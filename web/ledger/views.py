"""The ledger of cases: filters, columns, views under a name, and the order to take it out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.exports import order_ledger
from engine.commands.saved_filters import LEDGER, PARTS_OF, drop_filter, save_filter
from engine.desk.views.accompanying import roles_titled, saved_filters
from engine.desk.views.ledger import (
    BY_NUMBER,
    COLUMNS,
    NEWEST,
    OLDEST,
    LedgerChoice,
    ledger,
    ledger_procedures,
    ledger_total,
    read_choice,
    written_choice,
)
from engine.errors import NotAllowed, Refusal
from engine.model.cases import CaseStatus
from web.acting import then
from web.boxes.navigating import turning
from web.failures import say
from web.ledger.wording import cell, column_titles
from web.statuses import status_text
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import EmptyView, LinkView
from web.visiting import ask, give, language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from engine.desk import Desk

pages = Blueprint("ledger", __name__, url_prefix="/ledger")


@pages.get("")
def listing() -> str:
    """Show a page of the ledger as the address asks for it."""
    given = _given(request.args)
    try:
        choice = read_choice(given)
        lines, after = ask(_page, choice, request.args.get("after", ""))
    except ValueError as error:  # an address that somebody typed
        raise BadRequest from error
    parts = written_choice(choice)
    titles = column_titles()
    saved = ask(saved_filters, LEDGER)
    total = ask(ledger_total, choice)
    return render_template(
        "ledger/list.html",
        choice=choice,
        parts=parts,
        columns=[(one, titles[one]) for one in choice.columns],
        all_columns=list(titles.items()),
        lines=lines,
        total=ngettext("共 %(num)s 件", "共 %(num)s 件", total),
        procedures=[("", _("全部")), *_titled()],
        statuses=[("", _("全部")), *((one.value, status_text(one)) for one in CaseStatus)],
        states=[("", _("全部")), ("open", _("在办")), ("closed", _("已结"))],
        sorts=[(NEWEST, _("新登记的在前")), (OLDEST, _("早登记的在前")), (BY_NUMBER, _("按案号"))],
        saved=[
            LinkView(
                one.name
                if one.is_own
                else _("%(name)s（%(owner)s）", name=one.name, owner=one.owner),
                _address(one.chosen),
                current=_usual(one.chosen) == parts,
            )
            for one in saved
        ],
        own_saved=[one for one in saved if one.is_own and _usual(one.chosen) == parts],
        roles=sorted(ask(roles_titled).items()),
        pager=turning("ledger.listing", len(lines), after, parts),
        empty=EmptyView(
            _("没有符合条件的案件"),
            _("放宽条件再查，或看全部。"),
            (LinkView(_("看全部"), url_for("ledger.listing")),),
            icon="folder-open",
        ),
    )


@pages.post("/views")
def keep_view() -> Response:
    """Keep what the ledger shows under a name."""
    parts = _written(request.form)
    name, role = request.form.get("name", ""), request.form.get("role", "")
    kept = parts or {"sort": NEWEST}
    return then(_address(parts), _("视图已保存。"), save_filter, name, kept, role=role, of=LEDGER)


@pages.post("/views/<view_id>/drop")
def forget_view(view_id: str) -> Response:
    """Forget one's own view."""
    give(drop_filter, view_id)
    flash(_("视图已删除。"), "ok")
    return redirect(url_for("ledger.listing"))


@pages.post("/export")
def export() -> Response:
    """Order the ledger as .xlsx, as it is filtered and with its columns."""
    parts = _written(request.form)
    reason = request.form.get("reason", "")
    try:
        order = give(order_ledger, parts, reason=reason, language=language())
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(_address(parts))
    return redirect(url_for("exports.show", export_id=order.id))


def _given(form: Any) -> dict[str, str]:
    """Return the parts of a ledger's address; columns may come one by one."""
    parts = {name: form.get(name, "") for name in PARTS_OF[LEDGER]}
    picked = form.getlist("column")
    if picked:
        parts["columns"] = ",".join(one for one in COLUMNS if one in picked)
    return parts


def _written(form: Any) -> dict[str, str]:
    try:
        return written_choice(read_choice(_given(form)))
    except ValueError as error:
        raise BadRequest from error


def _usual(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return a kept view as the parts of an address."""
    return written_choice(read_choice(chosen))


def _address(parts: Mapping[str, str]) -> str:
    base = url_for("ledger.listing")
    return f"{base}?{urlencode(parts)}" if parts else base


def _page(desk: Desk, choice: LedgerChoice, after: str) -> tuple[list[dict[str, Any]], str]:
    """Return the lines of a page as words, by column."""
    page = ledger(desk, choice, after=after)
    lines = [
        {
            "id": line.case.id,
            **{one: _said(cell(desk, line, one, language())) for one in choice.columns},
        }
        for line in page.lines
    ]
    return lines, page.after


def _said(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _titled() -> list[tuple[str, str]]:
    found = ask(ledger_procedures)
    return sorted((key, title.say(language())) for key, title in found.items())
