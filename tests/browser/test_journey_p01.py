"""A clue's way from registration to archive, each person at their own screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engine.store.tables import PersonRow, PostRow, UnitRow
from tests.browser import p01
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, KeepScreenshot, OpenPage
from tests.office import Template, Town, copy_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

STEPS = {f"step {name}" for name in ("初步核实", "组成调查组", "调查取证", "提交调查报告")} | {
    "step 签发 prepared",
    "step 送达本人",
}
"""The steps whose pages differ from one another; the others are drawn by the same template."""

LONG_TITLE = "设备动力与特种设备安全监督管理部副部长兼高炉鼓风机大修工程现场协调领导小组办公室主任"
LONG_UNIT = "第二炼铁厂高炉鼓风机组大修工程指挥部二车间（含备件仓储与特种作业人员培训管理中心）"


@pytest.fixture(scope="module")
def town(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The office; a subject and an officer with long titles, a unit with a long name."""
    copy = copy_of(template, tmp_path_factory.mktemp("copy"))
    assert min(len(LONG_TITLE), len(LONG_UNIT)) >= 40
    with copy.office.database.begin() as session:
        for name in ("钱某", "吕某"):
            session.get_one(PersonRow, copy.people[name]).title = LONG_TITLE
        for post in session.scalars(
            sa.select(PostRow).where(PostRow.person_id == copy.people["吕某"])
        ):
            post.title = LONG_TITLE
        unit = session.scalars(
            sa.select(UnitRow).where(
                UnitRow.name == "二车间", UnitRow.authority_id == copy.authority_id
            )
        ).one()
        unit.name = LONG_UNIT
    yield copy
    copy.office.database.close()


@pytest.fixture
def street(town: Town, open_page: OpenPage, hindrances: Hindrances) -> Iterator[Street]:
    """The served office; each kind of page is kept and held to axe once, at both widths."""
    seen: set[str] = set()
    troubles: list[str] = []

    def looked(page: Page, kind: str) -> None:
        if kind in seen or (kind.startswith("step ") and kind not in STEPS):
            return
        seen.add(kind)
        for width in (TELEPHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": 860})
            called = kind.replace(" ", "-").replace("、", "-")
            troubles.extend(hindrances(page, f"journey-{called}"))

    with served(town.app) as address:
        yield Street(address, open_page, looked)
    assert troubles == []


def at(day: int, month: int, hour: int = 9) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour)


