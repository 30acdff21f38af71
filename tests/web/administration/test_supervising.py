"""督办视图和上级督办的页面：授权、查看理由、督办通知与答复，中英文。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine.commands.grant_supervision import grant_supervision, place_authority
from engine.commands.organise import add_person, give_post, open_account
from engine.desk import Desk, system_actor
from engine.store.tables import AccessEntry, CaseRow, SupervisionGrant, SupervisionNotice
from tests.office import P01, Town
from tests.web import walking
from tests.web.reading import rows, words


def officer(desk: Desk) -> str:
    person = add_person(desk, "上督")
    give_post(desk, person.id, "supervision_officer", valid_from=date(2020, 1, 1))
    open_account(desk, person.id, "above")
    return person.id


@pytest.fixture
def placed(town: Town) -> Town:
    """The carrier stands above the group, with a supervision officer of its own."""
    town.office.give(system_actor(""), place_authority, "group", above="other")
    town.people["上督"] = town.office.give(system_actor(town.other_authority_id), officer)
    return town


def granted(town: Town) -> CaseRow:
    case = walking.to_verification(town)
    days = {"valid_from": date(2026, 3, 2), "valid_to": date(2026, 12, 31)}
    town.give("方某", grant_supervision, [P01], **days, reasons="接受上级督办。")
    return case


def looked(client: FlaskClient, case: CaseRow) -> Any:
    form = {"reason": "核实督办事项"}
    return client.post(f"/admin/below/{case.id}", data=form, follow_redirects=True)


class TestOpening:
    """上级督办：管理员开放、收回，看到上级的每一次查看。"""

    def test_it_is_opened_and_taken_back(self, placed: Town) -> None:
        admin = placed.visit("方某")
        assert "上级机关看不到本机关的任何案件" in words(admin.get("/admin/above"))
        form = {
            "superior": placed.other_authority_id,
            "procedure": P01,
            "valid_from": "2026-03-02",
            "valid_to": "2026-12-31",
            "with_secret": "yes",
            "reasons": "接受上级督办。",
        }

        page = words(admin.post("/admin/above", data=form, follow_redirects=True))

        assert "已开放督办视图，可随时收回。" in page
        assert "3月2日 周一 至 12月31日 周四" in page
        assert "含保密案件" in page
        row: SupervisionGrant = placed.one(sa.select(SupervisionGrant))
        ended = words(
            admin.post(
                f"/admin/above/{row.id}/end",
                data={f"reasons-{row.id}": "督办已结束。"},
                follow_redirects=True,
            )
        )
        assert "已收回，即时生效。" in ended
        assert "督办已结束。" in ended
        assert f"reasons-{row.id}" not in ended

    def test_a_grant_of_later_days_has_not_begun(self, placed: Town) -> None:
        days = {"valid_from": date(2026, 4, 1), "valid_to": date(2026, 4, 30)}
        placed.give("方某", grant_supervision, [P01], **days, reasons="下月起。")
        assert "未生效" in words(placed.visit("方某").get("/admin/above"))

    def test_what_is_wrong_is_said(self, placed: Town) -> None:
        admin = placed.visit("方某")
        form = {"superior": placed.other_authority_id, "reasons": "督办"}
        days = {"valid_from": "2026-03-02", "valid_to": "2026-12-31"}
        page = words(admin.post("/admin/above", data={**form, **days}, follow_redirects=True))
        assert "请至少选择一个本机关施行过的流程" in page
        assert admin.post("/admin/above", data=form).status_code == 400

    def test_without_an_authority_above_the_page_says_how_to_place_one(self, town: Town) -> None:
        page = words(town.visit("方某").get("/admin/above"))
        assert "wenze users above" in page
        assert "上级督办" not in words(town.visit("方某").get("/admin/late"))

    def test_every_look_is_shown_to_the_authority_below(self, placed: Town) -> None:
        case = granted(placed)
        above = placed.visit("上督")
        above.get("/admin/below")
        looked(above, case)

        page = placed.visit("方某").get("/admin/above")

        found = [one for one in rows(page) if "上督" in one]
        assert any("督办列表" in one for one in found)
        assert any("核实督办事项" in one and case.number in one for one in found)


class TestWatching:
    """督办视图：列表、查看理由、步骤与期限，没有案由和姓名。"""

    def test_the_list_shows_lamp_step_and_post(self, placed: Town) -> None:
        case = granted(placed)
        page = placed.visit("上督").get("/admin/below")

        row = next(one for one in rows(page) if case.number in one)
        assert "某重工集团" in row
        assert "二车间主任" in row
        assert "剩 10 个工作日" in row
        for hidden in ("陈某", "推诿扯皮", "吕某"):
            assert hidden not in page.text

    @pytest.mark.parametrize("state", ["", "late", "closed", "all"])
    def test_it_is_filtered(self, placed: Town, state: str) -> None:
        case = granted(placed)
        page = placed.visit("上督").get(f"/admin/below?state={state}").text
        assert (case.number in page) == (state in {"", "all"})

    def test_addresses_that_somebody_typed(self, placed: Town) -> None:
        above = placed.visit("上督")
        for query in ("state=x", "after=nonsense"):
            assert above.get(f"/admin/below?{query}").status_code == 400

    def test_pages_lead_on_and_back(self, placed: Town) -> None:
        granted(placed)
        for _each in range(21):
            placed.open()
        page = placed.visit("上督").get("/admin/below").text
        assert 'rel="next"' in page

    def test_why_one_looks_is_asked_first_and_noted(self, placed: Town) -> None:
        case = granted(placed)
        above = placed.visit("上督")
        first = words(above.get(f"/admin/below/{case.id}"))
        assert "查看理由" in first
        assert "时间线" not in first
        assert placed.all(sa.select(AccessEntry).where(AccessEntry.case_id == case.id)) == []
        assert "至少 4 个字" in words(
            above.post(f"/admin/below/{case.id}", data={"reason": "看"}, follow_redirects=True)
        )

        page = looked(above, case)

        assert "因“核实督办事项”查看" in words(page)
        assert "打开事项" in words(page)
        for hidden in ("陈某", "推诿扯皮", "吕某", "冯某"):
            assert hidden not in page.text, hidden
        looks = placed.all(sa.select(AccessEntry).where(AccessEntry.case_id == case.id))
        assert len(looks) == 2

    def test_a_whole_case_names_nobody(self, placed: Town) -> None:
        days = {"valid_from": date(2026, 3, 2), "valid_to": date(2026, 12, 31)}
        placed.give("方某", grant_supervision, [P01], **days, reasons="接受上级督办。")
        case = walking.to_service(placed)
        page = looked(placed.visit("上督"), case)
        assert "已结束的期限" in words(page)
        for hidden in ("陈某", "周某", "郑某", "吕某", "推诿扯皮"):
            assert hidden not in page.text, hidden

    def test_in_english(self, placed: Town) -> None:
        case = granted(placed)
        above = placed.visit("上督")
        above.get("/admin/below?lang=en")
        page = words(looked(above, case))
        assert "Timeline" in page
        assert "Supervision view" in page

    def test_the_menu_shows_it_to_supervision_above_only(self, placed: Town) -> None:
        assert 'href="/admin/below"' in placed.visit("上督").get("/admin/late").text
        assert 'href="/admin/below"' not in placed.visit("苏某").get("/admin/late").text
        assert 'href="/admin/above"' in placed.visit("苏某").get("/admin/late").text


class TestNotices:
    """督办通知：上级发出，承办人在案件页答复，上级看到答复。"""

    def test_asked_and_answered(self, placed: Town) -> None:
        case = granted(placed)
        placed.claim("吕某", case, "ut_verify")
        above = placed.visit("上督")
        looked(above, case)
        asked = {"text": "请说明核实进展。", "answer_by": "2026-03-05"}

        sent = above.post(f"/admin/below/{case.id}/notices", data=asked, follow_redirects=True)

        assert "督办通知已发出" in words(sent)
        assert "3月5日 周四 前答复" in words(sent)
        handler = placed.visit("吕某")
        assert "上级机关有 1 份督办通知待答复" in words(handler.get(f"/cases/{case.id}"))
        assert "请说明核实进展。" in words(handler.get(f"/cases/{case.id}/above"))
        row: SupervisionNotice = placed.one(sa.select(SupervisionNotice))
        done = handler.post(
            f"/cases/{case.id}/above/{row.id}",
            data={"answer": "已约谈两人。"},
            follow_redirects=True,
        )
        assert "已答复，上级机关可以看到。" in words(done)
        assert "已约谈两人。" in words(above.get(f"/admin/below/{case.id}"))
        timeline = words(handler.get(f"/cases/{case.id}/timeline"))
        assert "上级机关发来第 1 号督办通知，答复期限 3月5日 周四" in timeline
        assert "答复上级第 1 号督办通知" in timeline

    def test_who_may_not_answer_is_told_who_does(self, placed: Town) -> None:
        case = granted(placed)
        above = placed.visit("上督")
        looked(above, case)
        above.post(
            f"/admin/below/{case.id}/notices",
            data={"text": "进展？", "answer_by": "2026-03-05"},
        )
        assert "由承办人或督办专员答复。" in words(
            placed.visit("郑某").get(f"/cases/{case.id}/above")
        )
        assert "没有就本案发过督办通知" in words(
            placed.visit("郑某").get(f"/cases/{placed.open().id}/above")
        )

    def test_late_it_is_marked_so_on_both_sides(self, placed: Town) -> None:
        case = granted(placed)
        above = placed.visit("上督")
        looked(above, case)
        above.post(
            f"/admin/below/{case.id}/notices",
            data={"text": "进展？", "answer_by": "2026-03-03"},
        )
        placed.at(2026, 3, 4)
        assert "逾期未答复" in words(placed.visit("苏某").get("/admin/above"))
        page = words(looked(above, case))
        assert "上级第 1 号督办通知逾期未答复" in page
