"""影响期：评优、任职的拦截，期满自动解除 (SUP-023, SUP-044; S3 L59§10)."""

from __future__ import annotations

from datetime import date

import pytest

from engine.model.restrictions import (
    Restriction,
    bars_appointment,
    bars_award,
    free_on,
    warnings_in_force,
)

AWARDS = Restriction("bars_awards", date(2026, 3, 30), date(2026, 12, 31))
POST = Restriction("bars_equal_post", date(2026, 4, 1), date(2027, 4, 1))
CARD = Restriction("warning_record", date(2026, 3, 1), date(2027, 3, 1))
ALL = (AWARDS, POST, CARD)


class TestAwards:
    """取消当年年度考核评优和评选各类先进的资格。"""

    @pytest.mark.parametrize(("year", "is_barred"), [(2025, False), (2026, True), (2027, False)])
    def test_only_of_the_year_itself(self, year: int, *, is_barred: bool) -> None:
        assert bars_award(ALL, year) == ((AWARDS,) if is_barred else ())


class TestAppointments:
    """一年内不得担任与原任职务相当的领导职务；其他任命不拦。"""

    @pytest.mark.parametrize(
        ("day", "is_barred"),
        [
            (date(2026, 3, 31), False),
            (date(2026, 4, 1), True),
            (date(2027, 4, 1), True),
            (date(2027, 4, 2), False),
        ],
    )
    def test_from_the_first_day_to_the_last(self, day: date, *, is_barred: bool) -> None:
        assert bars_appointment(ALL, day, equal=True) == ((POST,) if is_barred else ())

    def test_another_post_is_not_barred(self) -> None:
        assert bars_appointment(ALL, date(2026, 6, 1), equal=False) == ()


class TestLifting:
    """期满自动解除。"""

    def test_free_the_day_after_the_last(self) -> None:
        assert free_on([AWARDS, POST]) == date(2027, 4, 2)
        assert free_on([]) is None


class TestYellowCards:
    """黄牌警告记录人员，有效期内连续累计可见。"""

    def test_they_add_up_while_they_hold(self) -> None:
        second = Restriction("warning_record", date(2026, 9, 1), date(2027, 9, 1))
        assert warnings_in_force([*ALL, second], date(2026, 10, 1)) == 2
        assert warnings_in_force([*ALL, second], date(2027, 3, 2)) == 1
