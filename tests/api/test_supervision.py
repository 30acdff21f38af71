"""督办视图、督办通知和统计，程序与页面同一规则：授权、理由、留痕、答复。"""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from werkzeug.test import TestResponse

from engine.commands.grant_supervision import place_authority
from engine.commands.organise import add_person, give_post, open_account
from engine.desk import Desk, system_actor
from engine.store.tables import AccessEntry
from tests.api.conftest import Bring
from tests.office import P01, Town
from tests.web import walking


def ok(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json


def officer(desk: Desk) -> str:
    person = add_person(desk, "上督")
    give_post(desk, person.id, "supervision_officer", valid_from=date(2020, 1, 1))
    open_account(desk, person.id, "above")
    return person.id


class TestSupervision:
    """An authority above reads and asks by its program; every look is noted below."""

    def test_granted_watched_asked_and_answered(self, town: Town, program: Bring) -> None:
        town.office.give(system_actor(""), place_authority, "group", above="other")
        town.people["上督"] = town.office.give(system_actor(town.other_authority_id), officer)
        case = walking.to_verification(town)
        town.claim("吕某", case, "ut_verify")
        above, admin, handler = program("上督"), program("方某"), program("吕某")
        assert ok(above.get("/supervised-cases"))["lines"] == []
        assert above.get(f"/supervised-cases/{case.id}?reason=核实督办").status_code == 404

        days = {"valid_from": "2026-03-02", "valid_to": "2026-12-31", "reasons": "督办。"}
        grant = ok(admin.post("/supervision-grants", {"procedures": [P01], **days}))

        (line,) = ok(above.get("/supervised-cases"))["lines"]
        assert (line["number"], line["posts"], line["lamp"]) == (case.number, ["二车间主任"], "ok")
        assert above.get(f"/supervised-cases/{case.id}").status_code == 409
        look = above.get(f"/supervised-cases/{case.id}?reason=核实督办事项")
        assert ok(look)["case"]["id"] == case.id
        for hidden in ("陈某", "吕某", "推诿扯皮"):
            assert hidden not in look.text
        reasons = {one.reason for one in town.all(sa.select(AccessEntry))}
        assert {"核实督办事项", "督办。"} <= reasons

        notice = {"text": "请说明进展。", "answer_by": "2026-03-05"}
        asked = ok(above.post(f"/supervised-cases/{case.id}/notices", notice))
        assert ok(handler.get("/supervision-notices"))[0]["row"]["text"] == "请说明进展。"
        answered = handler.post(
            f"/supervision-notices/{asked['id']}/answer", {"answer": "正在核实。"}
        )
        assert ok(answered)["answer"] == "正在核实。"
        assert len(ok(admin.get("/supervision-grants"))["looks"]) == 2
        ended = admin.post(f"/supervision-grants/{grant['id']}/end", {"reasons": "已结束。"})
        assert ok(ended)["ended_reasons"] == "已结束。"
        assert above.get(f"/supervised-cases/{case.id}").status_code == 404


class TestStatistics:
    """The figures with the ledger of their cases."""

    def test_a_period_is_counted_and_taken_out(self, town: Town, program: Bring) -> None:
        walking.to_service(town)
        robot = program("苏某")

        found = ok(robot.get("/statistics?since=2026-03-01&until=2026-12-31"))

        assert found["opened"]["count"] == 1
        assert found["opened"]["cases"] == {"since": "2026-03-01", "until": "2026-12-31"}
        wrong = robot.get("/statistics?since=2026-03-02&until=2026-03-01")
        assert wrong.status_code == 409
        period = {"since": "2026-03-01", "until": "2026-12-31", "reason": "年度报告用"}
        assert ok(robot.post("/statistics/exports", period))["kind"] == "statistics"
        assert (
            program("郑某").get("/statistics?since=2026-03-01&until=2026-03-02").status_code == 403
        )
