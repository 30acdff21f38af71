"""Provisions as the pages cite them: the text's title and the article in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.texts import gettext as _
from web.toolkit import LawView, TagView, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.model.procedure_rules import ProcedureRules
    from engine.model.texts import Text

PROPOSED = "proposed"
SIGN = "§"


def citation_text(citation: str, rules: ProcedureRules, language: str) -> str:
    """Return `《领导干部问责制》篇1 第8条` for ``S0篇1§8``.

    What does not name one of the procedure's texts is returned as it stands.
    """
    text, _sign, place = citation.partition(SIGN)
    law = _law_of(text, rules)
    title = law.say(language).split(" ", maxsplit=1)[0] if law is not None else text
    return f"{title} {place_text(place)}" if place else title


def ground_text(rule: str) -> str:
    """Return what a refusal relies on, in words: ``S0篇1§14`` is `《领导干部问责制》第14条`.

    What the platform itself lays down, such as ``SUP-029``, is named as its own rule.
    """
    grounds = []
    for one in rule.split(";"):
        text, _sign, place = one.strip().partition(SIGN)
        title = next((said for code, said in _texts() if text.startswith(code)), "")
        said = f"{title}{place_text(place) if place else ''}" if title else _("平台规则")
        if said not in grounds:
            grounds.append(said)
    return _("；").join(grounds)


def _texts() -> tuple[tuple[str, str], ...]:
    """Return the texts that refusals cite, by the code that they begin with (docs/sources.md)."""
    return (
        ("S0", _("《领导干部问责制》")),
        ("S3 L59", _("《关于实行党政领导干部问责的暂行规定》")),
    )


def _law_of(text: str, rules: ProcedureRules) -> Text | None:
    """Return the title of a text; ``S3 L59`` is a place in ``S3``."""
    return rules.law.get(text) or rules.law.get(text.split(" ", maxsplit=1)[0])


def place_text(place: str) -> str:
    """Return `第8条`, or `第7条第2项` for ``7-2``."""
    article, dash, item = place.partition("-")
    if dash:
        return _("第%(article)s条第%(item)s项", article=article, item=item)
    return _("第%(article)s条", article=article)


def laws_of(citations: Iterable[str], rules: ProcedureRules, language: str) -> tuple[LawView, ...]:
    """Return what the law says at an element: each citation that the procedure quotes."""
    views = []
    for citation in citations:
        article = rules.articles.get(citation)
        if article is not None:
            text, _sign, place = citation.partition(SIGN)
            law = _law_of(text, rules)
            notes = (
                law.say(language) if law else "",
                article.note.say(language) if article.note else "",
            )
            views.append(
                LawView(
                    place_text(place) if place else citation_text(citation, rules, language),
                    article.text,
                    article.title.say(language) if article.title else "",
                    note=_("。").join(one for one in notes if one),
                )
            )
    return tuple(views)


def default_tag() -> TagView:
    """Return the mark of a value that is ours where the regulation is silent (平台默认)."""
    return TagView(_("平台默认"), Tone.OPEN, title=_("原文未写，平台默认值，可由管理员修改"))
