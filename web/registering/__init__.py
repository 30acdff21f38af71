"""登记线索: open a case under a procedure."""

from __future__ import annotations

from web.registering.views import pages

__all__ = ["pages"]
