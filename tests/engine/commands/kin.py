"""Procedures drawn for one test each, in force in the town beside the tiny one."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

import orjson
import yaml

from engine.clock import SetClock
from engine.desk import Office
from engine.publishing.scenarios.passing import CARRIERS
from engine.store.outbox import claim_jobs, finish_job
from engine.store.tables import CaseRow, ProcedureFile, VersionRow
from tests.bpmn.diagrams import node, properties

ROLES = {
    "intake_clerk": {"title": "受理岗"},
    "verifier": {"title": "相关部门"},
    "supervisory_board": {"title": "监事会"},
    "subject": {"title": "被问责人", "scope": "participant", "outside": True},
}


def task(key: str, by: str = "verifier", **values: str) -> str:
    """Return a user task that a role does, with these properties."""
    return node("userTask", key, properties(**values), name=key, camunda_candidateGroups=by)


def service(key: str, topic: str, **values: str) -> str:
    """Return a service task of a topic."""
    return node(
        "serviceTask",
        key,
        properties(**values),
        name=key,
        camunda_type="external",
        camunda_topic=topic,
    )


class Place(Protocol):
    """An office with one authority, as the tests of the engine and of the pages have it."""

    @property
    def office(self) -> Office: ...
    @property
    def clock(self) -> SetClock: ...
    @property
    def authority_id(self) -> str: ...


def publish(
    town: Place,
    procedure: str,
    diagram: bytes,
    *,
    forms: dict[str, list[dict[str, Any]]] | None = None,
    files: dict[str, bytes] | None = None,
    **parts: Any,
) -> VersionRow:
    """Put a procedure in force; `forms` by name are lists of form-js fields."""
    rules = {
        "id": procedure,
        "kind": "procedure",
        "title": {"zh": procedure, "en": procedure},
        "process": procedure,
        "number": {"series": "case", "rule": "{authority_short}" + procedure + "〔{year}〕{n}号"},
        "start": {"form": "start", "roles": ["intake_clerk"]},
        "roles": ROLES,
        **parts,
    }
    given = {
        f"{procedure}/procedure.yaml": yaml.safe_dump(rules, allow_unicode=True).encode(),
        f"{procedure}/{procedure}.bpmn": diagram,
        **{f"{procedure}/{path}": content for path, content in (files or {}).items()},
    }
    for name, fields in {"start": [], **(forms or {})}.items():
        schema = {"type": "default", "id": name, "schemaVersion": 19, "components": fields}
        given[f"{procedure}/forms/{name}.form"] = orjson.dumps(schema)
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in given.items()}
    with town.office.database.begin() as session:
        for path, digest in digests.items():
            session.merge(ProcedureFile(digest=digest, content=given[path]))
        version = VersionRow(
            authority_id=town.authority_id,
            procedure=procedure,
            number=1,
            state="published",
            manifest={"files": digests, "parameters": {}, "switches": {}},
            digest=hashlib.sha256(procedure.encode()).hexdigest(),
            drafted_at=town.clock.now(),
        )
        session.add(version)
    return version


def field(key: str, kind: str = "textfield", **more: Any) -> dict[str, Any]:
    """Return a form-js field."""
    return {"id": f"f_{key}", "type": kind, "key": key, "label": key, **more}


def carry(town: Place) -> int:
    """Do the jobs that wait between cases; return how many were done."""
    done = 0
    while jobs := claim_jobs(town.office.database, town.clock.now(), 50):
        for job in jobs:
            if job.kind in CARRIERS:
                CARRIERS[job.kind](town.office, job)
                done += 1
            with town.office.database.begin() as session:
                finish_job(session, job.id, town.clock.now())
    return done


def reread(town: Place, case_id: str) -> CaseRow:
    """Return a case as it stands."""
    with town.office.database.reading() as session:
        case = session.get_one(CaseRow, case_id)
        session.expunge_all()
        return case
