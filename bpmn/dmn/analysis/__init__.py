"""Gaps and overlaps of decision tables, found exactly."""

from bpmn.dmn.analysis.findings import Analysis, Gap, Overlap, Undecided
from bpmn.dmn.analysis.search import analyse

__all__ = ["Analysis", "Gap", "Overlap", "Undecided", "analyse"]
