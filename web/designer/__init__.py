"""Where procedures are drawn: gallery, drafts, editors, scenarios, what changed."""

from web.designer import (
    checks,
    comparing,
    draft,
    editors,
    gallery,
    papers,
    rehearsing,
    rules,
    scenarios,
    stage_pages,
    trying,
)
from web.designer.area import pages

__all__ = [
    "checks",
    "comparing",
    "draft",
    "editors",
    "gallery",
    "pages",
    "papers",
    "rehearsing",
    "rules",
    "scenarios",
    "stage_pages",
    "trying",
]
