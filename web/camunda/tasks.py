"""User tasks: the steps that a token's person could take, through the commands of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.release_work import release_work
from engine.desk.views.instances import instances
from engine.desk.views.steps import TaskLine, open_tasks
from engine.errors import NotFound
from engine.model.scopes import Scope
from web.camunda.area import (
    BadBody,
    answer,
    ask,
    asked,
    bearer,
    body,
    done,
    give,
    page_of,
    serves,
    text,
)
from web.camunda.definitions import procedure_of
from web.camunda.variables import given, instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping


@serves("GET", "/task", Scope.READ)
@serves("POST", "/task", Scope.READ)
def listed_tasks() -> Response:
    """List them, the oldest first."""
    data = asked()
    return answer([_shown(one) for one in page_of(_listed(data), data)])


@serves("GET", "/task/count", Scope.READ)
@serves("POST", "/task/count", Scope.READ)
def counted_tasks() -> Response:
    """Count them."""
    return answer({"count": len(_listed(asked()))})


@serves("GET", "/task/<task_id>", Scope.READ)
def one_user_task(task_id: str) -> Response:
    """Show one of them."""
    found = ask(open_tasks, task_id=task_id)
    if not found:
        raise NotFound(task_id)
    return answer(_shown(found[0]))


@serves("POST", "/task/<task_id>/claim", Scope.WORK)
def claim(task_id: str) -> Response:
    """Take a step for the token's own person."""
    user = text(body(), "userId", "")
    if user not in {"", bearer().account, bearer().actor.person_id}:
        raise BadBody("camunda.fixed_user", user=bearer().account)
    give(claim_work, task_id)
    return done()


@serves("POST", "/task/<task_id>/unclaim", Scope.WORK)
def unclaim(task_id: str) -> Response:
    """Give a step back."""
    give(release_work, task_id)
    return done()


@serves("POST", "/task/<task_id>/complete", Scope.WORK)
def complete_task(task_id: str) -> Response:
    """Complete a step: the variables are the answers to its form, checked as from the page."""
    give(complete_work, task_id, given(body().get("variables")))
    return done()


def _listed(data: Mapping[str, Any]) -> list[TaskLine]:
    rows = list(
        ask(
            open_tasks,
            task_id=text(data, "taskId", ""),
            case_id=text(data, "processInstanceId", ""),
        )
    )
    key, element = text(data, "processDefinitionKey", ""), text(data, "taskDefinitionKey", "")
    business = text(data, "processInstanceBusinessKey", "")
    if key:
        rows = [one for one in rows if one.case.procedure == procedure_of(key)]
    if element:
        rows = [one for one in rows if one.item.element == element]
    if business:
        known = {one.case.id for one in ask(instances, business_key=business)}
        rows = [one for one in rows if one.case.id in known]
    if text(data, "assignee", ""):
        mine = data["assignee"] in {bearer().account, bearer().actor.person_id}
        rows = [one for one in rows if one.item.claimed_by and mine]
    return rows


def _shown(one: TaskLine) -> dict[str, Any]:
    item = one.item
    return {
        "id": item.id,
        "name": item.name,
        "assignee": item.claimed_by,
        "owner": None,
        "created": instant_text(item.opened_at),
        "due": None,
        "followUp": None,
        "lastUpdated": instant_text(item.claimed_at),
        "delegationState": None,
        "description": None,
        "executionId": one.case.id,
        "parentTaskId": None,
        "priority": 50,
        "processDefinitionId": f"{one.key}:{one.number}:{one.case.version_id}",
        "processInstanceId": one.case.id,
        "caseExecutionId": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "taskDefinitionKey": item.element,
        "suspended": one.case.status == "clock_suspended",
        "formKey": item.form or None,
        "camundaFormRef": None,
        "tenantId": None,
    }
