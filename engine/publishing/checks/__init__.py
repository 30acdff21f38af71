"""What `wenze check` runs and `deploy` requires: everything a folder must hold to be published."""

from __future__ import annotations

from engine.publishing.checks.checking import check_folder, draft_as_version, look_over
from engine.publishing.checks.report import Report, TableReport

__all__ = ["Report", "TableReport", "check_folder", "draft_as_version", "look_over"]
