"""One's own notices: list, mark as read, and the bell that asks by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import BadRequest

from engine.commands.read_notices import read_notices
from engine.desk.views.notices import notices, unread_notices
from engine.model.notifying import Event
from web.moments import moment_text
from web.notices.wording import event_text
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import EmptyView, LinkView, PagerView
from web.visiting import ask, give, language, open_to_all, visitor

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from engine.desk.views.notices import NoticeLine, NoticePage

pages = Blueprint("notices", __name__)

UNREAD = "unread"
STOP_ASKING = 286


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
    event: str


@pages.get("/notices")
def listing() -> str:
    """Show the reader's notices, the newest first."""
    only_unread = request.args.get("show") == UNREAD
    event, after = request.args.get("event", ""), request.args.get("after", "")
    if event and event not in set(Event):
        raise BadRequest
    page = ask(notices, unread=only_unread, event=event, after=after)
    show = UNREAD if only_unread else None
    chips = (
        LinkView(
            _("全部"), url_for("notices.listing", event=event or None), current=not only_unread
        ),
        LinkView(
            _("未读"),
            url_for("notices.listing", show=UNREAD, event=event or None),
            current=only_unread,
        ),
    )
    kinds = (
        LinkView(_("所有种类"), url_for("notices.listing", show=show), current=not event),
        *(
            LinkView(
                event_text(one),
                url_for("notices.listing", show=show, event=one.value),
                current=event == one,
            )
            for one in Event
        ),
    )
    return render_template(
        "notices/list.html",
        rows=[_row(line, language()) for line in page.lines],
        chips=chips,
        kinds=kinds,
        pager=_pager(page, {"show": show, "event": event or None}, after),
        empty=EmptyView(
            _("没有消息"),
            _("有事项分到您、期限临近或您的申请有了结果时，会在这里告知。"),
            icon="mail",
        ),
    )


@pages.post("/notices/read")
def read() -> AnyResponse:
    """Mark one notice, or all, as read."""
    count = give(read_notices, request.form.get("notice", ""))
    flash(ngettext("%(num)s 条消息已标为已读。", "%(num)s 条消息已标为已读。", count), "ok")
    return redirect(url_for("notices.listing"))


@pages.get("/notices/bell")
@open_to_all
def bell() -> Response:
    """Give the bell anew; the browser is told that nothing has changed where nothing has.

    It is asked twice a minute by every open page. A stream would hold a thread of the server
    for each of them (gthread and waitress serve a request a thread). Once nobody is logged in,
    status 286 tells htmx to stop asking.
    """
    if g.visitor is None:
        return Response(status=STOP_ASKING, headers={"HX-Reswap": "none"})
    unread, newest = ask(unread_notices)
    template = current_app.jinja_env.get_template("notices/bell.html")
    here = url_for("notices.bell")
    text = template.render(url=url_for("notices.listing"), bell_url=here, unread=unread)
    response = Response(text, mimetype="text/html")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    person = visitor().actor.person_id
    response.set_etag(f"{person}-{newest}-{unread}-{language()}", weak=True)
    response.make_conditional(request)
    return response


def _row(line: NoticeLine, language: str) -> NoticeRowView:
    english = language == "en"
    title = line.text.get("title_en" if english else "title") or line.text.get("title") or ""
    return NoticeRowView(
        key=line.id,
        title=str(title),
        text=str(line.text.get(language) or line.text.get("zh") or ""),
        when=moment_text(line.sent_at),
        is_read=line.is_read,
        case_number=line.case_number,
        case_url=url_for("cases.show", case_id=line.case_id) if line.opens_case else "",
        event=event_text(Event(line.event)),
    )


def _pager(page: NoticePage, chosen: dict[str, Any], after: str) -> PagerView | None:
    if not page.after and not after:
        return None
    return PagerView(
        ngettext("本页 %(num)s 条", "本页 %(num)s 条", len(page.lines)),
        previous_url=url_for("notices.listing", **chosen) if after else "",
        next_url=url_for("notices.listing", **chosen, after=page.after) if page.after else "",
    )
