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


class RehearsalClock:
    """Another clock, moved forward by a span that an administrator sets.

    It runs on from where it was moved to, and never goes back.
    """

    def __init__(self, base: Clock, shift: timedelta = timedelta(0)) -> None:
        """Run `shift` ahead of `base`.

        Raises:
            ValueError: `shift` is negative.
        """
        self._base = base
        self._shift = timedelta(0)
        self.shift_to(shift)

    @property
    def shift(self) -> timedelta:
        """Return how far it runs ahead."""
        return self._shift

    def now(self) -> datetime:
        """Return the base clock's instant plus the shift."""
        return self._base.now() + self._shift

    def shift_for(self, instant: datetime) -> timedelta:
        """Return the shift at which it would show `instant` now; aware."""
        return _in_utc(instant) - self._base.now()

    def shift_to(self, shift: timedelta) -> None:
        """Set how far it runs ahead.

        Raises:
            ValueError: It would go back.
        """
        if shift < self._shift:
            raise ValueError("a rehearsal's clock does not go back")
        self._shift = shift


def _in_utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("instants must be aware")
    return instant.astimezone(UTC)
