"""案件: the list of cases, and a case with its timeline, deadlines, documents and people."""

from __future__ import annotations

from web.cases import above, asking, companions, correcting, looking, merging, views
from web.cases.frame import pages

__all__ = ["above", "asking", "companions", "correcting", "looking", "merging", "pages", "views"]
