"""Times one task completion against its floor, and a diagram's state against its length."""

from __future__ import annotations

from engine.publishing.bench.office import Figures, office_figures
from engine.publishing.bench.timing import Growth, Times, growth, times

__all__ = ["Figures", "Growth", "Times", "growth", "office_figures", "times"]
