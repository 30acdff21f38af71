"""转办与会签、代理、离职转办、偏差清单、动态口令：各自的页面。"""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.hand_over import delegate_work
from engine.commands.oversee import report_overreach
from engine.desk.branches import follows_from
from engine.errors import NotAllowed
from engine.store.tables import (
    CaseRow,
    Departure,
    Deviation,
    Draft,
    HandOver,
    SignatureRequest,
    Substitution,
    WorkItemRow,
)
from scheduler.jobs import drain
from tests.office import PASSWORD, START, Town
from tests.web.reading import words
from web.server import WORKERS

VERIFIED = {
    "facts": "大修中推诿。",
    "method": "调阅、询问。",
    "evidence": "会议记录。",
    "established": True,
    "opinion": "反映情况存在。",
    "need_more": False,
}
LATER: dict[str, Any] = {
    "item": "later",
    "kind": "user",
    "process": "corporate-accountability",
    "element": "ut_start_decision",
    "name": "启动决定",
    "opened_at": START,
}
SCREENED = {"intake": {"exit": "here", "procedure": "corporate-accountability", "remark": "受理"}}


def verifying(town: Town, by: str = "吕某") -> WorkItemRow:
    """Return the verification, in the hands of `by`."""
    case = town.open()
    town.do("冯某", case, "ut_screen", **SCREENED)
    return town.claim(by, case, town.open_elements(case)[0])


def now(town: Town, item: WorkItemRow) -> WorkItemRow:
    found: WorkItemRow = town.one(sa.select(WorkItemRow).where(WorkItemRow.id == item.id))
    return found


class TestHandingOver:
    """承办人在一页上转办、委派、收回；不宜接手的人不在名单里。"""

    def test_the_list_leaves_out_who_may_not_have_it(self, town: Town) -> None:
        page = town.visit("吕某").get(f"/work/{verifying(town).id}/hands")
        listed = re.search(r'<select[^>]*name="person_transfer".*?</select>', page.text, re.DOTALL)

        assert listed is not None
        assert "秦某" in listed[0]
        assert "何某" not in listed[0]  # of the subject's unit
        assert "韩某" not in listed[0]  # no verifier

    def test_transferred_it_is_the_others(self, town: Town) -> None:
        item = verifying(town)
        page = town.visit("吕某").post(
            f"/work/{item.id}/hands",
            data={
                "action": "transfer",
                "person_transfer": town.people["秦某"],
                "reasons_transfer": "出差。",
            },
            follow_redirects=True,
        )

        assert "已转办。" in page.text
        assert now(town, item).claimed_by == town.people["秦某"]
        history = words(town.visit("秦某").get(f"/work/{item.id}/hands"))
        assert "转办 吕某 → 秦某" in history
        assert "出差。" in history
        assert "转办“" in words(town.visit("秦某").get(f"/cases/{item.case_id}/timeline"))

    def test_a_refusal_is_said_on_the_page(self, town: Town) -> None:
        item = verifying(town)
        page = town.visit("吕某").post(
            f"/work/{item.id}/hands",
            data={
                "action": "transfer",
                "person_transfer": town.people["韩某"],
                "reasons_transfer": "出差。",
            },
            follow_redirects=True,
        )

        assert "韩某不担任" in page.text

    def test_delegated_it_is_returned_with_its_draft(self, town: Town) -> None:
        item = verifying(town)
        mine, others = town.visit("吕某"), town.visit("秦某")
        mine.post(
            f"/work/{item.id}/hands",
            data={
                "action": "delegate",
                "person_delegate": town.people["秦某"],
                "reasons_delegate": "请核。",
            },
        )
        assert "委派给您" in others.get(f"/work/{item.id}").text
        others.post(f"/work/{item.id}", data={"answers": "{}", "action": "save"})
        others.post(f"/work/{item.id}/hands", data={"action": "return", "reasons_return": "已核。"})

        assert now(town, item).claimed_by == town.people["吕某"]
        assert town.one(sa.select(HandOver)).note == "已核。"
        assert town.one(sa.select(Draft).where(Draft.person_id == town.people["吕某"]))

    def test_what_one_delegated_one_takes_back(self, town: Town) -> None:
        item = verifying(town)
        town.give("吕某", delegate_work, item.id, town.people["秦某"], reasons="请核。")
        browser = town.visit("吕某")
        assert "收回委派" in words(browser.get(f"/work/{item.id}/hands"))
        browser.post(
            f"/work/{item.id}/hands", data={"action": "recall", "reasons_recall": "已回。"}
        )

        assert now(town, item).claimed_by == town.people["吕某"]

    @pytest.mark.parametrize("action", ["", "burn"])
    def test_what_no_button_says_is_refused(self, town: Town, action: str) -> None:
        item = verifying(town)
        sent = town.visit("吕某").post(f"/work/{item.id}/hands", data={"action": action})
        assert sent.status_code == 400

    def test_a_stranger_does_not_see_it(self, town: Town) -> None:
        assert town.visit("蒋某").get(f"/work/{verifying(town).id}/hands").status_code == 404


