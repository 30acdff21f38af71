"""恢复：平台参数、流程参数、消息文字、日历、任职，旧值作为新的更改回来。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.change_calendar import SpecialDay, publish_year
from engine.commands.change_settings import change_setting
from engine.commands.change_values import decide_value
from engine.commands.notice_templates import change_notice_template
from engine.commands.organise import end_post, give_post
from engine.commands.restore_settings import restore_setting
from engine.desk.settings import setting
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.settings import SettingKey
from engine.store.tables import CalendarDay, NoticeTemplate, PostRow, SettingChange
from tests.office import Town
from tests.web.administration.changing import (
    HOURS,
    WHY,
    WORDS,
    facts,
    in_force,
    parameters,
    propose,
)


class TestRestoring:
    """恢复：旧值作为新的更改回来，不是抹去。"""

    def test_a_value_of_the_platform(self, town: Town) -> None:
        change = town.give("方某", change_setting, HOURS, 8, reasons=WHY)
        again = town.give("方某", restore_setting, change.id, reasons="试行结束")

        assert town.ask("方某", setting, SettingKey.REMINDER_HOURS) == 4
        assert (again.number, again.restores) == (2, change.id)
        assert facts(town, "setting_restored")[0].details["restores"] == change.id
        with pytest.raises(Refusal):
            town.give("方某", restore_setting, change.id, reasons="再来一次")

    def test_one_that_was_to_begin_later_does_not_begin(self, town: Town) -> None:
        day = date(2026, 3, 5)
        change = town.give("方某", change_setting, HOURS, 8, reasons=WHY, effective_on=day)
        town.give("方某", restore_setting, change.id, reasons="不改了")
        town.at(2026, 3, 5)

        assert town.ask("方某", setting, SettingKey.REMINDER_HOURS) == 4

    def test_a_value_of_a_procedure_waits_for_a_second_person_again(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)
        town.give("丁某", decide_value, change.id, granted=True)
        town.at(2026, 3, 3)
        again = town.give("方某", restore_setting, change.id, reasons="试行结束")

        assert parameters(town, in_force(town).id)["repeat"]["threshold"] == 3
        town.give("丁某", decide_value, again.id, granted=True)
        assert parameters(town, in_force(town).id)["repeat"]["threshold"] == 2

    def test_the_words_of_a_notice(self, town: Town) -> None:
        town.give("方某", change_notice_template, "red", WORDS, WORDS, reasons=WHY)
        change = town.one(sa.select(SettingChange).where(SettingChange.area == "notice"))
        town.give("方某", restore_setting, change.id, reasons="仍用原文")

        newest = town.one(sa.select(NoticeTemplate).order_by(NoticeTemplate.number.desc()))
        assert newest.is_reset
        with pytest.raises(Refusal) as refused:
            town.give("方某", restore_setting, change.id, reasons="再来一次")
        assert refused.value.message_id == "setting.same"

    def test_a_year_of_the_calendar(self, town: Town) -> None:
        before = town.all(sa.select(CalendarDay.day).where(CalendarDay.day >= date(2026, 1, 1)))
        off = SpecialDay(date(2026, 3, 4), is_workday=False, name="停电")
        town.give("方某", publish_year, 2026, [off], source="通知")
        change = town.one(sa.select(SettingChange).where(SettingChange.area == "calendar"))
        town.give("方某", restore_setting, change.id, reasons="通知撤销")

        here = CalendarDay.authority_id == town.authority_id
        now = town.all(sa.select(CalendarDay.day).where(CalendarDay.day >= date(2026, 1, 1), here))
        assert len(now) * 2 == len(before)
        assert date(2026, 3, 4) not in now

    def test_a_year_that_was_not_published_stays_published(self, town: Town) -> None:
        off = SpecialDay(date(2027, 1, 1), is_workday=False)
        town.give("方某", publish_year, 2027, [off], source="通知")
        change = town.one(sa.select(SettingChange).where(SettingChange.area == "calendar"))

        with pytest.raises(Refusal) as refused:
            town.give("方某", restore_setting, change.id, reasons="撤回")
        assert refused.value.message_id == "setting.never_published"

    def test_a_year_needs_a_source_and_bounds_it_as_its_row_does(self, town: Town) -> None:
        off = SpecialDay(date(2026, 3, 4), is_workday=False)
        for source, said in (("  ", "reasons.missing"), ("字" * 401, "setting.reason_long")):
            with pytest.raises(Refusal) as refused:
                town.give("方某", publish_year, 2026, [off], source=source)
            assert refused.value.message_id == said
        town.give("方某", publish_year, 2026, [off], source="通知")
        change = town.one(sa.select(SettingChange).where(SettingChange.area == "calendar"))
        with pytest.raises(Refusal) as refused:
            town.give("方某", restore_setting, change.id, reasons="字" * 401)
        assert refused.value.params["most"] == 400

    def test_a_post_that_was_given_ends_and_one_that_was_ended_goes_on(self, town: Town) -> None:
        given = town.give(
            "方某", give_post, town.people["钱某"], "verifier", valid_from=date(2026, 2, 2)
        )
        own = sa.select(SettingChange).where(SettingChange.key == given.id)
        first = town.one(own)
        town.give("方某", restore_setting, first.id, reasons="误任")
        post = sa.select(PostRow).where(PostRow.id == given.id)
        assert town.one(post).valid_to == date(2026, 3, 1)

        ended = town.one(own.order_by(SettingChange.number.desc()))
        town.give("方某", restore_setting, ended.id, reasons="仍任")
        assert town.one(post).valid_to is None

        town.give("方某", end_post, given.id, last_day=date(2026, 3, 31))
        town.give("方某", end_post, given.id, last_day=date(2026, 4, 30))
        newest = town.one(own.order_by(SettingChange.number.desc()))
        town.give("方某", restore_setting, newest.id, reasons="提前")
        assert town.one(post).valid_to == date(2026, 3, 31)

    def test_it_is_for_who_may_change_it_and_needs_reasons(self, town: Town) -> None:
        change = town.give("方某", change_setting, HOURS, 8, reasons=WHY)

        with pytest.raises(NotAllowed):
            town.give("冯某", restore_setting, change.id, reasons=WHY)
        with pytest.raises(NotFound):
            town.give("邓某", restore_setting, change.id, reasons=WHY)
        with pytest.raises(Refusal) as refused:
            town.give("方某", restore_setting, change.id, reasons="")
        assert refused.value.message_id == "reasons.missing"
