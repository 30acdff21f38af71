"""Changes of a deadline: suspension and recount."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import Refusal
from engine.model.calendars import WorkingCalendar
from engine.model.deadline_rules import DeadlineRule
from engine.model.deadlines import Deadline, DeadlineState, RecountReason
from engine.model.lamps import Lamp
from engine.model.periods import Period, Unit
from tests.engine.model.arrangements import BEIJING, CALENDAR, TABLE_2026, beijing, day
from tests.engine.model.test_deadlines import APPEAL, CHAIR, INVESTIGATION, five_more, started


class TestSuspension:
    """等待司法结论，经批准中止计时；恢复之次日续算。"""

    @staticmethod
    def suspended(rule: DeadlineRule = INVESTIGATION, on: str = "2026-03-17 10:00") -> Deadline:
        return started(rule, "2026-03-05").suspended(
            approved_by=CHAIR, reasons="等待司法结论", now=beijing(on), calendar=CALENDAR
        )

    def test_the_clock_stands_still(self) -> None:
        held = self.suspended()

        assert held.lamp(beijing("2026-06-01 09:00"), CALENDAR) is Lamp.HELD
        assert not held.is_over(beijing("2026-06-01 09:00"))
        assert held.remaining(beijing("2026-06-01 09:00"), CALENDAR).count == 7
        assert held.marks(CALENDAR) == ()

    def test_what_was_left_counts_from_the_day_after(self) -> None:
        again = self.suspended().resumed(now=beijing("2026-06-01 09:00"), calendar=CALENDAR)

        assert again.last_day == day("2026-06-10")
        assert again.state is DeadlineState.RUNNING
        assert again.hold is None
        assert again.counted.length == 15

    def test_calendar_days_go_on_as_calendar_days(self) -> None:
        rule = replace(INVESTIGATION, period=Period(30, Unit.DAYS))

        again = self.suspended(rule).resumed(now=beijing("2026-06-01 09:00"), calendar=CALENDAR)

        assert again.last_day == day("2026-06-22")  # 18 days: Friday 19 June is a holiday

    def test_suspended_on_its_last_day_it_ends_with_the_day_it_resumes(self) -> None:
        again = self.suspended(on="2026-03-26 10:00").resumed(
            now=beijing("2026-06-01 09:00"), calendar=CALENDAR
        )

        assert again.last_day == day("2026-06-01")

    def test_an_extension_after_a_hold_adds_to_what_was_counted(self) -> None:
        again = self.suspended().resumed(now=beijing("2026-06-01 09:00"), calendar=CALENDAR)

        longer = again.extended(five_more("2026-06-02 09:00"), CALENDAR)

        assert longer.last_day == day("2026-06-17")
        assert len(longer.changes) == 2

    def test_it_cannot_be_suspended_twice(self) -> None:
        with pytest.raises(Refusal, match=r"deadline\.not_running"):
            self.suspended().suspended(
                approved_by=CHAIR,
                reasons="再次",
                now=beijing("2026-03-18 10:00"),
                calendar=CALENDAR,
            )

    def test_what_runs_cannot_be_resumed(self) -> None:
        with pytest.raises(Refusal, match=r"deadline\.not_suspended"):
            started(INVESTIGATION, "2026-03-05").resumed(
                now=beijing("2026-03-18 10:00"), calendar=CALENDAR
            )


class TestRecount:
    """公布补录后重算未届满期限；重算不得缩短已告知当事人的权利期限。"""

    unpublished = WorkingCalendar(BEIJING, {}, frozenset(), version=1)
    published = WorkingCalendar(BEIJING, TABLE_2026, frozenset({2026}), version=2)

    def test_a_provisional_day_moves_behind_the_holiday(self) -> None:
        before = started(INVESTIGATION, "2026-09-14", calendar=self.unpublished)
        assert before.provisional
        assert before.last_day == day("2026-10-05")

        recount = before.recounted(self.published)

        assert recount.deadline.last_day == day("2026-10-10")
        assert recount.before == day("2026-10-05")
        assert recount.reason is RecountReason.CALENDAR_CHANGED
        assert not recount.deadline.provisional
        assert recount.deadline.counted.calendar_version == 2

    def test_a_told_right_is_not_shortened_by_a_make_up_day(self) -> None:
        told = started(APPEAL, "2026-05-06", calendar=self.unpublished).told()
        assert told.last_day == day("2026-05-27")  # with 9 May worked it would be 26 May

        recount = told.recounted(self.published)

        assert recount.deadline.last_day == day("2026-05-27")
        assert recount.deadline.expires_at == beijing("2026-05-28 00:00")
        assert recount.reason is RecountReason.RIGHT_KEPT

    def test_a_right_that_nobody_was_told_is_counted_anew(self) -> None:
        untold = started(APPEAL, "2026-05-06", calendar=self.unpublished)

        assert untold.recounted(self.published).deadline.last_day == day("2026-05-26")

    def test_a_duty_is_counted_anew_even_if_it_was_told(self) -> None:
        told = started(INVESTIGATION, "2026-05-06", calendar=self.unpublished).told()

        assert told.recounted(self.published).deadline.last_day == day("2026-05-26")

    def test_a_told_right_may_become_longer(self) -> None:
        told = started(APPEAL, "2026-09-14", calendar=self.unpublished).told()

        longer = told.recounted(self.published).deadline.told()

        assert longer.told_last_day == day("2026-10-10")

    def test_a_day_told_earlier_and_later_keeps_binding(self) -> None:
        told = started(APPEAL, "2026-05-06", calendar=self.unpublished).told()

        assert told.recounted(self.published).deadline.told().told_last_day == day("2026-05-27")

    def test_what_does_not_change_says_so(self) -> None:
        recount = started(INVESTIGATION, "2026-03-05").recounted(CALENDAR)

        assert recount.reason is RecountReason.UNCHANGED

    def test_what_is_met_is_left_alone(self) -> None:
        met = started(INVESTIGATION, "2026-09-14", calendar=self.unpublished).met(day("2026-10-05"))

        recount = met.recounted(self.published)

        assert recount.deadline is met
        assert recount.reason is RecountReason.UNCHANGED

    def test_a_suspended_deadline_is_counted_anew_and_stays_suspended(self) -> None:
        held = started(INVESTIGATION, "2026-09-14", calendar=self.unpublished).suspended(
            approved_by=CHAIR,
            reasons="等待",
            now=beijing("2026-09-16 10:00"),
            calendar=self.unpublished,
        )

        again = held.recounted(self.published).deadline

        assert again.state is DeadlineState.SUSPENDED
        assert again.last_day == day("2026-10-10")
