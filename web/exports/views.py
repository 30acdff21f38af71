"""What one has ordered to be taken out: how far it is, and the file while it is kept."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.exports import (
    OF_A_CASE,
    READY,
    RUNNING,
    open_export,
    order_case_file,
    stop_export,
)
from engine.desk.views import case_view
from engine.desk.views.exports import own_export, own_exports
from engine.errors import NotAllowed, Refusal
from web.acting import then
from web.boxes.navigating import box_links, other_links, turning
from web.failures import say
from web.moments import moment_text
from web.papers import size_text
from web.texts import gettext as _
from web.toolkit import EmptyView
from web.visiting import ask, give, office

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from engine.store.tables import Export

pages = Blueprint("exports", __name__)

TYPES = {
    "ledger": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "statistics": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "file_pdf": "application/pdf",
    "file_zip": "application/zip",
}


@pages.get("/exports")
def listing() -> str:
    """Show what the reader has ordered."""
    try:
        rows, after = ask(own_exports, after=request.args.get("after", ""))
    except ValueError as error:  # an address that somebody typed
        raise BadRequest from error
    return render_template(
        "exports/list.html",
        rows=rows,
        kind=kind_text,
        state=state_text,
        when=moment_text,
        boxes=box_links(),
        others=other_links(),
        pager=turning("exports.listing", len(rows), after, {}),
        empty=EmptyView(_("没有导出"), _("在台账或案件的“文书”页可以导出；每次导出都要写明理由。")),
    )


@pages.get("/exports/<export_id>")
def show(export_id: str) -> str:
    """Show how far an export is, live where the browser can."""
    row = ask(own_export, export_id)
    part = request.headers.get("HX-Request") == "true"
    kept = row.state == READY and row.ends_at is not None and office().clock.now() < row.ends_at
    return render_template(
        "exports/progress.html" if part else "exports/show.html",
        row=row,
        kept=kept,
        label=kind_text(row.kind),
        state=state_text(row),
        percent=100 * row.done // row.total if row.total else 0,
        size=size_text(row.size),
        when=moment_text,
    )


@pages.post("/exports/<export_id>/stop")
def stop(export_id: str) -> Response:
    """Stop making it."""
    here = url_for("exports.show", export_id=export_id)
    return then(here, _("已停止。"), stop_export, export_id)


@pages.get("/exports/<export_id>/file")
def download(export_id: str) -> Response:
    """Give the file to save; the look is recorded."""
    row, content = give(open_export, export_id)
    return send_file(
        io.BytesIO(content), mimetype=TYPES[row.kind], as_attachment=True, download_name=row.name
    )


@pages.get("/cases/<case_id>/export")
def case_file(case_id: str) -> str:
    """Ask for the reason, and in which form the case's file is taken out."""
    view = ask(case_view, case_id)
    return render_template("exports/order.html", case=view.row, sees_file=view.sees_file)


@pages.post("/cases/<case_id>/export")
def order(case_id: str) -> Response:
    """Order the case's file."""
    kind = request.form.get("kind", "")
    if kind not in OF_A_CASE:
        raise BadRequest
    try:
        made = give(order_case_file, case_id, kind, reason=request.form.get("reason", ""))
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
        return redirect(url_for("exports.case_file", case_id=case_id))
    return redirect(url_for("exports.show", export_id=made.id))


def kind_text(kind: str) -> str:
    """Return what a kind of export is called."""
    return {
        "ledger": _("台账（.xlsx）"),
        "statistics": _("统计（.xlsx）"),
        "file_pdf": _("案卷（PDF）"),
        "file_zip": _("案卷（压缩包）"),
    }.get(kind, kind)


def state_text(row: Export) -> str:
    """Return where an export stands now."""
    over = row.ends_at is not None and office().clock.now() >= row.ends_at
    state = "ended" if row.state == READY and over else row.state
    return {
        RUNNING: _("正在生成"),
        "stopped": _("已停止"),
        READY: _("可以下载"),
        "failed": _("未能生成"),
        "ended": _("已过保存时间"),
    }.get(state, state)
