"""匿名举报：不问姓名，凭查询码查询和补充；内容和身份进保密库，查看有理由、留痕。"""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from engine.commands.reports import MOST_AN_HOUR
from engine.store.tables import (
    AccessEntry,
    Attachment,
    CaseRow,
    Notice,
    Record,
    Report,
    VaultField,
)
from tests.office import Town
from tests.web.reading import words
from tests.web.registering.test_registering import clue

TEXT = "二车间主任陈某在大修中推诿扯皮，停产五日。"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
REASON = "联系来信人核实"


def form(town: Town, **more: Any) -> dict[str, Any]:
    return {"authority": town.authority_id, "text": TEXT, "truthful": "yes", **more}


def hand_in(town: Town, **more: Any) -> str:
    """Report without a log-in and return the query code."""
    answer = town.app.test_client().post("/report", data=form(town, **more))
    assert answer.status_code == 200, words(answer)
    found = re.search(r'id="code">([0-9A-Z-]+)<', answer.text)
    assert found
    return found[1]


def ask(town: Town, code: str) -> TestResponse:
    return town.app.test_client().post("/report/query", data={"code": code})


def report(town: Town) -> Report:
    found: Report = town.one(sa.select(Report))
    return found


class TestHandingIn:
    """渠道不得强制填写姓名、电话（SUP-015）；信息实时进入收集队列（SUP-007）。"""

    def test_nothing_about_oneself_is_required(self, town: Town) -> None:
        page = town.app.test_client().get("/report").text

        for name in ("name", "phone", "address"):
            [field] = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
            assert "required" not in field
        assert hand_in(town)

    def test_it_is_in_the_queue_at_once_and_its_receiver_is_told(self, town: Town) -> None:
        hand_in(town)

        assert "待受理" in words(town.visit("冯某").get("/reports"))
        told = town.all(sa.select(Notice).where(Notice.key == "report.received"))
        assert [one.person_id for one in told] == [town.people["冯某"]]
        assert TEXT not in repr([one.text for one in told])

    def test_the_duty_to_report_the_truth_is_acknowledged(self, town: Town) -> None:
        """要求如实举报告知确认 (SUP-064)."""
        answer = town.app.test_client().post("/report", data=form(town, truthful=""))

        assert answer.status_code == 422
        assert "捏造事实诬告他人的另行追究责任" in words(answer)
        assert town.all(sa.select(Report)) == []

    @pytest.mark.parametrize(
        ("more", "said"),
        [
            ({"text": " "}, "请写明内容"),
            ({"name": "长" * 201}, "各不超过200字"),
            ({"authority": "nowhere"}, "请选择受理机关"),
            ({"files": (io.BytesIO(b"MZ"), "virus.exe")}, "virus.exe"),
            ({"files": (io.BytesIO(b"no picture"), "a.png")}, "a.png"),
        ],
    )
    def test_what_is_not_taken_is_said(self, town: Town, more: dict[str, Any], said: str) -> None:
        answer = town.app.test_client().post("/report", data=form(town, **more))

        assert answer.status_code == 422
        assert said in words(answer)
        assert town.all(sa.select(Report)) == []

    def test_one_address_hands_in_five_in_an_hour(self, town: Town) -> None:
        for _ in range(5):
            hand_in(town)

        assert town.app.test_client().post("/report", data=form(town)).status_code == 429
        town.clock.move_to(town.clock.now() + timedelta(hours=1))
        assert hand_in(town)

    def test_an_authority_takes_so_many_in_an_hour(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert MOST_AN_HOUR == 200
        monkeypatch.setattr("engine.commands.reports.MOST_AN_HOUR", 1)
        hand_in(town)

        answer = town.app.test_client().post("/report", data=form(town))

        assert answer.status_code == 422
        assert "一小时内收到的来信过多" in words(answer)


class TestTheCode:
    """查询码只显示一次，平台只存摘要；凭码只见一句办理情况和询问。"""

    def test_only_its_digest_is_kept(self, town: Town) -> None:
        code = hand_in(town)

        assert len(code.replace("-", "")) == 20
        assert code not in repr(vars(report(town)))
        assert len(report(town).code_digest) == 64

    def test_it_is_read_however_it_is_typed(self, town: Town) -> None:
        code = hand_in(town)

        assert "已收到，等待受理" in words(ask(town, code.lower().replace("-", " ")))

    def test_it_shows_the_status_and_never_what_was_said(self, town: Town) -> None:
        page = ask(town, hand_in(town, name="郎某")).text

        assert "您反映的问题已收到，等待受理。" in page
        assert "陈某" not in page
        assert "郎某" not in page

    def test_a_wrong_one_is_not_found(self, town: Town) -> None:
        answer = ask(town, "22222-22222-22222-22222")

        assert answer.status_code == 404
        assert "没有这个查询码" in words(answer)

    def test_nobody_tries_them_out(self, town: Town) -> None:
        for _ in range(30):
            ask(town, "22222")

        assert ask(town, hand_in(town)).status_code == 429


class TestTheExchange:
    """受理岗询问，来信人凭码回答、补充。"""

    def test_a_question_is_read_and_answered_by_the_code(self, town: Town) -> None:
        code = hand_in(town)
        clerk = town.visit("冯某")
        here = f"/reports/{report(town).id}"

        clerk.post(f"{here}/question", data={"text": "哪一天停产？"})
        assert "哪一天停产？" in ask(town, code).text
        added = town.app.test_client().post(
            "/report/add",
            data={
                "code": code,
                "text": "二月三日。",
                "files": (io.BytesIO(PDF), "通知.pdf"),
            },
        )

        assert "补充的内容已收到" in words(added)
        page = clerk.get(here)
        assert "二月三日。" in words(page)
        [link] = re.findall(rf'href="({here}/files/[^"]+)"', page.text)
        assert clerk.get(link).data == PDF
        assert clerk.get(f"{here}/files/none").status_code == 404

    def test_nothing_is_added_by_a_wrong_code_or_without_words(self, town: Town) -> None:
        code, browser = hand_in(town), town.app.test_client()

        wrong = browser.post("/report/add", data={"code": "2", "text": "x"})
        empty = browser.post("/report/add", data={"code": code, "text": ""})

        assert (wrong.status_code, empty.status_code) == (404, 422)

    def test_an_empty_question_is_not_asked(self, town: Town) -> None:
        hand_in(town)
        here = f"/reports/{report(town).id}"

        page = town.visit("冯某").post(f"{here}/question", data={"text": ""}, follow_redirects=True)

        assert "请写明内容" in words(page)


class TestSettling:
    """登记为线索，或者不予受理并说明理由；事事有回音（SUP-033）。"""

    def test_it_becomes_a_case_with_its_files(self, town: Town) -> None:
        code = hand_in(town, files=(io.BytesIO(PDF), "通知.pdf"))
        clerk, row = town.visit("冯某"), report(town)
        address = f"/register/corporate-accountability?report={row.id}"
        assert address.replace("&", "&amp;") in clerk.get(f"/reports/{row.id}").text

        answer = clerk.post(address, data=clue(town))

        case = town.one(sa.select(CaseRow))
        assert answer.headers["Location"] == f"/register/done/{case.id}"
        assert report(town).case_id == case.id
        assert [one.name for one in town.all(sa.select(Attachment))] == ["通知.pdf"]
        assert "已登记，正在办理" in words(ask(town, code))
        assert "已登记" in words(clerk.get("/reports?settled=1"))
        assert "打开案件" in words(clerk.get(f"/reports/{row.id}"))
        again = clerk.post(address, data=clue(town))
        assert (again.status_code, "已经办理" in words(again)) == (409, True)

    def test_why_it_is_not_accepted_is_told_by_the_code(self, town: Town) -> None:
        code, clerk, row = hand_in(town), town.visit("冯某"), report(town)

        clerk.post(f"/reports/{row.id}/refusal", data={"reasons": ""})
        assert report(town).state == "received"
        clerk.post(f"/reports/{row.id}/refusal", data={"reasons": "不属于本机关管辖"})

        assert "不予受理：不属于本机关管辖" in words(ask(town, code))

    def test_when_the_case_is_closed_its_writer_reads_it(self, town: Town) -> None:
        code, row = hand_in(town), report(town)
        town.visit("冯某").post(
            f"/register/corporate-accountability?report={row.id}", data=clue(town)
        )
        with town.office.database.begin() as session:
            case = session.scalars(sa.select(CaseRow)).one()
            case.closed_at = town.clock.now()

        assert "您反映的问题已办结。" in words(ask(town, code))


class TestWhoReported:
    """仅受理岗与保护专员可见；查看须理由并留痕（SUP-014）。"""

    @pytest.mark.parametrize("who", ["冯某", "吴某"])
    def test_with_a_reason_and_on_the_access_record(self, town: Town, who: str) -> None:
        hand_in(town, name="郎某", phone="139", address="三号楼")
        address = f"/reports/{report(town).id}/reporter"
        browser = town.visit(who)

        short = browser.post(address, data={"reason": "看"}, follow_redirects=True)
        page = browser.post(address, data={"reason": REASON})

        assert "4至400个字" in words(short)
        assert all(one in words(page) for one in ("郎某", "139", "三号楼"))
        [look] = town.all(sa.select(AccessEntry).where(AccessEntry.what == "field"))
        assert (look.person_id, look.reason) == (town.people[who], REASON)

    @pytest.mark.parametrize("who", ["吕某", "郑某", "苏某", "方某"])
    def test_nobody_else(self, town: Town, who: str) -> None:
        hand_in(town, name="郎某")
        here, browser = f"/reports/{report(town).id}", town.visit(who)

        assert browser.post(f"{here}/reporter", data={"reason": REASON}).status_code == 403
        assert browser.get(here).status_code == 403
        assert browser.get("/reports").status_code == 403

    def test_another_authority_finds_nothing(self, town: Town) -> None:
        hand_in(town)

        assert town.visit("蒋某").get(f"/reports/{report(town).id}").status_code == 404
        assert "没有来信" in words(town.visit("蒋某").get("/reports"))

    def test_the_vault_alone_has_the_words(self, town: Town) -> None:
        hand_in(town, name="郎某")

        kinds = {one.kind for one in town.all(sa.select(VaultField))}
        assert kinds == {"reporter.name", "reporter.said"}
        for table in Record.metadata.sorted_tables:
            with town.office.database.reading() as session:
                assert "郎某" not in repr(session.execute(sa.select(table)).all()), table.name


class TestByOnesOwnLogIn:
    """有账号的举报人在线登记：先确认如实反映，登记后看得到自己的事项。"""

    def test_a_worker_registers_and_comes_to_the_own_matter(self, town: Town) -> None:
        browser = town.visit("钱某")
        assert browser.get("/register").headers["Location"].endswith("corporate-accountability")

        answer = browser.post("/register/corporate-accountability", data=clue(town))

        case = town.one(sa.select(CaseRow))
        assert answer.headers["Location"] == f"/my/{case.id}"
        assert "您反映的线索已登记" in words(browser.get(f"/my/{case.id}"))
        assert browser.get(f"/cases/{case.id}").status_code == 403

    def test_without_the_acknowledgement_nothing_is_registered(self, town: Town) -> None:
        answer = town.visit("钱某").post(
            "/register/corporate-accountability", data=clue(town, truthful_told=False)
        )

        assert answer.status_code == 409
        assert "应当如实反映" in words(answer)
        assert town.all(sa.select(CaseRow)) == []
