"""Queries whose lists are filtered, sorted and paged in SQL."""

from __future__ import annotations

from engine.store.queries.inbox import (
    InboxCounts,
    InboxLine,
    InboxPage,
    inbox_counts,
    inbox_page,
)

__all__ = ["InboxCounts", "InboxLine", "InboxPage", "inbox_counts", "inbox_page"]
