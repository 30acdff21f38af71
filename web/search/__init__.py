"""查找: cases, documents and people, within what the reader may see."""

from web.search.views import pages

__all__ = ["pages"]