class TestFromClueToArchive:
    """线索、初核、调查（回避、延期）、申辩、决定、送达、末日申诉、变更、归档；逾期的得黄牌、红牌。"""

    def test_each_person_in_turn(
        self, town: Town, street: Street, keep_screenshot: KeepScreenshot
    ) -> None:
        case, late = self.two_clues_become_inquiries(town, street)
        self.an_inquiry_with_recusal_and_extension(case)
        self.defence_and_decision(case, late)
        self.the_letter_is_a_pdf(case)
        self.the_late_one_is_red(late)
        self.appeal_on_the_last_day_and_change(case)
        p01.archive(case)

        page = case.page("魏某", "", "case closed")
        expect(page.locator(".wz-head")).to_contain_text("变更")
        case.page("郑某", "/timeline", "timeline")
        case.page("郑某", "/documents", "documents")
        page = case.page("郑某")
        page.emulate_media(media="print")
        assert keep_screenshot(page, "journey-case-print").exists()

    def two_clues_become_inquiries(
        self, town: Town, street: Street
    ) -> tuple[p01.Matter, p01.Matter]:
        """受理、初核、启动、组成调查组。"""
        page = street.go("魏某", "/inbox", "empty inbox")
        expect(page.get_by_text("没有待办")).to_be_visible()
        case = p01.register(street, town.people, subject_id=town.people["陈某"])
        late = p01.register(
            street,
            town.people,
            subject_id=town.people["钱某"],
            named="named",
            reporter_contact={"name": "何某", "phone": "13800000000", "address": "二车间"},
        )
        assert (case.number, late.number) == ("某司问〔2026〕1号", "某司问〔2026〕2号")
        for each in (case, late):
            p01.take_in(each)
            p01.verify(each)

        p01.move_to(street, at(5, 3))  # a Thursday
        p01.start(case, ("周某", "林某", "吕某"))
        p01.start(late, ("周某", "吕某"))
        street.go("吕某", "/inbox", "long title")
        page = case.page("周某", "/deadlines")
        expect(page.get_by_text("2026年3月26日 周四").first).to_be_visible()
        return case, late

    def an_inquiry_with_recusal_and_extension(self, case: p01.Matter) -> None:
        """回避不重置期限；延长 5 个工作日，至 4 月 2 日。"""
        street = case.street
        p01.move_to(street, at(6, 3))
        p01.inquire(case, "林某", "2026-03-06")
        p01.move_to(street, at(10, 3))
        p01.recuse(case, "林某")

        p01.move_to(street, at(25, 3))
        p01.ask_for_more_time(case)
        page = case.page("周某", "/deadlines", "deadlines extended")
        expect(page.get_by_text("2026年4月2日 周四").first).to_be_visible()
        expect(page.get_by_role("link", name="申请延期")).to_have_count(0)  # once only

    def defence_and_decision(self, case: p01.Matter, late: p01.Matter) -> None:
        """告知、申辩、报告；集体决定、签发、送达。逾期的一件已得黄牌。"""
        street = case.street
        p01.move_to(street, at(27, 3))
        p01.hear(case, "2026-03-27")
        p01.report(case)
        page = late.page("周某", "/deadlines", "deadlines yellow")
        cards = page.locator(".wz-grid3 li")
        expect(cards.filter(has_text="黄牌")).to_have_count(1)
        expect(cards.filter(has_text="红牌")).to_have_count(0)

        p01.move_to(street, at(30, 3))
        p01.meet(
            case,
            "集体讨论作出决定",
            {
                "kind": "sanction",
                "tier": "T2",
                "measures": ["circulate"],
                "effective_on": "2026-03-30",
                "facts_found": "对停产检修指令未予执行，擅自组织生产，造成设备损坏。",
                "grounds_cited": "《领导干部问责制》第三条、第四条、第五条。",
                "decision_reasons": "有令不行、有禁不止。",
                "checks": p01.CHECKS,
            },
        )
        p01.move_to(street, at(8, 4))
        p01.issue(case)
        p01.serve(case, "2026-04-08")

    def appeal_on_the_last_day_and_change(self, case: p01.Matter) -> None:
        """第十五个工作日申诉，复查变更，签发、送达。"""
        street = case.street
        p01.move_to(street, at(29, 4, 17))  # the fifteenth working day, a Wednesday
        p01.appeal(case)
        p01.move_to(street, at(6, 5))
        p01.review(case)
        p01.meet(
            case,
            "集体讨论复查决定",
            {
                "appeal_result": "change",
                "tier": "T1",
                "measures": ["written_review"],
                "appeal_facts": "事实基本清楚。",
                "appeal_reasons": "方式不当",
                "effective_on": "2026-05-06",
                "checks": p01.CHECKS,
            },
        )
        agreed = {"appeal_approved": True, "appeal_approval_reasons": "同意"}
        case.do("钟某", "批准复查结论", agreed)
        p01.move_to(street, at(11, 5))
        p01.issue(case)
        p01.serve(case, "2026-05-11")

    def the_letter_is_a_pdf(self, case: p01.Matter) -> None:
        """The subject opens what was served on them."""
        page = case.street.go("陈某", "/my", "own matter served")
        link = page.get_by_role("link", name="看全文").last.get_attribute("href")
        answer = page.request.get(f"{case.street.address}{link}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF-")

    def the_late_one_is_red(self, late: p01.Matter) -> None:
        """逾期：收件箱与案件页都亮红灯，黄牌之后是红牌。"""
        page = late.street.go("周某", "/inbox", "inbox with a red lamp")
        row = page.locator("tr").filter(has_text=late.number).first
        expect(row.locator("[data-lamp=red]")).to_be_visible()
        page = late.page("周某", "", "case red")
        expect(page.locator(".wz-clock-full[data-lamp=red]").first).to_be_visible()
        page = late.page("周某", "/deadlines", "deadlines red")
        cards = page.locator(".wz-grid3 li")
        expect(cards.filter(has_text="黄牌")).to_have_count(1)
        expect(cards.filter(has_text="红牌")).to_have_count(1)
