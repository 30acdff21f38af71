"""纸质材料由受理人代录：以证明的日期计，不以录入日计；不必由本人上线。"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from engine.store.tables import Answers
from tests.office import Town, answers_of
from tests.web.own.conftest import Stood


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def paper(stood: Stood, **given: str) -> dict[str, Any]:
    answers = {"appeal": {"request": "撤销决定", "reasons": "事实不清"}}
    return {
        "answers": orjson.dumps(answers).decode(),
        "filed_for": stood.town.people["陈某"],
        "happened_on": "2026-03-20",
        "proof": "挂号信收据 XA123",
        **given,
    }


class TestOnPaper:
    """送达 3 月 2 日，申诉期至 3 月 23 日；3 月 20 日投邮、3 月 23 日录入，在期限内。"""

    def post(self, stood: Stood, by: str = "唐某", **given: str) -> Any:
        return stood.town.visit(by).post(
            f"/cases/{stood.case.id}/file/appeal", data=paper(stood, **given)
        )

    def test_the_page_names_for_whom_one_may_file(self, served: Stood) -> None:
        page = served.town.visit("唐某").get(f"/cases/{served.case.id}/file/appeal")

        assert "陈某（被问责人）" in page.text
        assert "本人</option>" not in page.text
        assert answers_of(page)["schema"]["components"]

    def test_the_postmark_counts(self, served: Stood) -> None:
        served.town.at(2026, 3, 23)

        answer = self.post(served)

        assert answer.headers["Location"] == f"/cases/{served.case.id}"
        row: Answers = served.town.one(sa.select(Answers).where(Answers.filing == "appeal"))
        assert row.happened_on == date(2026, 3, 20)
        assert row.filed_for == served.town.people["陈某"]
        assert row.given_by == served.town.people["唐某"]
        assert row.proof == "挂号信收据 XA123"

    def test_the_subject_sees_that_it_came_on_paper(self, served: Stood) -> None:
        served.town.at(2026, 3, 23)
        self.post(served)

        text = text_of(served.town.visit("陈某").get(f"/my/{served.case.id}").text)

        assert "申诉 · 3月20日 周五 纸质" in text

    def test_an_earlier_day_needs_its_proof(self, served: Stood) -> None:
        served.town.at(2026, 3, 23)

        page = self.post(served, proof="")

        assert page.status_code == 409
        assert "wz-summary" in page.text
        assert served.town.all(sa.select(Answers).where(Answers.filing == "appeal")) == []

    def test_what_was_written_is_kept(self, served: Stood) -> None:
        served.town.at(2026, 3, 23)

        page = self.post(served, proof="")

        assert answers_of(page)["data"]["appeal"]["reasons"] == "事实不清"
        assert 'value="2026-03-20"' in page.text

    def test_a_missing_answer_stands_at_its_field(self, served: Stood) -> None:
        page = self.post(served, answers='{"appeal": {"request": "撤销"}}', happened_on="")

        assert [one["path"] for one in answers_of(page)["errors"]] == ["appeal.reasons"]

    def test_answers_that_are_no_answers_are_refused(self, served: Stood) -> None:
        assert self.post(served, answers="[]").status_code == 400

    @pytest.mark.parametrize("name", ["钱某", "蒋某", "陈某"])
    def test_who_does_not_handle_the_case_files_for_nobody(self, served: Stood, name: str) -> None:
        answer = self.post(served, by=name)

        assert answer.status_code in {403, 404}
        assert served.town.all(sa.select(Answers).where(Answers.filing == "appeal")) == []


class TestInPerson:
    """办案人员登记阻挠、干预调查（S0篇1§7）。"""

    def test_an_investigator_files_it_in_person(self, notified: Stood) -> None:
        page = notified.town.visit("周某").get(f"/cases/{notified.case.id}/file/obstruction")

        assert "本人</option>" in page.text

    def test_who_may_not_is_told_nothing(self, notified: Stood) -> None:
        browser = notified.town.visit("冯某")

        assert browser.get(f"/cases/{notified.case.id}/file/obstruction").status_code == 404

    def test_an_unknown_filing_is_not_there(self, town: Town) -> None:
        case = town.open()

        assert town.visit("冯某").get(f"/cases/{case.id}/file/none").status_code == 404
