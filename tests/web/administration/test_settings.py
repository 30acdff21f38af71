"""平台参数：每项更改有理由、有生效日，记入记录。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.change_settings import change_setting
from engine.commands.log_in import LogInRefused, log_in
from engine.commands.remind_work import remind_work
from engine.desk.settings import LONGEST_REASON, setting
from engine.desk.views.settings import changes, platform_settings, waiting_changes
from engine.errors import NotAllowed, Refusal
from engine.model.settings import SettingKey
from engine.store.tables import Account, SettingChange
from tests.office import Town
from tests.web.administration.changing import HOURS, WHY, facts


class TestPlatformValues:
    """平台参数：管理员更改，自生效日起适用。"""

    def test_a_change_holds_from_its_day_by_the_clock_that_was_handed_in(self, town: Town) -> None:
        thursday = date(2026, 3, 5)
        town.give("方某", change_setting, HOURS, 8, reasons=WHY, effective_on=thursday)

        assert town.ask("方某", setting, SettingKey.REMINDER_HOURS) == 4

        town.at(2026, 3, 5)
        assert town.ask("方某", setting, SettingKey.REMINDER_HOURS) == 8

    def test_it_is_kept_to_by_what_reads_it(self, town: Town) -> None:
        town.give("方某", change_setting, HOURS, 1, reasons=WHY)
        case = town.open()
        item = town.item(case, town.open_elements(case)[0])
        town.give("苏某", remind_work, item.id)
        town.at(2026, 3, 2, 9, 59)

        with pytest.raises(Refusal) as refused:
            town.give("苏某", remind_work, item.id)
        assert refused.value.params["again"] == "2026-03-02 10:00"

        town.at(2026, 3, 2, 10, 0)
        town.give("苏某", remind_work, item.id)

    def test_three_wrong_passwords_lock_an_account_for_an_hour_where_it_says_so(
        self, town: Town
    ) -> None:
        town.give("方某", change_setting, "log_in.failures", 3, reasons=WHY)
        town.give("方某", change_setting, "log_in.locked_minutes", 60, reasons=WHY)
        name = town.one(sa.select(Account.name).where(Account.person_id == town.people["冯某"]))
        for _attempt in range(3):
            log_in(town.office, name, "wrong", hours=1)

        locked = log_in(town.office, name, "wrong", hours=1)
        assert isinstance(locked, LogInRefused)
        assert locked.until is not None
        assert (locked.until - town.clock.now()).total_seconds() == 3600

    def test_another_authority_keeps_its_own(self, town: Town) -> None:
        town.give("方某", change_setting, HOURS, 8, reasons=WHY)

        assert town.ask("邓某", setting, SettingKey.REMINDER_HOURS) == 4

    def test_it_is_on_the_record_with_both_values(self, town: Town) -> None:
        town.give("方某", change_setting, HOURS, 8, reasons=WHY)

        entry = facts(town, "setting_changed")[0]
        assert (entry.details["old"], entry.details["new"]) == (4, 8)
        assert entry.details["effective_on"] == "2026-03-02"
        assert entry.details["reasons"] == WHY

    @pytest.mark.parametrize(
        ("key", "value", "given", "said"),
        [
            ("no.such", 8, {}, "setting.unknown"),
            (HOURS, 0, {}, "setting.bounds"),
            (HOURS, 169, {}, "setting.bounds"),
            (HOURS, 4, {}, "setting.same"),
            (HOURS, 8, {"effective_on": date(2026, 3, 1)}, "setting.past"),
            (HOURS, 8, {"reasons": " "}, "reasons.missing"),
            (HOURS, 8, {"reasons": "长" * (LONGEST_REASON + 1)}, "setting.reason_long"),
        ],
    )
    def test_what_does_not_hold_is_refused(
        self, town: Town, key: str, value: int, given: dict[str, Any], said: str
    ) -> None:
        with pytest.raises(Refusal) as refused:
            town.give("方某", change_setting, key, value, **{"reasons": WHY, **given})

        assert refused.value.message_id == said
        assert town.all(sa.select(SettingChange).where(SettingChange.area == "platform")) == []

    def test_only_an_administrator_changes_and_reads_them(self, town: Town) -> None:
        with pytest.raises(NotAllowed):
            town.give("冯某", change_setting, HOURS, 8, reasons=WHY)
        for query in (platform_settings, waiting_changes, changes):
            with pytest.raises(NotAllowed):
                town.ask("冯某", query)
