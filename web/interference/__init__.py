"""干预登记: the register of interference; anybody may write, supervision reads."""

from __future__ import annotations

from web.interference.views import pages

__all__ = ["pages"]
