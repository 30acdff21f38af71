"""人员影响期: persons with what sanctions bar, and the board of like cases."""

from __future__ import annotations

from web.standing.views import pages

__all__ = ["pages"]
