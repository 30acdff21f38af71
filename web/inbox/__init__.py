"""待办: what waits for the reader and the reader's groups."""

from __future__ import annotations

from web.inbox.views import pages

__all__ = ["pages"]
