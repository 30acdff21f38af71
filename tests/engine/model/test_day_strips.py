"""The day strip of the clock card, on the main case of the pages."""

from __future__ import annotations

from dataclasses import replace

from engine.model.day_strips import Cell, CellKind, Gap, day_strip
from engine.model.periods import Period, Unit
from tests.engine.model.arrangements import CALENDAR, beijing, day
from tests.engine.model.test_deadlines import CHAIR, INVESTIGATION, REPORT_UP, five_more, started


class TestMainCase:
    """共20个工作日，今天是第17个：启动 9月14日，10月10日延至16日，今天10月13日。"""

    strip = day_strip(
        started(INVESTIGATION, "2026-09-14").extended(five_more("2026-10-09 10:00"), CALENDAR),
        beijing("2026-10-13 10:00"),
        CALENDAR,
    )

    def test_there_is_a_cell_for_each_working_day(self) -> None:
        assert len(self.strip) == 20

    def test_sixteen_are_past_today_is_the_seventeenth_three_are_left(self) -> None:
        assert [cell.kind for cell in self.strip] == (
            [CellKind.PAST] * 16 + [CellKind.TODAY] + [CellKind.LEFT] * 3
        )

    def test_the_last_five_are_the_extension(self) -> None:
        assert [cell.is_extension for cell in self.strip] == [False] * 15 + [True] * 5

    def test_the_made_up_sunday_stands_after_a_gap(self) -> None:
        assert self.strip[4] == Cell(
            day("2026-09-20"), CellKind.PAST, Gap.GAP, is_extension=False, is_made_up=True
        )

    def test_the_first_day_after_a_holiday_stands_after_a_break(self) -> None:
        breaks = [cell.day for cell in self.strip if cell.gap is Gap.BREAK]

        assert breaks == [day("2026-09-28"), day("2026-10-08")]


class TestOtherStrips:
    """Overrun, suspended, met, long and hourly clocks."""

    def test_days_over_follow_the_last_day(self) -> None:
        strip = day_strip(
            started(INVESTIGATION, "2026-09-14"), beijing("2026-10-13 10:00"), CALENDAR
        )

        assert [cell.day for cell in strip if cell.kind is CellKind.OVERRUN] == [
            day("2026-10-12"),
            day("2026-10-13"),
        ]

    def test_a_suspended_clock_shows_what_was_used_and_what_is_left(self) -> None:
        held = started(INVESTIGATION, "2026-03-05").suspended(
            approved_by=CHAIR, reasons="等待", now=beijing("2026-03-17 10:00"), calendar=CALENDAR
        )

        strip = day_strip(held, beijing("2026-06-01 10:00"), CALENDAR)

        assert [cell.kind for cell in strip] == [CellKind.PAST] * 8 + [CellKind.LEFT] * 7

    def test_a_resumed_clock_leaves_out_the_days_held(self) -> None:
        again = (
            started(INVESTIGATION, "2026-03-05")
            .suspended(
                approved_by=CHAIR,
                reasons="等待",
                now=beijing("2026-03-17 10:00"),
                calendar=CALENDAR,
            )
            .resumed(now=beijing("2026-06-01 10:00"), calendar=CALENDAR)
        )

        strip = day_strip(again, beijing("2026-06-02 10:00"), CALENDAR)

        assert len(strip) == 15
        assert strip[8].day == day("2026-06-02")
        assert strip[8].kind is CellKind.TODAY

    def test_a_met_clock_is_past_up_to_its_day(self) -> None:
        met = started(INVESTIGATION, "2026-03-05").met(day("2026-03-24"))

        strip = day_strip(met, beijing("2026-06-01 10:00"), CALENDAR)

        assert [cell.kind for cell in strip] == [CellKind.PAST] * 13 + [CellKind.LEFT] * 2

    def test_calendar_days_have_a_cell_for_each_day(self) -> None:
        rule = replace(INVESTIGATION, period=Period(15, Unit.DAYS))

        strip = day_strip(started(rule, "2026-03-10"), beijing("2026-03-14 10:00"), CALENDAR)

        assert len(strip) == 15
        assert {cell.gap for cell in strip} == {Gap.NONE}
        assert strip[3].kind is CellKind.TODAY

    def test_past_forty_cells_a_cell_is_a_week(self) -> None:
        rule = replace(INVESTIGATION, period=Period(60, Unit.DAYS))

        strip = day_strip(started(rule, "2026-03-02"), beijing("2026-03-14 10:00"), CALENDAR)

        assert [cell.days for cell in strip] == [6, 7, 7, 7, 7, 7, 7, 7, 7, 3]
        assert [cell.kind for cell in strip[:3]] == [CellKind.PAST, CellKind.TODAY, CellKind.LEFT]

    def test_hours_have_no_strip(self) -> None:
        assert (
            day_strip(started(REPORT_UP, "2026-03-06"), beijing("2026-03-06 10:00"), CALENDAR) == ()
        )
