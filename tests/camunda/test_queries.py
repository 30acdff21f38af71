"""Definitions, instances, tasks, messages, history: as Camunda names them, as ours answer."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from engine.desk.external import without_secrets
from engine.store.tables import CaseRow, Incident, WorkItemRow
from tests.camunda.conftest import program_of
from tests.camunda.programs import Program, service, waiting
from tests.office import Town
from web.camunda.definitions import procedure_of

pytestmark = pytest.mark.slow


class TestDefinitions:
    def test_the_key_of_a_process_makes_the_procedure_s_id(self) -> None:
        assert procedure_of("Process_1abc") == "process-1abc"
        assert procedure_of("123") == "p-123"
        assert procedure_of("corporate-accountability") == "corporate-accountability"

    def test_each_has_every_key_that_a_client_reads(self, designer: Program) -> None:
        designer.deploy(service())

        [one] = designer.get("/process-definition", key="Process_Sync")

        assert one["name"] == "同步登记"
        assert {"historyTimeToLive", "startableInTasklist", "versionTag", "tenantId"} <= set(one)
        assert designer.get(f"/process-definition/{one['id']}")["key"] == "Process_Sync"
        assert designer.get("/process-definition/key/Process_Sync/xml")["bpmn20Xml"].startswith(
            "<?xml"
        )

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({}, 2),
            ({"key": "Process_Sync"}, 1),
            ({"keysIn": "Process_Sync,x"}, 1),
            ({"versionTagLike": "x%"}, 0),
            ({"processDefinitionId": "none"}, 0),
            ({"deploymentId": "none"}, 0),
            ({"sortBy": "version", "sortOrder": "desc"}, 2),
        ],
    )
    def test_queries_narrow_them(
        self, designer: Program, query: dict[str, str], count: int
    ) -> None:
        designer.deploy(service())

        assert designer.get("/process-definition/count", **query)["count"] == count

    def test_who_designs_nothing_sees_what_is_in_force(self, town: Town, designer: Program) -> None:
        designer.deploy(service())
        clerk = program_of(town, "冯某", ("read", "start"))

        [one] = clerk.get("/process-definition")

        assert one["key"] == "corporate-accountability"
        assert clerk.ask("GET", "/process-definition/none").status_code == 404
        assert clerk.ask("GET", "/process-definition/key/Process_Sync").status_code == 404

    def test_a_case_for_real_is_opened_by_the_command_of_the_pages(self, town: Town) -> None:
        clerk = program_of(town, "冯某", ("read", "start"))
        answers = town.clue()
        path = "/process-definition/key/corporate-accountability/start"
        refused = clerk.post(path, {"variables": {"channel": {"value": "CA4"}}}, 400)
        assert "summary" in refused["fields"]

        body = {"variables": {name: {"value": value} for name, value in answers.items()}}
        case = clerk.post(path, body, 200)

        row = town.one(sa.select(CaseRow).where(CaseRow.id == case["id"]))
        assert row.number == "某司问〔2026〕1号"
        assert case["businessKey"] == row.number
        assert not row.is_trial


class TestInstances:
    def test_they_are_found_by_key_and_values(self, designer: Program) -> None:
        made = designer.deploy(service())
        [definition] = made["deployedProcessDefinitions"]
        body = {"businessKey": "bk-1", "variables": {"amount": {"value": 3}}}
        case = designer.post(
            f"/process-definition/{definition}/start", {**body, "withVariablesInReturn": True}, 200
        )
        assert case["variables"]["amount"]["value"] == 3
        assert designer.get(f"/process-instance/{case['id']}")["businessKey"] == "bk-1"
        assert designer.get("/process-instance", businessKey="bk-1")[0]["id"] == case["id"]
        for query, count in (
            ({"processDefinitionKey": "Process_Sync"}, 1),
            ({"processDefinitionId": definition}, 1),
            ({"businessKey": "none"}, 0),
            ({"variables": "amount_eq_3"}, 1),
            ({"variables": "amount_eq_4"}, 0),
            ({"processInstanceIds": case["id"]}, 1),
        ):
            assert designer.get("/process-instance/count", **query)["count"] == count
        assert designer.post("/process-instance", {"variables": [{"name": "x"}]}, 200) == []
        assert designer.get("/process-instance", firstResult=1) == []
        assert designer.get("/process-instance", maxResults=0) == []
        for number in ("²", "--5", "1e3", "9" * 19):
            answer = designer.ask("GET", "/process-instance", query_string={"maxResults": number})
            assert answer.status_code == 400

    def test_their_variables_are_shown_with_types(self, designer: Program) -> None:
        case = designer.start(amount=3)

        assert designer.get(f"/process-instance/{case}/variables")["amount"]["type"] == "Integer"
        assert designer.get(f"/execution/{case}/localVariables/amount")["value"] == 3
        assert designer.ask("GET", f"/process-instance/{case}/variables/none").status_code == 404
        assert designer.ask("GET", "/process-instance/none/variables").status_code == 404
        assert designer.ask("GET", "/process-instance/none").status_code == 404

    def test_an_officer_sees_the_case_but_not_its_variables(self, town: Town) -> None:
        case = town.open()
        clerk = program_of(town, "冯某", ("read",))

        assert clerk.get(f"/process-instance/{case.id}")["businessKey"] == case.number
        assert clerk.ask("GET", f"/process-instance/{case.id}/variables").status_code == 403

    def test_confidential_values_are_never_among_them(self) -> None:
        secret = {"$vault": "x"}
        values: dict[str, Any] = {
            "reporter": secret,
            "deep": {"name": secret, "list": [secret, 1, {"a": secret, "b": 2}]},
        }

        assert without_secrets(values) == {"deep": {"list": [1, {"b": 2}]}}


class TestMessages:
    def test_a_message_reaches_the_case_that_waits(self, town: Town, designer: Program) -> None:
        case = designer.start(waiting(), no=7)
        body = {
            "messageName": "receipt",
            "correlationKeys": {"no": {"value": 7}},
            "processVariables": {"receipt": {"value": "到"}},
            "resultEnabled": True,
        }

        [told] = designer.post("/message", body, 200)

        assert told["execution"]["processInstanceId"] == case
        row = town.one(sa.select(CaseRow).where(CaseRow.id == case))
        assert row.variables["receipt"] == "到"

    def test_where_nobody_or_several_wait_it_is_refused(self, designer: Program) -> None:
        designer.post("/message", {"messageName": "receipt"}, 400)
        made = designer.deploy(waiting())
        [definition] = made["deployedProcessDefinitions"]
        for _ in range(2):
            designer.post(f"/process-definition/{definition}/start", {}, 200)

        assert "2" in designer.post("/message", {"messageName": "receipt"}, 400)["message"]
        assert designer.post("/message", {"messageName": "receipt", "all": True}) is None

    def test_who_only_sees_a_case_sends_it_nothing(self, town: Town, designer: Program) -> None:
        designer.start(waiting())
        clerk = program_of(town, "冯某", ("work", "read"))

        clerk.post("/message", {"messageName": "receipt"}, 400)


class TestTasks:
    @pytest.fixture
    def task(self, designer: Program) -> dict[str, Any]:
        """The step of a rehearsal that waits for who began it."""
        case = designer.start(waiting())
        designer.post("/message", {"messageName": "receipt", "processInstanceId": case})
        [found] = designer.get("/task")
        shown: dict[str, Any] = found
        return shown

    def test_they_are_listed_claimed_given_back_and_completed(
        self, town: Town, designer: Program, task: dict[str, Any]
    ) -> None:
        path = f"/task/{task['id']}"
        assert task["taskDefinitionKey"] == "look"
        designer.post(f"{path}/claim", {"userId": "somebody"}, 400)
        designer.post(f"{path}/claim", {})
        assert designer.get(path)["assignee"] == town.people["丁某"]
        assert designer.get("/task/count", assignee=town.people["丁某"])["count"] == 1
        designer.post(f"{path}/unclaim")
        designer.post(f"{path}/complete", {"variables": {}})

        assert designer.get("/task/count")["count"] == 0
        assert designer.ask("GET", path).status_code == 404
        row = town.one(sa.select(CaseRow).where(CaseRow.id == task["processInstanceId"]))
        assert row.closed_at is not None

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"processDefinitionKey": "Process_Wait"}, 1),
            ({"processDefinitionKey": "x"}, 0),
            ({"taskDefinitionKey": "x"}, 0),
            ({"processInstanceBusinessKey": "x"}, 0),
            ({"assignee": "x"}, 0),
        ],
    )
    def test_queries_narrow_them(
        self, designer: Program, task: dict[str, Any], query: dict[str, str], count: int
    ) -> None:
        assert designer.get("/task/count", **query)["count"] == count

    def test_others_do_not_see_them(self, town: Town, task: dict[str, Any]) -> None:
        other = program_of(town, "钱某", ("read", "work"))

        assert other.get("/task") == []
        other.post(f"/task/{task['id']}/claim", {}, 404)

    def test_an_officer_s_own_steps_are_among_them(self, town: Town) -> None:
        case = town.open()
        clerk = program_of(town, "吕某", ("read", "work"))
        wanted = {one.element for one in _offered(town, case)}

        assert {one["taskDefinitionKey"] for one in clerk.get("/task")} == wanted


class TestHistory:
    def test_cases_and_steps_that_are_over_are_in_the_history(self, designer: Program) -> None:
        case = designer.start()
        for topic in ("sync", "check"):
            [task] = designer.fetch(topic)
            designer.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"})

        shown = designer.get(f"/history/process-instance/{case}")
        assert shown["state"] == "COMPLETED"
        assert shown["durationInMillis"] == 0
        assert designer.get("/history/process-instance/count", finished="true")["count"] == 1
        assert designer.get("/history/process-instance/count", unfinished="true")["count"] == 0
        assert designer.ask("GET", f"/process-instance/{case}").status_code == 404
        steps = designer.get("/history/activity-instance", processInstanceId=case)
        assert [one["activityType"] for one in steps] == ["serviceTask", "serviceTask"]
        assert designer.get("/history/activity-instance/count", activityId="x")["count"] == 0
        assert designer.get("/history/task/count", processInstanceId=case)["count"] == 0
        assert designer.post("/history/task", {"finished": True}, 200) == []


class TestJobs:
    def test_what_stopped_is_tried_again_by_an_administrator(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.add(
                Incident(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    element="e",
                    kind="step",
                    reason={"zh": "坏", "en": "broken"},
                    happened_at=town.clock.now(),
                )
            )
        admin = program_of(town, "方某", ("read", "admin"))

        [job] = admin.get("/job", withException="true")
        assert job["exceptionMessage"] == "broken"
        assert admin.get(f"/job/{job['id']}")["failedActivityId"] == "e"
        assert admin.get("/job/count", failedActivityId="x")["count"] == 0
        assert admin.ask("PUT", f"/job/{job['id']}/retries", json={"retries": 0}).status_code == 204
        assert admin.ask("PUT", f"/job/{job['id']}/retries", json={"retries": 1}).status_code == 204
        assert admin.get("/job/count")["count"] == 0


class TestBodies:
    @pytest.mark.parametrize("body", [b"{", b"[]", b"1"])
    def test_what_is_no_object_is_refused(self, designer: Program, body: bytes) -> None:
        found = designer.ask("POST", "/task", data=body, content_type="application/json")

        assert found.status_code == 400
        assert orjson.loads(found.data)["type"] == "InvalidRequestException"

    def test_the_one_engine_is_listed(self, designer: Program) -> None:
        assert designer.get("/engine") == [{"name": "default"}]


def _offered(town: Town, case: CaseRow) -> list[Any]:
    rows = town.all(sa.select(WorkItemRow).where(WorkItemRow.case_id == case.id))
    role = f"r:{town.authority_id}:verifier"
    return [one for one in rows if role in one.candidates and one.state == "open"]
