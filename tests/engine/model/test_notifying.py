"""告知：哪类事件、以何渠道、何时不打扰。"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from engine.desk.notices import TEXTS
from engine.desk.outgoing_words import PLATFORM
from engine.model.calendars import WorkingCalendar
from engine.model.notifying import (
    Channel,
    Digest,
    Event,
    Preference,
    event_of,
    fill,
    unknown_variables,
    when_to_send,
)

ZONE = ZoneInfo("Asia/Shanghai")
# Thursday 1 October 2026 to Wednesday 7 October are off; Saturday 10 October is made up.
CALENDAR = WorkingCalendar(
    zone=ZONE,
    overrides={
        **dict.fromkeys((date(2026, 10, day) for day in (1, 2, 5, 6, 7)), False),
        date(2026, 10, 10): True,
    },
    published_years=frozenset({2026}),
)


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def goes_out(now: datetime, wish: Preference, event: Event = Event.NEAR) -> datetime:
    return when_to_send(now, event, wish, CALENDAR)


class TestEvents:
    """每条消息属于一类事件；流程自定的消息归“其他”。"""

    def test_a_red_card_is_red(self) -> None:
        assert event_of("deadline.red") is Event.RED

    def test_what_waits_for_a_decision_is_asked(self) -> None:
        assert event_of("suspension.asked") is Event.ASKED

    def test_what_was_decided_is_answered(self) -> None:
        assert event_of("suspension.granted") is Event.ANSWERED

    def test_a_procedure_s_own_is_other(self) -> None:
        assert event_of("notice_of_rights") is Event.OTHER

    def test_few_of_the_engine_s_own_sentences_are_other(self) -> None:
        others = {key for key in TEXTS if event_of(key) is Event.OTHER}

        assert others == {
            "case.merged",
            "case.opened",
            "case.took",
            "deadline.recounted",
            "filing.received",
            "right.began",
        }


class TestTemplates:
    """模板只能写案号、流程、环节和期限。"""

    @pytest.mark.parametrize("event", Event)
    def test_the_platform_s_own_keep_to_it(self, event: Event) -> None:
        words = PLATFORM[event]
        texts = [*words.subject.values(), *words.body.values()]

        assert set(words.subject) == set(words.body) == {"zh", "en"}
        assert [unknown_variables(text) for text in texts] == [[], [], [], []]

    def test_a_reporter_cannot_be_named(self) -> None:
        assert unknown_variables("{reporter}") == ["reporter"]

    def test_nor_what_hangs_on_a_variable(self) -> None:
        assert unknown_variables("{step.__class__} {step!r} {step:>9}") == [
            "step.__class__",
            "step!r",
            "step:>9",
        ]

    def test_an_open_brace_is_told(self) -> None:
        assert unknown_variables("{step") == ["{ }"]

    def test_what_a_case_does_not_give_is_a_dash(self) -> None:
        assert fill("{case_number}：{due}", {"case_number": "1号"}) == "1号：—"

    def test_a_wrong_one_is_never_filled_in(self) -> None:
        with pytest.raises(ValueError, match="may not"):
            fill("{reporter}", {"reporter": "钱某"})


class TestAtOnce:
    """随时逐条：没有免打扰时段的，即刻发出。"""

    def test_now_is_now(self) -> None:
        now = at(9, 15)

        assert goes_out(now, Preference()) is now

    def test_a_naive_instant_is_a_mistake(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            goes_out(datetime(2026, 10, 9, 15), Preference())


class TestQuietHours:
    """免打扰时段内不发，时段结束时发出；时段可以跨过零点。"""

    NIGHT = Preference(quiet=(time(22), time(7, 30)))
    NOON = Preference(quiet=(time(12), time(14)))

    def test_before_midnight_it_waits_for_the_morning(self) -> None:
        assert goes_out(at(8, 23), self.NIGHT) == at(9, 7, 30)

    def test_after_midnight_it_waits_for_the_same_morning(self) -> None:
        assert goes_out(at(9, 3), self.NIGHT) == at(9, 7, 30)

    def test_at_the_end_it_goes_out(self) -> None:
        assert goes_out(at(9, 7, 30), self.NIGHT) == at(9, 7, 30)

    def test_at_the_beginning_it_waits(self) -> None:
        assert goes_out(at(9, 12), self.NOON) == at(9, 14)

    def test_outside_it_goes_out(self) -> None:
        assert goes_out(at(9, 11, 59), self.NOON) == at(9, 11, 59)
        assert goes_out(at(9, 14), self.NOON) == at(9, 14)

    def test_a_red_card_waits_as_well(self) -> None:
        assert goes_out(at(8, 23), self.NIGHT, Event.RED) == at(9, 7, 30)

    def test_the_answer_is_in_utc(self) -> None:
        assert goes_out(at(8, 23), self.NIGHT).tzinfo is UTC


class TestDigest:
    """每天汇总：到汇总的时间一并发出；红牌不等汇总。"""

    DAILY = Preference(digest=Digest.DAILY, digest_at=time(8, 30))

    def test_before_the_time_it_is_today_s(self) -> None:
        assert goes_out(at(9, 8), self.DAILY) == at(9, 8, 30)

    def test_after_it_tomorrow_s(self) -> None:
        assert goes_out(at(9, 8, 30), self.DAILY) == at(10, 8, 30)

    def test_a_red_card_does_not_wait(self) -> None:
        assert goes_out(at(9, 8), self.DAILY, Event.RED) == at(9, 8)


class TestWorkingDays:
    """只在工作日发送：以办理机关日历为准，补班的周六是工作日。"""

    WORKDAYS = Preference(workdays_only=True)

    def test_on_a_holiday_it_waits_until_after_it(self) -> None:
        assert goes_out(at(1, 9), self.WORKDAYS) == at(8, 0)

    def test_a_made_up_saturday_counts(self) -> None:
        assert goes_out(at(10, 9), self.WORKDAYS) == at(10, 9)

    def test_on_the_sunday_after_it_it_waits(self) -> None:
        assert goes_out(at(11, 9), self.WORKDAYS) == at(12, 0)

    def test_and_then_for_the_end_of_the_quiet_hours(self) -> None:
        wish = Preference(workdays_only=True, quiet=(time(22), time(7)))

        assert goes_out(at(11, 9), wish) == at(12, 7)

    def test_quiet_hours_that_end_on_a_day_off_lead_to_the_next_working_day(self) -> None:
        wish = Preference(workdays_only=True, quiet=(time(22), time(7)))

        assert goes_out(at(30, 23, month=9), wish) == at(8, 7)

    def test_the_digest_waits_for_its_time_on_the_working_day(self) -> None:
        wish = Preference(digest=Digest.DAILY, digest_at=time(9), workdays_only=True)

        assert goes_out(at(30, 15, month=9), wish) == at(8, 9)


class TestWishes:
    """没有选的渠道不发。"""

    def test_nothing_is_wished_by_itself(self) -> None:
        assert Preference().wanted.get(Event.RED, frozenset[Channel]()) == frozenset()
