"""Measures an office as it runs: nodes as processes of their own, asked over HTTP."""

from __future__ import annotations

from web.bench.report import replaced, report
from web.bench.run import Plan, Unmeasurable, measure

__all__ = ["Plan", "Unmeasurable", "measure", "replaced", "report"]
