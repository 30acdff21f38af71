"""人员影响期和一致性看板的页面 (SUP-023, SUP-025, SUP-030, SUP-044)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.commands.organise import give_post
from engine.store.tables import CaseRow, DecisionRow, SanctionRow
from tests.office import Town
from tests.web.reading import words


@pytest.fixture
def office(town: Town) -> Town:
    """P01's office with 魏某 in personnel and supervision; 陈某 is barred from an equal post."""
    for role in ("personnel_dept", "supervision_officer"):
        town.give("丁某", give_post, town.people["魏某"], role, valid_from=date(2020, 1, 1))
    with town.office.database.begin() as session:
        session.add(
            SanctionRow(
                authority_id=town.authority_id,
                person_id=town.people["陈某"],
                measure="dismiss",
                effect="bars_equal_post",
                decided_on=date(2026, 1, 12),
                effective_on=date(2026, 1, 12),
                until=date(2027, 1, 12),
                source="S3 L59§10",
                title={"zh": "免职", "en": "Removal from office"},
            )
        )
        session.add(
            SanctionRow(
                authority_id=town.authority_id,
                person_id=town.people["陈某"],
                measure="yellow_card",
                effect="warning_record",
                decided_on=date(2025, 12, 1),
                effective_on=date(2025, 12, 1),
                until=date(2026, 12, 1),
                title={"zh": "黄牌警告"},
            )
        )
    return town


class TestTheRegister:
    """组织人事部门看到谁受限制、到哪一天、依据什么。"""

    def test_the_list_says_who_is_barred_and_until_when(self, office: Town) -> None:
        page = office.visit("魏某").get("/standing/")

        assert "不得任相当职务" in words(page)
        assert "2027年1月12日" in words(page)
        assert "黄牌警告 1 次有效" in words(page)
        assert 'href="/standing/"' in office.visit("魏某").get("/inbox").text

    def test_an_empty_search_says_so_and_everybody_can_be_listed(self, office: Town) -> None:
        browser = office.visit("魏某")
        assert "没有查到人员" in words(browser.get("/standing/?q=nobody"))
        assert "郑某" in words(browser.get("/standing/?show=all"))

    def test_others_do_not_see_it(self, office: Town) -> None:
        for name in ("郑某", "丁某"):
            browser = office.visit(name)
            assert browser.get("/standing/").status_code == 403
            assert browser.get("/standing/consistency").status_code == 403
            assert 'href="/standing/"' not in browser.get("/", follow_redirects=True).text


class TestOnePerson:
    """查询评优、任职资格，答复连同依据留痕；英文也读得通。"""

    def at(self, office: Town) -> str:
        return f"/standing/people/{office.people['陈某']}"

    def ask(self, office: Town, what: str, **data: Any) -> str:
        browser = office.visit("魏某")
        page = browser.post(f"{self.at(office)}/{what}", data=data, follow_redirects=True)
        return str(words(page))

    def test_an_equal_post_is_blocked_with_reason_source_and_last_day(self, office: Town) -> None:
        said = self.ask(office, "appointment", post="车间主任", on="2026-06-01", equal="yes")

        assert "受限制，不能办理" in said
        assert "不得任相当职务：免职，至 2027年1月12日，依据 S3 L59§10" in said
        assert "2027年1月13日 起解除" in said

    def test_another_post_or_an_award_is_not(self, office: Town) -> None:
        assert "没有受限制" in self.ask(office, "appointment", post="顾问", on="2026-06-01")
        assert "2026 年度评优评先" in self.ask(office, "award", year="2026")

    def test_what_is_typed_wrong_is_told(self, office: Town) -> None:
        assert "请填写任职日期" in self.ask(office, "appointment", post="顾问", on="soon")
        assert "请填四位年份" in self.ask(office, "award", year="x")

    def test_effects_stand_over_time_in_english_too(self, office: Town) -> None:
        page = office.visit("魏某").get(f"{self.at(office)}?lang=en")
        assert "Removal from office" in words(page)


class TestTheBoardOfLikeCases:
    """同类案件的处理相差两档以上时提示督办专员。"""

    def test_without_like_cases_it_says_so(self, office: Town) -> None:
        assert "还没有两件以上的同类案件" in words(
            office.visit("魏某").get("/standing/consistency")
        )

    def test_two_tiers_apart_is_a_hint(self, office: Town) -> None:
        first, second = office.open(), office.open()
        self.decided(office, first, "T1", ["talk_admonish"])
        self.decided(office, second, "T3", ["dismiss"])

        page = office.visit("魏某").get("/standing/consistency")

        assert "1 组同类案件的处理相差两档以上" in words(page)
        assert "诫勉谈话" in words(page)
        assert second.number in words(page)

    def decided(self, office: Town, case: CaseRow, tier: str, measures: list[str]) -> None:
        with office.office.database.begin() as session:
            session.add(
                DecisionRow(
                    authority_id=office.authority_id,
                    case_id=case.id,
                    kind="original",
                    organ="supervisory_board",
                    outcome="sanction",
                    tier=tier,
                    measures=measures,
                    reasons="属实",
                    tally={},
                    made_on=date(2026, 3, 2),
                    made_at=office.clock.now(),
                    situation="s4",
                )
            )
