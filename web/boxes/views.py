"""抄送我的, 关注与跟进; filters that the reader keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.commands.copies import read_copy
from engine.commands.saved_filters import PARTS, drop_filter, save_filter
from engine.desk.views.accompanying import copies_to, watched
from engine.errors import NotAllowed, Refusal
from web.failures import say
from web.navigation import local
from web.statuses import status_text
from web.texts import gettext as _
from web.toolkit import EmptyView
from web.visiting import ask, civil, give, today
from web.wording import weekday_text

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

pages = Blueprint("boxes", __name__)


@pages.get("/copies")
def copies() -> str:
    """Show what was copied to the reader."""
    return render_template(
        "boxes/copies.html",
        rows=ask(copies_to),
        when=lambda at: f"{weekday_text(civil(at).date(), today())} {civil(at):%H:%M}",
        empty=EmptyView(
            _("没有抄送给您的案件"), _("有人把案件抄送给您时，会出现在这里，并在消息中告知。")
        ),
    )


@pages.post("/copies/<copy_id>")
def confirm(copy_id: str) -> Response:
    """Confirm that one has read a copy."""
    give(read_copy, copy_id)
    flash(_("已回执。"), "ok")
    return redirect(url_for("boxes.copies"))


@pages.get("/watched")
def watching() -> str:
    """Show what the reader watches, with tags and follow-up dates."""
    return render_template(
        "boxes/watched.html",
        rows=ask(watched),
        day=lambda value: weekday_text(value, today()),
        status=status_text,
        empty=EmptyView(
            _("没有关注的案件"), _("在案件的“协同”页可以关注案件、加标签、设跟进日期。")
        ),
    )


@pages.post("/filters")
def keep_filter() -> Response:
    """Keep the filter of the inbox that the reader looks through."""
    chosen = {part: request.form.get(part, "") for part in PARTS}
    back = local(request.form.get("back", ""), url_for("inbox.listing"))
    try:
        name, role = request.form.get("name", ""), request.form.get("role", "")
        give(save_filter, name, chosen, role=role)
        flash(_("筛选已保存。"), "ok")
    except NotAllowed:
        raise
    except Refusal as refusal:
        flash(say(refusal), "bad")
    return redirect(back)


@pages.post("/filters/<filter_id>/drop")
def forget_filter(filter_id: str) -> Response:
    """Forget one's own filter."""
    give(drop_filter, filter_id)
    flash(_("筛选已删除。"), "ok")
    return redirect(url_for("inbox.listing"))
