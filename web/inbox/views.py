"""The inbox: list, claim, release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.claim_work import claim_work
from engine.commands.release_work import release_work
from engine.desk.views import inbox_numbers
from engine.desk.views.accompanying import follow_ups, roles_titled, saved_filters
from engine.desk.views.waiting import lamps_among, waiting_line, waiting_work
from engine.errors import Refusal
from engine.model.lamps import Lamp
from engine.store.queries.inbox import SORTS
from web.boxes.navigating import box_links, other_links
from web.failures import say
from web.inbox.presenting import GROUPS, MINE, Filters, chosen_of, list_view, row_view, saved_links
from web.navigation import local
from web.texts import gettext as _
from web.visiting import ask, give, language, today

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

pages = Blueprint("inbox", __name__)

VIEWS = {"": None, MINE: True, GROUPS: False}


@pages.get("/inbox")
def listing() -> str:
    """Show what waits, filtered and sorted as the address says."""
    filters = _filters()
    try:
        page = ask(
            waiting_work,
            lamp=Lamp(filters.lamp) if filters.lamp else None,
            search=filters.search,
            sort=filters.sort,
            mine=VIEWS[filters.view],
            procedure=filters.procedure,
            after=filters.after,
        )
    except ValueError as error:  # an address that somebody typed
        raise BadRequest from error
    base = url_for("inbox.listing")
    counts = ask(inbox_numbers)
    lamps = counts.lamps
    if filters.view or filters.procedure or filters.search:
        lamps = ask(
            lamps_among,
            search=filters.search,
            mine=VIEWS[filters.view],
            procedure=filters.procedure,
        )
    view = list_view(page, counts, lamps, filters, base, today(), language())
    saved = ask(saved_filters)
    return render_template(
        "inbox/list.html",
        view=view,
        filters=filters,
        today=today(),
        following=ask(follow_ups),
        saved=saved_links(saved, filters, base),
        own_filters=[one for one in saved if one.is_own],
        chosen=chosen_of(filters),
        roles=sorted(ask(roles_titled).items()),
        boxes=box_links(counts.total),
        others=other_links(),
    )


@pages.post("/inbox/<item_id>/claim")
def claim(item_id: str) -> str | Response | tuple[str, int]:
    """Take an item into one's own hands."""
    return _hand(item_id, claim_work, _("已领取。"))


@pages.post("/inbox/<item_id>/release")
def release(item_id: str) -> str | Response | tuple[str, int]:
    """Give an item back to its group."""
    return _hand(item_id, release_work, _("已退回本组。"))


def _hand(item_id: str, command: Any, done: str) -> str | Response | tuple[str, int]:
    """Give the command; swap the row where htmx asks for it, else show the list again."""
    if request.headers.get("HX-Request") != "true":
        give(command, item_id)
        flash(done, "ok")
        return redirect(local(request.form.get("back", ""), url_for("inbox.listing")))
    refused = ""
    try:
        give(command, item_id)
    except Refusal as refusal:
        refused = say(refusal)
    line = ask(waiting_line, item_id)
    row = row_view(line, today(), language()) if line is not None else None
    return render_template("inbox/row.html", row=row, refused=refused, done=done, key=item_id)


def _filters() -> Filters:
    given = request.args
    view, lamp = given.get("view", ""), given.get("lamp", "")
    sort = given.get("sort") or "due"
    if view not in VIEWS or sort not in SORTS or (lamp and lamp not in set(Lamp)):
        raise BadRequest
    return Filters(
        view, lamp, given.get("procedure", ""), given.get("q", ""), sort, given.get("after", "")
    )
