"""设置：每项更改有理由、有生效日，记入记录，可以恢复；流程参数由第二人批准。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.change_calendar import SpecialDay, publish_year
from engine.commands.change_settings import change_setting
from engine.commands.change_values import decide_value, propose_value
from engine.commands.log_in import LogInRefused, log_in
from engine.commands.notice_templates import change_notice_template
from engine.commands.organise import end_post, give_post
from engine.commands.publish_version import NotPublishable, approve_version, draft_version
from engine.commands.remind_work import remind_work
from engine.commands.restore_settings import restore_setting
from engine.desk.settings import LONGEST_REASON, setting
from engine.desk.views import settings as views
from engine.desk.views.settings import (
    Standing,
    changes,
    platform_settings,
    procedure_settings,
    waiting_changes,
)
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.settings import Area, SettingKey
from engine.publishing.folders import Folder, read_folder
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.store.tables import (
    Account,
    AuditEntry,
    CalendarDay,
    NoticeTemplate,
    PostRow,
    SettingChange,
    VersionRow,
)
from engine.store.versions import version_in_force
from engine.workflow import rules_in_force
from tests.office import P01, PROCESSES, Town
from tests.web.reading import rows, words

Stated = int | str | bool
WHY = "主管会议纪要〔2026〕3号"
HOURS = SettingKey.REMINDER_HOURS.value
WORDS = {"zh": "{case_number}", "en": "{case_number}"}


def facts(town: Town, *names: str) -> list[AuditEntry]:
    return town.all(
        sa.select(AuditEntry).where(AuditEntry.fact.in_(names)).order_by(AuditEntry.recorded_at)
    )


def in_force(town: Town) -> VersionRow:
    with town.office.database.reading() as session:
        today = town.ask("方某", lambda desk: desk.today())
        found = version_in_force(session, town.authority_id, P01, today)
        assert found is not None
        session.expunge(found)
        return found


def parameters(town: Town, version_id: str) -> dict[str, Any]:
    with town.office.database.reading() as session:
        return dict(town.office.versions.get(session, version_id).parameters)


def propose(town: Town, key: str, value: Stated, **given: Any) -> SettingChange:
    area = Area.SWITCH if isinstance(value, bool) and key.startswith("reform") else Area.PARAMETER
    made: SettingChange = town.give(
        "方某", propose_value, area, P01, key, value, **{"reasons": WHY, **given}
    )
    return made


def folder_with(old: str, new: str) -> Folder:
    """P01's folder with one line of its rules written otherwise."""
    folder = read_folder(PROCESSES / P01)
    path = f"{P01}/procedure.yaml"
    text = folder.files[path].decode()
    assert old in text
    return Folder(
        folder.procedure,
        {**folder.files, path: text.replace(old, new).encode()},
        folder.scenarios,
    )


def draft(town: Town, folder: Folder, by: str = "丁某") -> VersionRow:
    manifest = manifest_of(folder)
    digest = digest_of_manifest(manifest)
    made: VersionRow = town.give(
        by,
        draft_version,
        P01,
        manifest=manifest,
        digest=digest,
        files={**folder.files, **folder.scenarios},
        report={"digest": digest, "passed": True},
    )
    return made


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
        version = draft(town, folder)
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
        version = draft(town, folder_with("value: 1, unit: years", "value: 2, unit: years"))

        assert parameters(town, version.id)["repeat"] == {
            "window": 2,
            "threshold": 3,
            "include_current": True,
        }

    def test_the_same_folder_is_still_the_version_in_force(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)
        town.give("丁某", decide_value, change.id, granted=True)

        assert draft(town, read_folder(PROCESSES / P01)).number == 2

    def test_a_value_that_the_new_files_cannot_take_stops_them(self, town: Town) -> None:
        change = propose(town, "collective.quorum", "3/4")
        town.give("丁某", decide_value, change.id, granted=True)
        broken = folder_with('quorum: {value: "2/3", proposed', 'quorum: {value: "2/3", nothing')

        with pytest.raises(NotPublishable) as refused:
            draft(town, broken)
        assert refused.value.message_id == "version.values_do_not_fit"

    def test_a_folder_drafted_before_a_change_is_not_approved_after_it(self, town: Town) -> None:
        version = draft(town, folder_with("value: 1, unit: years", "value: 2, unit: years"))
        change = propose(town, "repeat.threshold", 3)
        town.at(2026, 3, 2, 10)
        town.give("丁某", decide_value, change.id, granted=True)

        with pytest.raises(NotPublishable) as refused:
            town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
        assert refused.value.message_id == "version.overtaken"

    def test_a_change_drafted_before_a_folder_is_not_approved_after_it(self, town: Town) -> None:
        change = propose(town, "repeat.threshold", 3)
        version = draft(town, folder_with("value: 1, unit: years", "value: 2, unit: years"))
        town.at(2026, 3, 2, 10)
        town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))

        with pytest.raises(NotPublishable) as refused:
            town.give("丁某", decide_value, change.id, granted=True)
        assert refused.value.message_id == "version.overtaken"


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


