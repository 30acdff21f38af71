"""Time: wakes the engine when something is due and carries jobs to workers.

The scheduler holds no truth. What is due is a query over rows; a sweep that did
not run is late, never lost.
"""

from __future__ import annotations

from scheduler.clockwork import Clockwork
from scheduler.jobs import Worker, drain
from scheduler.sweep import seal, sweep

__all__ = ["Clockwork", "Worker", "drain", "seal", "sweep"]
