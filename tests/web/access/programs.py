"""What programs call in the matrix: each operation with a token of everybody, and what is sent."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import sqlalchemy as sa

from engine.desk import Desk, system_actor
from engine.model.scopes import Scope
from engine.store.tables import (
    Account,
    ApiToken,
    CamundaDeployment,
    CaseRow,
    ExternalTask,
    Incident,
    PersonRow,
    ProcedureFile,
    WorkItemRow,
    new_id,
)
from tests.office import P01
from tests.web.access.people import EMPLOYEE, RELATIONS, ROLES, persona
from tests.web.access.scene import MISSING, Stage
from tests.web.access.table import EVERYBODY, lines
from web.api.area import PREFIX
from web.api.examples import ID, body_example
from web.api.table import OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.web.access.people import Persona

API, CAMUNDA = f"{PREFIX}/", "/engine-rest"
WORKER = "external_worker"
PROGRAM_ROLES = (*ROLES, WORKER)
TABLE = Path(__file__).with_name("programs.toml")
TWINS = Path(__file__).parents[2] / "api" / "everything.toml"
NAMED = re.compile(r"<(?:\w+:)?(\w+)>")
BRACES = re.compile(r"[{<](?:\w+:)?(\w+)[}>]")
OF_A_CASE = frozenset(
    {
        "attachment_id",
        "case_id",
        "copy_id",
        "document_id",
        "due_id",
        "escalation_id",
        "incident_id",
        "motion_id",
        "number",
        "recusal_id",
        "request_id",
        "suspension_id",
        "task_id",
        "work_item_id",
    }
)
"""Names whose things belong to a case."""
TO_THE_AUTHORITY = tuple(one for one in ("none", "other", "superior") if one in RELATIONS)
OPEN = frozenset({"GET /api/v1/openapi.json", "GET /engine-rest/version"})
"""What anybody may read: the description of the interface."""


@dataclass(frozen=True)
class Called:
    """An operation with whoever is let in, by relation to the case.

    Attributes:
        name: Method and address with its names, such as ``GET /api/v1/cases/{case_id}``.
        why: Why it differs from its pages.
        is_own: It has cells of its own; else they are those of its pages.
    """

    name: str
    roles: Mapping[str, frozenset[str]]
    why: str = ""
    is_own: bool = False

    @property
    def method(self) -> str:
        return self.name.split(" ")[0]

    @property
    def rule(self) -> str:
        return self.name.split(" ")[1]

    @property
    def relations(self) -> tuple[str, ...]:
        """Return the relations that are asked about: where nothing of a case is named, there
        is no relation to it, but to its authority."""
        is_of_a_case = not OF_A_CASE.isdisjoint(BRACES.findall(self.rule))
        return RELATIONS if is_of_a_case else TO_THE_AUTHORITY


def called() -> list[Called]:
    """Return every operation with its cells: those of its pages where the table has none."""
    own = _own()
    pages = {line.route: line for line in lines()}
    twins: dict[str, list[str]] = {}
    for route, named in tomllib.loads(TWINS.read_text("utf-8"))["operations"].items():
        for one in named:
            twins.setdefault(one, []).append(route)
    found = []
    for one in OPERATIONS:
        name = f"{one.method} {PREFIX}{one.path}"
        if name in own:
            found.append(own.pop(name))
            continue
        twin = twins.get(f"{one.method} {one.path}", ())
        routes = [pages[route] for route in twin if route in pages]
        roles = {
            relation: frozenset().union(*(route.roles[relation] for route in routes))
            for relation in RELATIONS
        }
        found.append(Called(name, roles))
    return [*found, *own.values()]


def _own() -> dict[str, Called]:
    data = tomllib.loads(TABLE.read_text("utf-8"))
    return {
        name: Called(
            name, {one: _roles(group, one) for one in RELATIONS}, group["why"], is_own=True
        )
        for group in data["group"]
        for name in group["operations"]
    }


def _roles(group: Mapping[str, Any], relation: str) -> frozenset[str]:
    named = group.get(relation, [])
    if named == [EVERYBODY]:
        return frozenset(PROGRAM_ROLES)
    assert set(named) <= set(PROGRAM_ROLES), named
    return frozenset(named)


def operations_of(app: Flask) -> set[str]:
    """Return every operation that programs may call, as the table names it.

    Of addresses behind which stands the same view (a query of Camunda's goes by GET and by
    POST) the first is enough: the view does not know by which it was asked.
    """
    found: dict[object, str] = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (len(one.rule), one.rule)):
        if not rule.rule.startswith((API, CAMUNDA)) or rule.endpoint == "camunda.unserved":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            address = NAMED.sub(r"{\1}", rule.rule)
            name = f"{method} {address}"
            if name not in OPEN:
                found.setdefault(app.view_functions[rule.endpoint], name)
    return set(found.values())


@dataclass
class Programs:
    """The stage with a token of everybody, and something for workers to do."""

    stage: Stage
    client: FlaskClient
    secrets: dict[tuple[str, str], str]
    ids: dict[str, str]
    by_name: dict[str, Any] = field(default_factory=dict)

    def lets_in(self, one: Called, role: str, relation: str) -> bool:
        """Return whether a program of this person was let in: answered, or heard out.

        Raises:
            AssertionError: It failed, or did not understand what it was sent.
        """
        answer = self.ask(one, role, relation)
        if self.stage.reached:
            return True
        is_ours = one.rule.startswith(API)
        assert answer.status_code < 500, (one.name, role, relation, answer.text)
        assert not is_ours or answer.status_code not in {400, 415, 422}, (one.name, answer.text)
        return answer.status_code not in {401, 403, 404}

    def ask(self, one: Called, role: str, relation: str, **other: str) -> TestResponse:
        """Send the request; whatever command it gives is taken back at its end."""
        whose = self.stage.personas[role, relation]
        ids = {**self._ids(one, whose), **other}
        address = BRACES.sub(lambda found: ids[found[1]], one.rule)
        sent = self._body(one, ids)
        self.stage.town.office.hook = self.stage._look_on  # noqa: SLF001 -- the stage's own
        self.stage.reached.clear()
        return self.client.open(
            address,
            method=one.method,
            headers={"Authorization": f"Bearer {self.secrets[role, relation]}"},
            query_string=sent if one.method == "GET" else None,
            data=orjson.dumps(sent) if one.method != "GET" else None,
            content_type="application/json" if one.method != "GET" else None,
        )

    def _ids(self, one: Called, whose: Persona) -> dict[str, str]:
        ids = {**self.stage.ids, **self.ids, **whose.own}
        if "/signatures/" in one.rule:
            ids["request_id"] = ids["signature"]
        if one.rule.endswith(("/meeting", "/motion")):
            ids["work_item_id"] = ids["meeting"]
        if one.rule.endswith("/answers"):
            ids["work_item_id"] = ids["done"]
        if one.rule.endswith("/settings/{key}"):
            ids["key"] = ids["setting_key"]
        if "/drafts/" in one.rule:
            ids["key"] = "start-decision"
        if one.rule.startswith(CAMUNDA):
            ids |= {"key": ids["process"], "name": "nothing", "digest": ids["_digest"]}
            ids["job_id"] = ids["incident_id"]
            ids["task_id"] = ids["task_id" if "/external-task/" in one.rule else "item_id"]
        return ids

    def _body(self, one: Called, ids: Mapping[str, str]) -> dict[str, Any]:
        if not one.rule.startswith(API):
            return dict(OF_CAMUNDA.get(one.name.replace(CAMUNDA, "", 1), {}))
        schema = self.by_name[one.name].taken
        needed = schema["required"]
        if one.method == "GET" and not needed:
            return {}
        example = {
            name: self._meant(name, value, ids) for name, value in body_example(schema).items()
        }
        return {**example, **OF_ITS_OWN.get(one.name.replace(PREFIX, "", 1), {})}

    def _meant(self, name: str, value: Any, ids: Mapping[str, str]) -> Any:
        """Return what an example means on this stage: its invented ids are things that are."""
        if isinstance(value, list):
            return [self._meant(name, one, ids) for one in value]
        return ids.get(MEANT.get(name, name), MISSING) if value == ID else value


MEANT = {
    "to": "colleague",
    "deputy_id": "colleague",
    "other_id": "colleague",
    "into_id": "meeting_case",
    "items": "item_id",
    "people": "colleague",
    "to_version_id": "version_id",
}
OF_ITS_OWN: dict[str, dict[str, Any]] = {
    "POST /batches": {"kind": "remind"},
    "POST /people/{person_id}/relations": {"kind": "kin"},
    "POST /settings/{key}": {"value": 8},
    "POST /procedures/{procedure}/settings": {"area": "parameter", "key": "repeat.threshold"},
    "GET /versions/{version_id}/diagram": {"path": f"{P01}/{P01}.bpmn"},
}
OF_CAMUNDA: dict[str, dict[str, Any]] = {
    "POST /external-task/fetchAndLock": {
        "workerId": "w",
        "maxTasks": 1,
        "topics": [{"topicName": "sync", "lockDuration": 1000}],
    },
    "POST /external-task/{task_id}/complete": {"workerId": "w"},
    "POST /external-task/{task_id}/failure": {"workerId": "w"},
    "POST /external-task/{task_id}/bpmnError": {"workerId": "w", "errorCode": "e"},
    "POST /external-task/{task_id}/lock": {"workerId": "w", "lockDuration": 1000},
    "POST /external-task/{task_id}/extendLock": {"workerId": "w", "newDuration": 1000},
    "PUT /external-task/{task_id}/retries": {"retries": 1},
    "PUT /job/{job_id}/retries": {"retries": 1},
    "POST /message": {"messageName": "nothing"},
}


def bring_programs(stage: Stage) -> Programs:
    """Give everybody a token with every scope, and put a task of a worker into the case."""
    town = stage.town
    town.app.extensions["wenze_rates"].most = 10_000_000
    town.office.hook = None
    here = system_actor(town.authority_id)
    ids = town.office.give(here, _task_of_a_worker, stage)
    for relation in RELATIONS:
        of_it = _authority_of(stage, stage.personas[EMPLOYEE, relation])
        town.office.give(system_actor(of_it), _worker, stage, relation)
    secrets = town.office.give(here, _tokens, stage)
    by_name = {f"{one.method} {PREFIX}{one.path}": one for one in OPERATIONS}
    return Programs(stage, town.app.test_client(), secrets, ids, by_name)


def _authority_of(stage: Stage, whose: Persona) -> str:
    account: Account = stage.town.one(sa.select(Account).where(Account.id == whose.account_id))
    person: PersonRow = stage.town.one(
        sa.select(PersonRow).where(PersonRow.id == account.person_id)
    )
    return person.authority_id


def _worker(desk: Desk, stage: Stage, relation: str) -> None:
    case = desk.session.get_one(CaseRow, stage.case_id)
    made = persona(desk, WORKER, relation, [case], stage.ids["document_id"])
    stage.personas[WORKER, relation] = made


def _task_of_a_worker(desk: Desk, stage: Stage) -> dict[str, str]:
    case = desk.session.get_one(CaseRow, stage.case_id)
    here: dict[str, Any] = {"authority_id": case.authority_id, "case_id": case.id}
    item = WorkItemRow(
        **here,
        item=new_id(),
        kind="external",
        process=stage.ids["process"],
        element="ut_screen",
        name="同步",
        role="",
        state="open",
        opened_at=desk.now(),
    )
    desk.session.add(item)
    desk.session.flush()
    incident = Incident(
        **here,
        element="ut_screen",
        kind="external",
        reason={"zh": "停", "en": "x", "item": item.id},
        happened_at=desk.now(),
    )
    desk.session.add(incident)
    desk.session.flush()
    task = ExternalTask(
        work_item_id=item.id, **here, topic="sync", worker="other", incident_id=incident.id
    )
    drawn = desk.session.scalars(sa.select(ProcedureFile)).first()
    assert drawn is not None
    deployment = CamundaDeployment(
        authority_id=case.authority_id,
        name="试",
        source="",
        digest=drawn.digest,
        resources={"x.bpmn": drawn.digest},
        deployed_by=stage.town.people["丁某"],
        deployed_at=desk.now(),
    )
    desk.session.add_all([task, deployment])
    desk.session.flush()
    return {
        "deployment_id": deployment.id,
        "_digest": drawn.digest,
        "_tenant": "none",
        "task_id": item.id,
        "work_item_id": stage.ids["item_id"],
        "motion_id": stage.ids["motion"],
        "from_version_id": stage.ids["version_id"],
        "definition": stage.ids["version_id"],
        "decision": "DT-CA-3-HEAVIER",
        "number": quote(case.number),
        "year": "2026",
        "day": "2026-03-02",
    }


def _tokens(desk: Desk, stage: Stage) -> dict[tuple[str, str], str]:
    secrets = {}
    for (role, relation), whose in stage.personas.items():
        account = desk.session.get_one(Account, whose.account_id)
        secret = f"wz_{role}-{relation}"
        secrets[role, relation] = secret
        desk.session.add(
            ApiToken(
                authority_id=desk.actor.authority_id,
                account_id=account.id,
                name="矩阵",
                digest=hashlib.sha256(secret.encode()).hexdigest(),
                scopes=[scope.value for scope in Scope],
                made_by=account.person_id,
                made_at=desk.now(),
                expires_at=desk.now() + timedelta(days=9),
                used_at=desk.now(),
            )
        )
    return secrets
