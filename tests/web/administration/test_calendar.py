"""工作日历：录入一年、改一天；生效之前先看哪些期限会变动；11 月起提醒录入下一年。"""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

import pytest
import sqlalchemy as sa

from engine.commands.change_calendar import CalendarWrong, SpecialDay
from engine.store.tables import CalendarDay, CalendarYear, DeadlineRow
from scheduler import sweep
from tests.office import Town
from web.administration.years import read_days, text_of


def text_of_page(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page[page.index("<main") :]))


def running(town: Town, key: str) -> date:
    row: DeadlineRow = town.one(sa.select(DeadlineRow).where(DeadlineRow.key == key))
    return row.last_day


@pytest.fixture
def verifying(town: Town) -> Town:
    """Registered on Monday 2 March 2026; verification runs 10 working days to Mon 16 March."""
    case = town.open()
    town.do(
        "冯某",
        case,
        "ut_screen",
        intake={"exit": "here", "procedure": "corporate-accountability", "remark": "受理"},
    )
    assert running(town, "DL-CA-1") == date(2026, 3, 16)
    return town


class TestTheYear:
    """一年一页：放假、补班、工作日数。"""

    def test_2026_shows_its_holidays_and_make_up_days(self, town: Town) -> None:
        page = town.visit("方某").get("/admin/calendar?year=2026").text

        assert '<td data-kind="holiday" title="2026年10月1日 周四 休息">' in page
        assert '<td data-kind="made-up" title="2026年10月10日 周六 上班">' in page
        assert '<td data-kind="off now"' not in page
        assert '<td data-kind="work now" title="2026年3月2日 周一 上班">' in page

    def test_a_year_that_is_not_entered_counts_provisionally(self, town: Town) -> None:
        text = text_of_page(town.visit("方某").get("/admin/calendar?year=2027").text)

        assert "2027 年的放假安排尚未录入" in text
        assert "暂定" in text

    @pytest.mark.parametrize("year", ["abc", "1999", "2101"])
    def test_what_is_no_year_is_refused(self, town: Town, year: str) -> None:
        assert town.visit("方某").get(f"/admin/calendar?year={year}").status_code == 400


class TestMendingADay:
    """改一天：先列出会变动的期限，确认后才生效；每次变动留痕并告知。"""

    HOLIDAY: ClassVar = {
        "day": "2026-03-10",
        "kind": "off",
        "name": "临时放假",
        "source": "某办〔2026〕1号",
    }

    def test_what_moves_is_shown_before_anything_changes(self, verifying: Town) -> None:
        page = verifying.visit("方某").post(
            "/admin/calendar/day", data={**self.HOLIDAY, "action": "show"}
        )

        text = text_of_page(page.text)
        assert "DL-CA-1 2026年3月16日 周一 2026年3月17日 周二" in text
        assert (
            verifying.all(sa.select(CalendarDay).where(CalendarDay.day == date(2026, 3, 10))) == []
        )
        assert running(verifying, "DL-CA-1") == date(2026, 3, 16)

    def test_confirmed_it_counts_again(self, verifying: Town) -> None:
        browser = verifying.visit("方某")

        answer = browser.post("/admin/calendar/day", data={**self.HOLIDAY, "action": "confirm"})
        sweep(verifying.office)

        assert answer.status_code == 302
        assert running(verifying, "DL-CA-1") == date(2026, 3, 17)

    def test_a_day_that_is_none_is_refused(self, town: Town) -> None:
        answer = town.visit("方某").post("/admin/calendar/day", data={"day": "2026-02-30"})

        assert answer.status_code == 400

    def test_in_a_year_that_is_not_entered_no_day_is_mended(self, town: Town) -> None:
        page = town.visit("方某").post(
            "/admin/calendar/day",
            data={"day": "2027-03-10", "kind": "off", "action": "show"},
            follow_redirects=True,
        )

        assert "2027" in text_of_page(page.text)
        assert town.all(sa.select(CalendarYear).where(CalendarYear.year == 2027)) == []


class TestEnteringAYear:
    """录入全年：粘贴日期，或取全国安排。"""

    def test_pasted_days_are_shown_then_entered(self, town: Town) -> None:
        browser = town.visit("方某")
        given = {
            "year": "2027",
            "days": "2027-01-01 休 元旦\n2027-01-02 班",
            "source": "国办发明电",
        }

        shown = browser.post("/admin/calendar", data={**given, "action": "show"})
        assert "没有在办期限因此变动" in shown.text
        browser.post("/admin/calendar", data={**given, "action": "confirm"})

        days = town.all(sa.select(CalendarDay).where(CalendarDay.day >= date(2027, 1, 1)))
        found = {(one.day, one.is_workday, one.name) for one in days}
        assert found == {(date(2027, 1, 1), False, "元旦"), (date(2027, 1, 2), True, "")}

    def test_a_line_that_is_not_understood_is_named(self, town: Town) -> None:
        page = town.visit("方某").post(
            "/admin/calendar",
            data={"year": "2027", "days": "2027-01-01 休\n一月二日 班", "action": "show"},
        )

        assert page.status_code == 409
        assert "第 2 行“一月二日 班”看不懂" in page.text

    def test_the_national_arrangement_is_taken_where_it_is_known(self, town: Town) -> None:
        page = town.visit("方某").post(
            "/admin/calendar", data={"year": "2025", "action": "national"}
        )

        assert "2025-10-01 休" in page.text
        assert "2025-10-11 班" in page.text

    def test_an_unknown_year_says_so(self, town: Town) -> None:
        page = town.visit("方某").post(
            "/admin/calendar", data={"year": "2099", "action": "national"}
        )

        assert page.status_code == 409
        assert "2099" in page.text

    def test_days_are_written_as_they_are_read(self) -> None:
        days = (
            SpecialDay(date(2026, 10, 1), is_workday=False, name="国庆节"),
            SpecialDay(date(2026, 10, 10), is_workday=True),
        )

        assert read_days(text_of(days)) == days
        assert read_days("\n2026-10-01，off，National Day\n") == (
            SpecialDay(date(2026, 10, 1), is_workday=False, name="National Day"),
        )

    @pytest.mark.parametrize("line", ["2026-02-30 休", "2026-10-01", "2026-10-01 节"])
    def test_other_lines_are_refused(self, line: str) -> None:
        with pytest.raises(CalendarWrong):
            read_days(line)


class TestTheWarning:
    """从 11 月 1 日起，下一年未录入的，概况页提醒。"""

    def test_on_31_october_nothing_is_missing(self, town: Town) -> None:
        town.clock.move_to(town.clock.now().replace(month=10, day=31))

        assert "尚未录入" not in town.visit("方某").get("/admin").text

    def test_from_1_november_the_next_year_is_missing(self, town: Town) -> None:
        town.clock.move_to(town.clock.now().replace(month=11, day=1))

        assert "2027 年的放假安排尚未录入" in town.visit("方某").get("/admin").text
