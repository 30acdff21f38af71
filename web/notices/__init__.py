"""消息: short notices to the reader."""

from __future__ import annotations

from web.notices import wishes  # noqa: F401 -- its routes
from web.notices.views import pages

__all__ = ["pages"]
