"""账号、单位、印章的更改：写明理由，列入更改历史，可以恢复；不能恢复的说明原因。"""

from __future__ import annotations

import io
from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.accounts import lock_account, set_password, set_rights, unlock_account
from engine.commands.import_roster import RosterLine, import_roster
from engine.commands.log_in import LogInRefused, log_in
from engine.commands.organise import add_person, add_unit, describe_person, give_post, open_account
from engine.commands.passwords import hash_password
from engine.commands.restore_settings import restore_setting
from engine.commands.set_seal import PNG, own_seal, put_seal_back, remove_seal, set_seal
from engine.commands.units import UnitInUse, close_unit, describe_unit, reopen_unit
from engine.desk import SYSTEM, Actor
from engine.desk.settings import LONGEST_REASON
from engine.desk.views.register import people, units
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.settings import Area
from engine.store.tables import Account, AuditEntry, SettingChange, UnitRow
from tests.office import Town
from tests.web.reading import words

WHY = "主管会议纪要〔2026〕3号"
PASSWORD = "a long password"
FIRST, SECOND = PNG + b"first", PNG + b"second"


def account_of(town: Town, name: str) -> Account:
    found: Account = town.one(sa.select(Account).where(Account.person_id == town.people[name]))
    return found


def kept(town: Town, area: Area, key: str) -> list[SettingChange]:
    """Return the changes of a setting, the first one first."""
    of = sa.select(SettingChange).where(SettingChange.area == area, SettingChange.key == key)
    return town.all(of.order_by(SettingChange.number))


def refused(town: Town, command: object, *args: object, **given: object) -> str:
    with pytest.raises(Refusal) as said:
        town.give("方某", command, *args, **given)
    return said.value.message_id


def section(town: Town, name: str, above: UnitRow | None = None) -> UnitRow:
    parent = above.id if above is not None else None
    made: UnitRow = town.give("方某", add_unit, name, parent_id=parent, reasons=WHY)
    return made


