"""设置、迁移和版本，程序也能办：与页面同一命令，同一第二人。"""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from engine.commands.batches import KIND, run_batch
from scheduler.jobs import drain
from tests.api.conftest import Bring
from tests.office import P01, Town
from tests.web.administration.changing import folder_with

WHY = "试行。"


def ok(answer: TestResponse) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json


class TestSettings:
    """平台参数与流程参数：现值、更改、批准、恢复、历史。"""

    def test_a_value_of_the_platform(self, town: Town, program: Bring) -> None:
        robot = program("方某")
        made = ok(robot.post("/settings/reminder.hours", {"value": 8, "reasons": WHY}))
        values = {one["rule"]["key"]: one["value"] for one in ok(robot.get("/settings"))}
        assert values["reminder.hours"] == 8

        again = ok(robot.post(f"/setting-changes/{made['id']}/restore", {"reasons": WHY}))
        assert again["restores"] == made["id"]
        history = ok(robot.get("/setting-changes?area=platform"))["lines"]
        assert [one["row"]["new"]["value"] for one in history] == [4, 8]
        refused = robot.post("/settings/reminder.hours", {"value": 999, "reasons": WHY})
        assert refused.status_code == 409
        assert robot.post("/settings/none", {"value": 8, "reasons": WHY}).status_code == 404

    def test_a_switch_of_a_procedure(self, town: Town, program: Bring) -> None:
        mine, other = program("方某"), program("丁某")
        asked = {"area": "switch", "key": "reform.pre_notice", "value": False, "reasons": WHY}
        made = ok(mine.post(f"/procedures/{P01}/settings", asked))
        assert ok(mine.get(f"/procedures/{P01}/settings"))["is_mine"] is True
        assert [one["row"]["id"] for one in ok(other.get("/setting-changes/waiting"))] == [
            made["id"]
        ]
        decide = f"/setting-changes/{made['id']}/decide"
        assert mine.post(decide, {"granted": True}).status_code == 403
        assert ok(other.post(decide, {"granted": True}))["number"] == 2
        lines = ok(mine.get(f"/procedures/{P01}/settings"))["lines"]
        assert {one["key"]: one["value"] for one in lines}["reform.pre_notice"] is False

    def test_others_are_not_let_in(self, town: Town, program: Bring) -> None:
        robot = program("冯某")
        assert robot.get("/settings").status_code == 403
        assert robot.get("/moves").status_code == 403


class TestVersions:
    """删除没有办过案件的版本，批量迁移，看案件停在哪里。"""

    def test_a_draft_is_deleted_by_two(self, town: Town, program: Bring) -> None:
        version = town.draft(folder_with("value: 1, unit: years", "value: 2, unit: years"))
        mine, other = program("方某"), program("丁某")
        here = f"/versions/{version.id}/deletion"
        assert ok(mine.post(here, {"reasons": WHY}))["number"] == 2
        assert other.post(f"{here}/decide", {"granted": True}).status_code in {200, 204}
        assert mine.get(f"/versions/{version.id}").status_code == 404

    def test_all_cases_of_a_version_are_tried(self, town: Town, program: Bring) -> None:
        case = town.open()
        robot = program("方某")
        change = {"area": "parameter", "key": "repeat.threshold", "value": 3, "reasons": WHY}
        made = ok(robot.post(f"/procedures/{P01}/settings", change))
        decided = program("丁某").post(f"/setting-changes/{made['id']}/decide", {"granted": True})
        order = {"to_version_id": ok(decided)["id"], "mapping": {}}
        batch = ok(robot.post(f"/versions/{case.version_id}/migration-trials", order))
        drain(town.office, {KIND: run_batch})

        [item] = ok(robot.get(f"/batches/{batch['id']}"))["items"]
        assert (item["case_id"], item["state"]) == (case.id, "done")

    def test_a_case_on_its_diagram(self, town: Town, program: Bring) -> None:
        case = town.open()
        found = ok(program("方某").get(f"/moves?number={case.number}"))
        assert (found["number"], found["may"]) == (case.number, False)
        assert found["waiting"][0]["targets"] == {}