class TestSigning:
    """会签：输入口令或动态口令；事项页上提示；签不同意须写理由。"""

    def asked(self, town: Town, place: str = "before") -> tuple[WorkItemRow, SignatureRequest]:
        item = verifying(town)
        town.visit("吕某").post(
            f"/work/{item.id}/hands",
            data={
                "action": "ask",
                "person_ask": town.people["秦某"],
                "place": place,
                "reasons_ask": "请核签。",
            },
        )
        return item, town.one(sa.select(SignatureRequest))

    def test_the_signer_is_led_there_and_signs_with_the_password(self, town: Town) -> None:
        item, request = self.asked(town)
        browser = town.visit("秦某")
        assert "请您会签此项" in browser.get(f"/work/{item.id}").text
        assert "吕某 审计部主管" not in words(browser.get(f"/work/{item.id}/hands"))
        page = browser.post(
            f"/work/{item.id}/signatures/{request.id}",
            data={"action": "agree", "opinion": "同意。", "password": PASSWORD},
            follow_redirects=True,
        )

        assert "已会签" in page.text
        assert town.one(sa.select(SignatureRequest)).state == "agreed"
        told = words(town.visit("秦某").get(f"/cases/{item.case_id}/timeline"))
        assert "：同意" in told

    def test_a_wrong_password_signs_nothing(self, town: Town) -> None:
        item, request = self.asked(town)
        page = town.visit("秦某").post(
            f"/work/{item.id}/signatures/{request.id}",
            data={"action": "agree", "password": "wrong-password"},
            follow_redirects=True,
        )

        assert "已会签" not in page.text
        assert town.one(sa.select(SignatureRequest)).state == "asked"

    def test_the_holder_withdraws_the_request(self, town: Town) -> None:
        item, request = self.asked(town)
        town.visit("吕某").post(
            f"/work/{item.id}/signatures/{request.id}",
            data={"action": "drop", "reasons_drop": "不需要了。"},
        )
        assert town.one(sa.select(SignatureRequest)).state == "dropped"
        bad = town.visit("吕某").post(f"/work/{item.id}/signatures/{request.id}", data={})
        assert bad.status_code == 400

    def test_what_was_submitted_is_shown_to_who_signs_after_it(self, town: Town) -> None:
        item, request = self.asked(town, "after")
        case = town.one(sa.select(CaseRow).where(CaseRow.id == item.case_id))
        town.do("吕某", case, item.element, verification=VERIFIED)
        page = words(town.visit("秦某").get(f"/work/{item.id}/hands"))
        assert "承办人提交的内容" in page
        assert "会议记录。" in page
        assert "正在等待秦某会签" in town.visit("吕某").get(f"/work/{item.id}").text
        town.visit("秦某").post(
            f"/work/{item.id}/signatures/{request.id}",
            data={"action": "agree", "password": PASSWORD},
        )
        assert now(town, item).state == "done"

    def test_signers_of_one_person_steps_are_not_added_as_instances(self, town: Town) -> None:
        item = verifying(town)
        page = town.visit("吕某").post(
            f"/work/{item.id}/hands",
            data={"action": "add", "person_add": town.people["秦某"], "reasons_add": "多一人。"},
            follow_redirects=True,
        )
        assert "不是多人会签的环节" in page.text
        removed = town.visit("吕某").post(
            f"/work/{item.id}/hands",
            data={"action": "remove", "other": item.id, "reasons_remove": "减。"},
        )
        assert removed.status_code == 403


