"""The REST interface for programs, `/api/v1`: the same commands and queries as the pages."""

from web.api.area import pages, register
from web.api.tokens import pages as token_pages

__all__ = ["pages", "register", "token_pages"]
