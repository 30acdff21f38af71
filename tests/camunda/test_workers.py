"""External tasks: fetched once, locked until a moment, completed, failed, given back."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.repair import retry_incident
from engine.store.tables import Attachment, AuditEntry, CaseRow, ExternalTask, Incident
from tests.camunda.programs import Program
from tests.office import Town


def case_of(town: Town, case_id: str) -> CaseRow:
    found: CaseRow = town.one(sa.select(CaseRow).where(CaseRow.id == case_id))
    return found


def task_row(town: Town, task_id: str) -> ExternalTask:
    found: ExternalTask = town.one(
        sa.select(ExternalTask).where(ExternalTask.work_item_id == task_id)
    )
    return found


class TestCompleting:
    """What a worker found goes into the diagram, and its files into the case's."""

    def test_the_case_goes_on_and_ends(self, town: Town, designer: Program) -> None:
        case = designer.start()
        [task] = designer.fetch()
        designer.post(
            f"/external-task/{task['id']}/complete",
            {"workerId": "w1", "variables": {"ok": {"value": True}}},
        )
        [task] = designer.fetch("check")
        assert task["variables"]["ok"]["value"] is True
        designer.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"})

        assert case_of(town, case).closed_at is not None
        facts = [
            one.fact for one in town.all(sa.select(AuditEntry).where(AuditEntry.case_id == case))
        ]
        assert facts.count("external_done") == 2

    def test_types_come_back_as_they_went(self, designer: Program) -> None:
        designer.start()
        [task] = designer.fetch()
        sent = {
            "text": {"type": "String", "value": "甲"},
            "whole": {"type": "Long", "value": 2**40},
            "part": {"type": "Double", "value": 0.25},
            "at": {"type": "Date", "value": "2026-03-02T09:30:00.250+0800"},
            "json": {"type": "Json", "value": '{"a": [1]}'},
            "thing": {
                "type": "Object",
                "value": "[2]",
                "valueInfo": {"serializationDataFormat": "application/json"},
            },
            "nothing": {"type": None, "value": None},
            "text_of_number": {"type": "Integer", "value": "12"},
        }
        designer.post(
            f"/external-task/{task['id']}/complete", {"workerId": "w1", "variables": sent}
        )

        [task] = designer.fetch("check")

        got = {name: (one["type"], one["value"]) for name, one in task["variables"].items()}
        assert got["text"] == ("String", "甲")
        assert got["whole"] == ("Long", 2**40)
        assert got["part"] == ("Double", 0.25)
        assert got["at"] == ("Date", "2026-03-02T01:30:00.250+0000")
        assert got["json"] == ("Json", '{"a":[1]}')
        assert got["thing"] == ("Json", "[2]")
        assert got["nothing"] == ("Null", None)
        assert got["text_of_number"] == ("Integer", 12)

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "value",
        [
            {"type": "Integer", "value": "x"},
            {"type": "Integer", "value": 1.5},
            {"type": "Integer", "value": True},
            {"type": "Integer", "value": "1" * 400},
            {"type": "Boolean", "value": "yes"},
            {"type": "String", "value": 1},
            {"type": "Double", "value": "nan"},
            {"type": "Double", "value": True},
            {"type": "Date", "value": "2026-03-02T09:30:00"},
            {"type": "Json", "value": "{"},
            {
                "type": "Object",
                "value": "x",
                "valueInfo": {"serializationDataFormat": "application/x-java"},
            },
            {"type": "File", "value": "%%", "valueInfo": {"filename": "a.txt"}},
            {"type": "File", "value": "YQ=="},
            {"type": "File", "value": "YQ==", "valueInfo": {"filename": "a.exe"}},
            {"type": "Bytes", "value": "YQ=="},
            {"type": "Json", "value": '{"$vault": "x"}'},
            {"type": "Json", "value": '[{"$attachment": "x"}]'},
            3,
        ],
    )
    def test_a_value_that_does_not_fit_changes_nothing(self, designer: Program, value: Any) -> None:
        designer.start()
        [task] = designer.fetch()

        designer.post(
            f"/external-task/{task['id']}/complete",
            {"workerId": "w1", "variables": {"v": value}},
            400,
        )

        assert designer.get(f"/external-task/{task['id']}")["workerId"] == "w1"

    def test_variables_that_are_no_object_are_refused(self, designer: Program) -> None:
        designer.start()
        [task] = designer.fetch()

        designer.post(
            f"/external-task/{task['id']}/complete", {"workerId": "w1", "variables": []}, 400
        )

    def test_a_file_becomes_an_attachment_and_can_be_fetched(
        self, town: Town, designer: Program
    ) -> None:
        case = designer.start()
        [task] = designer.fetch()
        file = {
            "type": "file",
            "value": base64.b64encode("甲".encode()).decode(),
            "valueInfo": {"filename": "../回执.txt", "mimetype": "text/html"},
        }
        designer.post(
            f"/external-task/{task['id']}/complete", {"workerId": "w1", "variables": {"f": file}}
        )

        [task] = designer.fetch("check")
        assert task["variables"]["f"] == {
            "type": "File",
            "value": None,
            "valueInfo": {"filename": "回执.txt", "mimetype": "text/plain", "encoding": None},
        }
        for path in (
            f"/execution/{case}/localVariables/f/data",
            f"/process-instance/{case}/variables/f/data",
        ):
            got = designer.ask("GET", path)
            assert got.data == "甲".encode()
            assert got.headers["Content-Disposition"].startswith("attachment")
        row = town.one(sa.select(Attachment).where(Attachment.case_id == case))
        assert row.work_item_id is not None
        assert (
            designer.ask("GET", f"/process-instance/{case}/variables/case/data").status_code == 404
        )


