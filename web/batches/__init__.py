"""批量办理: many like items in the background, with progress and a stop."""

from __future__ import annotations

from web.batches.views import pages

__all__ = ["pages"]
