"""来信与公开的事项，程序也能读、能办：每次查看留痕。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.reports import hand_in_report
from engine.desk import system_actor
from engine.store.tables import AccessEntry, Report
from tests.api.answering import ok
from tests.api.conftest import Bring
from tests.office import P01, Town


class TestReportsOfThePublic:
    """来信：每次查看留痕；谁写的，写明理由才看得到；答复、登记或者不予受理。"""

    @pytest.fixture
    def report(self, town: Town) -> Report:
        town.office.give(
            system_actor(town.authority_id),
            hand_in_report,
            "设备部推诿。",
            contact={"name": "郎某"},
            truthful=True,
        )
        found: Report = town.one(sa.select(Report))
        return found

    def test_each_look_is_recorded_and_tells_no_name(
        self, town: Town, program: Bring, report: Report
    ) -> None:
        robot = program("冯某")
        assert [one["id"] for one in ok(robot.get("/reports"))] == [report.id]
        before = len(town.all(sa.select(AccessEntry)))
        answer = robot.get(f"/reports/{report.id}")
        assert ok(answer)["messages"][0]["text"] == "设备部推诿。"
        assert "郎某" not in answer.text
        assert len(town.all(sa.select(AccessEntry))) == before + 1

    def test_who_wrote_it_is_told_for_a_reason_and_never_kept(
        self, town: Town, program: Bring, report: Report
    ) -> None:
        robot = program("冯某")
        path = f"/reports/{report.id}/reporter"
        assert robot.post(path, {"reason": ""}).status_code == 409
        told = robot.post(path, {"reason": "联系来信人核实"}, Idempotency_Key="k")
        assert ok(told) == {"name": "郎某"}
        assert program("吕某").post(path, {"reason": "联系来信人核实"}).status_code == 403

    def test_it_is_answered_and_settled_once(self, program: Bring, report: Report) -> None:
        robot = program("冯某")
        asked = robot.post(f"/reports/{report.id}/question", {"text": "请说明时间。"})
        assert asked.status_code == 204
        assert ok(robot.get(f"/reports/{report.id}"))["messages"][1]["is_question"]
        path = f"/reports/{report.id}/refusal"
        assert robot.post(path, {"reasons": "不属本机关管辖。"}).status_code == 204
        assert robot.post(path, {"reasons": "再一次。"}).status_code == 409

    def test_it_becomes_a_case(self, town: Town, program: Bring, report: Report) -> None:
        answers = town.clue(summary="推诿。")
        body = {"procedure": P01, "answers": answers, "files": {}}
        made = ok(program("冯某").post(f"/reports/{report.id}/case", body))
        assert town.one(sa.select(Report)).case_id == made["id"]


class TestWhatIsPublic:
    """向社会公开的，程序也能读；撤下的，与没有一样。"""

    def test_it_is_read_by_everybody(self, program: Bring) -> None:
        robot = program("吕某")
        assert ok(robot.get("/publications"))["lines"] == []
        assert robot.get("/publications/none").status_code == 404
