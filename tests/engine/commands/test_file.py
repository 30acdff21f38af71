"""当事人递交材料：申诉、登记阻挠；本人在线递交，或由受理人代录纸质件。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.file import file
from engine.errors import AnswersRefused, NotAllowed, NotFound, PeriodExpired, Recused, Refusal
from engine.store.tables import Answers, CaseRow, FactRow, Notice, PostRow
from tests.engine.commands.conftest import Town


def served(town: Town, on: date) -> CaseRow:
    """Return a case whose decision was served at 10 o'clock on a day of 2026."""
    case = town.open()
    town.do("初核甲", case, "ut_verify", established=True, findings="查明")
    town.at(2026, on.month, on.day, 10)
    town.give("监事甲", complete_work, town.item(case, "ut_serve").id, {"received_on": str(on)})
    return case


def appeal(town: Town, case: CaseRow, by: str = "陈某", **more: Any) -> Answers:
    answers = more.pop("answers", {"request": "请求撤销"})
    filed: Answers = town.give(by, file, case.id, "appeal", answers, **more)
    return filed


class TestArticle11:
    """被问责人可自收到决定之日起15个工作日内申诉（S0篇1§11；SC-003）。"""

    def test_received_wed_8_april_appeal_on_wed_29_april_is_admitted(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))
        town.at(2026, 4, 29, 23, 59)

        appeal(town, case)

        assert town.open_elements(case) == ["ut_review"]
        assert town.case(case).status == "appeal_pending"
        assert town.deadline(case, "DL-T-6").state == "met"
        assert town.case(case).variables["request"] == "请求撤销"

    def test_on_thu_30_april_the_period_is_over(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))
        town.at(2026, 4, 30, 0, 0)

        with pytest.raises(PeriodExpired) as refused:
            appeal(town, case)

        assert refused.value.params["last_day"] == "2026-04-29"
        assert refused.value.rule == "S0篇1§11"
        assert town.open_elements(case) == ["ut_late"]

    def test_posted_on_29_april_and_recorded_on_6_may_is_in_time(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))
        town.at(2026, 5, 6)

        filed = town.give(
            "初核乙",
            file,
            case.id,
            "appeal",
            {"request": "请求撤销"},
            filed_for=town.people["陈某"],
            happened_on=date(2026, 4, 29),
            proof="邮戳2026-04-29",
        )

        assert filed.happened_on == date(2026, 4, 29)
        assert "ut_late_claim" in town.open_elements(case)

    def test_a_late_appeal_that_claims_reasons_is_looked_at(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))
        town.at(2026, 5, 8)

        appeal(town, case, answers={"request": "请求撤销", "late_reasons": "住院"})

        assert "ut_late_claim" in town.open_elements(case)
        assert not town.all(sa.select(FactRow).where(FactRow.name == "appealed"))

    def test_before_the_decision_is_received_nothing_can_be_appealed(self, town: Town) -> None:
        case = town.open()

        with pytest.raises(Refusal, match=r"filing\.not_begun"):
            appeal(town, case)

    def test_a_second_appeal_is_not_awaited(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))
        appeal(town, case)

        with pytest.raises(Refusal, match=r"filing\.not_awaited"):
            appeal(town, case)

    def test_the_appellant_is_told_that_it_was_received(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))
        appeal(town, case)

        notice = town.one(sa.select(Notice).where(Notice.key == "filing.received"))
        assert notice.person_id == town.people["陈某"]
        assert notice.text["zh"] == "案件某集问〔2026〕1号已收到您的“申诉”，日期为2026年4月8日。"


class TestWhoFiles:
    """只有流程列明的人可以递交；代录须有凭证。"""

    def test_an_officer_cannot_appeal_in_the_subjects_place(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))

        with pytest.raises(NotAllowed, match=r"filing\.not_yours"):
            appeal(town, case, by="监事甲")

    def test_an_earlier_day_without_proof_is_refused(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))
        town.at(2026, 4, 10)

        with pytest.raises(Refusal, match=r"filing\.not_proved"):
            appeal(town, case, happened_on=date(2026, 4, 9))

    def test_a_day_that_lies_ahead_is_refused(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))

        with pytest.raises(Refusal, match=r"fact\.in_future"):
            appeal(town, case, happened_on=date(2026, 4, 9))

    def test_what_the_procedure_does_not_know_is_not_found(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))

        with pytest.raises(NotFound):
            town.give("陈某", file, case.id, "petition", {})

    def test_an_outsider_does_not_know_of_the_case(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))

        with pytest.raises(NotFound):
            appeal(town, case, by="外人")

    def test_an_appeal_without_a_request_is_refused_by_its_form(self, town: Town) -> None:
        case = served(town, date(2026, 4, 8))

        with pytest.raises(AnswersRefused):
            appeal(town, case, answers={})


class TestObstruction:
    """阻挠调查随时可以登记，并通报监事会（S0篇1§7；SUP-012）。"""

    def test_the_board_is_told_and_the_case_goes_on_as_before(self, town: Town) -> None:
        case = town.open()

        town.give("初核甲", file, case.id, "obstruction", {"request": "威胁证人"})
        town.give("初核甲", file, case.id, "obstruction", {"request": "删除资料"})

        told = town.all(sa.select(Notice.person_id).where(Notice.key == "not_established"))
        assert sorted(told) == sorted([town.people["监事甲"], town.people["监事乙"]] * 2)
        assert town.open_elements(case) == ["ut_verify"]


class TestReviewers:
    """复查组排除原承办人（SC-019；appeal.exclude_original_handlers）。"""

    def test_whoever_verified_may_not_review(self, town: Town) -> None:
        with town.office.database.begin() as session:
            session.add(
                PostRow(
                    authority_id=town.authority_id,
                    person_id=town.people["初核甲"],
                    role="supervisory_board",
                    valid_from=date(2020, 1, 1),
                )
            )
        case = served(town, date(2026, 4, 8))
        appeal(town, case)

        with pytest.raises(Recused, match=r"conflict\.earlier_involvement"):
            town.claim("初核甲", case, "ut_review")
        assert town.claim("监事乙", case, "ut_review").state == "claimed"
