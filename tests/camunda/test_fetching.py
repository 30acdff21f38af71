"""Fetching external tasks: once each, locked until a moment, and by whom."""

from __future__ import annotations

import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.organise import give_post
from engine.desk import Right
from engine.errors import NotAllowed
from engine.store.tables import CaseRow
from tests.camunda.programs import Program, service
from tests.office import Town


class TestFetching:
    """A task is given to one worker; its lock runs out by the office's clock."""

    def test_a_task_comes_with_what_it_sees(self, designer: Program) -> None:
        case = designer.start(amount=3)

        [task] = designer.fetch(includeExtensionProperties=True)

        assert task["processInstanceId"] == case
        assert task["processDefinitionKey"] == "Process_Sync"
        assert task["activityId"] == "Activity_Sync"
        assert task["topicName"] == "sync"
        assert task["priority"] == 7
        assert task["retries"] is None
        assert task["extensionProperties"] == {"target": "register"}
        assert task["lockExpirationTime"] == "2026-03-02T01:01:00.000+0000"
        assert task["variables"]["amount"] == {"type": "Integer", "value": 3, "valueInfo": {}}

    def test_only_the_variables_that_are_asked_for(self, designer: Program) -> None:
        designer.start(amount=3, note="x")

        [task] = designer.fetch(variables=["note"])

        assert set(task["variables"]) == {"note"}

    def test_what_is_locked_is_given_to_nobody_else(self, designer: Program) -> None:
        designer.start()
        designer.fetch(worker="w1")

        assert designer.fetch(worker="w2") == []

    def test_when_the_lock_has_run_out_it_is_given_out_again(
        self, town: Town, designer: Program
    ) -> None:
        designer.start()
        [first] = designer.fetch(worker="w1")
        town.clock.move_to(town.clock.now() + timedelta(seconds=60))

        [second] = designer.fetch(worker="w2")

        assert second["id"] == first["id"]

    def test_of_two_at_once_one_wins(self, town: Town, designer: Program) -> None:
        designer.start()
        found: list[list[Any]] = []
        programs = [Program(town.app.test_client(), designer.token) for _ in range(4)]
        threads = [
            threading.Thread(target=lambda p=one, n=n: found.append(p.fetch(worker=f"w{n}")))
            for n, one in enumerate(programs)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(len(one) for one in found) == [0, 0, 0, 1]

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("wish", "count"),
        [
            ({"processDefinitionKey": "Process_Sync"}, 1),
            ({"processDefinitionKey": "other"}, 0),
            ({"processDefinitionKeyIn": ["other", "Process_Sync"]}, 1),
            ({"processDefinitionId": "a:1:none"}, 0),
            ({"businessKey": "bk"}, 0),
            ({"processVariables": {"amount": 3}}, 1),
            ({"processVariables": {"amount": 4}}, 0),
        ],
    )
    def test_a_subscription_says_of_which_cases(
        self, designer: Program, wish: dict[str, Any], count: int
    ) -> None:
        designer.start(amount=3)

        assert len(designer.fetch(**wish)) == count

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("body", "part"),
        [
            ({"maxTasks": 1, "topics": [{"topicName": "a", "lockDuration": 1}]}, "workerId"),
            (
                {"workerId": "w", "maxTasks": 0, "topics": [{"topicName": "a", "lockDuration": 1}]},
                "maxTasks",
            ),
            (
                {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "a", "lockDuration": 0}]},
                "duration",
            ),
            ({"workerId": "w", "maxTasks": 1, "topics": [{"topicName": "a"}]}, "lockDuration"),
            (
                {"workerId": "w", "maxTasks": 1, "topics": [{"topicName": 1, "lockDuration": 1}]},
                "topicName",
            ),
            (
                {
                    "workerId": "w",
                    "maxTasks": 1,
                    "topics": [{"topicName": "a", "lockDuration": 1, "variables": "x"}],
                },
                "variables",
            ),
            (
                {
                    "workerId": "w",
                    "maxTasks": 1,
                    "topics": [{"topicName": "a", "lockDuration": 1, "processVariables": "x"}],
                },
                "processVariables",
            ),
            ({"workerId": "w", "maxTasks": "x", "topics": []}, "maxTasks"),
            ({"workerId": "w", "maxTasks": 1, "topics": "x"}, "topics"),
        ],
    )
    def test_what_cannot_be_read_is_told(
        self, designer: Program, body: dict[str, Any], part: str
    ) -> None:
        designer.start()
        body["topics"] = (
            body["topics"] if body["topics"] != [] else [{"topicName": "sync", "lockDuration": 1}]
        )

        refused = designer.post("/external-task/fetchAndLock", body, 400)

        assert part in refused["message"]

    def test_without_topics_there_is_nothing(self, designer: Program) -> None:
        assert (
            designer.post("/external-task/fetchAndLock", {"workerId": "w", "maxTasks": 1}, 200)
            == []
        )

    def test_a_request_is_held_until_there_is_something(
        self, town: Town, designer: Program
    ) -> None:
        made = designer.deploy(service())
        [definition] = made["deployedProcessDefinitions"]
        other = Program(town.app.test_client(), designer.token)
        begin = threading.Timer(
            0.3, lambda: other.post(f"/process-definition/{definition}/start", {}, 200)
        )
        begin.start()
        body = {
            "workerId": "w",
            "maxTasks": 1,
            "asyncResponseTimeout": 20_000,
            "topics": [{"topicName": "sync", "lockDuration": 1_000}],
            "usePriority": True,
        }

        found = designer.post("/external-task/fetchAndLock", body, 200)
        begin.join()

        assert len(found) == 1

    def test_held_as_long_as_it_says_and_no_longer(self, designer: Program) -> None:
        body = {
            "workerId": "w",
            "maxTasks": 1,
            "asyncResponseTimeout": 300,
            "topics": [{"topicName": "sync", "lockDuration": 1_000}],
        }
        began = time.monotonic()

        assert designer.post("/external-task/fetchAndLock", body, 200) == []
        assert 0.3 <= time.monotonic() - began < 3

    def test_where_half_of_the_threads_are_held_others_are_answered_at_once(
        self, town: Town, designer: Program
    ) -> None:
        gate = town.app.extensions["wenze_held_polls"] = threading.BoundedSemaphore(1)
        assert gate.acquire(blocking=False)
        body = {
            "workerId": "w",
            "maxTasks": 1,
            "asyncResponseTimeout": 20_000,
            "topics": [{"topicName": "sync", "lockDuration": 1_000}],
        }
        began = time.monotonic()

        assert designer.post("/external-task/fetchAndLock", body, 200) == []
        assert time.monotonic() - began < 5


