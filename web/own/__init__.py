"""The pages of subjects and reporters: their own matters, and nothing else."""

from web.own.views import pages

__all__ = ["pages"]
