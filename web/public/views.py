"""The public area: the list of publications, one of them, and what is made public (SUP-008)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, url_for

from engine.desk import system_actor
from engine.desk.views.publications import public_list, public_text
from web.texts import gettext as _
from web.toolkit import EmptyView, PagerView
from web.visiting import EAST_EIGHT, office, open_to_all
from web.wording import full_day_text

if TYPE_CHECKING:
    from datetime import datetime

    from engine.desk.views.publications import PublicLine

pages = Blueprint("public", __name__, url_prefix="/public")

ANYBODY = system_actor("")
"""Who asks for people who are not logged in; the queries show only what is public."""


@dataclass(frozen=True, slots=True)
class PublicRowView:
    """A publication in the list."""

    url: str
    title: str
    authority: str
    day: str
    number: str


@pages.get("/")
@open_to_all
def listing() -> str:
    """Show what is published to society, the newest first; search in it."""
    search, after = request.args.get("q", "")[:100], request.args.get("after", "")
    found = office().ask(ANYBODY, public_list, search=search, after=after)
    following = url_for("public.listing", q=search or None, after=found.after)
    return render_template(
        "public/list.html",
        rows=[_row(line) for line in found.lines],
        search=search,
        pager=PagerView(
            _("最新的在前"),
            previous_url=url_for("public.listing", q=search or None) if after else "",
            next_url=following if found.after else "",
        ),
        empty=EmptyView(
            _("没有查到") if search else _("还没有公开的内容"),
            _("换一个词再查。") if search else _("问责决定依法向社会公开的，在这里公布。"),
            icon="search" if search else "file-text",
        ),
    )


@pages.get("/<publication_id>")
@open_to_all
def show(publication_id: str) -> str:
    """Show one publication; one that was withdrawn is not there any more."""
    found = office().ask(ANYBODY, public_text, publication_id)
    titles = {
        "background": _("来龙去脉"),
        "causes": _("发生原因"),
        "procedure": _("调查程序"),
        "result": _("处理结果"),
    }
    return render_template(
        "public/show.html",
        row=_row(found.line),
        text=found.text,
        sections=[(titles[key], text) for key, text in found.sections.items() if key in titles],
    )


def _row(line: PublicLine) -> PublicRowView:
    return PublicRowView(
        url=url_for("public.show", publication_id=line.id),
        title=line.title,
        authority=line.authority,
        day=_day(line.published_at),
        number=line.number,
    )


def _day(instant: datetime) -> str:
    return full_day_text(instant.astimezone(EAST_EIGHT).date())
