"""Provisions as the pages cite them: the text's title and the article in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.texts import gettext as _
from web.toolkit import LawView, TagView, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.model.procedure_rules import ProcedureRules

PROPOSED = "proposed"
SIGN = "§"


def citation_text(citation: str, rules: ProcedureRules, language: str) -> str:
    """Return `《领导干部问责制》篇1 第8条` for ``S0篇1§8``.

    What does not name one of the procedure's texts is returned as it stands.
    """
    text, sign, place = citation.partition(SIGN)
    law = rules.law.get(text)
    title = law.say(language) if law is not None else text
    if not sign or not place:
        return title
    article, _dash, item = place.partition("-")
    said = _("第%(article)s条第%(item)s项", article=article, item=item) if item else ""
    return f"{title} {said or _('第%(article)s条', article=article)}"


def laws_of(citations: Iterable[str], rules: ProcedureRules, language: str) -> tuple[LawView, ...]:
    """Return what the law says at an element: each citation that the procedure quotes."""
    views = []
    for citation in citations:
        article = rules.articles.get(citation)
        if article is not None:
            views.append(
                LawView(
                    citation_text(citation, rules, language),
                    article.text,
                    article.title.say(language) if article.title else "",
                    note=article.note.say(language) if article.note else "",
                )
            )
    return tuple(views)


def default_tag() -> TagView:
    """Return the mark of a value that is ours where the regulation is silent (平台默认)."""
    return TagView(_("平台默认"), Tone.OPEN, title=_("原文未写，平台默认值，可由管理员修改"))