class TestStaleWorkers:
    """Who no longer has the task changes nothing: 400. What is gone is not found: 404."""

    @pytest.fixture
    def taken(self, town: Town, designer: Program) -> str:
        """A task that w1 had and w2 has now."""
        designer.start()
        designer.fetch(worker="w1")
        town.clock.move_to(town.clock.now() + timedelta(seconds=61))
        [task] = designer.fetch(worker="w2")
        found: str = task["id"]
        return found

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("act", "body"),
        [
            ("complete", {}),
            ("failure", {"errorMessage": "x", "retries": 1, "retryTimeout": 0}),
            ("bpmnError", {"errorCode": "REFUSED"}),
            ("extendLock", {"newDuration": 1000}),
            ("lock", {"lockDuration": 1000}),
        ],
    )
    def test_a_stale_worker_is_refused(
        self, designer: Program, taken: str, act: str, body: dict[str, Any]
    ) -> None:
        refused = designer.post(f"/external-task/{taken}/{act}", {"workerId": "w1", **body}, 400)

        assert refused["type"] == "InvalidRequestException"
        assert "w2" in refused["message"]
        designer.post(f"/external-task/{taken}/complete", {"workerId": "w2"})

    def test_what_is_done_is_gone(self, designer: Program, taken: str) -> None:
        designer.post(f"/external-task/{taken}/complete", {"workerId": "w2"})

        acts: list[tuple[str, dict[str, int]]] = [
            ("complete", {}),
            ("lock", {"lockDuration": 1}),
            ("unlock", {}),
        ]
        for act, more in acts:
            designer.post(f"/external-task/{taken}/{act}", {"workerId": "w2", **more}, 404)

    def test_there_is_no_such_task(self, designer: Program) -> None:
        for act in ("complete", "unlock"):
            designer.post(f"/external-task/none/{act}", {"workerId": "w2"}, 404)
        assert designer.ask("GET", "/external-task/none").status_code == 404

    def test_a_lock_that_has_run_out_is_not_extended_but_still_completes(
        self, town: Town, designer: Program
    ) -> None:
        designer.start()
        [task] = designer.fetch(worker="w1")
        town.clock.move_to(town.clock.now() + timedelta(seconds=61))

        refused = designer.post(
            f"/external-task/{task['id']}/extendLock", {"workerId": "w1", "newDuration": 1000}, 400
        )
        assert "expired" in refused["message"]
        designer.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"})

    def test_lock_extend_and_unlock(self, town: Town, designer: Program) -> None:
        designer.start()
        [task] = designer.fetch(worker="w1")
        path = f"/external-task/{task['id']}"
        designer.post(f"{path}/lock", {"workerId": "w1", "lockDuration": 90_000})
        assert designer.get(path)["lockExpirationTime"] == "2026-03-02T01:01:30.000+0000"
        designer.post(f"{path}/extendLock", {"workerId": "w1", "newDuration": 120_000})
        assert designer.get(path)["lockExpirationTime"] == "2026-03-02T01:02:00.000+0000"
        designer.post(f"{path}/unlock")  # no body and no content type, as npm's client sends it
        assert designer.get(path)["lockExpirationTime"] is None
        assert len(designer.fetch(worker="w2")) == 1


