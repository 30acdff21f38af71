"""审计记录可按何事、何人、何日查找；只有管理员和督办专员能查，案件记录的内容不在其中。"""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.organise import add_unit
from engine.desk.views.records import FoundPage, search_record
from engine.errors import NotAllowed
from tests.office import Town


def found(town: Town, **given: object) -> FoundPage:
    page: FoundPage = town.ask("方某", search_record, **given)
    return page


class TestSearch:
    """条件之间是“并且”；最近的在前，分页不重不漏。"""

    def test_by_kind_person_and_day(self, town: Town) -> None:
        town.give("方某", add_unit, "三车间")
        town.at(2026, 3, 3)
        town.give("丁某", add_unit, "四车间")
        day = {"since": date(2026, 3, 2), "until": date(2026, 3, 2), "fact": "unit_added"}
        names = [
            [one.details["name"] for one in found(town, **given).lines]
            for given in (
                {"fact": "unit_added", "since": date(2026, 3, 3)},
                {"fact": "unit_added", "person": "丁"},
                {"fact": "unit_added", "person": "%"},
                day | {"person": "方某"},
            )
        ]
        assert names == [["四车间"], ["四车间"], [], ["三车间"]]

    def test_pages_follow_each_other_without_gap(self, town: Town) -> None:
        for number in range(5):
            town.give("方某", add_unit, f"{number}号")
        given = {"fact": "unit_added", "person": "方某"}
        seen, after = [], ""
        while True:
            page = found(town, after=after, limit=2, **given)
            seen += [one.details["name"] for one in page.lines]
            after = page.after
            if not after:
                break
        assert seen == ["4号", "3号", "2号", "1号", "0号"]

    def test_the_ends_of_time_and_a_typed_page_are_no_bound(self, town: Town) -> None:
        town.give("方某", add_unit, "三车间")
        ends = {"since": date.min, "until": date.max}
        for given in (ends, {"after": "day|" + "9" * 40}):
            names = [one.details["name"] for one in found(town, fact="unit_added", **given).lines]
            assert names[0] == "三车间"

    def test_what_belongs_to_a_case_is_not_found(self, town: Town) -> None:
        town.open()
        assert found(town, fact="case_opened").lines == ()

    def test_nobody_else_searches(self, town: Town) -> None:
        with pytest.raises(NotAllowed):
            town.ask("吕某", search_record)
        assert town.visit("吕某").get("/admin/records/search").status_code == 403

    def test_the_page_shows_what_was_found(self, town: Town) -> None:
        for number in range(51):
            town.give("方某", add_unit, f"{number}号")
        client = town.visit("苏某")
        page = client.get("/admin/records/search?fact=unit_added&since=2026-03-02&until=2026-03-02")
        assert "name=50号" in page.text
        assert "after=" in page.text
        assert "没有记录" in client.get("/admin/records/search?person=无此人").text
