"""案件：走到哪里、正在办什么、接下来是什么；每一件事都在时间线上；看不到的案件等于没有。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.file import file
from engine.store.tables import (
    AccessEntry,
    DeadlineRow,
    DocumentRow,
    ExtensionRequest,
    Incident,
    Recusal,
)
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


class TestTimeline:
    """每一件事都在；发生的日子在左，补录的注明登记时间。"""

    def test_every_act_is_there_and_the_system_s_own_are_named_so(self, inquiry: Stood) -> None:
        page = words(inquiry.town.visit("周某").get(f"/cases/{inquiry.case.id}/timeline"))

        assert "周某 办结“送达告知书”" in page
        assert "系统 期限“提出陈述、申辩”起算" in page

    def test_older_acts_are_on_the_next_page(self, inquiry: Stood) -> None:
        browser = inquiry.town.visit("周某")
        first = browser.get(f"/cases/{inquiry.case.id}/timeline")
        address = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

        assert "冯某 登记了线索，编号 某司问〔2026〕1号" in words(browser.get(address))
        assert browser.get(f"/cases/{inquiry.case.id}/timeline?before=x").status_code == 400

    def test_a_chip_shows_its_kind_alone(self, inquiry: Stood) -> None:
        address = f"/cases/{inquiry.case.id}/timeline?kind=document"
        page = words(inquiry.town.visit("周某").get(address))

        assert "签发《拟问责事实、理由、依据和权利告知书》" in page
        assert "领取" not in page

    def test_what_is_entered_later_has_both_its_days(self, service: Stood) -> None:
        # handed in on Friday 6 March, entered on Tuesday 10 March
        town, case = service.town, service.case
        town.at(2026, 3, 10)
        appeal = {"appeal": {"request": "变更问责方式", "reasons": "处理过重"}}
        town.give(
            "唐某",  # who served the decision
            file,
            case.id,
            "appeal",
            appeal,
            happened_on=date(2026, 3, 6),
            proof="邮戳",
            filed_for=town.people["陈某"],
        )

        page = words(town.visit("唐某").get(f"/cases/{case.id}/timeline"))

        assert "3月6日 唐某 代为登记“申诉”" in page
        assert "登记 3月10日 周二 09:00，补录" in page

    def test_a_refused_act_names_its_rule(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.claim("吕某", case, "ut_verify")
        town.visit("秦某").post(f"/inbox/{item.id}/claim")

        page = words(town.visit("吕某").get(f"/cases/{case.id}/timeline?kind=refused"))

        assert "秦某 的一项操作被拒绝" in page


class TestDeadlines:
    """期限写明起算、依据、延长和届满后果；延期须申请、由规则指明的人批准。"""

    def test_each_has_its_clock(self, inquiry: Stood) -> None:
        # 15 working days from Monday 2 March: the last day is Monday 23 March
        page = words(inquiry.town.visit("周某").get(f"/cases/{inquiry.case.id}/deadlines"))

        assert "调查并提交书面报告" in page
        assert "最后一日 2026年3月23日 周一 24:00" in page
        assert "记黄牌；再过 3 个工作日记红牌并报监事会" in page

    def test_more_time_is_asked_for_and_granted_by_another(self, inquiry: Stood) -> None:
        # five working days more: Monday 30 March
        town, case = inquiry.town, inquiry.case
        browser = town.visit("周某")
        form = browser.get(f"/cases/{case.id}/extension?key=DL-CA-3")
        assert "第8条" in words(form)
        browser.post(
            f"/cases/{case.id}/extension", data={"key": "DL-CA-3", "reasons": "须调取停产证明"}
        )
        request = town.one(sa.select(ExtensionRequest))
        assert "批准延期" not in words(browser.get(f"/cases/{case.id}/deadlines"))

        chair = town.visit("郑某")
        assert "批准延期" in words(chair.get(f"/cases/{case.id}/deadlines"))
        data = {"decision": "grant", "reasons": "情况复杂"}
        chair.post(f"/cases/{case.id}/extension/{request.id}", data=data)

        page = words(browser.get(f"/cases/{case.id}/deadlines"))
        assert "最后一日 2026年3月30日 周一 24:00" in page
        assert "加 5 个工作日，3月2日 郑某批准；原届满 3月23日 周一" in page
        assert "3月23日 周一 → 3月30日 周一" in page

    def test_the_asker_does_not_decide(self, inquiry: Stood) -> None:
        town, case = inquiry.town, inquiry.case
        town.visit("周某").post(
            f"/cases/{case.id}/extension", data={"key": "DL-CA-3", "reasons": "须调取停产证明"}
        )
        request = town.one(sa.select(ExtensionRequest))
        data = {"decision": "grant", "reasons": "情况复杂"}
        address = f"/cases/{case.id}/extension/{request.id}"

        assert town.visit("周某").post(address, data=data).status_code == 403
        assert town.visit("郑某").post(address, data={"decision": "x"}).status_code == 400
        assert town.visit("蒋某").post(address, data=data).status_code == 404

    def test_without_reasons_it_is_refused(self, inquiry: Stood) -> None:
        town, case = inquiry.town, inquiry.case
        page = town.visit("周某").post(
            f"/cases/{case.id}/extension",
            data={"key": "DL-CA-3", "reasons": " "},
            follow_redirects=True,
        )

        assert 'class="wz-note wz-note-bad"' in page.text
        assert town.all(sa.select(ExtensionRequest)) == []

    def test_holidays_and_made_up_days_are_named(self, town: Town) -> None:
        # Friday 24 April 2026: ten working days pass 1, 4 and 5 May (off) and count Saturday
        # 9 May (made up, the eighth); the last day is Tuesday 12 May
        town.at(2026, 4, 24)
        case = walking.to_verification(town)

        page = words(town.visit("吕某").get(f"/cases/{case.id}/deadlines"))

        assert "最后一日 2026年5月12日 周二 24:00" in page
        assert "不计 5月1日、5月4日至5月5日" in page
        assert "补班计入 5月9日" in page

    def test_a_day_entered_later_is_shown_with_both(self, town: Town) -> None:
        town.at(2026, 3, 4)
        case = town.open(received_on="2026-03-02")

        page = words(town.visit("冯某").get(f"/cases/{case.id}/deadlines"))

        assert "起算 3月2日 周一（3月4日补录）" in page

    def test_a_deadline_that_never_began_has_no_form(self, inquiry: Stood) -> None:
        address = f"/cases/{inquiry.case.id}/extension?key=DL-CA-7"

        assert inquiry.town.visit("周某").get(address).status_code == 404


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


class TestLateness:
    """逾期记黄牌，再过三个工作日记红牌；案件页上写明哪一天。"""

    def test_the_cards_stand_at_the_deadline(self, inquiry: Stood) -> None:
        # DL-CA-3 ends on Monday 23 March; three working days on is Friday 27 March
        town, case = inquiry.town, inquiry.case
        town.at(2026, 3, 30)

        page = words(town.visit("郑某").get(f"/cases/{case.id}/deadlines"))

        assert "3月24日 周二 记黄牌" in page
        assert "红牌" in page

    def test_the_last_day_itself_is_kept(self, inquiry: Stood) -> None:
        town, case = inquiry.town, inquiry.case
        row = town.one(sa.select(DeadlineRow).where(DeadlineRow.key == "DL-CA-3"))

        assert row.last_day.isoformat() == "2026-03-23"
        assert "3月23日 周一" in words(town.visit("郑某").get(f"/cases/{case.id}/deadlines"))
