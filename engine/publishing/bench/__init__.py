"""Times one task completion against its floor, a diagram's state, and an office under load."""

from __future__ import annotations

from engine.publishing.bench.office import Rate, rate_of
from engine.publishing.bench.place import Place, furnish
from engine.publishing.bench.timers import Drain, Lateness, drain, lateness
from engine.publishing.bench.timing import Growth, Times, growth, times

__all__ = [
    "Drain",
    "Growth",
    "Lateness",
    "Place",
    "Rate",
    "Times",
    "drain",
    "furnish",
    "growth",
    "lateness",
    "rate_of",
    "times",
]
