"""What stopped: incidents, and the jobs behind them, which an administrator tries again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from engine.commands.repair import retry_incident
from engine.desk.views.instances import InstanceLine, open_incidents
from engine.errors import NotFound
from engine.model.scopes import Scope
from web.camunda.area import (
    answer,
    ask,
    asked,
    body,
    done,
    give,
    language,
    page_of,
    serves,
    text,
    whole,
)
from web.camunda.variables import instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.store.tables import Incident

KINDS = {"external": "failedExternalTask"}


@serves("GET", "/job", Scope.READ)
@serves("POST", "/job", Scope.READ)
def jobs() -> Response:
    """List what the platform could not do; what goes well is no job that anybody needs."""
    data = asked()
    return answer([_job(*one) for one in page_of(_failed(data), data)])


@serves("GET", "/job/count", Scope.READ)
@serves("POST", "/job/count", Scope.READ)
def counted_jobs() -> Response:
    """Count them."""
    return answer({"count": len(_failed(asked()))})


@serves("GET", "/job/<job_id>", Scope.READ)
def one_job(job_id: str) -> Response:
    """Show one of them."""
    found = next((one for one in _failed({}) if one[0].id == job_id), None)
    if found is None:
        raise NotFound(job_id)
    return answer(_job(*found))


@serves("PUT", "/job/<job_id>/retries", Scope.ADMIN)
def retry(job_id: str) -> Response:
    """Try it again now."""
    if whole(body(), "retries") > 0:
        give(retry_incident, job_id)
    return done()


@serves("GET", "/incident", Scope.READ)
def incidents() -> Response:
    """List what stopped."""
    data = asked()
    return answer([_incident(*one) for one in page_of(_stopped(data), data)])


@serves("GET", "/incident/count", Scope.READ)
def counted_incidents() -> Response:
    """Count it."""
    return answer({"count": len(_stopped(asked()))})


@serves("GET", "/incident/<incident_id>", Scope.READ)
def one_incident(incident_id: str) -> Response:
    """Show one incident."""
    found = next((one for one in _stopped({}) if one[0].id == incident_id), None)
    if found is None:
        raise NotFound(incident_id)
    return answer(_incident(*found))


def _stopped(data: Mapping[str, Any]) -> list[tuple[Incident, InstanceLine]]:
    rows = list(ask(open_incidents, case_id=text(data, "processInstanceId", "")))
    kind, element = text(data, "incidentType", ""), text(data, "activityId", "")
    if kind:
        rows = [one for one in rows if KINDS.get(one[0].kind, "failedJob") == kind]
    if element:
        rows = [one for one in rows if one[0].element == element]
    return rows


def _failed(data: Mapping[str, Any]) -> list[tuple[Incident, InstanceLine]]:
    rows = [one for one in _stopped(data) if one[0].kind not in KINDS]
    element = text(data, "failedActivityId", "")
    return [one for one in rows if not element or one[0].element == element]


def _reason(row: Incident) -> str:
    return str(row.reason.get("en" if language() == "en" else "zh", ""))


def _job(row: Incident, one: InstanceLine) -> dict[str, Any]:
    return {
        "id": row.id,
        "jobDefinitionId": None,
        "dueDate": None,
        "processInstanceId": one.case.id,
        "executionId": one.case.id,
        "processDefinitionId": f"{one.key}:{one.number}:{one.case.version_id}",
        "processDefinitionKey": one.key,
        "retries": 0,
        "exceptionMessage": _reason(row),
        "failedActivityId": row.element,
        "suspended": False,
        "priority": 0,
        "tenantId": None,
        "createTime": instant_text(row.happened_at),
    }


def _incident(row: Incident, one: InstanceLine) -> dict[str, Any]:
    return {
        "id": row.id,
        "processDefinitionId": f"{one.key}:{one.number}:{one.case.version_id}",
        "processInstanceId": one.case.id,
        "executionId": one.case.id,
        "incidentTimestamp": instant_text(row.happened_at),
        "incidentType": KINDS.get(row.kind, "failedJob"),
        "activityId": row.element,
        "failedActivityId": row.element,
        "causeIncidentId": row.id,
        "rootCauseIncidentId": row.id,
        "configuration": str(row.reason.get("item") or row.id),
        "incidentMessage": _reason(row),
        "tenantId": None,
        "jobDefinitionId": None,
        "annotation": None,
    }
