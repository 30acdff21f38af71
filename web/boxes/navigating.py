"""One navigation for all boxes: 待办, 已办, 我发起的, 抄送我的, 草稿, 关注."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request, url_for

from engine.desk.views import inbox_numbers
from engine.desk.views.boxes import box_counts
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import LinkView, PagerView
from web.visiting import ask


def box_links(waiting: int | None = None) -> tuple[LinkView, ...]:
    """Return the boxes with how much is in each; of copies, what is not read yet.

    Args:
        waiting: How much waits in the inbox, where that was counted already.
    """
    counts = ask(box_counts)
    found = (
        (_("待办"), "inbox.listing", ask(inbox_numbers).total if waiting is None else waiting),
        (_("已办"), "boxes.done", counts.done),
        (_("我发起的"), "boxes.started", counts.started),
        (_("抄送我的"), "boxes.copies", counts.unread),
        (_("草稿"), "boxes.drafts", counts.drafts),
        (_("关注"), "boxes.watching", counts.watched),
    )
    return tuple(
        LinkView(label, url_for(endpoint), count, current=request.endpoint == endpoint)
        for label, endpoint, count in found
    )


def other_links() -> tuple[LinkView, ...]:
    """Return what else stands beside the boxes."""
    found = (
        (_("批量办理"), "batches.listing"),
        (_("导出"), "exports.listing"),
        (_("干预登记"), "interference.listing"),
    )
    return tuple(
        LinkView(label, url_for(endpoint), current=request.endpoint == endpoint)
        for label, endpoint in found
    )


def turning(endpoint: str, number: int, after: str, chosen: dict[str, str]) -> PagerView | None:
    """Return the way to the next page and back to the first, or None where one page is all.

    Args:
        endpoint: Of the list.
        number: Lines on this page.
        after: The cursor of the next page; "" on the last.
        chosen: The other parts of the address.
    """
    here = request.args.get("after", "")
    if not (after or here):
        return None
    base, parts = url_for(endpoint), {name: value for name, value in chosen.items() if value}

    def at(**more: str) -> str:
        query = urlencode({**parts, **more})
        return f"{base}?{query}" if query else base

    return PagerView(
        ngettext("本页 %(num)s 项", "本页 %(num)s 项", number),
        previous_url=at() if here else "",
        next_url=at(after=after) if after else "",
    )
