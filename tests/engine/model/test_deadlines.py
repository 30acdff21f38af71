"""Deadlines of a case: lamps, marks, extension, suspension, recount."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from engine.errors import PeriodExpired, Refusal
from engine.model.calendars import WorkingCalendar
from engine.model.deadline_changes import Event, Extension
from engine.model.deadline_rules import DeadlineRule, ExpiryAct, ExpiryKind, ExtensionRule
from engine.model.deadlines import Deadline, DeadlineState, Remaining, begin
from engine.model.identifiers import DeadlineKey, PersonId, RoleKey
from engine.model.lamps import Lamp, Mark, MarkKind
from engine.model.periods import Period, Unit
from engine.model.texts import Text
from tests.engine.model.arrangements import CALENDAR, beijing, day

BOARD = RoleKey("supervisory_board")
CHAIR = PersonId("zheng")
THREE_WORKING_DAYS = Period(3, Unit.WORKING_DAYS)
FIVE_WORKING_DAYS = Period(5, Unit.WORKING_DAYS)

INVESTIGATION = DeadlineRule(
    key=DeadlineKey("DL-CA-3"),
    title=Text("调查并提交书面报告"),
    period=Period(15, Unit.WORKING_DAYS),
    starts="investigation_started",
    ends="report_submitted",
    extension=ExtensionRule(FIVE_WORKING_DAYS, approver=BOARD, source="S0篇1§8"),
    on_expiry=(
        ExpiryAct(ExpiryKind.YELLOW_CARD),
        ExpiryAct(ExpiryKind.RED_CARD, THREE_WORKING_DAYS, BOARD),
    ),
    source="S0篇1§8",
)
APPEAL = DeadlineRule(
    key=DeadlineKey("DL-CA-6"),
    title=Text("申诉"),
    period=Period(15, Unit.WORKING_DAYS),
    starts="decision_received",
    ends="appeal_received",
    on_expiry=(ExpiryAct(ExpiryKind.CLOSE),),
    right_of=RoleKey("subject"),
    source="S0篇1§11",
)
REVIEW = replace(
    INVESTIGATION,
    key=DeadlineKey("DL-CA-7"),
    period=Period(30, Unit.WORKING_DAYS),
    extension=None,
    on_expiry=(
        ExpiryAct(ExpiryKind.RED_CARD, tell=RoleKey("board_of_directors")),
        ExpiryAct(ExpiryKind.REMIND_DAILY),
    ),
)
REPORT_UP = replace(
    INVESTIGATION,
    key=DeadlineKey("DL-JO-3"),
    period=Period(24, Unit.HOURS),
    extension=ExtensionRule(Period(12, Unit.HOURS)),
    on_expiry=(ExpiryAct(ExpiryKind.RED_CARD, Period(2, Unit.HOURS)),),
)
NO_AWARDS = DeadlineRule(
    key=DeadlineKey("DL-CA-9"),
    title=Text("取消当年评优"),
    period=Period(1, Unit.TO_YEAR_END),
    starts="decision_effective",
    on_expiry=(ExpiryAct(ExpiryKind.LIFT),),
    source="S0篇1§4-2",
)


def started(
    rule: DeadlineRule, on: str, at: str = "09:00", calendar: WorkingCalendar = CALENDAR
) -> Deadline:
    """Return the deadline of `rule` after an event on a day, recorded at once."""
    instant = beijing(f"{on} {at}")
    return begin(rule, Event(day(on), instant, instant), calendar)


def five_more(at: str, by: Period = FIVE_WORKING_DAYS) -> Extension:
    """Return an extension granted by the chair at an instant in Beijing."""
    return Extension(by, CHAIR, "情况复杂", beijing(at))


class TestArticle8:
    """调查组一般应在15个工作日内提交书面调查报告；情况复杂的，经过批准，可延长5个工作日。"""

    def test_sc_001_from_5_march_it_is_over_at_midnight_after_26_march(self) -> None:
        deadline = started(INVESTIGATION, "2026-03-05")

        assert deadline.last_day == day("2026-03-26")
        assert not deadline.is_over(beijing("2026-03-26 23:59"))
        assert deadline.is_over(beijing("2026-03-27 00:00"))

    def test_sc_006_the_extension_leads_from_10_to_16_october(self) -> None:
        deadline = started(INVESTIGATION, "2026-09-14").extended(
            five_more("2026-10-09 10:00"), CALENDAR
        )

        assert deadline.last_day == day("2026-10-16")
        assert deadline.counted.original_last_day == day("2026-10-10")
        assert (deadline.counted.length, deadline.counted.extension_length) == (20, 5)
        assert [each.approved_by for each in deadline.extensions] == [CHAIR]

    def test_sc_006_a_second_extension_is_refused(self) -> None:
        deadline = started(INVESTIGATION, "2026-09-14").extended(
            five_more("2026-10-09 10:00"), CALENDAR
        )

        with pytest.raises(Refusal, match=r"deadline\.extensions_used") as refused:
            deadline.extended(five_more("2026-10-15 10:00"), CALENDAR)

        assert refused.value.rule == "S0篇1§8"
        assert refused.value.params == {"deadline": "DL-CA-3", "times": 1}

    @pytest.mark.parametrize("by", [Period(6, Unit.WORKING_DAYS), Period(5, Unit.DAYS)])
    def test_more_than_five_working_days_is_refused(self, by: Period) -> None:
        deadline = started(INVESTIGATION, "2026-09-14")

        with pytest.raises(Refusal, match=r"deadline\.extension_too_long"):
            deadline.extended(five_more("2026-10-09 10:00", by), CALENDAR)

    def test_after_the_last_day_nothing_is_extended(self) -> None:
        deadline = started(INVESTIGATION, "2026-09-14")

        with pytest.raises(PeriodExpired) as refused:
            deadline.extended(five_more("2026-10-11 00:00"), CALENDAR)

        assert refused.value.params == {"deadline": "DL-CA-3", "last_day": "2026-10-10"}

    def test_a_deadline_without_extension_is_not_extended(self) -> None:
        with pytest.raises(Refusal, match=r"deadline\.not_extendable"):
            started(REVIEW, "2026-03-05").extended(five_more("2026-03-06 10:00"), CALENDAR)

    def test_a_deadline_that_is_met_is_not_extended(self) -> None:
        met = started(INVESTIGATION, "2026-09-14").met(day("2026-09-20"))

        with pytest.raises(Refusal, match=r"deadline\.not_running"):
            met.extended(five_more("2026-09-21 10:00"), CALENDAR)


class TestCards:
    """届满日 24:00 未完成，自次日黄牌；黄牌后3工作日未完成，红牌。"""

    def test_sc_007_yellow_from_11_october_red_after_three_working_days(self) -> None:
        deadline = started(INVESTIGATION, "2026-09-14")

        assert deadline.marks(CALENDAR) == (
            Mark(MarkKind.REMIND, beijing("2026-09-30 00:00")),
            Mark(MarkKind.YELLOW, beijing("2026-10-11 00:00")),
            Mark(MarkKind.RED, beijing("2026-10-15 00:00"), BOARD),
        )

    @pytest.mark.parametrize(
        ("now", "lamp"),
        [
            ("2026-09-29 23:59", Lamp.OK),
            ("2026-09-30 00:00", Lamp.NEAR),
            ("2026-10-10 23:59", Lamp.NEAR),
            ("2026-10-11 00:00", Lamp.YELLOW),
            ("2026-10-14 23:59", Lamp.YELLOW),
            ("2026-10-15 00:00", Lamp.RED),
        ],
    )
    def test_sc_007_the_lamp_follows(self, now: str, lamp: Lamp) -> None:
        assert started(INVESTIGATION, "2026-09-14").lamp(beijing(now), CALENDAR) is lamp

    def test_the_review_turns_red_at_once_and_reminds_daily(self) -> None:
        kinds = [mark.kind for mark in started(REVIEW, "2026-03-05").marks(CALENDAR)]

        assert kinds == [MarkKind.REMIND, MarkKind.RED, MarkKind.REMIND_DAILY]

    def test_a_met_deadline_has_no_marks_and_is_done(self) -> None:
        met = started(INVESTIGATION, "2026-09-14").met(day("2026-10-10"))

        assert met.marks(CALENDAR) == ()
        assert met.lamp(beijing("2026-12-01 09:00"), CALENDAR) is Lamp.DONE

    def test_a_duty_without_cards_stays_near_when_it_is_over(self) -> None:
        plain = started(replace(INVESTIGATION, on_expiry=()), "2026-09-14")

        assert plain.lamp(beijing("2026-10-12 09:00"), CALENDAR) is Lamp.NEAR


class TestNear:
    """距届满≤20%期长，最少1工作日。"""

    @pytest.mark.parametrize(
        ("period", "event", "near"),
        [
            (Period(15, Unit.WORKING_DAYS), "2026-03-05", "2026-03-23"),  # three days left
            (Period(10, Unit.WORKING_DAYS), "2026-03-02", "2026-03-12"),  # two
            (Period(3, Unit.WORKING_DAYS), "2026-03-02", "2026-03-04"),  # one at least
            (Period(30, Unit.DAYS), "2026-03-02", "2026-03-26"),  # six of thirty
            (Period(3, Unit.DAYS), "2026-03-06", "2026-03-06"),  # Monday's workday before: Friday
        ],
    )
    def test_the_clock_is_near_in_its_last_fifth(
        self, period: Period, event: str, near: str
    ) -> None:
        deadline = started(replace(INVESTIGATION, period=period), event)

        assert deadline.reminder_at(CALENDAR) == beijing(f"{near} 00:00")

    def test_a_rule_may_have_its_own_share(self) -> None:
        rule = replace(INVESTIGATION, near_share=Fraction(1, 3), near_least=2)

        assert started(rule, "2026-03-05").reminder_at(CALENDAR) == beijing("2026-03-19 00:00")

    def test_of_24_hours_the_last_fifth_is_4_hours_48_minutes(self) -> None:
        deadline = started(REPORT_UP, "2026-03-06", "20:00")

        assert deadline.reminder_at(CALENDAR) == beijing("2026-03-07 15:12")


class TestRight:
    """被问责人可自收到决定之日起15个工作日内申诉；权利期限不计牌。"""

    def test_sc_003_29_april_is_the_last_day(self) -> None:
        appeal = started(APPEAL, "2026-04-08")

        assert appeal.last_day == day("2026-04-29")
        assert not appeal.is_over(beijing("2026-04-29 23:59"))

    def test_sc_005_20_october_is_too_late(self) -> None:
        appeal = started(APPEAL, "2025-09-22")

        assert not appeal.met(day("2025-10-17")).was_late
        assert appeal.met(day("2025-10-20")).was_late

    def test_it_closes_without_a_card(self) -> None:
        appeal = started(APPEAL, "2026-04-08")

        assert [mark.kind for mark in appeal.marks(CALENDAR)] == [MarkKind.REMIND, MarkKind.CLOSE]
        assert appeal.lamp(beijing("2026-04-30 00:00"), CALENDAR) is Lamp.DONE

    def test_a_right_without_acts_lapses(self) -> None:
        appeal = started(replace(APPEAL, on_expiry=()), "2026-04-08")

        assert appeal.marks(CALENDAR)[-1] == Mark(MarkKind.LAPSE, beijing("2026-04-30 00:00"))

    def test_a_lapsed_right_is_done(self) -> None:
        lapsed = started(APPEAL, "2026-04-08").lapsed()

        assert lapsed.state is DeadlineState.LAPSED
        assert lapsed.ended_on == day("2026-04-29")
        assert lapsed.lamp(beijing("2026-05-04 09:00"), CALENDAR) is Lamp.DONE

    def test_an_effect_is_lifted_at_the_end_of_the_year(self) -> None:
        effect = started(NO_AWARDS, "2026-03-30")

        assert effect.marks(CALENDAR) == (Mark(MarkKind.LAPSE, beijing("2027-01-01 00:00")),)


class TestTwoTimes:
    """纸质件以签收日为准：期限自有凭证之日起算，补录不改变。"""

    def test_a_receipt_entered_later_counts_from_its_day(self) -> None:
        late = begin(APPEAL, Event(day("2026-04-08"), beijing("2026-04-15 10:00")), CALENDAR)

        assert late.event_day == day("2026-04-08")
        assert late.last_day == day("2026-04-29")

    def test_a_withdrawn_deadline_ends_on_its_day(self) -> None:
        gone = started(INVESTIGATION, "2026-03-05").withdrawn(day("2026-03-10"))

        assert gone.state is DeadlineState.WITHDRAWN
        assert not gone.was_late

    def test_a_running_deadline_was_not_late(self) -> None:
        assert not started(INVESTIGATION, "2026-03-05").was_late

    def test_an_event_has_aware_instants(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            Event(day("2026-04-08"), datetime(2026, 4, 8, 9))


class TestHours:
    """24小时内上报：按钟点连续计算。"""

    def test_from_friday_20_00_it_is_over_on_saturday_20_00(self) -> None:
        deadline = started(REPORT_UP, "2026-03-06", "20:00")

        assert deadline.expires_at == beijing("2026-03-07 20:00")
        assert deadline.last_day == day("2026-03-07")
        assert not deadline.provisional

    def test_without_its_instant_the_recording_counts(self) -> None:
        event = Event(day("2026-03-06"), beijing("2026-03-06 21:00"))

        assert begin(REPORT_UP, event, CALENDAR).expires_at == beijing("2026-03-07 21:00")

    def test_an_extension_adds_hours(self) -> None:
        longer = started(REPORT_UP, "2026-03-06", "20:00").extended(
            five_more("2026-03-07 10:00", Period(12, Unit.HOURS)), CALENDAR
        )

        assert longer.expires_at == beijing("2026-03-08 08:00")
        assert longer.counted.original_last_day == day("2026-03-07")

    def test_a_card_after_hours_follows_by_the_clock(self) -> None:
        marks = started(REPORT_UP, "2026-03-06", "20:00").marks(CALENDAR)

        assert marks[-1] == Mark(MarkKind.RED, beijing("2026-03-07 22:00"))

    def test_what_is_left_is_said_in_hours(self) -> None:
        deadline = started(REPORT_UP, "2026-03-06", "20:00")

        assert deadline.remaining(beijing("2026-03-07 10:30"), CALENDAR) == Remaining(9, Unit.HOURS)
        assert deadline.remaining(beijing("2026-03-07 22:00"), CALENDAR) == Remaining(
            2, Unit.HOURS, is_overdue=True
        )

    def test_a_minute_late_is_late(self) -> None:
        deadline = started(REPORT_UP, "2026-03-06", "20:00")

        assert deadline.met(day("2026-03-07"), beijing("2026-03-07 20:01")).was_late
        assert not deadline.met(day("2026-03-07"), beijing("2026-03-07 19:59")).was_late

    def test_hours_do_not_stop(self) -> None:
        with pytest.raises(Refusal, match=r"deadline\.hours_run_on"):
            started(REPORT_UP, "2026-03-06").suspended(
                approved_by=CHAIR,
                reasons="等待",
                now=beijing("2026-03-06 10:00"),
                calendar=CALENDAR,
            )


class TestRemaining:
    """剩余日数不计今日；最后一日显示今天到期。"""

    @pytest.mark.parametrize(
        ("now", "expected"),
        [
            ("2026-10-13 09:00", Remaining(3, Unit.WORKING_DAYS)),
            ("2026-10-16 23:00", Remaining(0, Unit.WORKING_DAYS, is_last_day=True)),
            ("2026-10-17 09:00", Remaining(0, Unit.WORKING_DAYS, is_overdue=True)),
            ("2026-10-20 09:00", Remaining(2, Unit.WORKING_DAYS, is_overdue=True)),
        ],
    )
    def test_the_main_case_of_the_pages(self, now: str, expected: Remaining) -> None:
        deadline = started(INVESTIGATION, "2026-09-14").extended(
            five_more("2026-10-09 10:00"), CALENDAR
        )

        assert deadline.remaining(beijing(now), CALENDAR) == expected

    def test_calendar_days_are_said_in_days(self) -> None:
        deadline = started(replace(REVIEW, period=Period(1, Unit.MONTHS)), "2026-03-02")

        assert deadline.remaining(beijing("2026-03-30 09:00"), CALENDAR) == Remaining(3, Unit.DAYS)

    def test_a_met_deadline_is_measured_on_the_day_it_was_met(self) -> None:
        met = started(INVESTIGATION, "2026-03-05").met(day("2026-03-24"))

        assert met.remaining(beijing("2026-06-01 09:00"), CALENDAR).count == 2


class TestRule:
    """What a rule says of itself."""

    def test_without_a_source_it_is_proposed(self) -> None:
        assert replace(INVESTIGATION, source="").is_proposed
        assert not INVESTIGATION.is_proposed

    def test_a_duty_does_not_lapse(self) -> None:
        assert not INVESTIGATION.lapses

    @pytest.mark.parametrize("rule", [APPEAL, NO_AWARDS, replace(APPEAL, right_of=None)])
    def test_rights_effects_and_closings_lapse(self, rule: DeadlineRule) -> None:
        assert rule.lapses

    def test_expiry_is_utc(self) -> None:
        assert started(INVESTIGATION, "2026-03-05").expires_at.tzinfo is UTC
