"""Deployments: what Camunda's Modeler sends, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request, url_for

import bpmn
from engine.commands.deploy_diagram import deploy_diagram, deployed_before, digest_of_resources
from engine.desk.views.definitions import definitions, deployment, deployments, resource_bytes
from engine.errors import NotFound
from engine.model.scopes import Scope
from engine.publishing.folders import FolderRefused
from web.camunda.area import answer, ask, asked, error, give, language, page_of, serves, text
from web.camunda.definitions import definition_id, shown
from web.camunda.folders import Broken, drawn_in, taken
from web.camunda.variables import instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.store.tables import CamundaDeployment

VERSION = "7.21.0"
"""The version of Camunda 7 whose interface this is."""


@serves("GET", "/version", Scope.READ)
def version() -> Response:
    """Say which version's interface this is."""
    return answer({"version": VERSION})


@serves("GET", "/engine", Scope.READ)
def engines() -> Response:
    """List the one engine."""
    return answer([{"name": "default"}])


@serves("GET", "/deployment", Scope.READ)
def listed_deployments() -> Response:
    """List deployments."""
    data = asked()
    rows = list(ask(deployments, name=text(data, "name", "")))
    return answer([_shown(one) for one in page_of(rows, data)])


@serves("GET", "/deployment/count", Scope.READ)
def counted_deployments() -> Response:
    """Count them."""
    return answer({"count": len(ask(deployments, name=text(asked(), "name", "")))})


@serves("GET", "/deployment/<deployment_id>", Scope.READ)
def one_deployment(deployment_id: str) -> Response:
    """Show a deployment."""
    return answer(_shown(ask(deployment, deployment_id)))


@serves("GET", "/deployment/<deployment_id>/resources", Scope.READ)
def resources(deployment_id: str) -> Response:
    """List its files; their ids are the digests of their bytes."""
    row = ask(deployment, deployment_id)
    return answer(
        [
            {"id": digest, "name": name, "deploymentId": row.id}
            for name, digest in row.resources.items()
        ]
    )


@serves("GET", "/deployment/<deployment_id>/resources/<digest>", Scope.READ)
def one_resource(deployment_id: str, digest: str) -> Response:
    """Show one of its files."""
    row = ask(deployment, deployment_id)
    name = next((name for name, one in row.resources.items() if one == digest), None)
    if name is None:
        raise NotFound(digest)
    return answer({"id": digest, "name": name, "deploymentId": row.id})


@serves("GET", "/deployment/<deployment_id>/resources/<digest>/data", Scope.READ)
def resource_data(deployment_id: str, digest: str) -> Response:
    """Give the bytes of one of its files."""
    content = ask(resource_bytes, deployment_id, digest)
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=digest)
    return response


@serves("POST", "/deployment/create", Scope.DEPLOY)
def create() -> Response:
    """Take a deployment: drafts of procedures that can be rehearsed at once.

    The same files under the same name are the deployment they were, where that is asked for.
    """
    name = request.form.get("deployment-name") or ""
    files = taken(request.files.items(multi=True))
    only_changed = any(
        request.form.get(field, "").lower() == "true"
        for field in ("enable-duplicate-filtering", "deploy-changed-only")
    )
    name = name.strip() or next(iter(files))
    if only_changed:
        before = ask(deployed_before, name, digest_of_resources(files))
        if before is not None:
            return answer(_created(before, None))
    try:
        drawn = drawn_in(files)
    except Broken as broken:
        return _refused(broken.findings)
    except bpmn.DiagramRefused as refused:
        return _refused(refused.findings)
    except FolderRefused as refused_folder:
        reason = refused_folder.en if language() == "en" else refused_folder.zh
        return error("ParseException", _parse_error(reason), 400)
    row, made = give(
        deploy_diagram,
        name,
        files,
        drawn,
        source=request.form.get("deployment-source", ""),
        only_changed=only_changed,
    )
    by_version = {one.version_id: one for one in ask(definitions)}
    lines = [by_version[one.version_id] for one in made]
    return answer(_created(row, {definition_id(one): shown(one) for one in lines} or None))


def _shown(row: CamundaDeployment) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "source": row.source or None,
        "deploymentTime": instant_text(row.deployed_at),
        "tenantId": None,
    }


def _created(row: CamundaDeployment, made: Mapping[str, Any] | None) -> dict[str, Any]:
    link = url_for("camunda.one_deployment_get", deployment_id=row.id, _external=True)
    return {
        "links": [{"method": "GET", "href": link, "rel": "self"}],
        **_shown(row),
        "deployedProcessDefinitions": made,
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
    }


def _refused(findings: Sequence[bpmn.Finding]) -> Response:
    """Say what would not run as it is drawn, as the Modeler shows it: element, line, remedy."""
    problems = [_problem(one) for one in findings if one.severity is bpmn.Severity.ERROR]
    told = "; ".join(
        f"{one['mainElementId'] or '-'} ({_line(one['line'])}): {one['message']}"
        for one in problems
    )
    details: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for finding in findings:
        lists = details.setdefault(finding.file, {"errors": [], "warnings": []})
        is_error = finding.severity is bpmn.Severity.ERROR
        lists["errors" if is_error else "warnings"].append(_problem(finding))
    return error("ParseException", _parse_error(told), 400, details=details)


def _line(line: int) -> str:
    return f"line {line}"


def _parse_error(reason: str) -> str:
    return f"ENGINE-09005 Could not parse BPMN process. Errors: \n* {reason}"


def _problem(one: bpmn.Finding) -> dict[str, Any]:
    return {
        "message": one.en if language() == "en" else one.zh,
        "line": one.line,
        "column": 0,
        "mainElementId": one.element or None,
        "elementIds": [one.element] if one.element else [],
    }
