"""流程参数与开关：更改是新的一版，由第二人批准；流程文件更新，已设的沿用。"""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.change_settings import change_setting
from engine.commands.change_values import decide_value, propose_value
from engine.commands.publish_version import NotPublishable, approve_version
from engine.desk.views.settings import Standing, changes, procedure_settings
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.settings import Area
from engine.publishing.folders import read_folder
from engine.workflow import rules_in_force
from tests.office import P01, PROCESSES, Town
from tests.web.administration.changing import (
    HOURS,
    WHY,
    Stated,
    facts,
    folder_with,
    in_force,
    parameters,
    propose,
)


class TestValuesOfAProcedure:
    """流程参数：更改是新的一版，第二人批准，在办案件不变。"""

    def test_new_cases_take_it_and_running_ones_keep_theirs(self, town: Town) -> None:
        before = town.open()
        change = propose(town, "card.red_after", 5)
        assert in_force(town).number == 1

        town.give("丁某", decide_value, change.id, granted=True)
        after = town.open(subject="林某")

        assert parameters(town, town.case(before).version_id)["card"]["red_after"] == 3
        assert parameters(town, town.case(after).version_id)["card"]["red_after"] == 5

    def test_what_follows_from_a_parameter_follows_it(self) -> None:
        folder = folder_with("yellow_card, {after: 3, unit: working_days, do", "yellow_card, {do")
        content = folder.files[f"{P01}/procedure.yaml"]
        manifest = {"parameters": {"card.red_after": 5}}
        stated = rules_in_force(content, {}).deadlines
        changed = rules_in_force(content, manifest).deadlines
        key = next(one for one in stated if stated[one] != changed[one])

        assert [str(act.after.value) for act in stated[key].on_expiry if act.after] == ["3"]
        assert [str(act.after.value) for act in changed[key].on_expiry if act.after] == ["5"]

    def test_it_takes_effect_on_its_day(self, town: Town) -> None:
        friday = date(2026, 3, 6)
        change = propose(town, "repeat.threshold", 3, effective_on=friday)
        town.give("丁某", decide_value, change.id, granted=True)

        assert in_force(town).number == 1
        town.at(2026, 3, 6)
        assert in_force(town).number == 2

    def test_approved_after_its_day_it_holds_from_the_approval(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3, effective_on=date(2026, 3, 3))
        town.at(2026, 3, 9)
        version = town.give("丁某", decide_value, change.id, granted=True)

        assert version.effective_on == date(2026, 3, 9)

    def test_a_switch_is_turned_off(self, town: Town) -> None:
        change = propose(town, "reform.pre_notice", value=False)
        version = town.give("丁某", decide_value, change.id, granted=True)

        with town.office.database.reading() as session:
            turned = town.office.versions.get(session, version.id).switches
        assert turned["reform"]["pre_notice"] is False

    def test_who_proposed_it_does_not_approve_it(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)

        with pytest.raises(NotAllowed) as refused:
            town.give("方某", decide_value, change.id, granted=True)
        assert refused.value.message_id == "version.second_person"

    def test_declined_it_changes_nothing_and_the_next_may_be_proposed(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)
        town.give("丁某", decide_value, change.id, granted=False, reasons="须先征求意见")

        with pytest.raises(Refusal) as refused:
            town.give("丁某", decide_value, change.id, granted=True)
        assert refused.value.message_id == "setting.decided"
        assert in_force(town).number == 1
        assert facts(town, "setting_declined")[0].details["reasons"] == "须先征求意见"
        assert town.ask("方某", changes).lines[0].standing is Standing.DECLINED

        propose(town, "repeat.threshold", 4)

    def test_a_declining_needs_reasons(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)

        with pytest.raises(Refusal) as refused:
            town.give("丁某", decide_value, change.id, granted=False)
        assert refused.value.message_id == "reasons.missing"

    def test_one_waits_at_a_time(self, town: Town) -> None:
        propose(town, "repeat.threshold", 3)

        with pytest.raises(Refusal) as refused:
            propose(town, "repeat.window", 2)
        assert refused.value.message_id == "setting.waiting"

    @pytest.mark.parametrize(
        ("key", "value", "said"),
        [
            ("repeat.threshold", "三", "setting.kind"),
            ("repeat.threshold", -1, "setting.kind"),
            ("repeat.threshold", True, "setting.kind"),
            ("repeat.threshold", 2, "setting.same"),
            ("repeat.include_current", 1, "setting.kind"),
            ("collective.quorum", " ", "setting.kind"),
            ("collective.quorum", "7/3", "setting.does_not_fit"),
            ("collective.quorum", " 2/3 ", "setting.same"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, town: Town, key: str, value: Stated, said: str
    ) -> None:
        with pytest.raises(Refusal) as refused:
            propose(town, key, value)

        assert refused.value.message_id == said

    def test_there_must_be_such_a_value_and_such_a_procedure(self, town: Town) -> None:
        for area, procedure, key in (
            (Area.PARAMETER, P01, "no.such"),
            (Area.SWITCH, P01, "no.such"),
            (Area.PARAMETER, "no-such", "repeat.threshold"),
        ):
            with pytest.raises(NotFound):
                town.give("方某", propose_value, area, procedure, key, 3, reasons=WHY)
        with pytest.raises(NotFound):
            town.ask("方某", procedure_settings, "no-such")

    def test_what_is_no_procedures_is_not_decided_here(self, town: Town) -> None:
        change = town.give("方某", change_setting, HOURS, 8, reasons=WHY)

        with pytest.raises(NotFound):
            town.give("丁某", decide_value, change.id, granted=True)

    def test_others_neither_propose_nor_decide(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)

        with pytest.raises(NotAllowed):
            town.give("冯某", propose_value, Area.PARAMETER, P01, "k", 3, reasons=WHY)
        with pytest.raises(NotAllowed):
            town.give("冯某", decide_value, change.id, granted=True)
        with pytest.raises(NotFound):
            town.give("邓某", decide_value, change.id, granted=True)


class TestDecimals:
    """小数照写，不因二进制而变。"""

    def test_a_decimal_stays_what_was_typed(self, town: Town) -> None:
        folder = folder_with(
            "  repeat.threshold:",
            "  share.least: {value: 0.5, proposed: true}\n  repeat.threshold:",
        )
        version = town.draft(folder)
        town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
        with pytest.raises(Refusal) as refused:
            propose(town, "share.least", "0,6")
        assert refused.value.message_id == "setting.kind"

        change = propose(town, "share.least", "0.1")
        new = town.give("丁某", decide_value, change.id, granted=True)

        assert str(parameters(town, new.id)["share"]["least"]) == "0.1"


class TestNewFolders:
    """流程文件更新，已设的参数随之沿用；互相撤销的要说出来。"""

    def test_a_value_that_was_set_goes_over_into_the_next_version(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)
        town.give("丁某", decide_value, change.id, granted=True)
        version = town.draft(folder_with("value: 1, unit: years", "value: 2, unit: years"))

        assert parameters(town, version.id)["repeat"] == {
            "window": 2,
            "threshold": 3,
            "include_current": True,
        }

    def test_the_same_folder_is_still_the_version_in_force(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)
        town.give("丁某", decide_value, change.id, granted=True)

        assert town.draft(read_folder(PROCESSES / P01)).number == 2

    def test_a_value_that_the_new_files_cannot_take_stops_them(self, town: Town) -> None:
        change = propose(town, "collective.quorum", "3/4")
        town.give("丁某", decide_value, change.id, granted=True)
        broken = folder_with('quorum: {value: "2/3", proposed', 'quorum: {value: "2/3", nothing')

        with pytest.raises(NotPublishable) as refused:
            town.draft(broken)
        assert refused.value.message_id == "version.values_do_not_fit"

    def test_a_folder_drafted_before_a_change_is_not_approved_after_it(self, town: Town) -> None:
        version = town.draft(folder_with("value: 1, unit: years", "value: 2, unit: years"))
        change = propose(town, "repeat.threshold", 3)
        town.at(2026, 3, 2, 10)
        town.give("丁某", decide_value, change.id, granted=True)

        with pytest.raises(NotPublishable) as refused:
            town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
        assert refused.value.message_id == "version.overtaken"

    def test_a_change_drafted_before_a_folder_is_not_approved_after_it(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)
        version = town.draft(folder_with("value: 1, unit: years", "value: 2, unit: years"))
        town.at(2026, 3, 2, 10)
        town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))

        with pytest.raises(NotPublishable) as refused:
            town.give("丁某", decide_value, change.id, granted=True)
        assert refused.value.message_id == "version.overtaken"
