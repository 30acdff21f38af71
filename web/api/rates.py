"""How many calls a log-in may make in a minute, counted in this process."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = 60
MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Rates:
    """Counts calls by log-in and minute.

    Attributes:
        most: Calls a minute; 1 or more.
    """

    most: int
    _minute: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, who: str, now: datetime) -> int:
        """Count a call; return 0, or after how many seconds the next one is taken."""
        seconds = int(now.timestamp())
        with self._lock:
            if seconds // MINUTE != self._minute or len(self._counts) > MOST_REMEMBERED:
                self._minute, self._counts = seconds // MINUTE, {}
            self._counts[who] = self._counts.get(who, 0) + 1
            return 0 if self._counts[who] <= self.most else MINUTE - seconds % MINUTE
