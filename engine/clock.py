"""The only place that asks the machine for the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        return datetime.now(UTC)


class SetClock:
    """A clock that stands where it was set: for tests, scenarios and rehearsal.

    It never goes back: what was recorded at an instant stays in the past.
    """

    def __init__(self, instant: datetime) -> None:
        """Set the clock.

        Raises:
            ValueError: `instant` is naive.
        """
        self._now = _in_utc(instant)

    def now(self) -> datetime:
        """Return the instant the clock was last set to."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Move the clock forward.

        Raises:
            ValueError: `instant` is naive or earlier than the present one.
        """
        instant = _in_utc(instant)
        if instant < self._now:
            raise ValueError(f"the clock does not go back from {self._now} to {instant}")
        self._now = instant


class ShiftedClock:
    """Another clock, moved forward by a fixed span: a rehearsal's civil time."""

    def __init__(self, base: Clock, shift: timedelta) -> None:
        """Run `shift` ahead of `base`."""
        self._base = base
        self._shift = shift

    def now(self) -> datetime:
        """Return the base clock's instant plus the shift."""
        return self._base.now() + self._shift


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("instants must be aware")
    return instant.astimezone(UTC)
