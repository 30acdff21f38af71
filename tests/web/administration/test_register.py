"""人员：添加、任职、终止、回避关系、账号；只限本机关。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.organise import add_person, add_unit
from engine.commands.units import close_unit
from engine.store.tables import Account, PersonRow, PostRow, RelationRow, UnitRow
from tests.office import PASSWORD, Town
from tests.web.reading import words


class TestPeople:
    """按姓名排列，分页；可查姓名、职务。"""

    def test_a_person_is_found_by_name_or_title(self, town: Town) -> None:
        browser = town.visit("方某")

        assert "周某" in browser.get("/admin/people?q=周").text
        by_title = browser.get("/admin/people?q=档案员").text
        assert "魏某" in by_title
        assert "秦某" not in by_title

    def test_roles_are_shown_by_their_titles(self, town: Town) -> None:
        assert "线索受理岗" in town.visit("方某").get("/admin/people?q=冯").text

    def test_many_people_are_shown_in_pages(self, town: Town) -> None:
        with town.office.database.begin() as session:
            for number in range(60):
                session.add(PersonRow(authority_id=town.authority_id, name=f"甲{number:02}"))
        browser = town.visit("方某")

        first = browser.get("/admin/people?q=甲").text
        assert "甲49" in first
        assert "甲50" not in first
        second = browser.get("/admin/people", query_string={"q": "甲", "after": "甲49|~"}).text
        assert "甲50" in second
        assert "甲49" not in second

    def test_nobody_found_says_what_to_do(self, town: Town) -> None:
        assert "没有查到人员" in town.visit("方某").get("/admin/people?q=无此人").text

    def test_a_person_is_added_to_a_unit(self, town: Town) -> None:
        unit: UnitRow = town.one(sa.select(UnitRow).where(UnitRow.name == "一车间"))

        page = town.visit("方某").post(
            "/admin/people",
            data={"name": "冉某", "title": "干事", "unit": unit.id},
            follow_redirects=True,
        )

        assert "已添加 冉某" in page.text
        row: PersonRow = town.one(sa.select(PersonRow).where(PersonRow.name == "冉某"))
        assert (row.title, row.unit_id, row.authority_id) == ("干事", unit.id, town.authority_id)

    def test_without_a_name_nothing_is_added(self, town: Town) -> None:
        browser = town.visit("方某")

        assert (
            "请填写姓名"
            in browser.post("/admin/people", data={"name": " "}, follow_redirects=True).text
        )
        assert (
            "请填写单位名称"
            in browser.post("/admin/units", data={"name": ""}, follow_redirects=True).text
        )

    @pytest.mark.parametrize(
        ("sent", "why"),
        [
            ({"name": "字" * 101}, "姓名为 1 至 100 字。"),
            ({"name": "冉某", "title": "字" * 101}, "职务最多 100 字。"),
        ],
    )
    def test_a_name_or_a_title_without_end_is_refused(
        self, town: Town, sent: dict[str, str], why: str
    ) -> None:
        before = len(town.all(sa.select(PersonRow)))
        page = town.visit("方某").post("/admin/people", data=sent, follow_redirects=True)

        assert why in page.text
        assert len(town.all(sa.select(PersonRow))) == before

    def test_a_unit_is_added_below_another(self, town: Town) -> None:
        parent: UnitRow = town.one(sa.select(UnitRow).where(UnitRow.name == "机关"))

        town.visit("方某").post("/admin/units", data={"name": "审计处", "parent": parent.id})

        row: UnitRow = town.one(sa.select(UnitRow).where(UnitRow.name == "审计处"))
        assert row.parent_id == parent.id


class TestPlace:
    """所属单位和职务：改到在用的单位，写明理由；原单位已撤销的仍列出，不会被误改。"""

    def test_somebody_is_moved_with_reasons(self, town: Town) -> None:
        browser, url = town.visit("方某"), f"/admin/people/{town.people['陈某']}"
        unit: UnitRow = town.one(sa.select(UnitRow).where(UnitRow.name == "机关"))

        sent = {"unit": unit.id, "title": "二级调研员", "reasons": "交流任职"}
        page = browser.post(f"{url}/unit", data=sent, follow_redirects=True)

        assert "单位和职务已更改。" in page.text
        assert "二级调研员 · 机关" in words(page)
        assert f'<option value="{unit.id}" selected>机关' in page.text
        history = words(browser.get("/admin/settings/changes?area=person"))
        assert "机关 · 二级调研员" in history
        assert "交流任职" in history

    def test_no_unit_is_said_in_the_history(self, town: Town) -> None:
        browser, url = town.visit("方某"), f"/admin/people/{town.people['陈某']}/unit"
        browser.post(url, data={"unit": "", "title": ""})

        assert "（无单位）" in words(browser.get("/admin/settings/changes?area=person"))

    def test_a_closed_unit_stays_with_who_belongs_to_it_and_with_nobody_else(
        self, town: Town
    ) -> None:
        unit = town.give("方某", add_unit, "三车间")
        left = town.give("方某", add_person, "老某", unit_id=unit.id, status="left")
        town.give("方某", close_unit, unit.id)
        browser = town.visit("方某")

        assert f'<option value="{unit.id}" selected>三车间' in (
            browser.get(f"/admin/people/{left.id}").text
        )
        url = f"/admin/people/{town.people['陈某']}"
        assert unit.id not in browser.get(url).text
        page = browser.post(f"{url}/unit", data={"unit": unit.id}, follow_redirects=True)
        assert "撤销，不再接收人员" in page.text

    def test_only_administrators_move_people(self, town: Town) -> None:
        url = f"/admin/people/{town.people['陈某']}/unit"
        assert town.visit("冯某").post(url, data={"unit": ""}).status_code == 403


class TestPosts:
    """岗位有起止；终止后权限即失。"""

    def post_of(self, town: Town, name: str, role: str) -> PostRow:
        found: PostRow = town.one(
            sa.select(PostRow).where(PostRow.person_id == town.people[name], PostRow.role == role)
        )
        return found

    def test_a_post_is_given_and_the_person_may_work(self, town: Town) -> None:
        person = town.people["钱某"]

        town.visit("方某").post(
            f"/admin/people/{person}/posts",
            data={"role": "intake_clerk", "valid_from": "2026-03-02", "title": "受理岗"},
        )

        assert self.post_of(town, "钱某", "intake_clerk").valid_to is None
        assert town.visit("钱某").get("/").headers["Location"] == "/inbox"

    def test_ended_yesterday_it_gives_nothing(self, town: Town) -> None:
        post = self.post_of(town, "冯某", "intake_clerk")

        town.visit("方某").post(
            f"/admin/people/{town.people['冯某']}/posts/{post.id}", data={"last_day": "2026-03-01"}
        )

        assert self.post_of(town, "冯某", "intake_clerk").valid_to == date(2026, 3, 1)
        assert town.visit("冯某").get("/").headers["Location"] == "/my"

    def test_it_cannot_end_before_it_began(self, town: Town) -> None:
        post = self.post_of(town, "冯某", "intake_clerk")

        page = town.visit("方某").post(
            f"/admin/people/{town.people['冯某']}/posts/{post.id}",
            data={"last_day": "2019-01-01"},
            follow_redirects=True,
        )

        assert "不能早于起日" in page.text

    def test_a_day_that_is_none_is_refused(self, town: Town) -> None:
        url = f"/admin/people/{town.people['冯某']}/posts"
        browser = town.visit("方某")

        assert browser.post(url, data={"role": "verifier"}).status_code == 400
        assert browser.post(f"{url}/any", data={}).status_code == 400


class TestRelations:
    """回避关系登记后，两人的页上都看得到（SUP-017）。"""

    def test_it_is_shown_on_both_sides(self, town: Town) -> None:
        browser = town.visit("方某")
        browser.post(
            f"/admin/people/{town.people['周某']}/relations",
            data={"other": town.people["钱某"], "kind": "kin", "note": "表兄弟"},
        )

        assert "表兄弟" in browser.get(f"/admin/people/{town.people['钱某']}").text
        row: RelationRow = town.one(sa.select(RelationRow).where(RelationRow.kind == "kin"))
        assert row.other_id == town.people["钱某"]


class TestAccounts:
    """账号：开通、换口令、停用、恢复。"""

    def account(self, town: Town, name: str) -> Account:
        found: Account = town.one(sa.select(Account).where(Account.person_id == town.people[name]))
        return found

    def test_one_is_opened_and_lets_in(self, town: Town) -> None:
        answer = town.visit("方某").post(
            f"/admin/people/{town.people['钱某']}/accounts",
            data={"name": "qian", "password": "a long secret"},
            follow_redirects=True,
        )
        assert "已开通账号 qian" in answer.text

        entered = town.app.test_client().post(
            "/login", data={"name": "qian", "password": "a long secret"}
        )
        assert entered.status_code == 302

    def test_a_short_password_is_refused(self, town: Town) -> None:
        browser = town.visit("方某")
        url = f"/admin/people/{town.people['钱某']}/accounts"
        name = self.account(town, "钱某").name

        opened = browser.post(
            url, data={"name": "qian", "password": "short"}, follow_redirects=True
        )
        changed = browser.post(
            f"{url}/{name}", data={"action": "password", "password": "short"}, follow_redirects=True
        )

        assert "10" in opened.text
        assert "至少" in changed.text
        assert town.all(sa.select(Account).where(Account.name == "qian")) == []

    def test_locked_nobody_gets_in_and_unlocked_again(self, town: Town) -> None:
        browser = town.visit("方某")
        name = self.account(town, "钱某").name
        url = f"/admin/people/{town.people['钱某']}/accounts/{name}"
        given = {"name": name, "password": PASSWORD}

        browser.post(url, data={"action": "lock"})
        assert town.app.test_client().post("/login", data=given).status_code == 401
        assert "已停用" in browser.get(f"/admin/people/{town.people['钱某']}").text

        browser.post(url, data={"action": "unlock"})
        assert town.app.test_client().post("/login", data=given).status_code == 302

    def test_another_password_ends_open_sessions(self, town: Town) -> None:
        theirs = town.visit("钱某")
        name = self.account(town, "钱某").name

        town.visit("方某").post(
            f"/admin/people/{town.people['钱某']}/accounts/{name}",
            data={"action": "password", "password": "another secret", "reasons": "本人遗忘"},
        )

        assert theirs.get("/my").status_code == 302
        history = words(town.visit("方某").get("/admin/settings/changes?area=account"))
        assert "口令已更换" in history
        assert "本人遗忘" in history

    def test_every_act_on_one_has_a_field_for_its_reasons(self, town: Town) -> None:
        page = town.visit("方某").get(f"/admin/people/{town.people['钱某']}").text
        name = self.account(town, "钱某").name

        for said in (f"更换 {name} 口令的理由", f"更改 {name} 管理权的理由"):
            assert f'name="reasons" maxlength="500" autocomplete="off" aria-label="{said}"' in page


class TestLevelAndStatus:
    """级别决定批准机关；离岗、退休、调出的仍可立案 (SUP-025, SUP-070)."""

    def test_both_are_kept_and_a_status_that_is_none_is_refused(self, town: Town) -> None:
        browser, url = town.visit("方某"), f"/admin/people/{town.people['陈某']}"
        page = browser.post(
            url, data={"level": "division", "status": "retired"}, follow_redirects=True
        )
        assert "级别和状态已更新。" in page.text
        assert 'value="division"' in page.text
        row: PersonRow = town.one(sa.select(PersonRow).where(PersonRow.name == "陈某"))
        assert (row.level, row.status) == ("division", "retired")
        again = browser.post(url, data={"status": "gone"}, follow_redirects=True)
        assert "没有“gone”这种人员状态" in again.text
