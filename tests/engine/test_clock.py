from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from engine.clock import RehearsalClock, SetClock, SystemClock

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


class TestSystemClock:
    """The machine's instant is aware and in UTC."""

    def test_it_is_in_utc_and_does_not_go_back(self) -> None:
        first = SystemClock().now()
        assert first.utcoffset() == timedelta(0)
        assert SystemClock().now() >= first


class TestSetClock:
    """A set clock stands still, moves forward only and refuses naive instants."""

    def test_it_stands_until_it_is_moved(self) -> None:
        clock = SetClock(NOON)
        assert clock.now() == clock.now() == NOON
        clock.move_to(NOON + timedelta(days=1))
        assert clock.now() == datetime(2026, 3, 6, 12, tzinfo=UTC)

    def test_other_zones_are_turned_into_utc(self) -> None:
        beijing = timezone(timedelta(hours=8))
        assert SetClock(datetime(2026, 3, 5, 20, tzinfo=beijing)).now() == NOON

    def test_it_does_not_go_back(self) -> None:
        with pytest.raises(ValueError, match="does not go back"):
            SetClock(NOON).move_to(NOON - timedelta(seconds=1))

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            SetClock(datetime(2026, 3, 5, 12))


class TestRehearsalClock:
    """A rehearsal runs ahead by a span that an administrator sets."""

    def test_it_adds_the_shift(self) -> None:
        clock = RehearsalClock(SetClock(NOON), timedelta(days=10))
        assert clock.now() == datetime(2026, 3, 15, 12, tzinfo=UTC)
        assert clock.shift == timedelta(days=10)

    def test_it_is_moved_to_an_instant_and_runs_on(self) -> None:
        base = SetClock(NOON)
        clock = RehearsalClock(base)
        clock.shift_to(clock.shift_for(datetime(2026, 4, 1, tzinfo=UTC)))
        base.move_to(NOON + timedelta(hours=1))
        assert clock.now() == datetime(2026, 4, 1, 1, tzinfo=UTC)

    def test_it_does_not_go_back(self) -> None:
        clock = RehearsalClock(SetClock(NOON), timedelta(days=10))
        with pytest.raises(ValueError, match="does not go back"):
            clock.shift_to(timedelta(days=9))
