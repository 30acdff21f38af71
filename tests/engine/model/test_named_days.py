"""限期到某日：届满日是写明的那一天，不是数出来的。"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import yaml

from engine.model.deadline_changes import Event, Extension
from engine.model.deadline_rules import DeadlineRule, ExpiryAct, ExpiryKind, ExtensionRule
from engine.model.deadlines import Deadline, begin
from engine.model.identifiers import DeadlineKey, PersonId
from engine.model.lamps import Lamp
from engine.model.periods import Period, Unit
from engine.model.procedures import ProcedureFault, procedure_rules
from engine.model.texts import Text
from engine.store.deadlines import deadline_of, row_of, write
from tests.engine.model.arrangements import CALENDAR, beijing, day

TEN = Period(10, Unit.WORKING_DAYS)
TASK = DeadlineRule(
    key=DeadlineKey("DL-DU-3d"),
    title=Text("完成任务（限期到某日）"),
    period=TEN,
    starts="assigned_until",
    ends="task_completed",
    extension=ExtensionRule(TEN, times=2),
    on_expiry=(ExpiryAct(ExpiryKind.YELLOW_CARD),),
    until="limit_day",
)
AT = beijing("2026-03-26 09:00")


def task(until: str, rule: DeadlineRule = TASK) -> Deadline:
    return begin(rule, Event(day("2026-03-26"), AT, AT, day(until)), CALENDAR)


class TestTheNamedDay:
    """督查任务写明限期到某日的，到该日24时；逢假日不顺延（平台补充，P28）。"""

    def test_it_ends_at_midnight_of_that_day_a_holiday_too(self) -> None:
        deadline = task("2026-05-02")  # 劳动节

        assert deadline.last_day == day("2026-05-02")
        assert not deadline.is_over(beijing("2026-05-02 23:59"))
        assert deadline.is_over(beijing("2026-05-03 00:00"))
        assert deadline.lamp(beijing("2026-05-03 00:00"), CALENDAR) is Lamp.YELLOW

    def test_it_may_be_the_very_day_on_which_it_begins(self) -> None:
        deadline = task("2026-03-26")

        assert (deadline.last_day, deadline.counted.length) == (day("2026-03-26"), 0)

    def test_its_length_is_what_lies_between_for_the_reminder(self) -> None:
        # 3月27日至4月10日：10 个工作日（清明4月4日至6日放假）；五分之一是 2 个工作日
        deadline = task("2026-04-10")

        assert deadline.counted.length == 10
        assert deadline.reminder_at(CALENDAR) == beijing("2026-04-08 00:00")

    def test_an_extension_counts_from_that_day(self) -> None:
        # 5月2日之后：6、7、8、9（补班）、11、12、13、14、15、18
        granted = Extension(TEN, PersonId("yu"), "物资迟到", beijing("2026-04-01 09:00"))

        assert task("2026-05-02").extended(granted, CALENDAR).last_day == day("2026-05-18")

    def test_where_none_is_named_the_period_counts(self) -> None:
        deadline = begin(TASK, Event(day("2026-03-26"), AT, AT), CALENDAR)

        assert deadline.last_day == day("2026-04-10")

    @pytest.mark.parametrize(("unit", "provisional"), [("working_days", True), ("days", False)])
    def test_it_is_certain_but_its_length_in_working_days_may_not_be(
        self, unit: str, *, provisional: bool
    ) -> None:
        rule = replace(TASK, period=Period(10, Unit(unit)))

        assert task("2031-01-10", rule).provisional is provisional


class TestKeeping:
    """写明的日期随期限保存，重新计算时还是那一天。"""

    def test_a_row_gives_the_same_day_again(self) -> None:
        deadline = task("2026-05-02")
        row = row_of(deadline, CALENDAR, authority_id="a", case_id="c", number=1, event_at=AT)
        again = deadline_of(row, TASK, CALENDAR)

        assert again.event.until == day("2026-05-02")
        assert again.recounted(CALENDAR).deadline.last_day == day("2026-05-02")

    def test_an_extension_is_kept_behind_it(self) -> None:
        deadline = task("2026-05-02")
        row = row_of(deadline, CALENDAR, authority_id="a", case_id="c", number=1, event_at=AT)
        granted = Extension(TEN, PersonId("yu"), "物资迟到", AT + timedelta(days=1))
        write(row, deadline.extended(granted, CALENDAR), CALENDAR, kind="extension", now=AT)
        again = deadline_of(row, TASK, CALENDAR)

        assert again.counted.last_day == day("2026-05-18")
        assert again.counted.original_last_day == day("2026-05-02")


RULES = """
id: dunning-transfer
kind: procedure
title: 督查催办
summary: 催办
law: [{id: S2, title: 汇编}]
process: dunning-transfer
number: {series: case, rule: "{authority_short}督〔{year}〕{n}号"}
start: {message: task_set, form: task, roles: [inspector], fact: set}
lanes: {督查部门: inspector}
roles: {inspector: {title: 督查部门, scope: authority}}
outcomes: {cleared: {title: 销号}}
deadlines:
  DL-DU-3d: {title: 完成任务, value: 10, unit: UNIT, until: limit_day, starts: assigned, proposed: true EXTRA}
"""  # noqa: E501 -- YAML


class TestTheRule:
    """procedure.yaml 用 until 写明是哪一个变量；不能按小时，也不能重复。"""

    def _read(self, unit: str, extra: str = "") -> DeadlineRule:
        text = RULES.replace("UNIT", unit).replace("EXTRA", extra)
        return procedure_rules(yaml.safe_load(text)).deadlines[DeadlineKey("DL-DU-3d")]

    def test_names_the_variable(self) -> None:
        assert self._read("working_days").until == "limit_day"

    @pytest.mark.parametrize(
        ("unit", "extra"),
        [("hours", ""), ("days", ", repeat: {every: {value: 1, unit: months}}")],
    )
    def test_hours_and_repeating_ones_are_refused(self, unit: str, extra: str) -> None:
        with pytest.raises(ProcedureFault) as fault:
            self._read(unit, extra)

        assert [one.path for one in fault.value.flaws] == ["deadlines.DL-DU-3d.until"]
