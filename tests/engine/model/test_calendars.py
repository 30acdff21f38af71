"""The working calendar, procedures §0.3 `cal.workday` and `cal.year_data`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.calendars import WorkingCalendar
from tests.engine.model.arrangements import BEIJING, CALENDAR, beijing, day

DATES = st.dates(date(2024, 6, 1), date(2028, 6, 1))


class TestWorkday:
    """调休补班的周六、周日算工作日，调休放假的周一至周五不算。"""

    @pytest.mark.parametrize(
        ("which", "works"),
        [
            ("2026-03-05", True),  # a Thursday
            ("2026-03-07", False),  # a Saturday
            ("2026-02-28", True),  # a Saturday that is worked
            ("2026-01-04", True),  # a Sunday that is worked
            ("2026-09-25", False),  # Mid-Autumn, a Friday
            ("2026-10-03", False),  # a Saturday within a holiday
        ],
    )
    def test_a_day_follows_the_arrangement(self, which: str, works: bool) -> None:  # noqa: FBT001
        assert CALENDAR.is_workday(day(which)) is works

    def test_a_holiday_on_a_weekday_is_told_from_a_weekend(self) -> None:
        assert CALENDAR.is_holiday(day("2026-09-25"))
        assert not CALENDAR.is_holiday(day("2026-09-26"))

    def test_a_make_up_day_is_told_from_a_weekday(self) -> None:
        assert CALENDAR.is_made_up(day("2026-02-28"))
        assert not CALENDAR.is_made_up(day("2026-02-27"))

    def test_the_next_workday_is_the_day_itself_if_it_is_one(self) -> None:
        assert CALENDAR.next_workday(day("2026-10-10")) == day("2026-10-10")

    def test_the_next_workday_after_the_national_day_is_8_october(self) -> None:
        assert CALENDAR.next_workday(day("2026-10-01")) == day("2026-10-08")

    def test_the_third_workday_before_16_october_is_13_october(self) -> None:
        assert CALENDAR.workday_before(day("2026-10-16"), 3) == day("2026-10-13")

    def test_workdays_before_pass_over_the_holiday(self) -> None:
        assert CALENDAR.workday_before(day("2026-10-08"), 1) == day("2026-09-30")

    @pytest.mark.parametrize("count", [0, -1])
    def test_counting_begins_at_one(self, count: int) -> None:
        with pytest.raises(ValueError, match="counted from 1"):
            CALENDAR.workday_after(day("2026-03-05"), count)
        with pytest.raises(ValueError, match="counted from 1"):
            CALENDAR.workday_before(day("2026-03-05"), count)


class TestUnpublishedYear:
    """某年安排未公布的，一律以周一至周五为工作日（不减节假日、不加补班）。"""

    def test_new_year_of_an_unpublished_year_counts(self) -> None:
        assert CALENDAR.is_workday(day("2027-01-01"))

    def test_entries_of_an_unpublished_year_are_passed_over(self) -> None:
        early = WorkingCalendar(BEIJING, {day("2027-01-01"): False}, frozenset({2026}))

        assert early.is_workday(day("2027-01-01"))

    def test_a_span_is_published_only_if_all_its_years_are(self) -> None:
        assert CALENDAR.all_published(day("2025-12-30"), day("2026-01-05"))
        assert not CALENDAR.all_published(day("2026-12-30"), day("2027-01-05"))

    def test_each_year_says_whether_it_is_published(self) -> None:
        assert CALENDAR.is_published(2026)
        assert not CALENDAR.is_published(2027)


class TestCivilTime:
    """以系统收件时间戳（北京时间）为准。"""

    def test_half_past_eleven_at_night_in_beijing_is_still_that_day(self) -> None:
        assert CALENDAR.day_of(beijing("2026-10-10 23:30")) == day("2026-10-10")

    def test_four_in_the_afternoon_utc_is_the_next_day_in_beijing(self) -> None:
        assert CALENDAR.day_of(datetime(2026, 10, 10, 16, tzinfo=UTC)) == day("2026-10-11")

    def test_a_day_begins_at_midnight_in_beijing(self) -> None:
        assert CALENDAR.start_of(day("2026-10-11")) == datetime(2026, 10, 10, 16, tzinfo=UTC)

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            CALENDAR.day_of(datetime(2026, 10, 10, 16))


class TestCounting:
    """Counting by the table gives what looking at each day gives."""

    @given(DATES, st.integers(1, 120))
    def test_the_nth_workday_is_found_by_looking_at_each_day(self, start: date, n: int) -> None:
        found, left = start, n
        while left:
            found += timedelta(days=1)
            left -= CALENDAR.is_workday(found)

        assert CALENDAR.workday_after(start, n) == found
        assert CALENDAR.workdays_between(start, found) == n

    @given(DATES, st.integers(1, 120))
    def test_backwards_is_forwards_reversed(self, start: date, n: int) -> None:
        back = CALENDAR.workday_before(start, n)

        assert CALENDAR.is_workday(back)
        assert CALENDAR.workdays_between(back, start - timedelta(days=1)) == n - 1

    def test_the_way_to_8_october_names_what_was_not_counted(self) -> None:
        skipped = CALENDAR.holidays_between(day("2026-09-24"), day("2026-10-08"))

        assert [each.strftime("%m-%d") for each in skipped] == [
            "09-25", "10-01", "10-02", "10-05", "10-06", "10-07",
        ]  # fmt: skip

    def test_the_way_to_10_october_names_what_was_made_up(self) -> None:
        made_up = CALENDAR.made_up_between(day("2026-09-14"), day("2026-10-10"))

        assert made_up == (day("2026-09-20"), day("2026-10-10"))

    def test_two_calendars_of_the_same_table_are_equal_and_hash_alike(self) -> None:
        again = WorkingCalendar(BEIJING, dict(CALENDAR.overrides), frozenset({2025, 2026}))

        assert again == CALENDAR
        assert hash(again) == hash(CALENDAR)
