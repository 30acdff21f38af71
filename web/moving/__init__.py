"""Moving a work item: sent back, taken back, taken elsewhere, assigned, reminded of."""

from __future__ import annotations

from web.moving.views import pages

__all__ = ["pages"]
