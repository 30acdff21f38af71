"""One's own notices: list, and mark as read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from engine.commands.read_notices import read_notices
from engine.desk.views.notices import notices
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import EmptyView, LinkView, PagerView
from web.visiting import ask, civil, give, language, today
from web.wording import weekday_text

if TYPE_CHECKING:
    from datetime import date

    from werkzeug.wrappers import Response

    from engine.desk.views.notices import NoticeLine, NoticePage

pages = Blueprint("notices", __name__)

UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class NoticeRowView:
    """A notice in the list; `case_url` is empty where the reader has no page of the case."""

    key: str
    title: str
    text: str
    when: str
    is_read: bool
    case_number: str
    case_url: str


@pages.get("/notices")
def listing() -> str:
    """Show the reader's notices, the newest first."""
    only_unread = request.args.get("show") == UNREAD
    after = request.args.get("after", "")
    page = ask(notices, unread=only_unread, after=after)
    chips = (
        LinkView(_("全部"), url_for("notices.listing"), current=not only_unread),
        LinkView(_("未读"), url_for("notices.listing", show=UNREAD), current=only_unread),
    )
    return render_template(
        "notices/list.html",
        rows=[_row(line, today(), language()) for line in page.lines],
        chips=chips,
        pager=_pager(page, UNREAD if only_unread else None, after),
        empty=EmptyView(
            _("没有消息"),
            _("有事项分到您、期限临近或您的申请有了结果时，会在这里告知。"),
            icon="mail",
        ),
    )


@pages.post("/notices/read")
def read() -> Response:
    """Mark one notice, or all, as read."""
    count = give(read_notices, request.form.get("notice", ""))
    flash(ngettext("%(num)s 条消息已标为已读。", "%(num)s 条消息已标为已读。", count), "ok")
    return redirect(url_for("notices.listing"))


def _row(line: NoticeLine, today: date, language: str) -> NoticeRowView:
    at = civil(line.sent_at)
    english = language == "en"
    title = line.text.get("title_en" if english else "title") or line.text.get("title") or ""
    return NoticeRowView(
        key=line.id,
        title=str(title),
        text=str(line.text.get(language) or line.text.get("zh") or ""),
        when=f"{weekday_text(at.date(), today)} {at:%H:%M}",
        is_read=line.is_read,
        case_number=line.case_number,
        case_url=url_for("cases.show", case_id=line.case_id) if line.opens_case else "",
    )


def _pager(page: NoticePage, show: str | None, after: str) -> PagerView | None:
    if not page.after and not after:
        return None
    return PagerView(
        ngettext("本页 %(num)s 条", "本页 %(num)s 条", len(page.lines)),
        previous_url=url_for("notices.listing", show=show) if after else "",
        next_url=url_for("notices.listing", show=show, after=page.after) if page.after else "",
    )
