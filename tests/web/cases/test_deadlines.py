"""案件的期限页，以及逾期。"""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import DeadlineRow, ExtensionRequest
from tests.office import Town
from tests.web import walking
from tests.web.reading import words
from tests.web.scenes import Stood


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
