"""The rehearsal that `wenze demo` shows: people, procedures and cases to log in to."""

from __future__ import annotations

from web.demo.building import DemoRefused, LogIn, build, log_ins, shared_password

__all__ = ["DemoRefused", "LogIn", "build", "log_ins", "shared_password"]
