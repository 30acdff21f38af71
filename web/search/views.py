"""The page of the search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.exceptions import BadRequest

from engine.desk.views.search import search
from engine.errors import Refusal
from engine.store.searching import CASE, DOCUMENT, PERSON, plain
from web.texts import gettext as _
from web.texts import ngettext
from web.toolkit import EmptyView, LinkView, PagerView
from web.visiting import ask, civil, today, visitor
from web.wording import day_text

if TYPE_CHECKING:
    from engine.desk.views.search import SearchHit, SearchPage

pages = Blueprint("search", __name__)

AROUND = 40
"""Characters before and behind what was found in a text."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class HitView:
    """Something that was found.

    Attributes:
        title, excerpt: With what was looked for marked.
        url: Empty where the reader has no page for it.
        note: Number and day.
    """

    kind: str
    title: Markup
    url: str
    note: Markup
    excerpt: Markup


@pages.get("/search")
def listing() -> str:
    """Show what was found, the newest first."""
    query = request.args.get("q", "")[:LONGEST]
    kind, after = request.args.get("kind", ""), request.args.get("after", "")
    try:
        found = ask(search, query, kind=kind, after=after)
    except (ValueError, Refusal) as error:  # an address that somebody typed
        raise BadRequest from error
    kinds = {"": _("全部"), **_kinds()}
    return render_template(
        "search/list.html",
        query=query,
        kind=kind,
        chips=[
            LinkView(
                label, url_for("search.listing", q=query, kind=key or None), current=key == kind
            )
            for key, label in kinds.items()
        ],
        hits=[_hit(one, found) for one in found.hits],
        kinds=kinds,
        pager=_pager(found, query, kind, after),
        empty=_empty(found),
    )


def marked(text: str, terms: tuple[str, ...]) -> Markup:
    """Return a text with every term marked; nothing in it is taken for HTML."""
    if not terms:
        return escape(text)
    longest_first = sorted(terms, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    parts, at = [], 0
    for found in pattern.finditer(text):
        parts.append(escape(text[at : found.start()]))
        parts.append(Markup('<mark class="wz-hit">{}</mark>').format(found[0]))
        at = found.end()
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


def excerpt(text: str, terms: tuple[str, ...]) -> Markup:
    """Return what stands around the first term that a text holds; empty where it holds none."""
    places = [text.lower().find(term.lower()) for term in terms]
    found = [place for place in places if place >= 0]
    if not found:
        return Markup("")
    first = max(0, min(found) - AROUND)
    last = min(found) + AROUND + max(len(term) for term in terms)
    cut = text[first:last]
    return marked(("…" if first else "") + cut + ("…" if last < len(text) else ""), terms)


def _kinds() -> dict[str, str]:
    return {CASE: _("案件"), DOCUMENT: _("文书"), PERSON: _("人员")}


def _hit(one: SearchHit, page: SearchPage) -> HitView:
    hit, terms = one.hit, page.terms
    day = day_text(civil(hit.at).date(), today())
    number = marked(one.case_number, terms)
    if hit.kind == CASE:
        rest = hit.words.removeprefix(plain(f"{one.case_number} {one.case_title}"))
        return HitView(
            hit.kind,
            marked(one.case_title, terms),
            url_for("cases.show", case_id=hit.case_id),
            Markup("{} · {}").format(number, day),
            excerpt(rest.strip(), terms),
        )
    if hit.kind == DOCUMENT:
        title = hit.words.removesuffix(plain(one.case_number)).strip()
        return HitView(
            hit.kind,
            marked(title, terms),
            url_for("cases.documents", case_id=hit.case_id),
            Markup("{} {} · {}").format(number, marked(one.case_title, terms), day),
            excerpt(hit.body, terms),
        )
    rest = hit.words.removeprefix(plain(one.person)).strip()
    url = ""
    if visitor().actor.is_admin:
        url = url_for("administration.people", q=one.person)
    return HitView(hit.kind, marked(one.person, terms), url, marked(rest, terms), Markup(""))


def _pager(page: SearchPage, query: str, kind: str, after: str) -> PagerView | None:
    if not page.after and not after:
        return None
    given: dict[str, Any] = {"q": query, "kind": kind or None}
    return PagerView(
        ngettext("本页 %(num)s 条", "本页 %(num)s 条", len(page.hits)),
        previous_url=url_for("search.listing", **given) if after else "",
        next_url=url_for("search.listing", **given, after=page.after) if page.after else "",
    )


def _empty(page: SearchPage) -> EmptyView:
    if not page.terms:
        return EmptyView(
            _("查找案件、文书和人员"),
            _("输入案号、案由、姓名、文号或文书中的字句；几个词之间用空格隔开，须同时出现。"),
            icon="search",
        )
    return EmptyView(
        _("没有找到"),
        _("只在您可以查看的范围内查找。请换一个词，或少用几个词。"),
        (LinkView(_("去案件"), url_for("cases.listing")),),
        icon="search",
    )
