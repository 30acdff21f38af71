"""期间计算规则, procedures §0.3, on the days of the scenarios."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.calendars import ONE_DAY, WorkingCalendar
from engine.model.periods import (
    LONGEST,
    Counted,
    CountingRules,
    Period,
    Roll,
    Unit,
    expires_at,
    expiry_of_hours,
    extended,
    last_day,
)
from tests.engine.model.arrangements import BEIJING, CALENDAR, TABLE_2026, beijing, day

FIVE_WORKING_DAYS = Period(5, Unit.WORKING_DAYS)


def ends(value: int, unit: Unit, event: str, roll: Roll = Roll.FORWARD) -> date:
    """Return the last day of a period after an event, by the published calendar."""
    return last_day(Period(value, unit, roll), day(event), CALENDAR).last_day


class TestWorkingDays:
    """起算事件当日不计入；补班的周六、周日算，放假的周一至周五不算。"""

    @pytest.mark.parametrize(
        ("scenario", "event", "value", "expected"),
        [
            ("SC-001", "2026-03-05", 15, "2026-03-26"),
            ("SC-002", "2026-03-30", 10, "2026-04-14"),
            ("SC-003", "2026-04-08", 15, "2026-04-29"),
            ("SC-005", "2025-09-22", 15, "2025-10-17"),
            ("SC-006", "2026-09-14", 15, "2026-10-10"),
            ("SC-009", "2025-01-20", 10, "2025-02-08"),
            ("SC-023", "2026-02-09", 10, "2026-02-28"),
            ("SC-099", "2026-09-23", 3, "2026-09-29"),
            ("SC-101 first", "2026-04-13", 5, "2026-04-20"),
            ("SC-101 second", "2026-04-21", 5, "2026-04-28"),
            ("SC-157", "2026-07-06", 15, "2026-07-27"),
            ("SC-171", "2026-05-06", 5, "2026-05-12"),
        ],
    )
    def test_the_scenario_ends_on_its_day(
        self, scenario: str, event: str, value: int, expected: str
    ) -> None:
        assert ends(value, Unit.WORKING_DAYS, event) == day(expected), scenario

    def test_sc_023_counts_the_ten_days_of_the_text(self) -> None:
        days = [ends(n, Unit.WORKING_DAYS, "2026-02-09").strftime("%m-%d") for n in range(1, 11)]

        assert days == [
            "02-10", "02-11", "02-12", "02-13", "02-14",
            "02-24", "02-25", "02-26", "02-27", "02-28",
        ]  # fmt: skip

    def test_sc_006_names_what_was_not_counted_and_what_was_made_up(self) -> None:
        counted = last_day(Period(15, Unit.WORKING_DAYS), day("2026-09-14"), CALENDAR)

        assert counted == Counted(
            day("2026-10-10"),
            provisional=False,
            skipped=tuple(
                day(f"2026-{each}")
                for each in ("09-25", "10-01", "10-02", "10-05", "10-06", "10-07")
            ),
            made_up=(day("2026-09-20"), day("2026-10-10")),
        )

    def test_the_day_of_the_event_may_be_made_to_count(self) -> None:
        rules = CountingRules(start_excluded=False)

        counted = last_day(FIVE_WORKING_DAYS, day("2026-03-02"), CALENDAR, rules)

        assert counted.last_day == day("2026-03-06")


class TestCalendarDays:
    """“日”按自然日；届满日逢非工作日顺延至其后首个工作日。"""

    @pytest.mark.parametrize(
        ("scenario", "event", "value", "expected"),
        [
            ("SC-025", "2026-09-30", 3, "2026-10-08"),
            ("SC-050", "2026-03-02", 30, "2026-04-01"),
            ("SC-059", "2026-03-02", 60, "2026-05-06"),
            ("SC-059 first report", "2026-03-02", 15, "2026-03-17"),
            ("SC-059 second report", "2026-03-17", 15, "2026-04-01"),
            ("SC-059 third report", "2026-04-01", 15, "2026-04-16"),
            ("SC-067", "2026-01-05", 90, "2026-04-07"),
            ("SC-086", "2026-03-16", 60, "2026-05-15"),
            ("SC-117", "2026-04-20", 15, "2026-05-06"),
            ("SC-118", "2026-03-10", 15, "2026-03-25"),
            ("SC-119", "2026-05-06", 30, "2026-06-05"),
            ("SC-142", "2026-03-02", 10, "2026-03-12"),
            ("SC-143 autumn", "2026-09-25", 10, "2026-10-08"),
            ("SC-143 spring", "2026-02-06", 10, "2026-02-24"),
            ("SC-039 return", "2026-01-20", 15, "2026-02-04"),
        ],
    )
    def test_the_scenario_ends_on_its_day(
        self, scenario: str, event: str, value: int, expected: str
    ) -> None:
        assert ends(value, Unit.DAYS, event) == day(expected), scenario

    def test_sc_086_is_overdue_from_saturday_and_first_worked_on_monday(self) -> None:
        assert CALENDAR.next_workday(day("2026-05-16")) == day("2026-05-18")

    def test_a_rolled_day_says_from_where(self) -> None:
        counted = last_day(Period(15, Unit.DAYS), day("2026-04-20"), CALENDAR)

        assert counted.rolled_from == day("2026-05-05")

    def test_a_period_that_does_not_roll_ends_on_the_holiday(self) -> None:
        assert ends(15, Unit.DAYS, "2026-04-20", Roll.NONE) == day("2026-05-05")

    def test_rolling_can_be_switched_off_for_all(self) -> None:
        counted = last_day(
            Period(15, Unit.DAYS), day("2026-04-20"), CALENDAR, CountingRules(roll=Roll.NONE)
        )

        assert counted == Counted(day("2026-05-05"))


class TestWeeks:
    """7个自然日，届满按自然日规则顺延。"""

    def test_sc_038_a_week_from_sunday_rolls_to_monday(self) -> None:
        assert ends(1, Unit.WEEKS, "2025-11-30") == day("2025-12-08")

    def test_sc_039_a_week_from_tuesday_is_tuesday(self) -> None:
        assert ends(1, Unit.WEEKS, "2026-01-20") == day("2026-01-27")


class TestMonthsAndYears:
    """按对应日届满；无对应日取当月末日；限制期不顺延。"""

    @pytest.mark.parametrize(
        ("scenario", "event", "value", "expected"),
        [
            ("SC-038", "2025-11-30", 3, "2026-02-28"),
            ("SC-039", "2026-01-20", 3, "2026-04-20"),
            ("SC-093", "2026-09-03", 1, "2026-10-08"),
            ("SC-134", "2026-01-30", 1, "2026-02-28"),
        ],
    )
    def test_months_end_on_the_corresponding_day(
        self, scenario: str, event: str, value: int, expected: str
    ) -> None:
        assert ends(value, Unit.MONTHS, event) == day(expected), scenario

    def test_months_go_over_the_year(self) -> None:
        assert ends(2, Unit.MONTHS, "2025-12-31", Roll.NONE) == day("2026-02-28")

    def test_sc_122_a_restriction_of_a_year_ends_on_a_saturday(self) -> None:
        assert ends(1, Unit.YEARS, "2025-03-14", Roll.NONE) == day("2026-03-14")

    def test_sc_123_a_year_after_29_february_ends_on_28_february(self) -> None:
        assert ends(1, Unit.YEARS, "2024-02-29", Roll.NONE) == day("2025-02-28")

    def test_a_year_that_is_no_restriction_rolls(self) -> None:
        assert ends(1, Unit.YEARS, "2025-03-14") == day("2026-03-16")


class TestYearEnd:
    """“当年”至12月31日解除。"""

    def test_the_year_of_the_decision_ends_on_31_december(self) -> None:
        assert ends(1, Unit.TO_YEAR_END, "2026-03-30") == day("2026-12-31")

    def test_a_decision_on_31_december_holds_for_that_day(self) -> None:
        assert ends(1, Unit.TO_YEAR_END, "2026-12-31") == day("2026-12-31")

    def test_the_second_year_end_is_a_year_later(self) -> None:
        assert ends(2, Unit.TO_YEAR_END, "2026-03-30") == day("2027-12-31")


class TestHours:
    """按钟点连续计算，不因非工作时间、非工作日顺延。"""

    def test_a_day_and_night_from_friday_evening_ends_on_saturday_evening(self) -> None:
        over = expiry_of_hours(Period(24, Unit.HOURS), beijing("2026-03-06 20:00"))

        assert over == beijing("2026-03-07 20:00")
        assert over.tzinfo is UTC

    def test_hours_have_no_last_day(self) -> None:
        with pytest.raises(ValueError, match="run by the clock"):
            last_day(Period(24, Unit.HOURS), day("2026-03-06"), CALENDAR)

    def test_days_are_not_counted_by_the_clock(self) -> None:
        with pytest.raises(ValueError, match="not counted by the clock"):
            expiry_of_hours(Period(2, Unit.DAYS), beijing("2026-03-06 20:00"))

    def test_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            expiry_of_hours(Period(24, Unit.HOURS), datetime(2026, 3, 6, 20))


class TestExtension:
    """延期加在已顺延的届满日上。"""

    def test_sc_006_five_working_days_after_10_october(self) -> None:
        first = last_day(Period(15, Unit.WORKING_DAYS), day("2026-09-14"), CALENDAR)

        longer = extended(first, FIVE_WORKING_DAYS, CALENDAR)

        assert longer.last_day == day("2026-10-16")
        assert longer.skipped == first.skipped
        assert longer.made_up == first.made_up

    def test_sc_134_fifteen_days_after_28_february_roll_to_monday(self) -> None:
        first = last_day(Period(1, Unit.MONTHS), day("2026-01-30"), CALENDAR)

        assert extended(first, Period(15, Unit.DAYS), CALENDAR).last_day == day("2026-03-16")

    def test_an_extension_begins_the_day_after_even_where_the_event_counts(self) -> None:
        rules = CountingRules(start_excluded=False)

        longer = extended(Counted(day("2026-03-06")), FIVE_WORKING_DAYS, CALENDAR, rules)

        assert longer.last_day == day("2026-03-13")


class TestCutoff:
    """届满日 24:00 届满，次日起为逾期。"""

    def test_10_october_is_over_at_midnight_in_beijing(self) -> None:
        assert expires_at(day("2026-10-10"), CALENDAR) == datetime(2026, 10, 10, 16, tzinfo=UTC)


class TestProvisional:
    """某年安排未公布的，结果标“暂定”。"""

    def test_a_period_into_an_unpublished_year_is_provisional(self) -> None:
        counted = last_day(FIVE_WORKING_DAYS, day("2026-12-29"), CALENDAR)

        assert counted.last_day == day("2027-01-05")
        assert counted.provisional

    def test_a_period_within_published_years_is_not(self) -> None:
        assert not last_day(FIVE_WORKING_DAYS, day("2025-12-29"), CALENDAR).provisional

    def test_calendar_days_are_provisional_only_where_they_end(self) -> None:
        only_2026 = WorkingCalendar(BEIJING, TABLE_2026, frozenset({2026}))

        assert not last_day(Period(60, Unit.DAYS), day("2025-12-01"), only_2026).provisional
        assert last_day(Period(60, Unit.DAYS), day("2026-12-01"), only_2026).provisional

    def test_a_restriction_that_does_not_roll_is_never_provisional(self) -> None:
        counted = last_day(Period(1, Unit.YEARS, Roll.NONE), day("2026-12-01"), CALENDAR)

        assert not counted.provisional


class TestBounds:
    """A period is at least one unit, and a century at most."""

    @pytest.mark.parametrize("unit", list(Unit))
    def test_nothing_is_no_period(self, unit: Unit) -> None:
        with pytest.raises(ValueError, match="a period is 1 to"):
            Period(0, unit)

    @pytest.mark.parametrize("unit", list(Unit))
    def test_more_than_a_century_is_no_period(self, unit: Unit) -> None:
        with pytest.raises(ValueError, match="a period is 1 to"):
            Period(LONGEST[unit] + 1, unit)


class TestForEveryDate:
    """What holds whatever the day."""

    @given(
        st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        st.integers(1, 60),
        st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS]),
    )
    def test_a_period_ends_on_a_workday_after_its_event(
        self, event: date, value: int, unit: Unit
    ) -> None:
        counted = last_day(Period(value, unit), event, CALENDAR)

        assert counted.last_day > event
        assert CALENDAR.is_workday(counted.last_day)

    @given(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.integers(1, 60))
    def test_a_later_event_never_ends_earlier(self, event: date, value: int) -> None:
        period = Period(value, Unit.WORKING_DAYS)

        first = last_day(period, event, CALENDAR).last_day
        second = last_day(period, event + ONE_DAY, CALENDAR).last_day

        assert first <= second
