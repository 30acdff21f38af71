"""How often one address may knock: kept in memory, for an hour, and never written down."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MOST_ADDRESSES = 10_000


@dataclass
class Allowance:
    """So many times in a while for each address; addresses are kept as salted digests alone.

    Attributes:
        most: How often.
        within: In what time.
    """

    most: int
    within: timedelta
    _times: dict[bytes, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    _lock: Lock = field(default_factory=Lock)

    def takes(self, address: str, now: datetime) -> bool:
        """Count a knock of `address` and return whether it is within the allowance."""
        key = hashlib.sha256(self._salt + address.encode()).digest()
        with self._lock:
            if len(self._times) >= MOST_ADDRESSES:
                self._forget(now)
            times = self._times[key]
            while times and now - times[0] >= self.within:
                times.popleft()
            if len(times) >= self.most:
                return False
            times.append(now)
            return True

    def _forget(self, now: datetime) -> None:
        over = [key for key, times in self._times.items() if now - times[-1] >= self.within]
        for key in over:
            del self._times[key]
