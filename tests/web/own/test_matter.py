"""当事人页：看得到自己的事项，可在期限内申辩、申诉、申请回避；看不到调查人员与办公室的灯。"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from engine.commands.open_case import open_case
from engine.store.tables import (
    AccessEntry,
    Answers,
    Attachment,
    CaseRow,
    DecisionRow,
    DocumentRow,
    PersonRow,
    Recusal,
    SanctionRow,
)
from tests.office import Town, answers_of
from tests.web.own.conftest import Stood

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def text_of(page: str) -> str:
    """Return a page's words without its tags."""
    body = page[page.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def appeal(stood: Stood, **more: object) -> dict[str, object]:
    answers = {"appeal": {"request": "变更问责方式", "reasons": "处理过重"}, **more}
    return {"answers": orjson.dumps(answers).decode(), "action": "submit"}


class TestBeforeAnybodyHasTold:
    """调查保密：尚未告知的，当事人页上没有这件事（SUP-016）。"""

    def test_the_subject_finds_no_matter(self, town: Town) -> None:
        case = town.open()
        browser = town.visit("陈某")

        assert "这里还没有您的事项" in browser.get("/my").text
        assert browser.get(f"/my/{case.id}").status_code == 404

    def test_somebody_else_gets_404(self, town: Town) -> None:
        case = town.open()

        assert town.visit("钱某").get(f"/my/{case.id}").status_code == 404
        assert town.visit("马某").get(f"/my/{case.id}").status_code == 404

    def test_an_officer_finds_matters_of_ones_own_in_the_menu(self, town: Town) -> None:
        assert 'href="/my">我的事项</a>' in town.visit("周某").get("/inbox").text

    def test_who_holds_no_post_begins_here(self, town: Town) -> None:
        page = town.visit("钱某").get("/")

        assert page.headers["Location"] == "/my"


class TestArticle11:
    """被问责人可自收到决定之日起 15 个工作日内申诉；申诉期间决定不停止执行。"""

    def test_the_first_line_says_what_it_is_and_until_when(self, served: Stood) -> None:
        page = served.town.visit("陈某").get("/my", follow_redirects=True).text

        assert "陈某：您有一份问责决定，可在 3月23日 24:00 前提出申诉" in page
        assert "最后一日 2026年3月23日 周一 24:00" in text_of(page)
        assert "剩 15 个工作日" in text_of(page)

    def test_the_decision_and_its_effect_are_shown(self, served: Stood) -> None:
        text = text_of(served.town.visit("陈某").get(f"/my/{served.case.id}").text)

        assert "问责：诫勉谈话、取消当年评优评先评奖资格" in text
        assert "影响期至 2026年12月31日" in text

    def test_no_investigator_is_named(self, served: Stood) -> None:
        page = served.town.visit("陈某").get(f"/my/{served.case.id}").text

        for name in ("周某", "林某", "吕某", "郑某", "冯某"):
            assert name not in page

    def test_an_appeal_is_received_and_listed(self, served: Stood) -> None:
        browser = served.town.visit("陈某")
        url = f"/my/{served.case.id}/file/appeal"
        assert answers_of(browser.get(url))["schema"]["components"]

        answer = browser.post(url, data=appeal(served), follow_redirects=True)

        assert "已收到" in answer.text
        row = served.town.one(sa.select(Answers).where(Answers.filing == "appeal"))
        assert row.happened_on == date(2026, 3, 2)
        assert "处理过重" in answer.text
        assert "写申诉" not in answer.text

    def test_its_material_is_attached(self, served: Stood) -> None:
        browser = served.town.visit("陈某")
        data = appeal(served, appeal_attachments="files::one")
        data["file:files::one"] = (BytesIO(PDF), "证明.pdf")

        answer = browser.post(
            f"/my/{served.case.id}/file/appeal", data=data, content_type="multipart/form-data"
        )

        assert answer.status_code == 302, text_of(answer.text)
        kept = served.town.one(sa.select(Attachment))
        assert kept.name == "证明.pdf"

    def test_what_is_missing_stands_at_its_field_and_nothing_written_is_lost(
        self, served: Stood
    ) -> None:
        browser = served.town.visit("陈某")
        answers = {"appeal": {"request": "撤销决定"}}

        page = browser.post(
            f"/my/{served.case.id}/file/appeal", data={"answers": orjson.dumps(answers).decode()}
        )

        assert page.status_code == 409
        block = answers_of(page)
        assert [one["path"] for one in block["errors"]] == ["appeal.reasons"]
        assert block["data"]["appeal"]["request"] == "撤销决定"

    def test_after_the_last_day_reasons_for_being_late_are_asked_for(self, served: Stood) -> None:
        served.town.at(2026, 3, 24, 8)
        browser = served.town.visit("陈某")

        page = browser.get(f"/my/{served.case.id}").text
        refused = browser.post(f"/my/{served.case.id}/file/appeal", data=appeal(served))

        assert "逾期说明理由并提出申诉" in page
        assert "期限已过" in page
        assert refused.status_code == 409
        assert "期限已过" in text_of(refused.text)

    def test_with_force_majeure_it_is_taken_for_review(self, served: Stood) -> None:
        served.town.at(2026, 3, 24, 8)
        browser = served.town.visit("陈某")
        late = {"late_claim": "force_majeure", "late_reasons": "洪水，道路中断"}

        answer = browser.post(f"/my/{served.case.id}/file/appeal", data=appeal(served, **late))

        assert answer.status_code == 302


class TestArticle7:
    """听取被调查人的陈述和申辩。"""

    def test_the_defence_is_open_once_the_notice_was_served(self, notified: Stood) -> None:
        browser = notified.town.visit("陈某")
        url = f"/my/{notified.case.id}/file/defence"

        assert "写陈述、申辩" in browser.get(f"/my/{notified.case.id}").text
        answers = orjson.dumps({"defence": {"content": "当日在外出差。"}}).decode()
        answer = browser.post(url, data={"answers": answers}, follow_redirects=True)

        assert "当日在外出差。" in answer.text

    def test_nothing_is_decided_yet(self, notified: Stood) -> None:
        page = notified.town.visit("陈某").get(f"/my/{notified.case.id}").text

        assert "诫勉谈话" not in page

    def test_another_filing_than_those_of_the_subject_is_not_there(self, notified: Stood) -> None:
        browser = notified.town.visit("陈某")

        assert browser.get(f"/my/{notified.case.id}/file/obstruction").status_code == 404
        assert browser.get(f"/my/{notified.case.id}/file/appeal").status_code == 404


class TestArticle14:
    """办理人员与被调查人有利害关系的，应当回避；当事人可以申请。"""

    def ask(self, stood: Stood, name: str, reasons: str = "与我有债务纠纷") -> TestResponse:
        return stood.town.visit("陈某").post(
            f"/my/{stood.case.id}/recusal", data={"name": name, "reasons": reasons}
        )

    def test_named_by_the_subject_it_waits_for_decision(self, notified: Stood) -> None:
        self.ask(notified, "周某")

        row = notified.town.one(sa.select(Recusal).where(Recusal.kind == "applied"))
        assert row.person_id == notified.town.people["周某"]
        page = notified.town.visit("陈某").get(f"/my/{notified.case.id}").text
        assert "待决定" in page
        assert "与我有债务纠纷" in page

    @pytest.mark.parametrize(
        ("name", "reasons", "said"),
        [("无此人", "有利害关系", "找不到"), ("周某", " ", "理由")],
        ids=["nobody of that name", "no reasons"],
    )
    def test_without_a_name_or_reasons_it_is_refused(
        self, notified: Stood, name: str, reasons: str, said: str
    ) -> None:
        page = self.ask(notified, name, reasons)

        assert page.status_code == 409
        assert said in text_of(page.text)


class TestPapers:
    """送达本人的文书可看全文，每次查看留痕；未送达的、别人的，看不到。"""

    def letter(self, stood: Stood) -> str:
        row = stood.town.one(sa.select(DocumentRow).where(DocumentRow.key == "decision-letter"))
        return str(row.id)

    def test_the_subject_reads_what_was_served(self, served: Stood) -> None:
        url = f"/my/{served.case.id}/documents/{self.letter(served)}.pdf"

        answer = served.town.visit("陈某").get(url)

        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF")
        look = served.town.one(sa.select(AccessEntry).where(AccessEntry.what == "document"))
        assert look.person_id == served.town.people["陈某"]

    def test_a_document_of_another_address_is_not_found(self, served: Stood) -> None:
        url = f"/my/{'0' * 36}/documents/{self.letter(served)}.pdf"

        assert served.town.visit("陈某").get(url).status_code == 404

    def test_what_was_not_served_on_the_reader_is_not_found(self, served: Stood) -> None:
        draft = served.town.one(sa.select(DocumentRow).where(DocumentRow.state != "served"))
        url = f"/my/{served.case.id}/documents/{draft.id}.pdf"

        assert served.town.visit("陈某").get(url).status_code == 404

    def test_a_stranger_is_told_nothing(self, served: Stood) -> None:
        url = f"/my/{served.case.id}/documents/{self.letter(served)}.pdf"

        assert served.town.visit("钱某").get(url).status_code == 404


class TestInEnglish:
    """每一页都可切换为英文。"""

    def test_the_subject_reads_it_in_english(self, served: Stood) -> None:
        browser = served.town.visit("陈某")
        browser.get("/language/en?back=/my")

        text = text_of(browser.get(f"/my/{served.case.id}").text)

        assert "陈某: you have a decision on accountability; you may file Appeal until" in text
        assert "Your rights" in text


class TestTheReporter:
    """举报人看得到自己反映的事办到哪一步、编号和回执；看不到对人的处理。"""

    def reported(self, town: Town) -> CaseRow:
        case: CaseRow = town.give(
            "冯某",
            open_case,
            "corporate-accountability",
            town.clue(summary="大修中推诿扯皮。"),
            title="大修中推诿扯皮的问题",
            reporter_id=town.people["钱某"],
        )
        return case

    def test_number_day_and_channel_are_the_receipt(self, town: Town) -> None:
        case = self.reported(town)

        text = text_of(town.visit("钱某").get("/my", follow_redirects=True).text)

        assert f"您反映的线索已登记，编号 {case.number}" in text
        assert "登记日期 2026年3月2日" in text
        assert "公民、法人和其他组织的检举、控告" in text
        assert "办理中" in text

    def test_nothing_is_said_about_anybody(self, town: Town) -> None:
        case = self.reported(town)

        page = town.visit("钱某").get(f"/my/{case.id}").text

        assert "陈某" not in page
        assert "申请回避" not in page
        assert town.visit("钱某").post(f"/my/{case.id}/recusal", data={}).status_code == 403

    def test_closed_it_says_so_without_the_outcome(self, town: Town) -> None:
        case = self.reported(town)
        change(town, CaseRow, case.id, closed_at=town.clock.now(), outcome="sanctioned")

        text = text_of(town.visit("钱某").get(f"/my/{case.id}").text)

        assert "办理情况 已办结 " in text
        assert "已问责" not in text

    def test_with_two_matters_both_are_listed(self, town: Town) -> None:
        first, second = self.reported(town), self.reported(town)

        page = town.visit("钱某").get("/my").text

        assert first.number in page
        assert second.number in page
        assert "您反映的线索" in page


class TestWhatBecomesOfIt:
    """决定被变更、撤销，影响期解除，案件办结，当事人页随之改变。"""

    def test_on_the_last_day_it_says_so(self, served: Stood) -> None:
        served.town.at(2026, 3, 23)

        assert "今天截止" in served.town.visit("陈某").get(f"/my/{served.case.id}").text

    @pytest.mark.parametrize(("state", "said"), [("revoked", "已撤销"), ("superseded", "已变更")])
    def test_a_decision_that_no_longer_stands_is_marked(
        self, served: Stood, state: str, said: str
    ) -> None:
        decision = served.town.one(sa.select(DecisionRow))
        change(served.town, DecisionRow, decision.id, state=state)

        assert said in served.town.visit("陈某").get(f"/my/{served.case.id}").text

    def test_an_effect_that_was_lifted_is_marked(self, served: Stood) -> None:
        sanction = served.town.one(sa.select(SanctionRow).where(SanctionRow.until.is_not(None)))
        change(served.town, SanctionRow, sanction.id, state="ended")

        assert "已解除" in served.town.visit("陈某").get(f"/my/{served.case.id}").text

    @pytest.mark.parametrize(
        ("outcome", "said"), [("sanctioned", "已办结：已问责"), (None, "已办结 办结日期")]
    )
    def test_closed_it_names_the_outcome(
        self, served: Stood, outcome: str | None, said: str
    ) -> None:
        town = served.town
        change(town, CaseRow, served.case.id, closed_at=town.clock.now(), outcome=outcome)

        assert said in text_of(town.visit("陈某").get(f"/my/{served.case.id}").text)


class TestTheSameName:
    """同名的，指经办本案的那一位；都不经办的，请写明。"""

    def namesake(self, town: Town, name: str) -> None:
        with town.office.database.begin() as session:
            session.add(PersonRow(authority_id=town.authority_id, name=name))

    def test_who_works_on_the_case_is_meant(self, notified: Stood) -> None:
        self.namesake(notified.town, "周某")
        data = {"name": "周某", "reasons": "与我有债务纠纷"}

        notified.town.visit("陈某").post(f"/my/{notified.case.id}/recusal", data=data)

        row = notified.town.one(sa.select(Recusal).where(Recusal.kind == "applied"))
        assert row.person_id == notified.town.people["周某"]

    def test_where_neither_does_it_is_refused(self, notified: Stood) -> None:
        self.namesake(notified.town, "魏某")
        data = {"name": "魏某", "reasons": "与我有债务纠纷"}

        page = notified.town.visit("陈某").post(f"/my/{notified.case.id}/recusal", data=data)

        assert page.status_code == 409
        assert notified.town.all(sa.select(Recusal).where(Recusal.kind == "applied")) == []


def change(town: Town, table: Any, row_id: str, **values: object) -> None:
    with town.office.database.begin() as session:
        session.execute(sa.update(table).where(table.id == row_id).values(**values))