class TestAccounts:
    """账号：开通、停用、恢复、管理权，更改前后都在历史里，口令从不在内。"""

    def test_closing_is_kept_with_reasons_and_restored(self, town: Town) -> None:
        account = account_of(town, "冯某")
        town.give("方某", lock_account, account.name, reasons=WHY)

        closed = kept(town, Area.ACCOUNT, account.id)[-1]
        assert (closed.old["active"], closed.new["active"]) == (True, False)
        assert closed.reasons == WHY

        town.give("方某", restore_setting, closed.id, reasons="误停")
        assert account_of(town, "冯某").is_active
        assert kept(town, Area.ACCOUNT, account.id)[-1].restores == closed.id
        assert refused(town, restore_setting, closed.id, reasons="再来") == "setting.same"

    def test_rights_are_given_taken_and_restored(self, town: Town) -> None:
        account = account_of(town, "冯某")
        town.give("方某", set_rights, account.name, is_admin=True, reasons=WHY)
        given = kept(town, Area.ACCOUNT, account.id)[-1]
        assert account_of(town, "冯某").is_admin
        assert (given.old["admin"], given.new["admin"]) == (False, True)

        town.give("方某", set_rights, account.name, is_admin=True)
        assert kept(town, Area.ACCOUNT, account.id)[-1].id == given.id

        town.give("方某", restore_setting, given.id, reasons="只授一日")
        assert not account_of(town, "冯某").is_admin

    def test_one_that_was_opened_is_closed_by_a_restoration(self, town: Town) -> None:
        hashed = hash_password(PASSWORD)
        whom = town.people["钱某"]
        town.give("方某", open_account, whom, "second", password_hash=hashed, is_admin=True)
        account = town.one(sa.select(Account).where(Account.name == "second"))
        (opened,) = kept(town, Area.ACCOUNT, account.id)
        assert opened.old == {}
        town.give("方某", restore_setting, opened.id, reasons="误开")

        now = town.one(sa.select(Account).where(Account.name == "second"))
        assert (now.is_active, now.is_admin) == (False, False)
        assert isinstance(log_in(town.office, "second", PASSWORD, hours=8), LogInRefused)

    def test_a_password_is_never_kept_and_never_brought_back(self, town: Town) -> None:
        account = account_of(town, "冯某")
        hashed = hash_password("another long one")
        town.give("方某", set_password, account.name, hashed, reasons="本人申请")

        changed = kept(town, Area.ACCOUNT, account.id)[-1]
        assert changed.reasons == "本人申请"
        assert hashed not in str((changed.old, changed.new))
        assert refused(town, restore_setting, changed.id, reasons="x") == "setting.not_undone"
        page = words(town.visit("方某").get("/admin/settings/changes?area=account"))
        assert "口令已更换" in page

    def test_nobody_takes_ones_own_away(self, town: Town) -> None:
        own = account_of(town, "方某").name

        assert refused(town, lock_account, own) == "account.own"
        assert refused(town, set_rights, own, is_admin=False) == "account.own"
        town.give("方某", unlock_account, own)

    def test_a_lock_of_a_locked_one_is_no_change(self, town: Town) -> None:
        account = account_of(town, "冯某")
        before = len(kept(town, Area.ACCOUNT, account.id))
        town.give("方某", unlock_account, account.name)
        assert len(kept(town, Area.ACCOUNT, account.id)) == before

    def test_reasons_have_an_end_and_strangers_no_right(self, town: Town) -> None:
        name = account_of(town, "冯某").name
        long = "字" * (LONGEST_REASON + 1)

        assert refused(town, lock_account, name, reasons=long) == "setting.reason_long"
        with pytest.raises(NotAllowed):
            town.give("冯某", set_rights, name, is_admin=True)
        with pytest.raises(NotFound):
            town.give("邓某", set_rights, name, is_admin=True)
        with pytest.raises(NotAllowed):
            town.office.give(Actor(SYSTEM, ""), lock_account, name)

    def test_on_the_page(self, town: Town) -> None:
        browser = town.visit("方某")
        name, person = account_of(town, "冯某").name, town.people["冯某"]
        here = f"/admin/people/{person}/accounts/{name}"
        for action, said in (
            ("give", "已授予管理权。"),
            ("take", "已收回管理权。"),
            ("lock", "账号已停用。"),
            ("unlock", "账号已恢复。"),
        ):
            sent = {"action": action, "reasons": f"因{action}"}
            assert said in words(browser.post(here, data=sent, follow_redirects=True))

        history = words(browser.get("/admin/settings/changes?area=account"))
        for said in (f"冯某：{name}", "因take", "启用，可管理平台 启用", "启用 停用"):
            assert said in history


