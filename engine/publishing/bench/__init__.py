"""Times one task completion against its floor, and a diagram's state against its length."""

from __future__ import annotations

from engine.publishing.bench.timing import Growth, Times, growth, times

__all__ = ["Growth", "Times", "growth", "times"]
