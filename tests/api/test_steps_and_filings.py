"""案件的一步，页面上看得到的，程序也看得到：经过谁手、谁已表态、可以提交什么。"""

from __future__ import annotations

import pytest

from tests.api.answering import ok
from tests.api.conftest import Bring
from tests.office import P01, Town
from tests.web import walking


class TestAStepAndItsHands:
    """一个步骤经过谁手、可以交给谁；合议的，看得到谁到会、谁已表态。"""

    def test_who_holds_it_sees_to_whom_it_may_go(self, town: Town, program: Bring) -> None:
        case = town.open()
        [element] = town.open_elements(case)
        item = town.claim("冯某", case, element)
        robot = program("冯某")
        assert ok(robot.get(f"/work/{item.id}/hands"))["is_held"]
        assert robot.get(f"/work/{item.id}/meeting").status_code == 404
        assert robot.post(f"/work/{item.id}/papers").status_code == 200
        assert robot.post(f"/work/{item.id}/look").status_code == 200
        assert robot.get(f"/work/{item.id}/dunning").status_code in {403, 409}
        paper = robot.post(f"/work/{item.id}/dunning-paper", {"reasons": "请尽快。"})
        assert paper.status_code in {403, 409}

    @pytest.mark.slow
    def test_a_sitting_shows_who_has_spoken(self, town: Town, program: Bring) -> None:
        case = walking.to_meeting(town)
        item = town.item(case, "ut_decide")
        robot = program("郑某")
        before = ok(robot.get(f"/work/{item.id}/meeting"))
        assert before["motion"] is None
        put = robot.post(f"/work/{item.id}/motion", {"answers": walking.motion(town)})
        motion = ok(put)["id"]
        voted = {"vote": "agree", "reasons": "事实清楚。"}
        assert robot.post(f"/motions/{motion}/opinion", voted).status_code == 200
        after = ok(robot.get(f"/work/{item.id}/meeting"))
        assert {one["name"]: one["vote"] for one in after["members"]}["郑某"] == "agree"
        assert after["in_favour"] == 1

    @pytest.mark.slow
    def test_a_case_is_shown_with_all_that_goes_with_it(self, town: Town, program: Bring) -> None:
        case = walking.to_service(town)
        robot = program("冯某")
        for part in ("companions", "readers", "links", "escalations", "duplicates", "mergers"):
            assert robot.get(f"/cases/{case.id}/{part}").status_code == 200, part
        assert robot.get(f"/cases/{case.id}/diagrams/{P01}").mimetype == "application/xml"
        assert robot.get(f"/cases/{case.id}/diagrams/none").status_code == 404
        assert ok(robot.get(f"/cases/{case.id}/wake"))["answers"]["summary"]
        assert "reporter" not in ok(robot.get(f"/cases/{case.id}/wake"))["answers"]

    @pytest.mark.slow
    def test_what_may_be_filed_comes_with_its_form_and_draft(
        self, town: Town, program: Bring
    ) -> None:
        case = walking.to_service(town)
        robot = program("陈某")
        path = f"/cases/{case.id}/filings/appeal"
        keys = [one["key"] for one in ok(robot.get(f"/own/{case.id}"))["filings"]]
        assert keys
        path = f"/cases/{case.id}/filings/{keys[0]}"
        form = ok(robot.get(path))
        assert form["by_oneself"]
        draft = f"/own/{case.id}/filings/{keys[0]}"
        assert robot.put(f"{draft}/draft", {"data": {}}).status_code == 200
        assert ok(robot.get(path))["saved_at"]
        assert robot.post(f"{draft}/discard").status_code == 204
        assert ok(robot.get(path))["saved_at"] is None
