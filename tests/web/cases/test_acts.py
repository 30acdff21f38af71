"""案件的时间线。"""

from __future__ import annotations

from datetime import date

from engine.commands.file import file
from tests.office import Town
from tests.web import walking
from tests.web.reading import words
from tests.web.scenes import Stood


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
