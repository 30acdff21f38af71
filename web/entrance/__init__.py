"""The way in: log-in, log-out, language, and the first page of each visitor."""

from __future__ import annotations

from web.entrance.federated import register_provider
from web.entrance.views import pages

__all__ = ["pages", "register_provider"]
