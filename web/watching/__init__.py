"""Watching the platform: liveness, readiness, metrics; nothing about cases or people."""

from __future__ import annotations

from web.watching.views import pages

__all__ = ["pages"]
