"""Walks `pycamunda`, as published, through the calls of it that we serve.

Run as a program of its own: ``walk_pycamunda.py BASE DIAGRAM``. Whose token it sends stands in the
file that ``NETRC`` names: not each of its requests takes a session. What it saw is one JSON
object on standard output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pycamunda.activityinst
import pycamunda.deployment
import pycamunda.externaltask
import pycamunda.incident
import pycamunda.message
import pycamunda.processdef
import pycamunda.processinst
import pycamunda.task
import pycamunda.version


def main(base: str, diagram: str) -> dict[str, Any]:
    """Version, deploy, start, fetch, complete, fail, raise an error, query."""
    seen: dict[str, Any] = {}

    def call(request: Any) -> Any:
        return request()

    seen["version"] = str(call(pycamunda.version.Get(base)))
    create = pycamunda.deployment.Create(
        base, name="pycamunda", source="walk", enable_duplicate_filtering=True
    )
    with Path(diagram).open("rb") as file:
        create.add_resource(file)
        made = call(create)
    seen["deployed"] = bool(made.id_)
    seen["deployments"] = len(call(pycamunda.deployment.GetList(base)))
    [definition] = call(pycamunda.processdef.GetList(base, key="Process_Sync"))
    seen["definition"] = [definition.key, definition.version, definition.name]
    seen["count"] = call(pycamunda.processdef.Count(base, key="Process_Sync"))
    start = pycamunda.processdef.StartInstance(base, id_=definition.id_)
    start.add_variable(name="amount", value=7)
    instance = call(start)
    seen["instances"] = call(pycamunda.processinst.GetList(base))[0].id_ == instance.id_
    fetch = pycamunda.externaltask.FetchAndLock(base, worker_id="pyc", max_tasks=5)
    fetch.add_topic(name="sync", lock_duration=20_000)
    [task] = call(fetch)
    seen["amount"] = task.variables["amount"].value
    call(
        pycamunda.externaltask.ExtendLock(base, id_=task.id_, new_duration=30_000, worker_id="pyc")
    )
    call(
        pycamunda.externaltask.HandleFailure(
            base,
            id_=task.id_,
            worker_id="pyc",
            error_message="no line",
            error_details="stack",
            retries=1,
            retry_timeout=0,
        )
    )
    seen["listed"] = call(pycamunda.externaltask.GetList(base))[0].error_message
    call(pycamunda.externaltask.Unlock(base, id_=task.id_))
    call(pycamunda.externaltask.SetRetries(base, id_=task.id_, retries=0))
    seen["incidents"] = len(call(pycamunda.incident.GetList(base)))
    call(pycamunda.externaltask.SetRetries(base, id_=task.id_, retries=2))
    seen["incidents_after"] = len(call(pycamunda.incident.GetList(base)))
    [task] = call(fetch)
    complete = pycamunda.externaltask.Complete(base, id_=task.id_, worker_id="pyc")
    complete.add_variable(name="found", value="yes")
    call(complete)
    seen["variables"] = call(pycamunda.processinst.VariablesGet(base, instance.id_, "found")).value
    return seen


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(*sys.argv[1:])))