class TestFailures:
    """A failure is tried again as often as the worker says; then it is an incident."""

    def test_it_is_tried_again_after_the_time_that_was_named(
        self, town: Town, designer: Program
    ) -> None:
        designer.start()
        [task] = designer.fetch()
        path = f"/external-task/{task['id']}"
        designer.post(
            f"{path}/failure",
            {
                "workerId": "w1",
                "errorMessage": "no line",
                "errorDetails": "stack",
                "retries": 2,
                "retryTimeout": 30_000,
            },
        )
        assert designer.fetch() == []
        assert designer.ask("GET", f"{path}/errorDetails").text == "stack"
        town.clock.move_to(town.clock.now() + timedelta(seconds=30))

        [again] = designer.fetch()

        assert again["retries"] == 2
        assert again["errorMessage"] == "no line"

    def test_without_retries_it_is_an_incident_that_an_administrator_tries_again(
        self, town: Town, designer: Program
    ) -> None:
        case = designer.start()
        [task] = designer.fetch()
        designer.post(
            f"/external-task/{task['id']}/failure", {"workerId": "w1", "errorMessage": "某人"}
        )
        assert designer.fetch() == []
        [shown] = designer.get("/incident", processInstanceId=case)
        assert shown["incidentType"] == "failedExternalTask"
        assert shown["configuration"] == task["id"]
        assert "某人" not in str(shown)  # what the worker said is not for the record
        assert designer.get(f"/incident/{shown['id']}")["activityId"] == "Activity_Sync"
        assert designer.get("/incident/count", incidentType="failedJob")["count"] == 0
        assert designer.get("/incident/count", activityId="x")["count"] == 0
        assert designer.get("/job") == []
        assert designer.ask("GET", "/incident/none").status_code == 404
        assert designer.ask("GET", "/job/none").status_code == 404

        town.give("方某", retry_incident, shown["id"])

        [again] = designer.fetch()
        assert again["retries"] == 1
        assert designer.get("/incident") == []

    def test_tasks_are_listed_by_their_locks_and_retries(self, designer: Program) -> None:
        designer.start()
        [task] = designer.fetch()
        for query, count in (
            ({"locked": "true"}, 1),
            ({"notLocked": "true"}, 0),
            ({"withRetriesLeft": "true"}, 1),
            ({"noRetriesLeft": "true"}, 0),
            ({"workerId": "w1", "topicName": "sync"}, 1),
            ({"externalTaskId": task["id"], "processInstanceId": "none"}, 0),
        ):
            assert designer.get("/external-task/count", **query)["count"] == count
        assert designer.post("/external-task", {"locked": True}, 200)[0]["id"] == task["id"]

    def test_the_number_of_retries_can_be_set(self, town: Town, designer: Program) -> None:
        designer.start()
        [task] = designer.fetch()
        path = f"/external-task/{task['id']}"
        for retries, count in ((0, 1), (0, 1), (3, 0)):
            assert (
                designer.ask("PUT", f"{path}/retries", json={"retries": retries}).status_code == 204
            )
            assert designer.get("/incident/count")["count"] == count
        assert designer.ask("PUT", f"{path}/retries", json={"retries": -1}).status_code == 400
        assert designer.ask("PUT", f"{path}/retries", json={}).status_code == 400
        assert task_row(town, task["id"]).retries == 3

    def test_when_it_is_done_after_all_the_incident_is_over(
        self, town: Town, designer: Program
    ) -> None:
        designer.start()
        [task] = designer.fetch()
        path = f"/external-task/{task['id']}"
        designer.post(f"{path}/failure", {"workerId": "w1"})
        designer.post(f"{path}/complete", {"workerId": "w1"})

        assert town.one(sa.select(Incident)).resolved_at is not None

    @pytest.mark.slow
    @pytest.mark.parametrize("more", [{"retries": -1}, {"retryTimeout": -1}])
    def test_numbers_below_zero_are_refused(self, designer: Program, more: dict[str, int]) -> None:
        designer.start()
        [task] = designer.fetch()

        designer.post(f"/external-task/{task['id']}/failure", {"workerId": "w1", **more}, 400)

    def test_an_error_of_the_diagram_takes_its_way(self, town: Town, designer: Program) -> None:
        case = designer.start()
        [task] = designer.fetch()
        designer.post(
            f"/external-task/{task['id']}/bpmnError",
            {
                "workerId": "w1",
                "errorCode": "REFUSED",
                "errorMessage": "no",
                "variables": {"why": {"value": "x"}},
            },
        )

        closed = case_of(town, case)
        assert closed.closed_at is not None
        assert closed.variables["why"] == "x"

    def test_an_error_needs_a_code(self, designer: Program) -> None:
        designer.start()
        [task] = designer.fetch()

        designer.post(f"/external-task/{task['id']}/bpmnError", {"workerId": "w1"}, 400)

    def test_an_error_that_nothing_catches_changes_nothing(self, designer: Program) -> None:
        designer.start()
        [task] = designer.fetch()

        told = designer.post(
            f"/external-task/{task['id']}/bpmnError", {"workerId": "w1", "errorCode": "OTHER"}, 500
        )

        assert "Activity_Sync" in told["message"]
        assert designer.get(f"/external-task/{task['id']}")["workerId"] == "w1"