class TestPages:
    """设置页：现值、默认值、依据、范围、历史；更改、批准、恢复。"""

    def test_a_value_of_the_platform_is_changed_and_restored(self, town: Town) -> None:
        browser = town.visit("方某")
        here = f"/admin/settings/platform/{HOURS}"
        day = {"effective_on": "2026-03-05"}
        said = browser.post(here, data={"value": "8", "reasons": WHY, **day}, follow_redirects=True)

        assert "已更改，记入记录。" in words(said)
        assert "2026年3月5日 起：8" in words(said)
        assert "现值 4 小时" in words(said)
        assert WHY in words(said)
        assert any(
            "同一事项两次提醒" in row and "改过 1 次" in row
            for row in rows(browser.get("/admin/settings"))
        )

        change = town.one(sa.select(SettingChange).where(SettingChange.area == "platform"))
        restored = browser.post(
            f"/admin/settings/changes/{change.id}/restore",
            data={"reasons": "不改了"},
            follow_redirects=True,
        )
        assert "恢复旧值" in words(restored)

    def test_a_refusal_is_said_on_the_page(self, town: Town) -> None:
        browser = town.visit("方某")
        here = f"/admin/settings/platform/{HOURS}"
        said = browser.post(here, data={"value": "999", "reasons": WHY}, follow_redirects=True)

        assert "只能取 1 至 168 的整数" in words(said)

    def test_a_switch_is_proposed_by_one_and_approved_by_another(self, town: Town) -> None:
        proposer, other = town.visit("方某"), town.visit("丁某")
        here = f"/admin/settings/procedures/{P01}/switch/reform.pre_notice"
        assert "作出决定前书面告知事实" in words(proposer.get(here))
        said = proposer.post(
            here,
            data={"kind": "switch", "value": "false", "reasons": WHY},
            follow_redirects=True,
        )
        assert "等待批准，批准或不批准之后才能提出新的更改" in words(said)
        assert "有一项更改等待批准" in words(proposer.get(f"/admin/settings/procedures/{P01}"))

        waiting = words(other.get("/admin/settings"))
        assert "reform.pre_notice" in waiting
        change = town.one(sa.select(SettingChange).where(SettingChange.area == "switch"))
        granted = other.post(
            f"/admin/settings/changes/{change.id}",
            data={"action": "grant"},
            follow_redirects=True,
        )
        assert "已批准" in words(granted)
        assert "施行的是第 2 版" in words(other.get(f"/admin/settings/procedures/{P01}"))
        assert "开 关" in words(other.get("/admin/settings/changes"))

    def test_numbers_and_texts_of_a_procedure_are_proposed_and_declined(self, town: Town) -> None:
        proposer, other = town.visit("方某"), town.visit("丁某")
        for key, kind, value in (
            ("repeat.window", "number", "2"),
            ("collective.quorum", "text", "3/4"),
        ):
            here = f"/admin/settings/procedures/{P01}/parameter/{key}"
            assert "现值" in words(proposer.get(here))
            given = {"kind": kind, "value": value, "reasons": WHY}
            assert "已提出" in words(proposer.post(here, data=given, follow_redirects=True))
            change = town.one(sa.select(SettingChange).where(SettingChange.key == key))
            said = other.post(
                f"/admin/settings/changes/{change.id}",
                data={"action": "decline", "reasons": "缓"},
                follow_redirects=True,
            )
            assert "已不批准" in words(said)
        assert "未批准" in words(other.get("/admin/settings/changes"))

    def test_every_kind_of_change_is_in_the_history(self, town: Town) -> None:
        town.give("方某", change_notice_template, "red", WORDS, WORDS)
        off = SpecialDay(date(2027, 1, 1), is_workday=False)
        town.give("方某", publish_year, 2027, [off], source="国办通知")
        town.give("方某", give_post, town.people["钱某"], "verifier", valid_from=date(2026, 3, 2))
        page = words(town.visit("方某").get("/admin/settings/changes"))

        for said in (
            "消息模板",
            "未公布 1 个特别日",
            "国办通知",
            "钱某：初核部门",
            "未任职 2026-03-02 至 未定",
        ):
            assert said in page
        only = words(town.visit("方某").get("/admin/settings/changes?area=calendar"))
        assert "国办通知" in only
        assert "钱某" not in only

    def test_a_long_history_is_paged(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(views, "MOST", 2)
        for hours in (5, 6, 7):
            town.give("方某", change_setting, HOURS, hours, reasons=WHY)
        first = town.ask("方某", changes, area="platform")
        second = town.ask("方某", changes, area="platform", after=first.after)

        assert [one.row.new["value"] for one in first.lines] == [7, 6]
        assert [one.row.new["value"] for one in second.lines] == [5]
        page = town.visit("方某").get("/admin/settings/changes?area=platform")
        assert f"after={first.after}" in page.text

    def test_addresses_that_are_none(self, town: Town) -> None:
        browser = town.visit("方某")
        for address in (
            "platform/no.such",
            "procedures/no-such",
            f"procedures/{P01}/parameter/no.such",
            f"procedures/{P01}/nothing/repeat.window",
        ):
            assert browser.get(f"/admin/settings/{address}").status_code == 404
        assert browser.post("/admin/settings/platform/x", data={"value": "8"}).status_code == 400
        here = f"/admin/settings/platform/{HOURS}"
        assert browser.post(here, data={"value": "eight"}).status_code == 400
        wrong = {"value": "8", "effective_on": "morgen", "reasons": WHY}
        assert browser.post(here, data=wrong).status_code == 400
        nowhere = f"/admin/settings/procedures/{P01}/nothing/repeat.window"
        assert browser.post(nowhere, data={"value": "8"}).status_code == 404

    def test_others_do_not_see_them(self, town: Town) -> None:
        browser = town.visit("冯某")

        for address in ("", "/changes", f"/platform/{HOURS}", f"/procedures/{P01}"):
            assert browser.get(f"/admin/settings{address}").status_code == 403
