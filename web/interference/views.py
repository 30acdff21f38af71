"""The register of interference (SUP-012)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.interference import (
    acknowledge_interference,
    record_interference,
    supervises,
)
from engine.desk.views.accompanying import interferences
from web.acting import then
from web.citations import ground_text
from web.moments import moment_text
from web.texts import gettext as _
from web.toolkit import EmptyView
from web.visiting import ask, today
from web.wording import weekday_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

pages = Blueprint("interference", __name__, url_prefix="/interference")

FIELDS = ("who", "whom", "what", "case_number")


@pages.get("")
def listing() -> str:
    """Show the register, or one's own entries, and the form for another."""
    return render_template(
        "interference/list.html",
        rows=ask(interferences),
        supervises=ask(supervises),
        ground=ground_text("SUP-012"),
        today=today(),
        when=moment_text,
        day=lambda value: weekday_text(value, today()),
        empty=EmptyView(_("没有登记"), _("有人说情、打招呼或干预办案时，请如实登记。")),
    )


@pages.post("")
def record() -> Response:
    """Record an interference."""
    try:
        happened_on = date.fromisoformat(request.form.get("happened_on", ""))
    except ValueError as error:
        raise BadRequest from error
    given = {name: request.form.get(name, "") for name in FIELDS}
    return then(
        url_for("interference.listing"),
        _("已登记，并告知督办专员；案件承办人看不到本登记。"),
        record_interference,
        happened_on=happened_on,
        **given,
    )


@pages.post("/<interference_id>")
def acknowledge(interference_id: str) -> Response:
    """Take note of an entry."""
    return then(
        url_for("interference.listing"),
        _("已办理。"),
        acknowledge_interference,
        interference_id,
        followed=request.form.get(f"followed-{interference_id}", ""),
    )