class TestDeputies:
    """我的代理：设定、终止；管理员可查全部。"""

    def test_set_shown_and_ended(self, town: Town) -> None:
        item = verifying(town)
        browser = town.visit("吕某")
        form = {
            "deputy": town.people["秦某"],
            "valid_from": "2026-03-02",
            "valid_to": "2026-03-06",
            "reasons": "休假。",
        }
        assert "已设定代理" in browser.post("/deputies", data=form, follow_redirects=True).text
        seen = words(town.visit("秦某").get("/deputies"))
        assert "代 吕某" in seen
        assert item.name in seen
        assert town.visit("秦某").get(f"/work/{item.id}").status_code == 200
        row = town.one(sa.select(Substitution))
        assert "代理已终止" in browser.post(f"/deputies/{row.id}/end", follow_redirects=True).text

    def test_without_days_nothing_is_set(self, town: Town) -> None:
        page = town.visit("吕某").post("/deputies", data={}, follow_redirects=True)
        assert "请填写起止日期" in page.text

    def test_an_administrator_sets_and_ends_anybodys(self, town: Town) -> None:
        browser = town.visit("方某")
        form = {
            "person": town.people["吕某"],
            "deputy": town.people["秦某"],
            "valid_from": "2026-03-02",
            "valid_to": "2026-03-06",
            "reasons": "休假。",
        }
        page = browser.post("/admin/deputies", data=form, follow_redirects=True)
        assert "秦某" in words(page)
        row = town.one(sa.select(Substitution))
        browser.post(f"/admin/deputies/{row.id}/end")
        assert town.one(sa.select(Substitution)).ended_at is not None
        assert town.visit("吕某").get("/admin/deputies").status_code == 403


class TestDepartures:
    """离职转办：进度、逐件结果、停止。"""

    def test_begun_carried_and_shown(self, town: Town) -> None:
        verifying(town)
        browser = town.visit("方某")
        begun = browser.post(
            "/admin/departures",
            data={"person": town.people["吕某"], "to": town.people["秦某"], "reasons": "调离。"},
            follow_redirects=True,
        )
        assert "0/1" in words(begun)
        row = town.one(sa.select(Departure))
        assert "every 2s" in browser.get(f"/admin/departures/{row.id}").text
        drain(town.office, WORKERS)
        page = browser.get(f"/admin/departures/{row.id}")
        assert "已处理 1 / 1 件：移交 1，未移交 0，已不在手中 0。" in words(page)
        assert "every 2s" not in page.text

    def test_who_may_not_take_it_is_named_at_the_item(self, town: Town) -> None:
        verifying(town)
        browser = town.visit("方某")
        browser.post(
            "/admin/departures",
            data={"person": town.people["吕某"], "to": town.people["韩某"], "reasons": "调离。"},
        )
        drain(town.office, WORKERS)
        row = town.one(sa.select(Departure))
        assert "韩某不担任" in words(browser.get(f"/admin/departures/{row.id}"))

    def test_stopped_it_stays_so(self, town: Town) -> None:
        item = verifying(town)
        browser = town.visit("方某")
        browser.post(
            "/admin/departures",
            data={"person": town.people["吕某"], "to": town.people["秦某"], "reasons": "调离。"},
        )
        row = town.one(sa.select(Departure))
        browser.post(f"/admin/departures/{row.id}/stop")
        drain(town.office, WORKERS)
        assert now(town, item).claimed_by == town.people["吕某"]


