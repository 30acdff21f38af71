"""信息公开: what was published to society, without a log-in."""

from __future__ import annotations

from web.public.views import pages

__all__ = ["pages"]
