"""Work from hand to hand: transfer, delegation, signatures, deputies; one's own one-time codes."""

from __future__ import annotations

from web.handing import codes, deputies, views
from web.handing.area import pages

__all__ = ["codes", "deputies", "pages", "views"]
