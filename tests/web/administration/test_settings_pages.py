"""设置页：更改、批准、恢复、历史，只给管理员看。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.change_calendar import SpecialDay, publish_year
from engine.commands.change_settings import change_setting
from engine.commands.notice_templates import change_notice_template
from engine.commands.organise import give_post
from engine.desk.views import settings as views
from engine.desk.views.settings import changes
from engine.store.tables import SettingChange
from tests.office import P01, Town
from tests.web.administration.changing import HOURS, WHY, WORDS
from tests.web.reading import rows, words


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
