"""案件: the list of cases, and a case with its timeline, deadlines, documents and people."""

from __future__ import annotations

from web.cases.views import pages

__all__ = ["pages"]
