"""重复的期限和按时立案：每一轮、每一期从哪一天算起。"""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from engine.model.deadline_reading import deadline_rule
from engine.model.deadline_rules import RED_AFTER
from engine.model.periods import Period, Unit, last_day
from engine.model.procedures import ProcedureFault, procedure_rules
from engine.model.recurring import DunningRule, Every, Recurrence, Schedule
from engine.model.sections import Section
from tests.engine.model.arrangements import CALENDAR, day


class TestRounds:
    """定期督促（S0篇5§15-4）：每一轮都从第一轮的起算日推算。"""

    @pytest.mark.parametrize(
        ("value", "unit", "number", "expected"),
        [
            (1, Unit.MONTHS, 1, "2026-01-31"),
            (1, Unit.MONTHS, 2, "2026-02-28"),
            (1, Unit.MONTHS, 3, "2026-03-31"),
            (2, Unit.WEEKS, 3, "2026-02-28"),
            (10, Unit.DAYS, 2, "2026-02-10"),
            (1, Unit.YEARS, 2, "2027-01-31"),
            (5, Unit.WORKING_DAYS, 2, "2026-02-06"),
        ],
    )
    def test_a_round_counts_from_the_first_day_and_whole_turns(
        self, value: int, unit: Unit, number: int, expected: str
    ) -> None:
        repeat = Recurrence(Period(value, unit))

        assert repeat.counts_from(day("2026-01-31"), number, CALENDAR) == day(expected)

    def test_a_deadline_says_how_often_and_until_which_fact(self) -> None:
        part = {
            "title": "定期督促",
            "value": 1,
            "unit": "months",
            "starts": "ordered",
            "ends": "inspected",
            "repeat": {"every": {"value": 1, "unit": "months"}, "until": "rectified"},
            "proposed": True,
        }

        rule = deadline_rule("DL-LG-6", Section("", part), RED_AFTER)

        assert rule.repeat == Recurrence(Period(1, Unit.MONTHS), "rectified")

    def test_hours_do_not_repeat(self) -> None:
        section = Section(
            "",
            {
                "title": "x",
                "value": 1,
                "unit": "months",
                "repeat": {"every": {"value": 3, "unit": "hours"}},
                "proposed": True,
            },
        )

        deadline_rule("DL-X-1", section, RED_AFTER)

        assert [flaw.path for flaw in section.flaws] == ["repeat.every"]


class TestTheEndOfTheMonth:
    """P04：当月最后工作日仍未开会（SC-034：2026-02-28 周六补班）。"""

    @pytest.mark.parametrize(
        ("event", "value", "expected"),
        [
            ("2026-02-01", 1, "2026-02-28"),
            ("2026-05-01", 1, "2026-05-29"),
            ("2026-01-15", 2, "2026-02-28"),
            ("2026-12-31", 1, "2026-12-31"),
        ],
    )
    def test_it_is_the_last_working_day(self, event: str, value: int, expected: str) -> None:
        period = Period(value, Unit.TO_MONTH_END)

        assert last_day(period, day(event), CALENDAR).last_day == day(expected)

    def test_a_year_that_is_not_arranged_yet_is_provisional(self) -> None:
        counted = last_day(Period(1, Unit.TO_MONTH_END), day("2031-05-02"), CALENDAR)

        assert counted.last_day == day("2031-05-30")
        assert counted.provisional


class TestPeriodsOfTheCalendar:
    """每周、每月、每季、每年各一期。"""

    @pytest.mark.parametrize(
        ("every", "key", "first", "last", "following"),
        [
            (Every.WEEK, "2026-W07", "2026-02-09", "2026-02-15", "2026-W08"),
            (Every.MONTH, "2026-02", "2026-02-01", "2026-02-28", "2026-03"),
            (Every.QUARTER, "2026-Q1", "2026-01-01", "2026-03-31", "2026-Q2"),
            (Every.YEAR, "2026", "2026-01-01", "2026-12-31", "2027"),
        ],
    )
    def test_a_day_lies_in_one(
        self, every: Every, key: str, first: str, last: str, following: str
    ) -> None:
        schedule = Schedule(every)
        period = schedule.period_of(day("2026-02-11"))

        assert (period.key, period.first_day, period.last_day) == (key, day(first), day(last))
        assert schedule.after(period).key == following

    @pytest.mark.parametrize(
        ("stated", "expected"), [(1, "2026-02-01"), (10, "2026-02-10"), (0, "2026-02-28")]
    )
    def test_the_case_opens_on_its_day(self, stated: int, expected: str) -> None:
        schedule = Schedule(Every.MONTH, stated)

        assert schedule.day_in(schedule.period_of(date(2026, 2, 20))) == day(expected)


def stated(**parts: Any) -> dict[str, Any]:
    return {
        "id": "p",
        "kind": "procedure",
        "title": "程序",
        "roles": {"clerk": {"title": "受理岗"}, "inspector": {"title": "督查员"}},
        **parts,
    }


class TestReading:
    """procedure.yaml 里写明的，读成规则；写错的逐条指出。"""

    def test_a_timer_of_the_start_is_read(self) -> None:
        timer = {"every": "month", "day": "last", "at": "09:30", "answers": {"channel": "none"}}
        rules = procedure_rules(
            stated(start={"form": "m", "roles": ["clerk"], "timer": timer}, opens=["q"])
        )

        assert rules.start is not None
        assert rules.start.timer == Schedule(Every.MONTH, 0, time(9, 30), {"channel": "none"})
        assert rules.opens == ("q",)

    @pytest.mark.parametrize(
        ("timer", "place"),
        [
            ({"every": "month", "day": 31}, "start.timer.day"),
            ({"every": "week", "day": 8}, "start.timer.day"),
            ({"every": "month", "at": "25:00"}, "start.timer.at"),
        ],
    )
    def test_a_wrong_timer_is_named(self, timer: dict[str, Any], place: str) -> None:
        data = stated(start={"form": "m", "roles": ["clerk"], "timer": timer})

        with pytest.raises(ProcedureFault) as fault:
            procedure_rules(data)

        assert [flaw.path for flaw in fault.value.flaws] == [place]

    def test_who_may_dun_and_how_often(self) -> None:
        rules = procedure_rules(
            stated(
                dunning={"by": ["inspector"], "document": "notice", "source": "S2 L80"},
                parameters={"dunning.max": {"value": 3, "proposed": True}},
            )
        )

        assert rules.dunning == DunningRule(("inspector",), "notice", "S2 L80")
        assert rules.most_dunnings == 3
        assert procedure_rules(stated()).most_dunnings == 2

    def test_a_role_that_is_not_there_cannot_dun(self) -> None:
        with pytest.raises(ProcedureFault) as fault:
            procedure_rules(stated(dunning={"by": ["nobody"], "proposed": True}))

        assert [flaw.path for flaw in fault.value.flaws] == ["dunning.by"]
