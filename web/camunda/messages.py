"""Messages from programs to the cases that wait for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from engine.commands.correlate import correlate_message
from engine.desk.views.definitions import begun_by
from engine.desk.views.instances import InstanceLine, instance, instances
from engine.model.scopes import Scope
from web.camunda.area import BadBody, answer, ask, body, done, enter, give, serves, text
from web.camunda.definitions import begin, shown_instance
from web.camunda.variables import given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk.external import Given


@serves("POST", "/message", Scope.WORK)
def correlate() -> Response:
    """Deliver a message to the one case that waits for it, or to all with ``all``.

    Where no case waits for it, it begins one of the process whose start event waits for it.
    """
    data = body()
    name = text(data, "messageName", "")
    found = _waiting(data, name)
    variables = {
        **given(data.get("processVariables")),
        **given(data.get("processVariablesLocal")),
    }
    if not found:
        return _begun(data, name, variables)
    if len(found) > 1 and not data.get("all"):
        raise BadBody("camunda.many_receivers", name=name, count=len(found))
    for one in found:
        give(correlate_message, one.case.id, name, variables)
    if not data.get("resultEnabled"):
        return done()
    return answer(
        [
            {
                "resultType": "Execution",
                "execution": {
                    "id": one.case.id,
                    "processInstanceId": one.case.id,
                    "ended": ask(instance, one.case.id).case.closed_at is not None,
                    "tenantId": None,
                },
                "processInstance": None,
                "variables": None,
            }
            for one in found
        ]
    )


def _begun(data: Mapping[str, Any], name: str, variables: Given) -> Response:
    """Begin a case by a message: of one procedure, or of all that it begins with ``all``."""
    lines = () if text(data, "processInstanceId", "") else ask(begun_by, name)
    if not lines:
        raise BadBody("camunda.no_receiver", name=name)
    if len(lines) > 1 and not data.get("all"):
        raise BadBody("camunda.many_begin", name=name, count=len(lines))
    refused = enter(Scope.START)
    if refused is not None:
        return refused
    begun = [begin(line, data, variables, name) for line in lines]
    if not data.get("resultEnabled"):
        return done()
    return answer(
        [
            {
                "resultType": "ProcessDefinition",
                "execution": None,
                "processInstance": shown_instance(one),
                "variables": None,
            }
            for one in begun
        ]
    )


def _waiting(data: Mapping[str, Any], name: str) -> list[InstanceLine]:
    case_id = text(data, "processInstanceId", "")
    key = text(data, "businessKey", "")
    rows = ask(instances, ids=[case_id] if case_id else (), business_key=key or None, awaits=name)
    wanted = given(data.get("correlationKeys"))
    return [
        one
        for one in rows
        if all(one.case.variables.get(each) == value for each, value in wanted.items())
    ]
