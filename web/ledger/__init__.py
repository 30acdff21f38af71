"""台账: the ledger of cases, its views, and the way to take it out."""

from __future__ import annotations

from web.ledger.views import pages

__all__ = ["pages"]
