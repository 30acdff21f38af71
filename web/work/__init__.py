"""办理: the page on which a work item is done, and the one of a body that decides together."""

from __future__ import annotations

from web.work.views import pages

__all__ = ["pages"]
