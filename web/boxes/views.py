"""The boxes beside the inbox: 已办, 我发起的, 抄送我的, 草稿, 关注; the reader's filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest

from engine.commands.copies import read_copy
from engine.commands.saved_filters import PARTS, drop_filter, save_filter
from engine.desk.views.boxes import (
    BY_DAY,
    BY_NUMBER,
    NEWEST,
    OLDEST,
    Box,
    copied_cases,
    done_work,
    own_drafts,
    started_cases,
    watched_cases,
)
from engine.desk.views.listing import rules_of
from web.acting import then
from web.boxes.navigating import box_links, other_links, turning
from web.cases.presenting import case_row
from web.moments import moment_text
from web.navigation import local
from web.statuses import status_text
from web.texts import gettext as _
from web.toolkit import EmptyView, LinkView
from web.visiting import ask, give, language, today
from web.wording import step_name, weekday_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.wrappers import Response

pages = Blueprint("boxes", __name__)


@pages.get("/done")
def done() -> str:
    """Show what the reader has done."""
    return _work_page(
        "boxes.done",
        done_work,
        title=_("已办"),
        column=_("办结"),
        empty=EmptyView(_("还没有办结的事项"), _("您办结的事项会出现在这里。")),
    )


@pages.get("/drafts")
def drafts() -> str:
    """Show what the reader has begun to write and not handed in."""
    return _work_page(
        "boxes.drafts",
        own_drafts,
        title=_("草稿"),
        column=_("保存"),
        empty=EmptyView(_("没有草稿"), _("办理事项时暂存的内容会出现在这里，提交后不再列出。")),
    )


@pages.get("/started")
def started() -> str:
    """Show the cases that the reader registered."""
    page, about = _page("boxes.started", started_cases, _by_time())
    rules = ask(rules_of, {line.version_id for line in page.lines})
    return render_template(
        "boxes/started.html",
        rows=[case_row(one, rules[one.version_id], today(), language()) for one in page.lines],
        empty=_nothing(
            about,
            EmptyView(
                _("您还没有登记线索"),
                _("您登记的线索和案件会出现在这里。"),
                (LinkView(_("登记线索"), url_for("registering.choose")),),
            ),
        ),
        **about,
    )


@pages.get("/copies")
def copies() -> str:
    """Show what was copied to the reader."""
    page, about = _page("boxes.copies", copied_cases, _by_time())
    return render_template(
        "boxes/copies.html",
        rows=page.lines,
        when=moment_text,
        empty=_nothing(
            about,
            EmptyView(
                _("没有抄送给您的案件"),
                _("有人把案件抄送给您时，会出现在这里，并在消息中告知。"),
            ),
        ),
        **about,
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
    sorts = {BY_DAY: _("按跟进日期"), BY_NUMBER: _("按案号")}
    page, about = _page("boxes.watching", watched_cases, sorts)
    return render_template(
        "boxes/watched.html",
        rows=page.lines,
        day=lambda value: weekday_text(value, today()),
        status=status_text,
        empty=_nothing(
            about,
            EmptyView(_("没有关注的案件"), _("在案件的“协同”页可以关注案件、加标签、设跟进日期。")),
        ),
        **about,
    )


@pages.post("/filters")
def keep_filter() -> Response:
    """Keep the filter of the inbox that the reader looks through."""
    chosen = {part: request.form.get(part, "") for part in PARTS}
    back = local(request.form.get("back", ""), url_for("inbox.listing"))
    name, role = request.form.get("name", ""), request.form.get("role", "")
    return then(back, _("筛选已保存。"), save_filter, name, chosen, role=role)


@pages.post("/filters/<filter_id>/drop")
def forget_filter(filter_id: str) -> Response:
    """Forget one's own filter."""
    give(drop_filter, filter_id)
    flash(_("筛选已删除。"), "ok")
    back = local(request.form.get("back", ""), url_for("inbox.listing"))
    return redirect(back)


def _work_page(
    endpoint: str, query: Callable[..., Box[Any]], *, title: str, column: str, empty: EmptyView
) -> str:
    page, about = _page(endpoint, query, _by_time())
    rules = ask(rules_of, {line.version_id for line in page.lines})
    return render_template(
        "boxes/work.html",
        title=title,
        column=column,
        rows=page.lines,
        name=lambda one: step_name(one.name, {"name_en": one.name_en}, language()),
        procedure=lambda one: rules[one.version_id].title.say(language()),
        when=moment_text,
        empty=_nothing(about, empty),
        **about,
    )


def _page(
    endpoint: str, query: Callable[..., Box[Any]], sorts: Mapping[str, str]
) -> tuple[Box[Any], dict[str, Any]]:
    """Return a page of a box as the address asks for it, and what stands around it."""
    search = request.args.get("q", "")
    usual = next(iter(sorts))
    sort = request.args.get("sort") or usual
    try:
        page = ask(query, search=search, sort=sort, after=request.args.get("after", ""))
    except ValueError as error:  # an address that somebody typed
        raise BadRequest from error
    chosen = {"q": search, "sort": "" if sort == usual else sort}
    return page, {
        "boxes": box_links(),
        "others": other_links(),
        "endpoint": endpoint,
        "search": search,
        "sort": chosen["sort"],
        "sorts": [
            LinkView(
                label,
                url_for(endpoint, q=search or None, sort=None if key == usual else key),
                current=key == sort,
            )
            for key, label in sorts.items()
        ],
        "pager": turning(endpoint, len(page.lines), page.after, chosen),
    }


def _nothing(about: Mapping[str, Any], empty: EmptyView) -> EmptyView:
    """Return what an empty page says: that nothing was found, or that there is nothing."""
    if not about["search"]:
        return empty
    back = LinkView(_("看全部"), url_for(about["endpoint"]))
    return EmptyView(_("没有符合条件的内容"), _("换一个词再查，或看全部。"), (back,), icon="search")


def _by_time() -> dict[str, str]:
    return {NEWEST: _("新的在前"), OLDEST: _("旧的在前")}
