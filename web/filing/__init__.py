"""Filing on paper: an officer enters what somebody handed in, with its proved day."""

from web.filing.views import pages

__all__ = ["pages"]
