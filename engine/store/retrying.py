"""How long a job that failed waits before it is tried again, and when it is given up.

What stays inside is tried for some minutes: a database that went away comes back, or somebody
has to look. What goes out to others (mail, robots, webhooks) is tried for a day, since a mail
server may be down for hours and nobody here can mend it.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

OUTWARD = frozenset({"deliver_notices", "prove_notice_address"})
"""The kinds of jobs that others have to take."""

INWARD_ATTEMPTS = 8
OUTWARD_ATTEMPTS = 12
OUTWARD_LASTS = timedelta(hours=24)
"""Over how long outward jobs are tried; proposed, the setting `retry_hours`."""
JITTER = 0.2
"""The share by which an outward wait may be shorter or longer, so that not all come at once."""


def attempts_of(kind: str) -> int:
    """Return after how many attempts a job of this kind is a dead letter."""
    return OUTWARD_ATTEMPTS if kind in OUTWARD else INWARD_ATTEMPTS


def wait_after(
    kind: str, attempts: int, key: str, *, lasts: timedelta = OUTWARD_LASTS
) -> timedelta:
    """Return how long a job waits after an attempt that failed; twice as long each time.

    Args:
        kind: Of the job.
        attempts: How often it was tried, 1 or more.
        key: Of the job; an outward wait differs with it by a fifth at most, and is the same for
            the same key and attempt on every node.
        lasts: Over how long all attempts of an outward job are spread, about.

    Raises:
        ValueError: `attempts` is below 1, or `lasts` is not positive.

    >>> wait_after("preview", 3, "k").total_seconds()
    8.0
    """
    if attempts < 1 or lasts <= timedelta(0):
        raise ValueError("a wait follows an attempt, and lasts")
    if kind not in OUTWARD:
        return timedelta(seconds=2**attempts)
    first = lasts / ((1 << (OUTWARD_ATTEMPTS - 1)) - 1)
    digest = hashlib.sha256(f"{key}:{attempts}".encode()).digest()
    part = int.from_bytes(digest[:4]) / 2**32
    return first * (1 << (attempts - 1)) * (1 - JITTER + 2 * JITTER * part)
