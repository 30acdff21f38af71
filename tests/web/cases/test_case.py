"""案件：走到哪里、正在办什么、接下来是什么；每一件事都在时间线上；看不到的案件等于没有。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.store.tables import AccessEntry, DocumentRow, Incident, Recusal
from tests.office import Town
from tests.web import walking
from tests.web.reading import rows, words
from tests.web.scenes import Stood

TABS = ("", "/timeline", "/deadlines", "/documents", "/people", "/recusal")


class TestWhoSees:
    """案件只对有职责的人可见；对其他人，没有这个案件（404）。"""

    @pytest.mark.parametrize("tab", TABS)
    def test_to_another_authority_there_is_no_such_case(self, town: Town, tab: str) -> None:
        case = town.open()

        assert town.visit("蒋某").get(f"/cases/{case.id}{tab}").status_code == 404
        assert town.visit("冯某").get("/cases/nothing").status_code == 404

    def test_nor_does_its_diagram_leave(self, town: Town) -> None:
        case = town.open()
        address = f"/cases/{case.id}/diagram/corporate-accountability"

        assert town.visit("蒋某").get(address).status_code == 404
        diagram = town.visit("冯某").get(address)
        assert diagram.mimetype == "application/xml"
        assert b"<bpmn:process" in diagram.data
        assert town.visit("冯某").get(f"/cases/{case.id}/diagram/other").status_code == 404

    def test_the_subject_gets_no_office_page(self, town: Town) -> None:
        case = town.open()

        assert town.visit("陈某").get(f"/cases/{case.id}").status_code == 403

    def test_the_list_holds_what_one_may_see(self, town: Town) -> None:
        town.open()

        assert len(rows(town.visit("冯某").get("/cases"))) == 1
        assert rows(town.visit("蒋某").get("/cases")) == []
        assert "没有您可以查看的案件" in words(town.visit("蒋某").get("/cases"))

    def test_the_list_is_searched_and_turned(self, town: Town) -> None:
        for _each in range(21):
            town.open()
        browser = town.visit("冯某")
        first = browser.get("/cases")
        address = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

        assert len(rows(first)) == 20
        assert len(rows(browser.get(address))) == 1
        assert len(rows(browser.get("/cases?q=〔2026〕21号"))) == 1
        assert len(rows(browser.get("/cases?state=open"))) == 20
        assert rows(browser.get("/cases?state=closed")) == []
        assert browser.get("/cases?state=x").status_code == 400
        assert browser.get("/cases?after=x").status_code == 400


class TestWhereItStands:
    """阶段、流程图、正在办的事项和接下来的环节。"""

    def test_the_present_stage_and_step_are_named(self, inquiry: Stood) -> None:
        page = inquiry.town.visit("周某").get(f"/cases/{inquiry.case.id}")

        assert 'class="is-now" aria-current="step"' in page.text
        assert "调查 （当前）" in words(page)
        assert "启动 （已完成）" in words(page)

    def test_what_waits_says_who_has_it_and_by_when(self, town: Town) -> None:
        case = walking.to_verification(town)
        town.claim("吕某", case, "ut_verify")

        page = words(town.visit("吕某").get(f"/cases/{case.id}"))

        assert "初步核实 3月2日 周一 到达" in page
        assert "剩 10 个工作日" in page
        assert "办理：初步核实" in page

    def test_what_comes_next_is_read_from_the_diagram(self, town: Town) -> None:
        case = walking.to_verification(town)

        page = words(town.visit("吕某").get(f"/cases/{case.id}"))

        assert "接下来" in page
        assert "对照问责情形 DT-CA-1" in page or "补充核实" in page

    def test_the_diagram_marks_what_is_done_and_what_waits(self, town: Town) -> None:
        case = walking.to_verification(town)
        page = town.visit("吕某").get(f"/cases/{case.id}").text

        assert '"now":["ca_verify"]' in page
        assert '"done":["ca_intake","start_clue"]' in page

    def test_the_diagram_of_a_called_procedure_can_be_opened(self, town: Town) -> None:
        case = walking.to_verification(town)
        browser = town.visit("吕某")

        page = browser.get(f"/cases/{case.id}?process=preliminary-verification").text

        assert '"now":["ut_verify"]' in page
        assert browser.get(f"/cases/{case.id}?process=other").status_code == 404

    def test_an_officer_who_does_not_handle_it_sees_no_file(self, inquiry: Stood) -> None:
        page = words(inquiry.town.visit("魏某").get(f"/cases/{inquiry.case.id}"))

        assert "登记内容" not in page
        assert "大修中推诿扯皮，致停产五日。" not in page


class TestTheEnd:
    """办结的案件写明结果；受阻的写明待管理员处理。"""

    def test_a_closed_case_says_its_outcome(self, town: Town) -> None:
        case = walking.to_verification(town)
        nothing = {
            "verification": {
                "facts": "查无此事。",
                "method": "调阅。",
                "evidence": "记录。",
                "established": False,
                "opinion": "反映情况不存在。",
                "need_more": False,
            }
        }
        town.do("吕某", case, "ut_verify", **nothing)
        browser = town.visit("吕某")

        page = words(browser.get(f"/cases/{case.id}"))

        assert "不属实" in page
        assert "没有等待办理的事项。" in page
        assert "启动 （视情况）" in page
        assert len(rows(browser.get("/cases?state=closed"))) == 1

    def test_a_stopped_case_says_so(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.add(
                Incident(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    element="ut_screen",
                    kind="nobody",
                    reason={"zh": "无人可办", "en": "Nobody"},
                    happened_at=town.clock.now(),
                )
            )

        assert "流程受阻，待管理员处理" in words(town.visit("冯某").get(f"/cases/{case.id}"))

    def test_whom_a_recusal_bars_finds_the_case_in_no_list(self, inquiry: Stood) -> None:
        town, case = inquiry.town, inquiry.case
        town.visit("林某").post(f"/cases/{case.id}/recusal", data={"who": "me", "reasons": "同学"})
        browser = town.visit("林某")

        assert rows(browser.get("/cases")) == []
        assert rows(browser.get("/inbox")) == []


class TestWithdrawal:
    """撤案须有理由，由提请人以外的人决定；已有决定的不能撤（procedures §9）。"""

    def test_one_proposes_and_another_decides(self, town: Town) -> None:
        case = walking.to_verification(town)
        address = f"/cases/{case.id}/withdrawal"
        clerk = town.visit("吕某")
        assert "对撤案提请的决定" not in words(clerk.get(address))
        clerk.post(address, data={"reasons": "重复登记"})

        chair = town.visit("郑某")
        assert "对撤案提请的决定" in words(chair.get(address))
        assert "提请撤案 理由：重复登记" in words(chair.get(f"/cases/{case.id}/timeline"))
        chair.post(address, data={"decision": "grant", "reasons": "确属重复"})

        assert town.case(case).status == "withdrawn"
        assert "已撤案" in words(chair.get(f"/cases/{case.id}"))

    def test_without_a_proposal_there_is_nothing_to_decide(self, town: Town) -> None:
        case = walking.to_verification(town)

        page = town.visit("郑某").post(
            f"/cases/{case.id}/withdrawal",
            data={"decision": "grant", "reasons": "重复"},
            follow_redirects=True,
        )

        assert 'class="wz-note wz-note-bad"' in page.text
        assert town.case(case).closed_at is None

    def test_a_decided_case_offers_it_no_more(self, service: Stood) -> None:
        page = service.town.visit("郑某").get(f"/cases/{service.case.id}").text

        assert "/withdrawal" not in page


class TestDocuments:
    """文书有文号、摘要和下载；每次打开都记入查看记录。"""

    def test_a_served_letter_shows_number_digest_and_receipt(self, service: Stood) -> None:
        page = words(service.town.visit("郑某").get(f"/cases/{service.case.id}/documents"))

        assert "某司问决〔2026〕1号" in page
        assert "已送达" in page
        assert "陈某 3月2日 直接送达" in page
        assert "签收人 陈某" in page

    def test_each_look_is_recorded(self, service: Stood) -> None:
        town = service.town
        row = town.one(sa.select(DocumentRow).where(DocumentRow.key == "decision-letter"))

        answer = town.visit("郑某").get(f"/documents/{row.id}.pdf")

        assert answer.mimetype == "application/pdf"
        look = town.one(sa.select(AccessEntry).order_by(AccessEntry.looked_at.desc()))
        assert (look.what, look.ref, look.person_id) == ("document", row.id, town.people["郑某"])

    def test_a_foreigner_gets_neither(self, service: Stood) -> None:
        town = service.town
        row = town.one(sa.select(DocumentRow).where(DocumentRow.key == "decision-letter"))

        assert town.visit("蒋某").get(f"/documents/{row.id}.pdf").status_code == 404
        assert town.visit("郑某").get("/attachments/nothing").status_code == 404


class TestPeople:
    """人员、回避申请和保密字段。"""

    def test_who_takes_part_is_listed_with_the_part(self, inquiry: Stood) -> None:
        found = rows(inquiry.town.visit("周某").get(f"/cases/{inquiry.case.id}/people"))

        assert any("周某" in row and "调查组组长" in row for row in found)
        assert any("陈某" in row and "被问责人" in row for row in found)

    def test_who_leads_the_team_stands_there_once(self, inquiry: Stood) -> None:
        found = rows(inquiry.town.visit("郑某").get(f"/cases/{inquiry.case.id}/people"))

        [lead] = [row for row in found if "周某" in row]
        assert "调查组组长" in lead
        assert "调查组成员" in lead

    def test_a_recusal_is_asked_for_and_decided(self, inquiry: Stood) -> None:
        # S0篇1§14: 有利害关系、可能影响公正处理的，应当依法回避
        town, case = inquiry.town, inquiry.case
        browser = town.visit("周某")
        assert "林某" in words(browser.get(f"/cases/{case.id}/recusal"))
        data = {"who": "other", "person": town.people["林某"], "reasons": "原下属"}
        browser.post(f"/cases/{case.id}/recusal", data=data)
        asked = town.one(sa.select(Recusal))
        assert town.visit("林某").get(f"/cases/{case.id}").status_code == 403

        chair = town.visit("郑某")
        assert "准予回避" in words(chair.get(f"/cases/{case.id}/people"))
        answer = {"decision": "grant", "reasons": "属实"}
        chair.post(f"/cases/{case.id}/recusal/{asked.id}", data=answer)

        assert "准予回避" in words(browser.get(f"/cases/{case.id}/people"))
        assert "is-recused" in browser.get(f"/cases/{case.id}/people").text

    def test_who_declares_an_interest_leaves_the_file(self, inquiry: Stood) -> None:
        town, case = inquiry.town, inquiry.case
        browser = town.visit("林某")

        answer = browser.post(f"/cases/{case.id}/recusal", data={"who": "me", "reasons": "同学"})

        assert answer.headers["Location"] == "/inbox"
        assert browser.get(f"/cases/{case.id}").status_code == 403


class TestTheReporter:
    """举报人身份只有受理岗和保护专员凭理由可看，看了就有记录（SUP-014）。"""

    def test_the_value_is_not_in_the_page_before_the_reason(self, town: Town) -> None:
        case = town.open(named="named", reporter_contact={"name": "钱某", "phone": "13800138000"})
        browser = town.visit("冯某")
        page = browser.get(f"/cases/{case.id}/people")
        assert "13800138000" not in page.text
        address = page.text.split('class="wz-why" method="post" action="')[2].split('"')[0]

        seen = browser.post(address, data={"reason": "核对录音原件"})

        assert "13800138000" in seen.text
        assert "因“核对录音原件”查看" in words(seen)
        assert town.one(sa.select(AccessEntry)).reason == "核对录音原件"
        assert "13800138000" not in browser.get(f"/cases/{case.id}/people").text

    def test_without_a_reason_it_stays_masked(self, town: Town) -> None:
        case = town.open(named="named", reporter_contact={"name": "钱某", "phone": "13800138000"})
        browser = town.visit("冯某")
        page = browser.get(f"/cases/{case.id}/people").text
        address = page.split('class="wz-why" method="post" action="')[2].split('"')[0]

        seen = browser.post(address, data={"reason": ""}, follow_redirects=True)

        assert "13800138000" not in seen.text
        assert 'class="wz-note wz-note-bad"' in seen.text

    def test_others_may_not_look(self, town: Town) -> None:
        case = town.open(named="named", reporter_contact={"name": "钱某", "phone": "13800138000"})
        page = town.visit("冯某").get(f"/cases/{case.id}/people").text
        address = page.split('class="wz-why" method="post" action="')[1].split('"')[0]

        assert "wz-why" not in town.visit("郑某").get(f"/cases/{case.id}/people").text
        answer = town.visit("郑某").post(address, data={"reason": "核对录音原件"})
        assert answer.status_code == 403
