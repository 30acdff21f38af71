"""The inbox as its page draws it: filters, lamps, rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import url_for

from engine.model.lamps import Lamp as EngineLamp
from web.clocks import clock_in_row
from web.frontend import MOST_SHOWN
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import (
    ActionView,
    ClockView,
    EmptyView,
    HeaderView,
    Lamp,
    LampFilter,
    LinkView,
    PagerView,
)
from web.wording import step_name, weekday_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from engine.desk.views.accompanying import FilterView
    from engine.desk.views.waiting import WaitingLine, WaitingPage
    from engine.store.queries import InboxCounts

MINE, GROUPS = "mine", "groups"
LAMPS = (
    EngineLamp.RED,
    EngineLamp.YELLOW,
    EngineLamp.NEAR,
    EngineLamp.OK,
    EngineLamp.HELD,
    EngineLamp.NONE,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader has chosen; every part stands in the page's address.

    Attributes:
        view: ``mine``, ``groups``, or "" for both.
        sort: As `inbox_page` names it.
    """

    view: str = ""
    lamp: str = ""
    procedure: str = ""
    search: str = ""
    sort: str = "due"
    after: str = ""

    def url(self, base: str) -> str:
        """Return the address of the list with these filters."""
        chosen = {
            "view": self.view,
            "lamp": self.lamp,
            "procedure": self.procedure,
            "q": self.search,
            "sort": "" if self.sort == "due" else self.sort,
            "after": self.after,
        }
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{base}?{query}" if query else base


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the inbox.

    Attributes:
        work_url: Where it is done.
        hand: What the row's button does: ``claim``, ``release``, or "" for none.
    """

    key: str
    name: str
    case_title: str
    case_number: str
    case_url: str
    work_url: str
    procedure: str
    stage: str
    clock: ClockView
    offered: str
    since: str
    hand: str
    is_collective: bool


@dataclass(frozen=True, slots=True)
class ListView:
    """The inbox with everything around its rows."""

    rows: tuple[RowView, ...]
    views: tuple[LinkView, ...]
    procedures: tuple[LinkView, ...]
    lamps: tuple[LampFilter, ...]
    whole: LinkView
    headers: tuple[HeaderView, ...]
    pager: PagerView | None
    empty: EmptyView | None
    bulk: tuple[ActionView, ...] = ()


def list_view(  # noqa: PLR0917 -- a page and what it is seen with
    page: WaitingPage,
    counts: InboxCounts,
    lamps: Mapping[EngineLamp, int],
    filters: Filters,
    base: str,
    today: date,
    language: str,
) -> ListView:
    """Return the inbox as its page draws it.

    Args:
        page: What is shown.
        counts: Of the whole inbox, for the views.
        lamps: Of what the other filters leave.
        filters: What the reader has chosen.
        base: The address of the list.
        today: The civil day at the authority.
        language: zh or en.
    """
    first = replace(filters, after="")
    rows = tuple(row_view(line, today, language) for line in page.lines)
    return ListView(
        rows=rows,
        views=_views(counts, first, base),
        procedures=tuple(
            LinkView(
                title.say(language),
                replace(first, procedure="" if first.procedure == key else key).url(base),
                count,
                current=first.procedure == key,
            )
            for key, (title, count) in page.procedures.items()
        ),
        lamps=tuple(
            LampFilter(
                Lamp(lamp.value),
                lamps[lamp],
                replace(first, lamp=lamp.value).url(base),
                current=first.lamp == lamp.value,
            )
            for lamp in LAMPS
        ),
        whole=LinkView(
            _("全部"),
            replace(first, lamp="").url(base),
            sum(lamps.values()),
            current=not first.lamp,
        ),
        headers=_headers(first, base),
        pager=_pager(page, filters, base),
        empty=None if rows else _empty(filters, counts, base),
        bulk=(
            ActionView(_("领取"), "claim"),
            ActionView(_("分派"), "assign"),
            ActionView(_("转办"), "transfer"),
            ActionView(_("提醒"), "remind"),
            ActionView(_("办结"), "complete"),
        ),
    )


def saved_links(saved: tuple[FilterView, ...], filters: Filters, base: str) -> tuple[LinkView, ...]:
    """Return the saved filters as links; one that somebody shared names its owner."""
    links = []
    for one in saved:
        known = {name: one.chosen.get(name, "") for name in ("view", "lamp", "procedure", "search")}
        at = Filters(**known, sort=one.chosen.get("sort") or "due")
        label = (
            one.name if one.is_own else _("%(name)s（%(owner)s）", name=one.name, owner=one.owner)
        )
        links.append(LinkView(label, at.url(base), current=at == replace(filters, after="")))
    return tuple(links)


def chosen_of(filters: Filters) -> dict[str, str]:
    """Return the parts of a filter that are saved under a name."""
    parts = {
        "view": filters.view,
        "lamp": filters.lamp,
        "procedure": filters.procedure,
        "search": filters.search,
        "sort": "" if filters.sort == "due" else filters.sort,
    }
    return {name: value for name, value in parts.items() if value}


def row_view(line: WaitingLine, today: date, language: str) -> RowView:
    """Return one row; the addresses are those of the areas `work` and `cases`."""
    at = line.line
    name = step_name(at.name, {"name_en": at.name_en}, language)
    hand = "" if line.is_collective else ("release" if at.is_mine else "claim")
    return RowView(
        key=at.work_item_id,
        name=name,
        case_title=at.case_title,
        case_number=at.case_number,
        case_url=url_for("cases.show", case_id=at.case_id),
        work_url=url_for("work.show", item_id=at.work_item_id),
        procedure=line.procedure.say(language),
        stage=line.stage.say(language) if line.stage else "",
        clock=clock_in_row(name, at.lamp, line.deadline, line.remaining, today),
        offered=line.role.say(language) if line.role else "",
        since=weekday_text(at.opened_at.date(), today),
        hand=hand,
        is_collective=line.is_collective,
    )


def _views(counts: InboxCounts, first: Filters, base: str) -> tuple[LinkView, ...]:
    whole = (("", _("全部"), counts.total), (MINE, _("我的"), counts.mine))
    named = (*whole, (GROUPS, _("本组待领"), counts.groups))
    return tuple(
        LinkView(label, replace(first, view=key).url(base), count, current=first.view == key)
        for key, label, count in named
    )


def _headers(first: Filters, base: str) -> tuple[HeaderView, ...]:
    def header(text: str, sort: str, order: str) -> HeaderView:
        url = replace(first, sort=sort).url(base)
        return HeaderView(text, url, sorted=order if first.sort == sort else "")

    return (
        header(_("事项与案件"), "number", "ascending"),
        header(_("期限"), "due", "ascending"),
        HeaderView(_("阶段")),
        header(_("到达"), "opened", "descending"),
        HeaderView(_("办理")),
    )


def _pager(page: WaitingPage, filters: Filters, base: str) -> PagerView | None:
    if not page.after and not filters.after:
        return None
    return PagerView(
        ngettext("本页 %(num)s 项", "本页 %(num)s 项", len(page.lines)),
        previous_url=replace(filters, after="").url(base) if filters.after else "",
        next_url=replace(filters, after=page.after).url(base) if page.after else "",
    )


def _empty(filters: Filters, counts: InboxCounts, base: str) -> EmptyView:
    back = LinkView(_("看全部待办"), base)
    if filters != Filters():
        many = _("去掉筛选后待办超过 %(num)s 项。", num=MOST_SHOWN)
        whole = ngettext(
            "去掉筛选后共有 %(num)s 项待办。", "去掉筛选后共有 %(num)s 项待办。", counts.total
        )
        return EmptyView(
            _("没有符合条件的事项"),
            many if counts.is_capped else whole,
            (back,),
            icon="checklist",
        )
    return EmptyView(
        _("没有待办事项"),
        _("有新的事项分到您或您的岗位时，会出现在这里，并在消息中告知。"),
        (LinkView(_("查看案件"), "/cases"),),
    )
