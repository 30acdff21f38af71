"""Values between FEEL, answers and JSON columns."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from engine.desk.happenings import facts_in
from engine.desk.values import day_of, plain


class TestPlain:
    """What goes into a record is JSON and can be read by anybody."""

    @pytest.mark.parametrize(
        ("value", "json"),
        [
            (None, None),
            (True, True),
            ("文", "文"),
            (Decimal(3), 3),
            (Decimal("1.5"), 1.5),
            (date(2026, 2, 9), "2026-02-09"),
            (time(9, 30), "09:30:00"),
            (datetime(2026, 2, 9, 1, tzinfo=UTC), "2026-02-09T01:00:00+00:00"),
            (timedelta(days=2), "P2D"),
            ({1: [Decimal(1), (date(2026, 1, 1),)]}, {"1": [1, ["2026-01-01"]]}),
        ],
    )
    def test_every_kind_of_value_has_a_plain_one(self, value: object, json: object) -> None:
        assert plain(value) == json


class TestDays:
    """An answer names a day as a date, an instant or text."""

    @pytest.mark.parametrize(
        ("value", "day"),
        [
            (date(2026, 2, 9), date(2026, 2, 9)),
            (datetime(2026, 2, 9, 1, tzinfo=UTC), date(2026, 2, 9)),
            ("2026-02-09", date(2026, 2, 9)),
            ("2026-02-09T09:00+08:00", date(2026, 2, 9)),
            ("yesterday", None),
            (20260209, None),
            (None, None),
        ],
    )
    def test_it_is_read_or_it_is_none(self, value: object, day: date | None) -> None:
        assert day_of(value) == day


class TestFacts:
    """An element names facts, each with a condition or without."""

    def test_they_are_separated_by_semicolons(self) -> None:
        assert facts_in("served; told if way = 1 ;;") == [("served", ""), ("told", "way = 1")]
