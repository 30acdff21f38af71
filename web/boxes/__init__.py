"""Boxes beside the inbox: what was copied to the reader, what the reader watches."""

from __future__ import annotations

from web.boxes.views import pages

__all__ = ["pages"]
