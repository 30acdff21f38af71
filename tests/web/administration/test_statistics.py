"""统计页：数字连到台账，图有数据表，导出 .xlsx；管理员只见数字。"""

from __future__ import annotations

import io
import re
import zipfile

import sqlalchemy as sa

from engine.commands.exports import KIND, open_export
from engine.store.tables import Export
from scheduler.jobs import drain
from tests.office import Town
from tests.web import walking
from tests.web.reading import rows, words
from web.figures import appeal_text, deviation_text, extension_text
from web.ledger.wording import make_export, wording

PERIOD = "since=2026-03-01&until=2026-12-31"


def link_of(page: str, count: int) -> list[str]:
    found = re.findall(rf'<a href="(/ledger\?[^"]*)">{count}</a>', page)
    return [one.replace("&amp;", "&") for one in found]


class TestThePage:
    """期间默认本年；每个数字点开就是那几件。"""

    def test_figures_lead_to_their_cases(self, town: Town) -> None:
        case = walking.to_service(town)
        town.open()
        officer = town.visit("苏某")

        page = officer.get(f"/admin/statistics?{PERIOD}")

        assert page.status_code == 200
        assert any("企业领导干部问责" in one and "2" in one for one in rows(page))
        addresses = link_of(page.text, 1) + link_of(page.text, 2)
        assert addresses != []
        for address in addresses:
            assert officer.get(address).status_code == 200
        measured = next(one for one in link_of(page.text, 1) if "trace=measure" in one)
        assert case.number in officer.get(measured).text

    def test_without_a_period_it_is_this_year(self, town: Town) -> None:
        page = words(town.visit("苏某").get("/admin/statistics"))
        assert "2026年1月1日 至 2026年3月2日" in page
        assert "期间内没有案件" in page

    def test_the_chart_says_its_numbers(self, town: Town) -> None:
        town.open()
        page = town.visit("苏某").get(f"/admin/statistics?{PERIOD}").text
        assert 'role="img" aria-label="2026年3月立案1件、办结0件；' in page
        one = town.visit("苏某").get("/admin/statistics?since=2026-03-01&until=2026-03-31").text
        assert "2026年3月" in one

    def test_an_administrator_sees_numbers_and_no_cases(self, town: Town) -> None:
        town.open()
        page = town.visit("方某").get("/admin/statistics").text
        assert "/ledger?" not in page
        assert town.visit("郑某").get("/admin/statistics").status_code == 403

    def test_days_that_are_none(self, town: Town) -> None:
        officer = town.visit("苏某")
        assert officer.get("/admin/statistics?since=x").status_code == 400
        for query in ("since=2026-03-02&until=2026-03-01", "since=2020-01-01"):
            page = officer.get(f"/admin/statistics?{query}", follow_redirects=True)
            assert "这个期间不能统计" in words(page)

    def test_the_first_and_last_days_of_all(self, town: Town) -> None:
        officer = town.visit("苏某")
        for query in ("since=0001-01-01&until=0001-12-31", "since=9999-01-01&until=9999-12-31"):
            assert "期间内没有案件" in words(officer.get(f"/admin/statistics?{query}"))

    def test_in_english(self, town: Town) -> None:
        walking.to_service(town)
        page = words(town.visit("苏某").get(f"/admin/statistics?{PERIOD}&lang=en"))
        assert "Statistics" in page
        assert "Registered" in page

    def test_codes_in_words(self) -> None:
        with wording("zh"):
            assert appeal_text("upheld") == "维持"
            assert appeal_text("other") == "other"
            assert extension_text("granted") == "批准"
            assert deviation_text("attempt") == "越权尝试，已拒绝"


class TestTakingOut:
    """导出写明理由，留痕，内容与页面一致。"""

    def test_the_sheet_has_the_page_s_numbers(self, town: Town) -> None:
        walking.to_service(town)
        officer = town.visit("苏某")
        form = {"since": "2026-03-01", "until": "2026-12-31", "reason": "年度报告用"}
        page = officer.post("/admin/statistics/export", data=form, follow_redirects=True)
        assert "统计（.xlsx）" in words(page)

        drain(town.office, {KIND: make_export})

        row = town.one(sa.select(Export))
        assert row.state == "ready"
        order, content = town.give("苏某", open_export, row.id)
        assert order.name == "统计-20260301-20261231.xlsx"
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            text = book.read("xl/worksheets/sheet1.xml").decode()
            text += (
                book.read("xl/sharedStrings.xml").decode()
                if ("xl/sharedStrings.xml" in book.namelist())
                else ""
            )
        for said in ("期间", "立案", "问责方式", "各阶段用时", "已回执"):
            assert said in text, said

    def test_without_a_reason_nothing_is_made(self, town: Town) -> None:
        officer = town.visit("苏某")
        page = officer.post("/admin/statistics/export", data={}, follow_redirects=True)
        assert "请写明导出的理由" in words(page)
        form = {"since": "2026-03-02", "until": "2026-03-01", "reason": "年度报告用"}
        assert officer.post("/admin/statistics/export", data=form).status_code == 302
        assert town.all(sa.select(Export)) == []
        assert town.visit("郑某").post("/admin/statistics/export", data=form).status_code == 403
        form["since"] = "x"
        assert officer.post("/admin/statistics/export", data=form).status_code == 400