class TestWhoMay:
    """Deny by default: a program needs a token, a scope, and a post or a rehearsal of its own."""

    def test_a_rehearsal_is_not_for_programs_that_work_for_real(
        self, designer: Program, worker: Program
    ) -> None:
        case = designer.start()
        [task] = designer.fetch()

        assert worker.fetch() == []
        worker.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"}, 404)
        assert worker.ask("GET", f"/process-instance/{case}").status_code == 404
        assert worker.ask("GET", f"/process-instance/{case}/variables").status_code == 404

    def test_a_program_does_the_tasks_of_real_cases(
        self, town: Town, designer: Program, worker: Program
    ) -> None:
        case = designer.start(amount=3)
        with town.office.database.begin() as session:  # as if it were approved and real
            session.execute(sa.update(CaseRow).values(is_trial=False))

        [task] = worker.fetch()
        assert worker.get("/external-task/count", topicName="sync")["count"] == 1
        assert worker.get(f"/process-instance/{case}/variables/amount")["value"] == 3
        worker.post(f"/external-task/{task['id']}/complete", {"workerId": "w1"})

        assert worker.fetch("check", worker="w1") != []
        seen = town.actor("同步程序")
        with pytest.raises(NotAllowed):  # its work shows it nothing of the file
            town.office.ask(seen, lambda desk: desk.authorise(_case(desk, case), Right.SEE_FILE))

    def test_people_without_the_post_get_nothing(self, town: Town, designer: Program) -> None:
        designer.start()
        with town.office.database.begin() as session:
            session.execute(sa.update(CaseRow).values(is_trial=False))

        assert designer.fetch() == []
        town.give(
            "system", give_post, town.people["丁某"], "external_worker", valid_from=date(2020, 1, 1)
        )
        assert len(designer.fetch()) == 1


def _case(desk: Any, case_id: str) -> CaseRow:
    found: CaseRow = desk.session.get_one(CaseRow, case_id)
    return found
