"""DMN 1.5, 10.3.2.3: dates, times, durations; their arithmetic, properties and functions."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.feel import (
    Date,
    DateTime,
    DaysTime,
    Environment,
    Time,
    YearsMonths,
    compile_expression,
)
from bpmn.feel.values.dates import parse_date
from bpmn.feel.values.durations import parse_duration
from bpmn.feel.values.times import in_zone, parse_date_time, parse_time
from tests.bpmn.feel.conftest import Feel


class TestReading:
    """A text is a date, a time, a date and time or a duration, as XML Schema has it."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('date("2026-04-08")', Date(2026, 4, 8)),
            ('date("-0044-03-15")', Date(-44, 3, 15)),
            ('date("999999999-12-31")', Date(999_999_999, 12, 31)),
            ("date(2024, 2, 29)", Date(2024, 2, 29)),
            ("date(2026, 2, 29)", None),
            ('date("2026-02-29")', None),
            ('date("2026-4-8")', None),
            ('date("02026-04-08")', None),
            ("date(1e20, 1, 1)", None),
            ('date(date and time("2026-04-08T10:00:00"))', Date(2026, 4, 8)),
            ('date(date("2026-04-08"))', Date(2026, 4, 8)),
            ("date(1)", None),
            ("date(null)", None),
            ('time("10:30:00.5+08:00")', Time(10, 30, 0, 500_000_000, 28_800)),
            ('time("10:30:00-01:30:15")', Time(10, 30, 0, 0, -5415)),
            ('time("10:30:00@Asia/Shanghai")', Time(10, 30, 0, zone="Asia/Shanghai")),
            ('time("10:30:00@Asia/Nowhere")', None),
            ('time("24:00:00")', None),
            ('time("10:30:00+08:60")', None),
            ('time("10:30:00+19:00")', None),
            ("time(10, 30, 1.5)", Time(10, 30, 1, 500_000_000)),
            ('time(10, 30, 0, duration("PT8H"))', Time(10, 30, 0, 0, 28_800)),
            ('time(10, 30, 0, duration("PT0.5S"))', None),
            ('time(10, 30, 0, "x")', None),
            ('time(time("10:30:00"))', Time(10, 30, 0)),
            ('time(date("2026-04-08"))', Time(0, 0, 0, 0, 0)),
            ('date and time("2026-04-08T10:30:00")', DateTime(Date(2026, 4, 8), Time(10, 30, 0))),
            ('date and time("2026-04-08")', DateTime(Date(2026, 4, 8), Time(0, 0, 0))),
            (
                'date and time(date("2026-04-08"), time("10:30:00Z"))',
                DateTime(Date(2026, 4, 8), Time(10, 30, 0, 0, 0)),
            ),
            (
                'date and time(date and time("2026-04-08T01:00:00"), time("10:30:00"))',
                DateTime(Date(2026, 4, 8), Time(10, 30, 0)),
            ),
            (
                'date and time("2026-04-08T10:30:00", "Asia/Shanghai")',
                DateTime(Date(2026, 4, 8), Time(10, 30, 0, zone="Asia/Shanghai")),
            ),
            (
                'date and time(@"2026-04-08T10:30:00", "Asia/Shanghai")',
                DateTime(Date(2026, 4, 8), Time(10, 30, 0, zone="Asia/Shanghai")),
            ),
            ('date and time(@"2026-04-08T10:30:00", "Asia/Nowhere")', None),
            ('date and time(date("2026-04-08"), 1)', None),
            ('date and time(1, time("10:30:00"))', None),
            ('date and time(date("2026-04-08"))', DateTime(Date(2026, 4, 8), Time(0, 0, 0, 0, 0))),
            ('date and time(@"2026-04-08T10:30:00").hour', 10),
            (
                'date and time(2026, 4, 8, 10, 30, 0, duration("PT8H"))',
                DateTime(Date(2026, 4, 8), Time(10, 30, 0, 0, 28_800)),
            ),
            (
                'date and time(2026, 4, 8, 10, 30, 0, "Asia/Shanghai")',
                DateTime(Date(2026, 4, 8), Time(10, 30, 0, zone="Asia/Shanghai")),
            ),
            ("date and time(2026, 13, 8, 10, 30, 0)", None),
            ('date and time("2026-04-08 10:30:00")', None),
            ('duration("P1Y2M")', YearsMonths(14)),
            ('duration("-P1DT2H3M4.5S")', DaysTime(-93_784_500_000_000)),
            ('duration("P1Y1D")', None),
            ('duration("P1DT")', None),
            ('duration(duration("P1M"))', YearsMonths(1)),
            ("duration(1)", None),
            ('@"P1M"', YearsMonths(1)),
            ('@"10:30:00"', Time(10, 30, 0)),
            ('years and months duration(@"2025-01-31", @"2026-03-01")', YearsMonths(13)),
            ('years and months duration(@"2026-03-01", @"2025-01-31")', YearsMonths(-13)),
            ('years and months duration(@"2026-03-01T00:00:00", @"2026-03-09")', YearsMonths(0)),
            ('years and months duration(1, @"2026-03-09")', None),
        ],
    )
    def test_a_text_or_its_parts_give_a_value(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestArithmetic:
    """Table 57: what can be added to what."""

    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ('@"2026-04-08" + @"P1D"', "2026-04-09"),
            ('@"2026-04-08" + @"PT36H"', "2026-04-09"),
            ('@"P1M" + @"2026-01-31"', "2026-02-28"),
            ('@"2026-03-31" - @"P1M"', "2026-02-28"),
            ('@"2026-04-08" - @"PT1S"', "2026-04-07"),
            ('@"2026-04-08T23:30:00+08:00" + @"PT1H"', "2026-04-09T00:30:00+08:00"),
            ('@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"', "2026-03-29T03:30:00@Europe/Paris"),
            ('@"2024-02-29T10:00:00" + @"P1Y"', "2025-02-28T10:00:00"),
            ('@"23:30:00" + @"PT1H"', "00:30:00"),
            ('@"00:30:00" - @"PT1H"', "23:30:00"),
            ('@"2026-04-08" - @"2026-04-01"', "P7D"),
            ('@"2026-04-08T10:00:00+08:00" - @"2026-04-08T00:00:00Z"', "PT2H"),
            ('@"2026-04-08T02:00:00Z" - @"2026-04-08"', "PT2H"),
            ('@"10:00:00" - @"11:30:00"', "-PT1H30M"),
            ('@"P1Y" + @"P1M"', "P1Y1M"),
            ('@"P1Y" - @"P13M"', "-P1M"),
            ('@"P1D" - @"PT1H"', "PT23H"),
            ('@"P1D" + @"PT1H"', "P1DT1H"),
            ('@"P1D" * 1.5', "P1DT12H"),
            ('2 * @"P1Y"', "P2Y"),
            ('@"P1Y" / 5', "P2M"),
            ('@"P1D" / @"PT6H"', "4"),
            ('@"P1Y" / @"P6M"', "2"),
            ('-@"P1D"', "-P1D"),
            ('-@"P1Y"', "-P1Y"),
            ('abs(@"-P1Y")', "P1Y"),
            ('abs(@"-P1D")', "P1D"),
        ],
    )
    def test_a_result_is(self, feel: Feel, source: str, text: str) -> None:
        assert feel(f"string({source})") == text

    @pytest.mark.parametrize(
        "source",
        [
            '@"2026-04-08" + @"2026-04-08"',
            '@"2026-04-08" + 1',
            '@"10:00:00" + @"P1M"',
            '@"10:00:00" - @"10:00:00Z"',
            '@"P1Y" + @"P1D"',
            '@"P1Y" * @"P1Y"',
            '@"P1Y" / @"P1D"',
            '@"P1Y" / 0',
            '@"P1Y" * 1e40',
            '@"P999999999999999999Y" + @"P999999999999999999Y" * 1e11',
            '@"999999999-12-31" + @"P1D"',
            '@"999999999-12-31" + @"P1M"',
            '"a" - "b"',
            'null - @"P1D"',
            '"a" ** 2',
        ],
    )
    def test_there_is_no_result(self, feel: Feel, source: str) -> None:
        assert feel(source) is None