class TestUnits:
    """单位：设立、改名、改上级、撤销、恢复；有人在的不能撤销。"""

    def test_a_new_name_is_kept_and_restored_and_people_are_found_by_it(self, town: Town) -> None:
        unit = section(town, "三车间")
        town.give("方某", add_person, "新人", unit_id=unit.id)
        town.give("方某", describe_unit, unit.id, "第三车间", reasons=WHY)

        added, renamed = kept(town, Area.UNIT, unit.id)
        assert added.old == {}
        assert (renamed.old["name"], renamed.new["name"]) == ("三车间", "第三车间")
        assert [one.unit for one in town.ask("方某", people, search="新人").lines] == ["第三车间"]

        town.give("方某", restore_setting, renamed.id, reasons="仍用旧名")
        assert town.one(sa.select(UnitRow.name).where(UnitRow.id == unit.id)) == "三车间"

    def test_it_is_moved_below_another_but_never_below_itself(self, town: Town) -> None:
        works = section(town, "总厂")
        shop = section(town, "三车间", works)
        team = section(town, "一班", shop)
        assert refused(town, describe_unit, works.id, "总厂", parent_id=team.id) == (
            "unit.below_itself"
        )
        town.give("方某", describe_unit, team.id, "一班", parent_id=works.id)
        moved = kept(town, Area.UNIT, team.id)[-1]
        assert (moved.old["above"], moved.new["above"]) == ("三车间", "总厂")

        town.give("方某", restore_setting, moved.id, reasons="改错")
        assert town.one(sa.select(UnitRow.parent_id).where(UnitRow.id == team.id)) == shop.id

    def test_one_in_use_is_not_closed(self, town: Town) -> None:
        unit = section(town, "三车间")
        below = section(town, "一班", unit)
        person = town.give("方某", add_person, "新人", unit_id=unit.id)
        town.give("方某", give_post, person.id, "verifier", valid_from=date(2026, 3, 2))
        with pytest.raises(UnitInUse) as said:
            town.give("方某", close_unit, unit.id)
        assert said.value.params == {"name": "三车间", "people": 1, "posts": 1, "units": 1}
        (added,) = kept(town, Area.UNIT, unit.id)
        assert refused(town, restore_setting, added.id, reasons="误设") == "unit.in_use"

        town.give("方某", close_unit, below.id)
        town.give("方某", describe_person, person.id, level="", status="left")
        (post,) = kept(
            town,
            Area.POST,
            town.all(
                sa.select(SettingChange.key)
                .where(SettingChange.area == Area.POST)
                .order_by(SettingChange.changed_at)
            )[-1],
        )
        town.give("方某", restore_setting, post.id, reasons="离岗")
        town.at(2026, 3, 3)
        town.give("方某", restore_setting, added.id, reasons="误设")
        closed = town.one(sa.select(UnitRow.closed_on).where(UnitRow.id == unit.id))
        assert closed == date(2026, 3, 3)

    def test_a_closed_one_takes_in_nobody(self, town: Town) -> None:
        unit = section(town, "三车间")
        town.give("方某", close_unit, unit.id, reasons="合并")
        whom = town.people["钱某"]

        assert unit.id not in {one.id for one in town.ask("方某", units)}
        assert refused(town, add_unit, "一班", parent_id=unit.id) == "unit.closed"
        assert refused(town, add_person, "新人", unit_id=unit.id) == "unit.closed"
        given = {"valid_from": date(2026, 3, 2), "unit_id": unit.id}
        assert refused(town, give_post, whom, "verifier", **given) == "unit.closed"
        line = RosterLine(1, "三车间", "新人")
        assert refused(town, import_roster, [line]) == "unit.closed"
        assert refused(town, close_unit, unit.id) == "setting.same"

    def test_it_is_opened_again_unless_the_one_above_is_closed(self, town: Town) -> None:
        works = section(town, "总厂")
        shop = section(town, "三车间", works)
        town.give("方某", close_unit, shop.id)
        town.give("方某", close_unit, works.id)

        assert refused(town, reopen_unit, shop.id) == "unit.closed"
        town.give("方某", reopen_unit, works.id, reasons="恢复")
        closed = kept(town, Area.UNIT, shop.id)[-1]
        town.give("方某", restore_setting, closed.id, reasons="一并恢复")
        assert town.one(sa.select(UnitRow.closed_on).where(UnitRow.id == shop.id)) is None

    def test_a_name_has_letters_and_an_end(self, town: Town) -> None:
        unit = section(town, "三车间")

        for command, first in ((add_unit, ()), (describe_unit, (unit.id,))):
            assert refused(town, command, *first, " ") == "unit.name"
            assert refused(town, command, *first, "字" * 101) == "unit.name"
        assert refused(town, describe_unit, unit.id, "  ") == "unit.name"
        assert refused(town, describe_unit, unit.id, "字" * 101) == "unit.name"
        assert refused(town, describe_unit, unit.id, "三车间") == "setting.same"
        with pytest.raises(NotFound):
            town.give("方某", describe_unit, unit.id, "x", parent_id="none")
        with pytest.raises(NotFound):
            town.give("邓某", close_unit, unit.id)
        with pytest.raises(NotAllowed):
            town.give("冯某", reopen_unit, unit.id)

    def test_every_change_is_on_the_record(self, town: Town) -> None:
        unit = section(town, "三车间")
        town.give("方某", close_unit, unit.id)

        (entry,) = town.all(sa.select(AuditEntry).where(AuditEntry.fact == "unit_changed"))
        assert entry.details["after"]["closed"] == "2026-03-02"

    def test_on_the_pages(self, town: Town) -> None:
        browser = town.visit("方某")
        said = words(browser.post("/admin/units", data={"name": " "}, follow_redirects=True))
        assert "请填写单位名称。" in said
        for name in ("总厂", "三车间"):
            sent = {"name": name, "reasons": WHY}
            said = words(browser.post("/admin/units", data=sent, follow_redirects=True))
            assert f"已添加单位 {name}。" in said
        above, unit = (
            town.one(sa.select(UnitRow).where(UnitRow.name == one)) for one in ("总厂", "三车间")
        )
        here = f"/admin/units/{unit.id}"
        sent = {"action": "describe", "name": "第三车间", "parent": above.id, "reasons": WHY}
        said = words(browser.post(here, data=sent, follow_redirects=True))
        assert "单位已更改。" in said
        assert "三车间 第三车间（上级：总厂）" in said
        assert f'value="{unit.id}"' not in browser.get(f"/admin/units/{above.id}").text

        said = words(browser.post(here, data={"action": "close"}, follow_redirects=True))
        assert "2026年3月2日 起不再接收人员、任职和下级单位" in said
        assert "2026年3月2日 撤销" in words(browser.get("/admin/units"))
        said = words(browser.post(here, data={"action": "reopen"}, follow_redirects=True))
        assert "单位已恢复。" in said
        assert "第三车间（上级：总厂），2026-03-02 撤销 第三车间（上级：总厂）" in said
        assert browser.get("/admin/units/none").status_code == 404
        assert town.visit("冯某").get("/admin/units").status_code == 403


