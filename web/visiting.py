"""Who asks: the visitor behind the cookie, and what stands around every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

import structlog
from flask import Response, current_app, g, redirect, request, session, url_for
from flask_babel import get_locale

from engine.commands.log_in import Visitor, visitor_of
from engine.desk import REHEARSAL
from engine.desk.views.around import around
from engine.desk.views.trial_cases import is_of_a_trial
from web import navigation
from web.texts import gettext as _
from web.toolkit import MenuItem, ShellView
from web.wording import full_day_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from typing import Concatenate

    from werkzeug.wrappers import Response as AnyResponse

    from engine.desk import Desk, Office
    from web.settings import Settings

EAST_EIGHT = ZoneInfo("Asia/Shanghai")
P = ParamSpec("P")
T = TypeVar("T")

TOKEN = "token"  # noqa: S105 -- the name of a cookie's field
OPEN_TO_ALL = "open_to_all"
OF_A_CASE = frozenset({"case_id", "item_id", "document_id"})
RECORDING = "WENZE_RECORDING"
"""In the configuration of a draft's rehearsal: where it is led from."""
BY_ITSELF = frozenset({"notices.bell"})
"""What a page asks for again and again by itself; it keeps no idle session open."""


def office() -> Office:
    """Return the office that this application serves."""
    return cast("Office", current_app.extensions["wenze_office"])


def settings() -> Settings:
    """Return the settings of this installation."""
    return cast("Settings", current_app.extensions["wenze_settings"])


def visitor() -> Visitor:
    """Return who is logged in; only in a route that needs a log-in."""
    return cast("Visitor", g.visitor)


def language() -> str:
    """Return the reader's language: zh or en."""
    return "en" if str(get_locale()) == "en" else "zh"


def give(command: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Give a command as the visitor."""
    return office().give(visitor().actor, command, *args, **kwargs)


def ask(query: Callable[Concatenate[Desk, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask a query as the visitor."""
    return office().ask(visitor().actor, query, *args, **kwargs)


def open_to_all(view: Callable[P, T]) -> Callable[P, T]:
    """Mark a view that needs no log-in; every other one does."""
    setattr(view, OPEN_TO_ALL, True)
    return view


def require_visitor() -> AnyResponse | None:
    """Find out who asks before any view runs; send nobody to the log-in page."""
    g.settings = settings()
    g.visitor = None
    structlog.contextvars.clear_contextvars()
    if request.endpoint == "static":
        return None
    token = session.get(TOKEN)
    if token:
        is_act = request.endpoint not in BY_ITSELF
        g.visitor = visitor_of(office(), token, hours=settings().session_hours, is_act=is_act)
    if g.visitor is not None:
        g.language = g.visitor.language
        structlog.contextvars.bind_contextvars(person=g.visitor.actor.person_id)
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, OPEN_TO_ALL, False):
        return None
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("entrance.log_in_page", back=back or None))


def never_cache(response: Response) -> Response:
    """Keep pages out of caches: what they show depends on who asks and when."""
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def today() -> date:
    """Return the civil day at the visitor's authority, or where nobody is logged in, UTC+8's."""
    if g.visitor is not None:
        return civil(office().clock.now()).date()
    return office().clock.now().astimezone(EAST_EIGHT).date()


def civil(instant: datetime) -> datetime:
    """Return an instant in the civil time of the visitor's authority."""
    if "zone" not in g:
        g.zone = office().ask(visitor().actor, _zone)
    return instant.astimezone(g.zone)


def page_context() -> dict[str, Any]:
    """Return what every template is given: `shell` and the reader's language."""
    return {"shell": shell(), "language": language(), "get_locale": get_locale}


def shell() -> ShellView:
    """Return what stands around the page for this visitor."""
    found = g.get("visitor")
    day = today() if "settings" in g else office().clock.now().date()
    rehearsal = day if office().kind == REHEARSAL else None
    recording = str(current_app.config.get(RECORDING, ""))
    if found is None:
        return ShellView(
            authority="",
            home_url=url_for("entrance.log_in_page"),
            today=day,
            rehearsal_day=rehearsal,
            recording_url=recording,
        )
    here = office().ask(found.actor, around)
    return ShellView(
        authority=here.authority,
        home_url=url_for("entrance.home"),
        today=day,
        user_name=found.name,
        user_post=here.post,
        nav=navigation.entries(here, is_admin=found.actor.is_admin),
        search_url=url_for("search.listing") if here.has_post else "",
        notices_url=url_for("notices.listing") if here.has_post else "",
        notices=here.unread,
        bell_url=url_for("notices.bell") if here.has_post else "",
        menu=(
            *((MenuItem(_("我的事项"), url_for("own.listing")),) if here.has_post else ()),
            *((MenuItem(_("我的代理"), url_for("handing.deputies")),) if here.has_post else ()),
            MenuItem(_("动态口令"), url_for("handing.codes")),
            MenuItem(_("访问令牌"), url_for("tokens.listing")),
            MenuItem(_("干预登记"), url_for("interference.listing")),
            MenuItem(_("消息设置"), url_for("notices.settings")),
            MenuItem(_("English") if language() == "zh" else "中文", _other_language()),
            MenuItem(_("退出登录"), url_for("entrance.log_out_act"), post=True),
        ),
        rehearsal_day=rehearsal,
        recording_url=recording,
        is_trial=_is_trial(),
        printed=_("%(name)s 于 %(at)s 打印", name=found.name, at=_printed_at()),
    )


def _is_trial() -> bool:
    """Return whether the page's address names a trial case, or something of one."""
    named = {key: str(one) for key, one in (request.view_args or {}).items() if key in OF_A_CASE}
    return bool(named) and ask(is_of_a_trial, **named)


def _printed_at() -> str:
    at = civil(office().clock.now())
    return f"{full_day_text(at.date())} {at:%H:%M}"


def _other_language() -> str:
    other = "en" if language() == "zh" else "zh"
    return url_for("entrance.choose_language", language=other, back=request.full_path)


def _zone(desk: Desk) -> Any:
    return desk.calendar().zone
