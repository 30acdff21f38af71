"""Process definitions: what may be begun, and beginning it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import Response, url_for

from engine.commands.open_case import open_case
from engine.commands.start_trial import start_trial
from engine.desk.views.definitions import (
    DefinitionLine,
    approved_as,
    definition,
    definition_in_force,
    definitions,
    diagram_text,
)
from engine.desk.views.instances import InstanceLine, instance_variables
from engine.model.scopes import Scope
from web.camunda.area import answer, ask, asked, body, give, page_of, serves, text
from web.camunda.variables import all_typed, given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk.external import Given

_UNFIT = re.compile(r"[^a-z0-9]+")
LONGEST = 80


def procedure_of(key: str) -> str:
    """Return the procedure's id for the id of a process: ``Process_1abc`` is ``process-1abc``."""
    plain = _UNFIT.sub("-", key.lower()).strip("-")
    return plain if plain[:1].isalpha() else f"p-{plain}"


def definition_id(line: DefinitionLine) -> str:
    """Return the id of a definition, written as Camunda writes them."""
    return f"{line.key}:{line.number}:{line.version_id}"


def version_of(definition: str) -> str:
    """Return the version's id within a definition's."""
    return definition.rpartition(":")[2]


def shown(line: DefinitionLine) -> dict[str, Any]:
    """Return a definition as clients read it; no key is ever missing."""
    return {
        "id": definition_id(line),
        "key": line.key,
        "category": "urn:wenze:procedures",
        "description": None,
        "name": line.name,
        "version": line.number,
        "resource": line.resource,
        "deploymentId": line.deployment_id,
        "diagram": None,
        "suspended": line.is_retired,
        "tenantId": None,
        "versionTag": None,
        "historyTimeToLive": None,
        "startableInTasklist": not line.is_retired,
    }


def shown_instance(one: InstanceLine) -> dict[str, Any]:
    """Return a case as a process instance, with a link to its page."""
    case = one.case
    return {
        "links": [
            {
                "method": "GET",
                "href": url_for("camunda.one_instance_get", case_id=case.id, _external=True),
                "rel": "self",
            }
        ],
        "id": case.id,
        "definitionId": f"{one.key}:{one.number}:{case.version_id}",
        "definitionKey": one.key,
        "businessKey": case.business_key or case.number,
        "caseInstanceId": None,
        "ended": case.closed_at is not None,
        "suspended": case.status == "clock_suspended",
        "tenantId": None,
    }


@serves("GET", "/process-definition", Scope.READ)
def listed() -> Response:
    """List definitions."""
    data = asked()
    return answer([shown(one) for one in page_of(_listed(data), data)])


@serves("GET", "/process-definition/count", Scope.READ)
def counted() -> Response:
    """Count them."""
    return answer({"count": len(_listed(asked()))})


@serves("GET", "/process-definition/<definition>", Scope.READ)
def one_definition(definition: str) -> Response:
    """Show a definition."""
    return answer(shown(_by_id(definition)))


@serves("GET", "/process-definition/key/<key>", Scope.READ)
@serves("GET", "/process-definition/key/<key>/tenant-id/<_tenant>", Scope.READ)
def by_key(key: str, _tenant: str = "") -> Response:
    """Show what a process begins with today."""
    return answer(shown(ask(definition_in_force, procedure_of(key))))


@serves("GET", "/process-definition/<definition>/xml", Scope.READ)
def xml(definition: str) -> Response:
    """Show a diagram as it runs."""
    return _diagram(_by_id(definition))


@serves("GET", "/process-definition/key/<key>/xml", Scope.READ)
def xml_by_key(key: str) -> Response:
    """Show the diagram that is in force."""
    return _diagram(ask(definition_in_force, procedure_of(key)))


@serves("POST", "/process-definition/<definition>/start", Scope.START)
def start(definition: str) -> Response:
    """Begin a case: a rehearsal until a second person has approved just these files."""
    return _start(_by_id(definition))


@serves("POST", "/process-definition/key/<key>/start", Scope.START)
@serves("POST", "/process-definition/key/<key>/tenant-id/<_tenant>/start", Scope.START)
def start_by_key(key: str, _tenant: str = "") -> Response:
    """Begin a case of what is in force; a rehearsal only where nothing is."""
    return _start(ask(definition_in_force, procedure_of(key)))


def begin(
    line: DefinitionLine, data: Mapping[str, Any], variables: Given, message: str = ""
) -> InstanceLine:
    """Begin a case of a definition, by a message where one is named."""
    key = text(data, "businessKey", "")
    is_trial = line.is_trial and ask(approved_as, line.version_id) is None
    if is_trial:
        case = give(start_trial, line.version_id, variables, business_key=key, message=message)
    else:
        case = give(open_case, line.procedure, variables, title=text(data, "title", ""))
    return InstanceLine(case, line.key, line.number)


def _start(line: DefinitionLine) -> Response:
    data = body()
    found = begin(line, data, given(data.get("variables")))
    told = shown_instance(found)
    if data.get("withVariablesInReturn"):
        told["variables"] = all_typed(ask(instance_variables, found.case.id))
    return answer(told)


def _diagram(line: DefinitionLine) -> Response:
    content = ask(diagram_text, line.version_id).decode("utf-8", "replace")
    return answer({"id": definition_id(line), "bpmn20Xml": content})


def _by_id(name: str) -> DefinitionLine:
    return ask(definition, version_of(name))


def _listed(data: Mapping[str, Any]) -> list[DefinitionLine]:
    rows = list(ask(definitions))
    key, name = text(data, "key", ""), text(data, "processDefinitionId", "")
    keys = [one for one in text(data, "keysIn", "").split(",") if one]
    if key:
        rows = [one for one in rows if one.procedure == procedure_of(key)]
    if keys:
        rows = [one for one in rows if one.procedure in {procedure_of(each) for each in keys}]
    if name:
        rows = [one for one in rows if one.version_id == version_of(name)]
    if text(data, "deploymentId", ""):
        rows = [one for one in rows if one.deployment_id == data["deploymentId"]]
    if text(data, "versionTag", "") or text(data, "versionTagLike", ""):
        rows = []  # versions carry no tags here
    if str(data.get("latestVersion", "")).lower() == "true":
        newest: dict[tuple[str, bool], DefinitionLine] = {}
        for one in rows:
            newest.setdefault((one.procedure, one.is_trial), one)
        rows = list(newest.values())
    if data.get("sortBy") == "version":
        rows.sort(key=lambda one: one.number, reverse=data.get("sortOrder") == "desc")
    return rows
