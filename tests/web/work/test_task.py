"""办理：一步的表单、依据、期限、案情、文书和附件都在一页上；提交由服务器再查验一遍。"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import orjson
import sqlalchemy as sa

from engine.commands.extend_deadline import decide_extension, request_extension
from engine.store.tables import AccessEntry, Answers, Attachment, DocumentRow, Draft, WorkItemRow
from tests.office import PASSWORD, Town, answers_of
from tests.web import walking
from tests.web.reading import words
from tests.web.scenes import Stood

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TAKEN_IN = {"intake": {"exit": "here", "procedure": "corporate-accountability", "remark": "受理"}}


def sent(answers: dict[str, Any], action: str = "submit", **more: Any) -> dict[str, Any]:
    return {"answers": orjson.dumps(answers).decode(), "action": action, **more}


def screening(town: Town) -> WorkItemRow:
    return town.item(town.open(), "ut_screen")


class TestThePage:
    """一页上看得到表单、最后一日、法条原文和案情。"""

    def test_the_provision_speaks_in_its_own_words(self, town: Town) -> None:
        page = words(town.visit("冯某").get(f"/work/{screening(town).id}"))

        assert "第7条 问责程序" in page
        assert "经初步核实,反映情况存在的,由公司相关部门向监事会提出书面建议" in page

    def test_the_clock_says_the_last_day_and_its_ground(self, town: Town) -> None:
        page = words(town.visit("冯某").get(f"/work/{screening(town).id}"))

        assert "最后一日 2026年3月4日 周三 24:00" in page
        assert "平台默认" in page

    def test_the_form_offers_the_people_of_the_role(self, town: Town) -> None:
        form = answers_of(town.visit("冯某").get("/register/corporate-accountability"))

        assert {"label": "陈某，二车间，二车间主任", "value": town.people["陈某"]} in form["data"][
            "people_subject"
        ]

    def test_the_facts_name_the_person_and_what_was_reported(self, town: Town) -> None:
        page = words(town.visit("冯某").get(f"/work/{screening(town).id}"))

        assert "被问责人 陈某" in page
        assert "反映的情形（第三条） 办事拖拉、推诿扯皮" in page or "办事拖拉、推诿扯皮" in page
        assert "大修中推诿扯皮，致停产五日。" in page

    def test_confidential_answers_never_reach_the_page(self, town: Town) -> None:
        case = town.open(named="named", reporter_contact={"name": "钱某", "phone": "13800138000"})
        page = town.visit("冯某").get(f"/work/{town.item(case, 'ut_screen').id}").text

        assert "13800138000" not in page
        assert "$vault" not in page

    def test_in_english_the_labels_are_english(self, town: Town) -> None:
        page = town.visit("冯某").get(f"/work/{screening(town).id}?lang=en")
        group = answers_of(page, "task")["schema"]["components"][0]

        assert group["label"] == "Screening"
        assert [one["label"] for one in group["components"][1]["values"]] == [
            "Handled here",
            "Passed on",
            "Not ours",
        ]

    def test_a_foreign_step_does_not_exist(self, town: Town) -> None:
        item = screening(town)

        assert town.visit("蒋某").get(f"/work/{item.id}").status_code == 404
        assert town.visit("冯某").get("/work/nothing").status_code == 404

    def test_who_may_see_but_not_do_gets_no_form(self, town: Town) -> None:
        page = town.visit("魏某").get(f"/work/{screening(town).id}")

        assert page.status_code == 200
        assert "您现在不能办理此项" in words(page)
        assert "data-wz-form" not in page.text


class TestSubmit:
    """提交由服务器再查验；不合的退回，填的都还在。"""

    def test_a_good_answer_moves_the_case_on(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")

        answer = browser.post(f"/work/{item.id}", data=sent(TAKEN_IN))

        assert answer.headers["Location"] == "/inbox"
        assert "已提交" in words(browser.get("/inbox"))
        assert town.one(sa.select(WorkItemRow).where(WorkItemRow.id == item.id)).state == "done"

    def test_what_is_missing_is_named_at_its_field_and_nothing_is_lost(self, town: Town) -> None:
        item = screening(town)

        answer = town.visit("冯某").post(
            f"/work/{item.id}", data=sent({"intake": {"remark": "还没想好"}})
        )

        assert answer.status_code == 422
        block = answers_of(answer, "task")
        assert [one["path"] for one in block["errors"]] == ["intake.exit"]
        assert block["errors"][0]["message"].startswith("处理：")
        assert block["data"]["intake"] == {"remark": "还没想好"}

    def test_answers_that_are_no_object_are_refused(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")

        for text in ("nothing", "[]"):
            data = {"answers": text, "action": "submit"}
            assert browser.post(f"/work/{item.id}", data=data).status_code == 400

    def test_who_may_not_is_refused_with_403(self, town: Town) -> None:
        item = screening(town)

        assert town.visit("魏某").post(f"/work/{item.id}", data=sent(TAKEN_IN)).status_code == 403

    def test_what_another_has_in_hand_is_refused_with_409(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.claim("吕某", case, "ut_verify")

        answer = town.visit("秦某").post(f"/work/{item.id}", data=sent({}))

        assert answer.status_code == 409
        assert "吕某" in words(answer)

    def test_done_is_done(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")
        browser.post(f"/work/{item.id}", data=sent(TAKEN_IN))

        assert browser.post(f"/work/{item.id}", data=sent(TAKEN_IN)).status_code == 409
        page = words(browser.get(f"/work/{item.id}"))
        assert "冯某 已于 3月2日 周一 09:00 办结" in page
        assert "处理 本机关办理" in page

    def test_a_rule_that_forbids_says_so_above_the_form(self, town: Town) -> None:
        # S0篇1§7: a team of the investigation has at least two members
        case = walking.to_verification(town)
        walking.verify_and_start(town, case)
        item = town.item(case, "ut_form_team")
        alone = {
            "members": [town.people["周某"]],
            "lead": town.people["周某"],
            "team_task": "大修推诿情况",
            "interest_declared": True,
        }

        answer = town.visit("郑某").post(f"/work/{item.id}", data=sent(alone))

        assert answer.status_code == 409
        assert "未能提交。" in words(answer)
        assert answers_of(answer, "task")["data"]["team_task"] == "大修推诿情况"

    def test_files_of_the_form_are_kept_with_the_step(self, town: Town) -> None:
        answers = town.clue(summary="推诿。", attachments="files::1")
        data = sent(answers, "register") | {"file:files::1": (BytesIO(PDF), "举报信.pdf")}

        answer = town.visit("冯某").post("/register/corporate-accountability", data=data)

        assert answer.status_code == 302, words(answer)
        assert town.one(sa.select(Attachment)).name == "举报信.pdf"
        assert town.one(sa.select(Answers)).data["attachments"] == ["举报信.pdf"]


class TestDrafts:
    """写了一半的自动暂存；别人已在办的，暂存会告知。"""

    def test_the_browser_keeps_a_draft_and_it_comes_back(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")

        kept = browser.post(
            f"/work/{item.id}/draft", json={"answers": {"intake": {"remark": "先写一半"}}}
        )

        assert kept.json == {"saved": "09:00"}
        page = browser.get(f"/work/{item.id}")
        assert answers_of(page, "task")["data"]["intake"]["remark"] == "先写一半"
        assert "已载入您上次暂存的内容" in words(page)

    def test_the_button_keeps_one_too(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")

        data = sent({"intake": {"remark": "先写一半"}}, "save")
        answer = browser.post(f"/work/{item.id}", data=data)

        assert answer.headers["Location"] == f"/work/{item.id}"
        assert town.one(sa.select(Draft)).data == {"intake": {"remark": "先写一半"}}

    def test_what_another_has_in_hand_takes_no_draft(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.claim("吕某", case, "ut_verify")

        answer = town.visit("秦某").post(f"/work/{item.id}/draft", json={"answers": {}})

        assert answer.status_code == 409
        assert answer.json is not None
        assert "吕某" in answer.json["message"]

    def test_a_draft_that_is_none_is_refused(self, town: Town) -> None:
        item = screening(town)
        answer = town.visit("冯某").post(f"/work/{item.id}/draft", json={"answers": 1})

        assert answer.status_code == 400

    def test_given_back_the_step_waits_for_the_group(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")
        browser = town.visit("吕某")
        browser.post(f"/work/{item.id}/claim")

        assert "退领" in words(browser.get(f"/work/{item.id}"))
        browser.post(f"/work/{item.id}", data=sent({}, "release"))

        assert town.item(case, "ut_verify").state == "open"


class TestAttachments:
    """附件按文件内容查验类型；只供下载，每次打开都有记录。"""

    def test_a_pdf_is_kept_and_comes_back_as_it_was(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")

        browser.post(f"/work/{item.id}/files", data={"file": (BytesIO(PDF), "会议记录.pdf")})

        row = town.one(sa.select(Attachment))
        assert "会议记录.pdf" in words(browser.get(f"/work/{item.id}"))
        answer = browser.get(f"/attachments/{row.id}")
        assert answer.data == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        look = town.one(sa.select(AccessEntry).where(AccessEntry.what == "attachment"))
        assert (look.what, look.ref, look.person_id) == ("attachment", row.id, town.people["冯某"])

    def test_what_is_not_what_it_says_is_refused(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")

        for name, content in (("a.pdf", b"MZ"), ("a.exe", b"MZ"), ("a.pdf", b"")):
            data = {"file": (BytesIO(content), name)}
            answer = browser.post(f"/work/{item.id}/files", data=data, follow_redirects=True)
            assert name in words(answer)
        assert town.all(sa.select(Attachment)) == []

    def test_who_may_not_add_is_refused(self, town: Town) -> None:
        item = screening(town)
        data = {"file": (BytesIO(PDF), "a.pdf")}

        assert town.visit("蒋某").post(f"/work/{item.id}/files", data=data).status_code == 404


class TestPapers:
    """文书先生成、后签发；签发须再输一次口令，取号并记下摘要。"""

    def test_the_text_to_be_signed_is_prepared_first(self, letter: Stood) -> None:
        town, case = letter.town, letter.case
        item = town.item(case, "ut_issue")
        browser = town.visit("郑某")

        before = browser.get(f"/work/{item.id}")
        assert "请先生成待签文本并核对，再签发。" in words(before)

        browser.post(f"/work/{item.id}/papers")

        after = browser.get(f"/work/{item.id}")
        assert "请先生成待签文本并核对" not in words(after)
        assert "某司问决〔2026〕1号" in words(after)
        assert "签发口令" in words(after)

    def test_a_wrong_password_signs_nothing(self, letter: Stood) -> None:
        town, case = letter.town, letter.case
        item = town.item(case, "ut_issue")
        browser = town.visit("郑某")
        browser.post(f"/work/{item.id}/papers")

        data = sent({"issue_confirmed": True}, password="not this one")
        answer = browser.post(f"/work/{item.id}", data=data)

        assert answer.status_code == 409
        assert town.item(case, "ut_issue").state != "done"

    def test_signed_it_has_its_number_and_its_digest(self, letter: Stood) -> None:
        town, case = letter.town, letter.case
        item = town.item(case, "ut_issue")
        browser = town.visit("郑某")
        browser.post(f"/work/{item.id}/papers")

        data = sent({"issue_confirmed": True}, password=PASSWORD)
        answer = browser.post(f"/work/{item.id}", data=data)

        assert answer.headers["Location"] == "/inbox"
        letter_row = town.one(
            sa.select(DocumentRow).where(
                DocumentRow.case_id == case.id, DocumentRow.key == "decision-letter"
            )
        )
        assert letter_row.state == "issued"
        assert letter_row.number == "某司问决〔2026〕1号"
        pdf = browser.get(f"/documents/{letter_row.id}.pdf")
        assert pdf.data.startswith(b"%PDF-")
        assert browser.get(f"/documents/{letter_row.id}.exe").status_code == 404

    def test_what_is_missing_in_a_paper_is_named(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")
        browser = town.visit("吕某")

        answer = browser.post(f"/work/{item.id}/papers", follow_redirects=True)

        assert answer.status_code == 200
        assert "初核报告" in words(browser.get(f"/cases/{case.id}/documents"))

    def test_who_may_not_do_the_step_prepares_nothing(self, letter: Stood) -> None:
        item = letter.town.item(letter.case, "ut_issue")

        assert letter.town.visit("魏某").post(f"/work/{item.id}/papers").status_code == 403


class TestProcedure:
    """申请延期、声明回避从办理页进入；不能延的说明为什么。"""

    def test_a_running_deadline_leads_to_its_extension(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")
        page = town.visit("吕某").get(f"/work/{item.id}").text

        assert f'href="/cases/{case.id}/extension?key=DL-CA-1"' in page
        assert f'href="/cases/{case.id}/recusal"' in page

    def test_an_extension_is_given_once(self, town: Town) -> None:
        case = walking.to_verification(town)
        asked = town.give("吕某", request_extension, case.id, "DL-CA-1", reasons="情况复杂")
        town.give("郑某", decide_extension, asked.id, granted=True, reasons="属实")
        item = town.item(case, "ut_verify")

        page = words(town.visit("吕某").get(f"/work/{item.id}"))

        assert "不能再申请延期：已延长 1 次，规则只许 1 次。" in page

    def test_the_confidential_step_says_so(self, town: Town) -> None:
        case = walking.to_notice(town)
        item = town.item(case, "ut_plan")

        assert "调查阶段，承办人以外不可见" in words(town.visit("周某").get(f"/work/{item.id}"))

    def test_what_was_answered_is_for_those_who_work_on_the_case(self, town: Town) -> None:
        case = walking.to_notice(town)
        item = town.item(case, "ut_plan")

        assert "周某负责" in words(town.visit("周某").get(f"/work/{item.id}"))
        assert "周某负责" not in words(town.visit("魏某").get(f"/work/{item.id}"))


class TestWithoutForm:
    """没有期限、没有表单的步骤也能办。"""

    def test_a_plain_step_is_no_meeting(self, town: Town) -> None:
        item = screening(town)
        browser = town.visit("冯某")

        data = {"answers": "{}", "motion": "none"}
        assert browser.post(f"/work/{item.id}/motion", data=data).status_code == 404
        assert browser.post(f"/work/{item.id}/opinion", data=data).status_code == 404
