"""Process instances are cases: found, and their variables read, never confidential ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request

from engine.desk.external import ATTACHED
from engine.desk.views.instances import instance, instance_variables, instances, variable_file
from engine.errors import NotFound
from engine.model.scopes import Scope
from web.camunda.area import answer, ask, asked, page_of, serves, text
from web.camunda.definitions import procedure_of, shown_instance, version_of
from web.camunda.variables import all_typed, typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk.views.instances import InstanceLine


@serves("GET", "/process-instance", Scope.READ)
@serves("POST", "/process-instance", Scope.READ)
def listed_instances() -> Response:
    """List cases that are open."""
    data = asked()
    return answer([shown_instance(one) for one in page_of(found(data), data)])


@serves("GET", "/process-instance/count", Scope.READ)
@serves("POST", "/process-instance/count", Scope.READ)
def counted_instances() -> Response:
    """Count them."""
    return answer({"count": len(found(asked()))})


@serves("GET", "/process-instance/<case_id>", Scope.READ)
def one_instance(case_id: str) -> Response:
    """Show a case that is open; a closed one is in the history."""
    found_one = ask(instance, case_id)
    if found_one.case.closed_at is not None:
        raise NotFound(case_id)
    return answer(shown_instance(found_one))


@serves("GET", "/process-instance/<case_id>/variables", Scope.READ)
@serves("GET", "/execution/<case_id>/localVariables", Scope.READ)
@serves("GET", "/execution/<case_id>/variables", Scope.READ)
def variables(case_id: str) -> Response:
    """Show the variables of a case that one serves."""
    return answer(all_typed(ask(instance_variables, case_id)))


@serves("GET", "/process-instance/<case_id>/variables/<name>", Scope.READ)
@serves("GET", "/execution/<case_id>/localVariables/<name>", Scope.READ)
def variable(case_id: str, name: str) -> Response:
    """Show one of them."""
    every = ask(instance_variables, case_id)
    if name not in every:
        raise NotFound(name)
    return answer(typed(every[name]))


@serves("GET", "/process-instance/<case_id>/variables/<name>/data", Scope.READ)
@serves("GET", "/execution/<case_id>/localVariables/<name>/data", Scope.READ)
def variable_data(case_id: str, name: str) -> Response:
    """Give the bytes of a file, as they were sent, to be kept and not shown."""
    every = ask(instance_variables, case_id)
    value = every.get(name)
    if not isinstance(value, dict) or ATTACHED not in value:
        raise NotFound(name)
    row, content = ask(variable_file, case_id, name)
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=row.name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def found(data: Mapping[str, Any], *, is_over: bool | None = False) -> list[InstanceLine]:
    """Return the cases that a query asks for."""
    ids = data.get("processInstanceIds") or text(data, "processInstanceId", "")
    names = ids if isinstance(ids, list) else str(ids).split(",")
    key = text(data, "processDefinitionKey", "") or None
    version = text(data, "processDefinitionId", "") or None
    business = data.get("businessKey", data.get("processInstanceBusinessKey"))
    rows = ask(
        instances,
        ids=[str(one) for one in names if one],
        business_key=None if business is None else str(business),
        procedure=procedure_of(key) if key else None,
        version_id=version_of(version) if version else None,
        is_over=is_over,
    )
    return [one for one in rows if _has_values(one, data)]


def _has_values(one: InstanceLine, data: Mapping[str, Any]) -> bool:
    """Return whether a case's variables are those of `variables`: ``name_eq_value,…``."""
    asked_for = data.get("variables")
    if not asked_for:
        return True
    if not isinstance(asked_for, str) or request.method != "GET":
        return False
    for part in asked_for.split(","):
        name, _, rest = part.partition("_eq_")
        if name not in one.case.variables or str(one.case.variables[name]) != rest:
            return False
    return True