class TestSeals:
    """印章图片：上传、撤下、恢复；图片留存，历史里是它的摘要。"""

    def test_it_is_taken_down_and_put_back(self, town: Town) -> None:
        town.give("方某", set_seal, FIRST)
        town.give("方某", set_seal, SECOND, reasons="新印启用")
        assert town.ask("方某", own_seal) == SECOND
        first, second = kept(town, Area.SEAL, "seal")
        assert (first.old["digest"], second.old) == ("", first.new)

        town.give("方某", restore_setting, second.id, reasons="新印有误")
        assert town.ask("方某", own_seal) == FIRST
        town.give("方某", remove_seal, reasons="停用")
        assert town.ask("方某", own_seal) is None
        removed = kept(town, Area.SEAL, "seal")[-1]
        town.give("方某", restore_setting, removed.id, reasons="恢复使用")
        assert town.ask("方某", own_seal) == FIRST
        assert refused(town, restore_setting, removed.id, reasons="再来") == "setting.same"

    def test_the_first_one_goes_by_a_restoration(self, town: Town) -> None:
        town.give("方某", set_seal, FIRST)
        (first,) = kept(town, Area.SEAL, "seal")
        town.give("方某", restore_setting, first.id, reasons="误传")

        assert town.ask("方某", own_seal) is None
        assert refused(town, remove_seal) == "seal.none"

    def test_only_what_was_the_seal_here_is_put_back(self, town: Town) -> None:
        with pytest.raises(NotFound):
            town.give("方某", put_seal_back, "0" * 64, reasons=WHY)
        with pytest.raises(NotAllowed):
            town.give("冯某", remove_seal)

    def test_on_the_page(self, town: Town) -> None:
        browser = town.visit("方某")
        sent = {"image": (io.BytesIO(FIRST), "seal.png"), "reasons": "刻制完成"}
        said = words(browser.post("/admin/seal", data=sent, follow_redirects=True))
        assert "没有印章图片 图片" in said
        assert "刻制完成" in said

        taken = {"action": "remove", "reasons": "旧印作废"}
        said = words(browser.post("/admin/seal", data=taken, follow_redirects=True))
        assert "已撤下印章图片。" in said
        assert "还没有上传印章图片。" in said
        assert "旧印作废" in said
        assert "印章图片" in words(browser.get("/admin/settings/changes?area=seal"))