class TestDeviations:
    """偏差清单：督办专员知悉、不予认定、确认越权、解除中止。"""

    def attempt(self, town: Town) -> Deviation:
        item = town.item(town.open(), "ut_screen")
        with pytest.raises(NotAllowed):
            town.give("韩某", claim_work, item.id)
        row: Deviation = town.one(sa.select(Deviation))
        return row

    def test_it_is_listed_and_settled(self, town: Town) -> None:
        row = self.attempt(town)
        browser = town.visit("苏某")
        page = words(browser.get("/admin/deviations"))
        assert "韩某" in page
        assert "越权尝试，已拒绝" in page
        browser.post(f"/admin/deviations/{row.id}", data={"action": "dismiss", "reasons": "误点。"})
        assert "没有偏差" in words(browser.get("/admin/deviations"))
        assert "误点。" in words(browser.get("/admin/deviations?settled=1"))

    def test_an_effective_one_is_reported_confirmed_and_lifted(self, town: Town) -> None:
        case = town.open()
        done = town.do("冯某", case, "ut_screen", **SCREENED)
        browser = town.visit("苏某")
        assert "报为越权" in words(browser.get(f"/work/{done.id}/hands"))
        assert "报为越权" not in words(town.visit("冯某").get(f"/work/{done.id}/hands"))
        browser.post("/admin/deviations", data={"item": done.id, "reasons": "任职已终止。"})
        row = town.one(sa.select(Deviation))
        browser.post(f"/admin/deviations/{row.id}", data={"action": "confirm", "reasons": "属实。"})
        element = town.open_elements(case)[0]
        assert town.item(case, element).holds == ["stopped"]
        assert (
            "由督办专员中止" in town.visit("吕某").get(f"/work/{town.item(case, element).id}").text
        )
        browser.post(f"/admin/deviations/{row.id}", data={"action": "lift", "reasons": "补正。"})
        assert town.item(case, element).holds == []

    def test_what_is_called_and_what_follows_the_call_lie_behind(self, town: Town) -> None:
        verified = verifying(town)
        screened = town.one(sa.select(WorkItemRow).where(WorkItemRow.element == "ut_screen"))
        version = town.office.versions
        with town.office.database.reading() as session:
            case = session.get_one(CaseRow, verified.case_id)
            definition = version.get(session, case.version_id).definition
        assert verified.callers  # the verification is a procedure of its own, which is called
        assert follows_from(definition, screened, verified)
        assert not follows_from(definition, verified, screened)
        assert not follows_from(definition, verified, verified)
        later = WorkItemRow(**LATER, case_id=case.id, authority_id=town.authority_id)
        assert follows_from(definition, verified, later)
        nowhere = WorkItemRow(
            **{**LATER, "element": "gone"}, case_id=case.id, authority_id=town.authority_id
        )
        assert not follows_from(definition, nowhere, later)

    def test_others_do_not_see_it_and_no_other_button_works(self, town: Town) -> None:
        row = self.attempt(town)
        assert town.visit("吕某").get("/admin/deviations").status_code == 403
        sent = town.visit("苏某").post(f"/admin/deviations/{row.id}", data={"action": "burn"})
        assert sent.status_code == 400

    def test_the_case_page_says_it_was_reported(self, town: Town) -> None:
        case = town.open()
        done = town.do("冯某", case, "ut_screen", **SCREENED)
        town.give("苏某", report_overreach, done.id, reasons="任职已终止。")
        page = words(town.visit("冯某").get(f"/cases/{case.id}/timeline"))
        assert "生成一条偏差" in page
