"""Units of the organisation: the list, and the page on which one is changed or closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from werkzeug.exceptions import NotFound

from engine.commands.organise import add_unit
from engine.commands.units import close_unit, describe_unit, reopen_unit
from engine.desk import Desk
from engine.desk.views.register import every_unit
from engine.desk.views.settings import changes
from engine.model.settings import Area
from web.acting import then
from web.administration.area import page, pages
from web.administration.setting_words import line_of
from web.texts import gettext as _
from web.visiting import ask
from web.wording import full_day_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response

    from engine.store.tables import UnitRow


@pages.get("/units", endpoint="units")
def units_page() -> str:
    """Show the units, each below the one that it belongs to, and the form that adds one."""
    ask(Desk.require_admin)
    rows = ask(every_unit)
    return page(
        "units",
        "people",
        lines=_tree(rows),
        units=_choices(rows),
    )


@pages.post("/units")
def unit_add() -> Response:
    """Add a unit."""
    name = request.form.get("name", "").strip()
    here = url_for("administration.units")
    if not name:
        flash(_("请填写单位名称。"), "bad")
        return redirect(here)
    parent = request.form.get("parent") or None
    done = _("已添加单位 %(name)s。", name=name)
    reasons = request.form.get("reasons", "")
    return then(here, done, add_unit, name, parent_id=parent, reasons=reasons)


@pages.get("/units/<unit_id>")
def unit(unit_id: str) -> str:
    """Show a unit, the forms that change it, and its changes."""
    ask(Desk.require_admin)
    rows = ask(every_unit)
    row = next((one for one in rows if one.id == unit_id), None)
    if row is None:
        raise NotFound
    below = {one["id"] for one in _tree(rows, within=unit_id)}
    return page(
        "unit",
        "people",
        row=row,
        closed=full_day_text(row.closed_on) if row.closed_on is not None else "",
        units=[one for one in _choices(rows) if one[0] not in {unit_id, *below}],
        changes=[line_of(one) for one in ask(changes, area=Area.UNIT, key=unit_id).lines],
    )


@pages.post("/units/<unit_id>")
def unit_act(unit_id: str) -> Response:
    """Rename or move a unit, close it, or open it again."""
    here = url_for("administration.unit", unit_id=unit_id)
    action, reasons = request.form.get("action"), request.form.get("reasons", "")
    if action == "close":
        return then(here, _("单位已撤销。"), close_unit, unit_id, reasons=reasons)
    if action == "reopen":
        return then(here, _("单位已恢复。"), reopen_unit, unit_id, reasons=reasons)
    return then(
        here,
        _("单位已更改。"),
        describe_unit,
        unit_id,
        request.form.get("name", ""),
        parent_id=request.form.get("parent") or None,
        reasons=reasons,
    )


def _choices(rows: Sequence[UnitRow]) -> list[tuple[str, str]]:
    """Return what a unit may stand below: nothing, or any that is open."""
    return [("", _("（无）")), *((one.id, one.name) for one in rows if one.closed_on is None)]


def _tree(rows: Sequence[UnitRow], within: str | None = None) -> list[dict[str, Any]]:
    """Return units from the top, or those below one, each followed by what is below it."""
    below: dict[str | None, list[UnitRow]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    lines: list[dict[str, Any]] = []
    waiting = [(row, 0) for row in reversed(below.get(within, []))]
    while waiting:
        row, depth = waiting.pop()
        lines.append(
            {
                "id": row.id,
                "name": row.name,
                "depth": depth,
                "closed": full_day_text(row.closed_on) if row.closed_on is not None else "",
            }
        )
        waiting += [(one, depth + 1) for one in reversed(below.get(row.id, []))]
    return lines
