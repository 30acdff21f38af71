"""History: cases, open and closed, and the steps that waited for somebody in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from engine.desk.views.instances import InstanceLine, instance
from engine.desk.views.steps import TaskLine, past_steps
from engine.model.scopes import Scope
from web.camunda.area import answer, ask, asked, page_of, serves, text
from web.camunda.instances import found
from web.camunda.variables import instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TYPES = {"user": "userTask", "manual": "manualTask", "external": "serviceTask"}


@serves("GET", "/history/process-instance", Scope.READ)
@serves("POST", "/history/process-instance", Scope.READ)
def past_instances() -> Response:
    """List cases."""
    data = asked()
    return answer([_instance(one) for one in page_of(_instances(data), data)])


@serves("GET", "/history/process-instance/count", Scope.READ)
@serves("POST", "/history/process-instance/count", Scope.READ)
def counted_past_instances() -> Response:
    """Count them."""
    return answer({"count": len(_instances(asked()))})


@serves("GET", "/history/process-instance/<case_id>", Scope.READ)
def one_past_instance(case_id: str) -> Response:
    """Show a case."""
    return answer(_instance(ask(instance, case_id)))


@serves("GET", "/history/activity-instance", Scope.READ)
@serves("POST", "/history/activity-instance", Scope.READ)
def past_activities() -> Response:
    """List steps."""
    data = asked()
    return answer([_activity(one) for one in page_of(_steps(data), data)])


@serves("GET", "/history/activity-instance/count", Scope.READ)
@serves("POST", "/history/activity-instance/count", Scope.READ)
def counted_past_activities() -> Response:
    """Count them."""
    return answer({"count": len(_steps(asked()))})


@serves("GET", "/history/task", Scope.READ)
@serves("POST", "/history/task", Scope.READ)
def past_tasks() -> Response:
    """List the steps of persons."""
    data = asked()
    return answer([_task(one) for one in page_of(_steps(data, people_only=True), data)])


@serves("GET", "/history/task/count", Scope.READ)
@serves("POST", "/history/task/count", Scope.READ)
def counted_past_tasks() -> Response:
    """Count them."""
    return answer({"count": len(_steps(asked(), people_only=True))})


def _instances(data: Mapping[str, Any]) -> list[InstanceLine]:
    return found(data, is_over=_is_over(data))


def _is_over(data: Mapping[str, Any]) -> bool | None:
    if str(data.get("finished", "")).lower() == "true":
        return True
    return False if str(data.get("unfinished", "")).lower() == "true" else None


def _steps(data: Mapping[str, Any], *, people_only: bool = False) -> list[TaskLine]:
    rows = list(
        ask(
            past_steps,
            case_id=text(data, "processInstanceId", ""),
            is_over=_is_over(data),
            people_only=people_only,
        )
    )
    element = text(data, "activityId", "") or text(data, "taskDefinitionKey", "")
    return [one for one in rows if not element or one.item.element == element]


def _milliseconds(since: datetime, until: datetime | None) -> int | None:
    return None if until is None else int((until - since).total_seconds() * 1000)


def _definition(one: TaskLine | InstanceLine) -> dict[str, Any]:
    return {
        "processDefinitionId": f"{one.key}:{one.number}:{one.case.version_id}",
        "processDefinitionKey": one.key,
        "tenantId": None,
        "removalTime": None,
        "rootProcessInstanceId": one.case.id,
    }


def _instance(one: InstanceLine) -> dict[str, Any]:
    case = one.case
    return {
        "id": case.id,
        "businessKey": case.business_key or case.number,
        "processDefinitionName": None,
        "processDefinitionVersion": one.number,
        "startTime": instant_text(case.opened_at),
        "endTime": instant_text(case.closed_at),
        "durationInMillis": _milliseconds(case.opened_at, case.closed_at),
        "startUserId": case.opened_by,
        "startActivityId": None,
        "deleteReason": None,
        "superProcessInstanceId": case.parent_id,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "state": "ACTIVE" if case.closed_at is None else "COMPLETED",
        "restartedProcessInstanceId": None,
        **_definition(one),
    }


def _activity(one: TaskLine) -> dict[str, Any]:
    item = one.item
    return {
        "id": item.id,
        "parentActivityInstanceId": one.case.id,
        "activityId": item.element,
        "activityName": item.name,
        "activityType": TYPES.get(item.kind, item.kind),
        "processInstanceId": one.case.id,
        "executionId": one.case.id,
        "taskId": None if item.kind == "external" else item.id,
        "assignee": item.completed_by or item.claimed_by,
        "calledProcessInstanceId": None,
        "calledCaseInstanceId": None,
        "startTime": instant_text(item.opened_at),
        "endTime": instant_text(item.completed_at),
        "durationInMillis": _milliseconds(item.opened_at, item.completed_at),
        "canceled": item.state == "withdrawn",
        "completeScope": False,
        **_definition(one),
    }


def _task(one: TaskLine) -> dict[str, Any]:
    item = one.item
    return {
        "id": item.id,
        "processInstanceId": one.case.id,
        "executionId": one.case.id,
        "activityInstanceId": item.id,
        "name": item.name,
        "description": None,
        "deleteReason": {"done": "completed", "withdrawn": "deleted"}.get(item.state),
        "owner": None,
        "assignee": item.completed_by or item.claimed_by,
        "startTime": instant_text(item.opened_at),
        "endTime": instant_text(item.completed_at),
        "duration": _milliseconds(item.opened_at, item.completed_at),
        "taskDefinitionKey": item.element,
        "priority": 50,
        "due": None,
        "parentTaskId": None,
        "followUp": None,
        "caseDefinitionKey": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "caseExecutionId": None,
        **_definition(one),
    }
