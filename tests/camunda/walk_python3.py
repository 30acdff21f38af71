"""Walks `camunda-external-task-client-python3`, as published, through the calls that it has.

Run as a program of its own: ``walk_python3.py BASE ACCOUNT TOKEN KEY``. What it saw is one JSON
object on standard output.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from camunda.client.engine_client import EngineClient
from camunda.client.external_task_client import ExternalTaskClient
from camunda.external_task.external_task import ExternalTask, TaskResult
from camunda.external_task.external_task_worker import ExternalTaskWorker


def main(base: str, account: str, token: str, key: str) -> dict[str, Any]:
    """Start, fetch, fail, complete, raise an error, correlate, look at jobs."""
    access = {"auth_basic": {"username": account, "password": token}}
    seen: dict[str, Any] = {}
    engine = EngineClient(base, access)
    began = engine.start_process(key, {"amount": 3, "note": "甲"}, business_key="bk-1")
    seen["started"] = began["id"]
    seen["instances"] = [one["id"] for one in engine.get_process_instance(key, ["amount_eq_3"], [])]
    config = {
        **access,
        "maxTasks": 1,
        "lockDuration": 20_000,
        "asyncResponseTimeout": 1_000,
        "retries": 3,
        "retryTimeout": 0,
        "sleepSeconds": 1,
    }
    worker = ExternalTaskWorker(worker_id="py-worker", base_url=base, config=config)

    def fail(task: ExternalTask) -> TaskResult:
        seen["variables"] = task.get_variables()
        seen["property"] = task.get_extension_properties().get("target")
        return task.failure("no line", "stack", max_retries=3, retry_timeout=0)

    def finish(task: ExternalTask) -> TaskResult:
        seen["retries"] = task.get_retries() if hasattr(task, "get_retries") else None
        return task.complete({"found": {"value": json.dumps([1, 2]), "type": "Json"}, "n": 5})

    def refuse(task: ExternalTask) -> TaskResult:
        seen["found"] = task.get_variable("found")
        return task.complete({})

    def error(task: ExternalTask) -> TaskResult:
        return task.bpmn_error("REFUSED", "not there", {"why": "x"})

    worker.fetch_and_execute("sync", fail)
    worker.fetch_and_execute("sync", finish)
    worker.fetch_and_execute("check", refuse)
    second = engine.start_process(key, {"amount": 4})
    worker.fetch_and_execute("sync", error)
    seen["second"] = second["id"]

    third = engine.start_process(key, {"amount": 5})
    first_client = ExternalTaskClient("first", base, {**config, "lockDuration": 1})
    [task] = first_client.fetch_and_lock("sync")
    other = ExternalTaskClient("other", base, config)
    [again] = other.fetch_and_lock("sync")
    seen["twice"] = task["id"] == again["id"]
    try:
        first_client.complete(task["id"], {})
    except Exception as refused:  # noqa: BLE001 -- the client raises nothing narrower
        seen["stale"] = str(refused)
    other.failure(task["id"], "gave up", "", 0, 0)
    seen["jobs"] = engine.get_jobs(0, 10, with_failure=True, process_instance_id=third["id"])

    waits = engine.start_process("Process_Wait", {})
    told = engine.correlate_message(
        "receipt",
        process_instance_id=waits["id"],
        process_variables={"receipt": {"value": "到", "type": "String"}},
    )
    seen["correlated"] = told[0]["execution"]["processInstanceId"] == waits["id"]
    return seen


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