class TestProperties:
    """Table 65."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('@"2026-04-08".weekday', 3),
            ('@"2026-04-08T10:30:15+08:00".second', 15),
            ('string(@"2026-04-08T10:30:15+08:00".time offset)', "PT8H"),
            ('string(@"2026-07-08T10:30:15@Europe/Paris".time offset)', "PT2H"),
            ('@"2026-07-08T10:30:15@Europe/Paris".timezone', "Europe/Paris"),
            ('@"10:30:15".time offset', None),
            ('@"-P1Y2M".months', -2),
            ('@"-P1DT2H".hours', -2),
            ('@"P1DT2H3M4S".minutes', 3),
            ('@"P1DT2H3M4S".seconds', 4),
            ('@"P1DT2H3M4S".days', 1),
            ('@"P1Y".days', None),
            ("(1..3].start included", False),
            ("(1..3].end", 3),
        ],
    )
    def test_a_property(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestCalendar:
    """`day of year`, `day of week`, `month of year`, `week of year` (ISO 8601)."""

    @pytest.mark.parametrize(
        ("source", "value"),
        [
            ('day of year(@"2024-12-31")', 366),
            ('day of week(@"2026-04-08")', "Wednesday"),
            ('month of year(@"2026-04-08T00:00:00")', "April"),
            ('week of year(@"2021-01-03")', 53),
            ('week of year(@"2024-12-30")', 1),
            ("week of year(1)", None),
        ],
    )
    def test_a_day_has_its_place(self, feel: Feel, source: str, value: object) -> None:
        assert feel(source) == value


class TestClock:
    """`now()` and `today()` are the host's, in its civil time; without a clock they are null."""

    def test_it_is_sunday_in_shanghai(self, feel: Feel) -> None:
        assert feel("string(today())") == "2026-11-22"
        assert feel("string(now())") == "2026-11-22T00:30:00@Asia/Shanghai"

    def test_without_a_clock_the_time_is_not_known(self) -> None:
        assert compile_expression("today()").evaluate({}) is None

    def test_a_clock_that_is_not_aware_is_a_mistake_of_the_host(self) -> None:
        env = Environment(now=lambda: datetime(2026, 1, 1))
        with pytest.raises(ValueError, match="aware"):
            compile_expression("today()").evaluate({}, env)


