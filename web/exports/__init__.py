"""导出: what one has ordered to be taken out."""

from __future__ import annotations

from web.exports.views import pages

__all__ = ["pages"]
