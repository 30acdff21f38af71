"""What an administrator sees and sets: late work, calendar, people, procedures, records."""

from web.administration.views import pages

__all__ = ["pages"]
