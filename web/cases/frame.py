"""What all pages of a case share: their blueprint, and the head above each tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template

from web.cases.presenting import head_view
from web.visiting import language, today, visitor

if TYPE_CHECKING:
    from engine.desk.views import CaseView

pages = Blueprint("cases", __name__)


def tab_page(tab: str, view: CaseView, *, template: str = "", **parts: Any) -> str:
    """Return a tab of a case under its head."""
    head = head_view(view, tab, today(), language(), visitor().actor.person_id)
    return render_template(template or f"cases/{tab}.html", head=head, **parts)
