"""除案件办理外，页面上的其余事项也可由程序办理：导出、更正、登记簿、消息。"""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.organise import give_post
from tests.api.answering import ok
from tests.api.conftest import Bring
from tests.office import P01, PASSWORD, Town
from tests.web import walking


class TestTakingOut:
    """台账与案卷的导出：写明理由、可查进度、可停止，只有本人能取。"""

    def test_a_ledger_is_read_in_pages_and_taken_out(self, town: Town, program: Bring) -> None:
        for _number in range(3):
            town.open()
        robot = program("冯某")
        first = ok(robot.get("/ledger?limit=2&sort=oldest"))
        rest = ok(robot.get(f"/ledger?limit=2&sort=oldest&after={first['after']}"))
        assert (len(first["lines"]), len(rest["lines"]), first["total"]) == (2, 1, 3)
        assert ok(robot.get("/ledger/procedures"))[P01]["zh"] == "企业领导干部问责"

        ordered = ok(robot.post("/ledger/exports", {"chosen": {}, "reason": "月度核对台账"}))
        assert ok(robot.get("/exports"))["lines"][0]["id"] == ordered["id"]
        assert ok(robot.get(f"/exports/{ordered['id']}"))["state"] == "running"
        assert robot.get(f"/exports/{ordered['id']}/file").status_code == 409
        assert program("吕某").get(f"/exports/{ordered['id']}").status_code == 404
        assert ok(robot.post(f"/exports/{ordered['id']}/stop"))["state"] == "stopped"


class TestCorrecting:
    """更正：一人拟、另一人签发、再送达；或者放弃。"""

    @pytest.mark.slow
    def test_a_correction_is_drafted_prepared_and_dropped(self, town: Town, program: Bring) -> None:
        case = walking.to_service(town)
        robot = program("冯某")
        papers = ok(robot.get(f"/cases/{case.id}"))["documents"]
        served = next(one for one in papers if one["state"] == "served")
        wrong = {"wrong": "二车间", "right": "一车间", "reasons": "单位名称有误。"}
        made = ok(robot.post(f"/documents/{served['id']}/corrections", wrong))
        found = ok(robot.get(f"/corrections/{made['id']}"))
        assert found["original"]["id"] == served["id"]
        assert robot.post(f"/corrections/{made['id']}/prepare").status_code == 403  # not an issuer
        own = robot.post(f"/corrections/{made['id']}/issue", {"signature": PASSWORD})
        assert own.status_code == 403
        assert program("郑某").post(f"/corrections/{made['id']}/prepare").status_code == 204
        assert robot.post(f"/corrections/{made['id']}/drop").status_code == 204


class TestTheRegister:
    """受限登记：查询、评优与任职的请示，答复留痕；一致性看板只给督办。"""

    def test_an_award_is_asked_for(self, town: Town, program: Bring) -> None:

        town.give(
            "方某", give_post, town.people["许某"], "personnel_officer", valid_from=date(2026, 1, 1)
        )
        robot = program("许某")
        person = town.people["陈某"]
        assert ok(robot.get("/standing?everybody=true"))["lines"]
        answer = ok(robot.post(f"/standing/people/{person}/award", {"year": 2026}))
        assert answer["answer"] == "granted"
        assert ok(robot.get(f"/standing/people/{person}"))["requests"][0][0]["year"] == 2026
        assert robot.get("/standing/consistency").status_code == 403
        assert ok(program("苏某").get("/standing/consistency"))["comparisons"] == []


class TestWishes:
    """消息设置：本人定，地址不再显示。"""

    def test_they_are_kept(self, program: Bring) -> None:
        robot = program("吕某")
        wanted = {"wanted": {"assigned": ["mail"]}, "digest": "daily", "quiet_from": "22:00"}
        assert robot.put("/notices/wishes", wanted).status_code == 409
        assert ok(robot.put("/notices/wishes", wanted | {"quiet_to": "07:00"}))["digest"] == "daily"
        found = ok(robot.get("/notices/wishes"))
        assert (found["wanted"], found["quiet_to"]) == ({"assigned": ["mail"]}, "07:00")
        assert robot.post("/notices/addresses/mail/try").status_code == 404
