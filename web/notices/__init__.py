"""消息: short notices to the reader."""

from __future__ import annotations

from web.notices.views import pages

__all__ = ["pages"]