class TestLaws:
    """What holds for every date and duration."""

    @given(st.dates())
    def test_a_date_is_pythons_within_its_years(self, day: date) -> None:
        ours = Date(day.year, day.month, day.day)
        assert ours.ordinal == day.toordinal() - 719_163
        assert Date.from_ordinal(ours.ordinal) == ours
        assert ours.weekday == day.isoweekday()
        assert str(ours) == day.isoformat()

    @given(st.integers(-365_000_000_000, 365_000_000_000))
    def test_every_ordinal_is_one_day(self, ordinal: int) -> None:
        day = Date.from_ordinal(ordinal)
        assert day.ordinal == ordinal
        assert parse_date(str(day)) == day

    @given(st.dates(), st.integers(-10_000, 10_000))
    def test_a_difference_added_gives_the_other_day(self, day: date, count: int) -> None:
        start = Date(day.year, day.month, day.day)
        scope = {"start": start, "length": DaysTime(count * 86_400_000_000_000)}
        found = compile_expression("(start + length) - start = length").evaluate(scope)
        assert found is True

    @given(st.integers(-(10**15), 10**15))
    def test_a_duration_reads_back(self, size: int) -> None:
        assert parse_duration(str(YearsMonths(size))) == YearsMonths(size)
        assert parse_duration(str(DaysTime(size))) == DaysTime(size)

    @given(st.timedeltas(timedelta(0), timedelta(days=30_000)))
    def test_an_instant_in_a_zone_keeps_its_instant(self, since: timedelta) -> None:
        instant = int(since.total_seconds()) * 1_000_000_000
        moment = in_zone(instant, "Europe/Paris")
        # An hour that comes twice is read as its first occurrence.
        assert instant - moment.instant in {0, 3_600_000_000_000}
        assert parse_date_time(str(moment)) == moment

    def test_zones_go_on_beyond_pythons_years(self) -> None:
        moment = in_zone(in_zone(0, "Asia/Shanghai").instant + 10**21, "Asia/Shanghai")
        assert moment.date.year == 33658
        assert moment.offset == 28_800

    @given(st.times())
    def test_a_time_reads_back(self, clock: object) -> None:
        time = parse_time(str(clock))
        assert parse_time(str(time)) == time

    @given(st.dates(), st.integers(-5000, 5000))
    def test_months_added_stay_within_the_month(self, day: date, months: int) -> None:
        start = Date(day.year, day.month, day.day)
        end = start.plus_months(months)
        assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
        assert end.day <= start.day


def test_numbers_of_durations_are_decimals(feel: Feel) -> None:
    assert feel('@"P1Y2M".years') == Decimal(1)
