"""What a program's token may be used for; it never gives more than its person may do."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """A scope of a token.

    Attributes:
        READ: See what the person sees.
        WORK: Act on steps, cases and notices.
        START: Open cases and register clues.
        DEPLOY: Put drafts of procedures in and publish them.
        ADMIN: What the person may do as administrator; without it the token is nobody's.
    """

    READ = "read"
    WORK = "work"
    START = "start"
    DEPLOY = "deploy"
    ADMIN = "admin"
