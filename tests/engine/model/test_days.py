from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.model.days import day_of

WEDNESDAY = date(2026, 4, 8)


class TestDayOf:
    """A day is read from a date, an instant or an ISO text; nothing else gives one."""

    @pytest.mark.parametrize(
        "value",
        [WEDNESDAY, datetime(2026, 4, 8, 23, tzinfo=UTC), "2026-04-08", "2026-04-08T09:00:00Z"],
    )
    def test_it_is_read(self, value: object) -> None:
        assert day_of(value) == WEDNESDAY

    @pytest.mark.parametrize("value", [None, 20260408, "8 April", "", []])
    def test_other_values_give_none(self, value: object) -> None:
        assert day_of(value) is None
