"""External tasks as Camunda's workers fetch and do them."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Response, current_app

from engine.commands.external_tasks import (
    complete_external_task,
    extend_external_lock,
    fail_external_task,
    lock_external_task,
    raise_external_error,
    set_external_retries,
    unlock_external_task,
)
from engine.commands.fetch_external_tasks import (
    MOST_TASKS,
    Subscription,
    fetch_external_tasks,
    has_external_tasks,
)
from engine.desk.values import plain
from engine.desk.views.definitions import definitions
from engine.desk.views.steps import TaskLine, open_external
from engine.errors import NotFound
from engine.model.scopes import Scope
from web.camunda.area import (
    BadBody,
    answer,
    ask,
    asked,
    body,
    done,
    give,
    page_of,
    serves,
    text,
    whole,
)
from web.camunda.definitions import definition_id, procedure_of, version_of
from web.camunda.variables import all_typed, given, instant_text
from web.visiting import office, settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk.views.definitions import DefinitionLine

LONGEST_POLL = 60.0
"""Seconds for which a request is held at most; the worker asks again."""
LOOKS_EVERY = 0.2
"""Seconds between two looks of a held request."""
_HELD = "wenze_held_polls"


@serves("POST", "/external-task/fetchAndLock", Scope.WORK)
def fetch_and_lock() -> Response:
    """Give a worker tasks; where there are none, hold the request as long as it says.

    At most half of the server's threads are held; whoever comes then is answered at once.
    """
    data = body()
    wishes = _subscriptions(data)
    topics = [one.topic for one in wishes]
    most = min(whole(data, "maxTasks"), MOST_TASKS)
    by_priority = bool(data.get("usePriority"))
    worker = text(data, "workerId", "")
    seconds = min(whole(data, "asyncResponseTimeout", 0) / 1000, LONGEST_POLL)
    until = time.monotonic() + seconds
    found = give(fetch_external_tasks, worker, wishes, most=most, by_priority=by_priority)
    if not found and wishes and seconds > 0 and _polls().acquire(blocking=False):
        try:
            while not found and time.monotonic() < until:
                time.sleep(min(LOOKS_EVERY, max(until - time.monotonic(), 0)))
                if ask(has_external_tasks, topics):
                    found = give(
                        fetch_external_tasks, worker, wishes, most=most, by_priority=by_priority
                    )
        finally:
            _polls().release()
    lines = {one.version_id: one for one in ask(definitions)} if found else {}
    with_properties = {
        one.get("topicName") for one in _topics(data) if one.get("includeExtensionProperties")
    }
    return answer(
        [
            {
                **_task(one.item, one.task, one.case, lines.get(one.case.version_id)),
                "variables": all_typed(one.variables),
                "extensionProperties": plain(dict(one.item.properties))
                if one.item.topic in with_properties
                else {},
            }
            for one in found
        ]
    )


@serves("POST", "/external-task/<task_id>/complete", Scope.WORK)
def complete(task_id: str) -> Response:
    """Complete a task."""
    data = body()
    variables = {**given(data.get("variables")), **given(data.get("localVariables"))}
    give(complete_external_task, task_id, text(data, "workerId", ""), variables)
    return done()


@serves("POST", "/external-task/<task_id>/failure", Scope.WORK)
def failure(task_id: str) -> Response:
    """Note a failure; without a number of retries there is none, as with Camunda."""
    data = body()
    give(
        fail_external_task,
        task_id,
        text(data, "workerId", ""),
        message=text(data, "errorMessage", ""),
        details=text(data, "errorDetails", ""),
        retries=whole(data, "retries", 0),
        retry_after=timedelta(milliseconds=whole(data, "retryTimeout", 0)),
    )
    return done()


@serves("POST", "/external-task/<task_id>/bpmnError", Scope.WORK)
def bpmn_error(task_id: str) -> Response:
    """End a task with an error of the diagram."""
    data = body()
    give(
        raise_external_error,
        task_id,
        text(data, "workerId", ""),
        text(data, "errorCode", ""),
        message=text(data, "errorMessage", ""),
        variables=given(data.get("variables")),
    )
    return done()


@serves("POST", "/external-task/<task_id>/lock", Scope.WORK)
def lock(task_id: str) -> Response:
    """Lock one task."""
    data = body()
    give(lock_external_task, task_id, text(data, "workerId", ""), _duration(data, "lockDuration"))
    return done()


@serves("POST", "/external-task/<task_id>/extendLock", Scope.WORK)
def extend_lock(task_id: str) -> Response:
    """Let a worker keep its task for longer."""
    data = body()
    give(extend_external_lock, task_id, text(data, "workerId", ""), _duration(data, "newDuration"))
    return done()


@serves("POST", "/external-task/<task_id>/unlock", Scope.WORK)
def unlock(task_id: str) -> Response:
    """Give a task back."""
    give(unlock_external_task, task_id)
    return done()


@serves("PUT", "/external-task/<task_id>/retries", Scope.WORK)
def retries(task_id: str) -> Response:
    """Say how often a task may still be tried."""
    give(set_external_retries, task_id, whole(body(), "retries"))
    return done()


@serves("GET", "/external-task/<task_id>", Scope.READ)
def one_task(task_id: str) -> Response:
    """Show one task."""
    return answer(_shown(_one(task_id)))


@serves("GET", "/external-task/<task_id>/errorDetails", Scope.READ)
def error_details(task_id: str) -> Response:
    """Show what the worker said of its last failure."""
    found = _one(task_id).external
    return Response(found.error_details if found else "", mimetype="text/plain")


@serves("GET", "/external-task", Scope.READ)
@serves("POST", "/external-task", Scope.READ)
def tasks() -> Response:
    """List the tasks that wait."""
    data = asked()
    return answer([_shown(one) for one in page_of(_listed(data), data)])


@serves("GET", "/external-task/count", Scope.READ)
@serves("POST", "/external-task/count", Scope.READ)
def count_tasks() -> Response:
    """Count them."""
    return answer({"count": len(_listed(asked()))})


def _listed(data: Mapping[str, Any]) -> list[TaskLine]:
    found = ask(
        open_external,
        task_id=text(data, "externalTaskId", ""),
        topic=text(data, "topicName", ""),
        worker=text(data, "workerId", ""),
        case_id=text(data, "processInstanceId", ""),
    )
    now = office().clock.now()
    rows = list(found)
    for name, wanted in (("locked", True), ("notLocked", False)):
        if str(data.get(name)).lower() == "true":
            rows = [one for one in rows if _is_locked(one, now) is wanted]
    for name, wanted in (("withRetriesLeft", True), ("noRetriesLeft", False)):
        if str(data.get(name)).lower() == "true":
            rows = [one for one in rows if (one.external and one.external.retries != 0) is wanted]
    return rows


def _is_locked(one: TaskLine, now: Any) -> bool:
    until = one.external.locked_until if one.external else None
    return until is not None and until > now


def _one(task_id: str) -> TaskLine:
    found = ask(open_external, task_id=task_id)
    if not found:
        raise NotFound(task_id)
    return found[0]


def _shown(one: TaskLine) -> dict[str, Any]:
    return {
        **_task(one.item, one.external, one.case, None),
        "processDefinitionId": f"{one.key}:{one.number}:{one.case.version_id}",
        "processDefinitionKey": one.key,
    }


def _task(item: Any, task: Any, case: Any, line: DefinitionLine | None) -> dict[str, Any]:
    return {
        "activityId": item.element,
        "activityInstanceId": item.id,
        "errorMessage": task.error_message or None,
        "executionId": case.id,
        "id": item.id,
        "lockExpirationTime": instant_text(task.locked_until),
        "createTime": instant_text(item.opened_at),
        "processDefinitionId": definition_id(line) if line else case.version_id,
        "processDefinitionKey": line.key if line else case.procedure,
        "processDefinitionVersionTag": None,
        "processInstanceId": case.id,
        "retries": task.retries,
        "suspended": False,
        "workerId": task.worker or None,
        "topicName": item.topic,
        "tenantId": None,
        "priority": task.priority,
        "businessKey": case.business_key or case.number,
        "errorDetails": task.error_details or None,
    }


def _topics(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = data.get("topics") or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadBody("camunda.body", part="topics")
    return found


def _subscriptions(data: Mapping[str, Any]) -> list[Subscription]:
    return [
        Subscription(
            topic=text(one, "topicName"),
            lock_for=_duration(one, "lockDuration"),
            variables=_names(one, "variables"),
            procedures=_procedures(one),
            versions=_versions(one),
            business_key=text(one, "businessKey", "") or None,
            where=_where(one),
        )
        for one in _topics(data)
    ]


def _where(one: Mapping[str, Any]) -> dict[str, Any]:
    found = one.get("processVariables") or {}
    if not isinstance(found, dict):
        raise BadBody("camunda.body", part="processVariables")
    return found


def _names(one: Mapping[str, Any], name: str) -> frozenset[str] | None:
    found = one.get(name)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadBody("camunda.body", part=name)
    return frozenset(found)


def _procedures(one: Mapping[str, Any]) -> frozenset[str] | None:
    keys = _either(one, "processDefinitionKey")
    return None if keys is None else frozenset(procedure_of(key) for key in keys)


def _versions(one: Mapping[str, Any]) -> frozenset[str] | None:
    ids = _either(one, "processDefinitionId")
    return None if ids is None else frozenset(version_of(each) for each in ids)


def _either(one: Mapping[str, Any], name: str) -> frozenset[str] | None:
    many, single = _names(one, f"{name}In"), text(one, name, "")
    return (many or frozenset()) | {single} if single else many


def _duration(data: Mapping[str, Any], name: str) -> timedelta:
    return timedelta(milliseconds=whole(data, name))


def _polls() -> threading.BoundedSemaphore:
    found: threading.BoundedSemaphore = current_app.extensions.setdefault(
        _HELD, threading.BoundedSemaphore(max(1, settings().threads // 2))
    )
    return found
