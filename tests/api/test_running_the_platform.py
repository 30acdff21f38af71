"""运行维护，程序也能办：离职转办、人员名单、核验、日历、印章、演练日期。"""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import RecordCheck
from tests.api.answering import base, ok
from tests.api.conftest import Bring
from tests.office import P01, Town


class TestRunningThePlatform:
    """运行维护：离职转办、日历、人员名单、印章、记录核验、演练日期，与管理页面同一套命令。"""

    def test_work_of_who_leaves_is_handed_over(self, town: Town, program: Bring) -> None:
        case = town.open()
        [element] = town.open_elements(case)
        town.claim("冯某", case, element)
        robot = program("方某")
        body = {"person_id": town.people["冯某"], "to": town.people["魏某"], "reasons": "调离"}
        made = ok(robot.post("/departures", body))
        assert ok(robot.get("/departures"))[0]["person"] == "冯某"
        whole = ok(robot.get(f"/departures/{made['id']}"))
        assert [one["result"] for one in whole["items"]] == ["waiting"]
        assert ok(robot.post(f"/departures/{made['id']}/stop"))["state"] == "stopped"
        assert program("吕某").get("/departures").status_code == 403

    def test_a_list_of_people_is_tried_then_taken(self, program: Bring) -> None:
        robot = program("方某")
        lines = {"lines": [{"number": 1, "unit": "新部门", "name": "新人"}]}
        assert len(ok(robot.post("/roster/changes", lines))) == 2
        assert ok(robot.post("/roster", lines)) >= 1
        [found] = ok(robot.get("/people?search=新人"))["lines"]
        made = ok(robot.post(f"/people/{found['id']}/accounts", {"name": "robot-1"}))
        assert (made["name"], made["is_admin"], made["is_active"]) == ("robot-1", False, True)

    def test_a_person_is_moved_to_a_unit(self, town: Town, program: Bring) -> None:
        robot, url = program("方某"), f"/people/{town.people['陈某']}"
        made = ok(robot.post("/units", {"name": "三车间"}))
        sent = {"unit_id": made["id"], "title": "组长", "reasons": "调整"}
        assert ok(robot.post(f"{url}/unit", sent))["unit_id"] == made["id"]
        assert ok(robot.get(url))["unit"] == "三车间"
        assert robot.post(f"{url}/unit", sent).status_code == 409
        assert robot.post(f"{url}/unit", {"title": "组长"}).status_code == 422
        assert ok(robot.post(f"{url}/unit", {"unit_id": None, "title": ""}))["unit_id"] is None
        assert program("吕某").post(f"{url}/unit", sent).status_code == 403

    def test_the_record_is_verified_and_that_is_recorded(self, town: Town, program: Bring) -> None:
        robot = program("方某")
        assert ok(robot.post("/records/verification"))["breaches"] == []
        assert town.one(sa.select(RecordCheck).where(RecordCheck.scope == "all")).breaches == 0
        assert all(one["count"] for one in ok(robot.get("/records/heads")).values())
        assert program("吕某").post("/records/verification").status_code == 403

    def test_the_year_the_seal_and_the_words(self, program: Bring) -> None:
        robot = program("方某")
        assert ok(robot.get("/calendar/2026/national"))
        assert robot.get("/calendar/2090/national").status_code == 409
        assert robot.get("/seal").status_code == 404
        picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
        assert robot.post("/seal", {"content": base(picture)}).status_code == 204
        assert robot.get("/seal").data == picture
        before = ok(robot.get("/notice-templates/assigned"))
        assert not before["is_own"]
        words = {"subject": dict(before["subject"]), "body": dict(before["body"])}
        words["subject"]["zh"] = "有新任务"
        assert ok(robot.put("/notice-templates/assigned", words))["number"] == 1
        assert ok(robot.get("/notice-templates/assigned"))["changed_by"] == {"1": "方某"}
        assert ok(robot.get("/running")) == []
        assert ok(robot.get("/health"))["overdue"] == 0

    def test_a_rehearsals_clock_goes_forward_only(self, program: Bring) -> None:
        robot = program("方某")
        assert ok(robot.get("/clock")) == "2026-03-02T01:00:00+00:00"
        moved = ok(robot.post("/clock", {"to": "2026-03-05T01:00:00Z"}))
        assert moved["now"] >= "2026-03-05T01:00:00+00:00"
        assert robot.post("/clock", {"to": "2026-03-04T01:00:00Z"}).status_code == 409
        assert robot.post("/clock", {"to": "2026-03-06T01:00:00"}).status_code == 422
        far = robot.post("/clock", {"to": "9999-12-31T00:00:00Z"})
        assert far.status_code == 409
        assert far.json is not None
        assert far.json["code"] == "clock.far"

    def test_where_cases_run_is_drawn(self, town: Town, program: Bring) -> None:
        case = town.open()
        robot = program("方某")
        load = ok(robot.get(f"/running/{case.version_id}"))
        assert sum(one["waiting"] for one in load["steps"]) == 1
        drawn = robot.get(f"/running/{case.version_id}/diagrams/{P01}")
        assert drawn.data.startswith(b"<?xml")
