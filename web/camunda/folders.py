"""From files that a modeller sends to folders of procedures that can be rehearsed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

import bpmn
from bpmn.lint import lint
from engine.commands.deploy_diagram import Drawn
from engine.desk.views.definitions import newest_version
from engine.desk.views.drafting import version_files
from engine.errors import Fault, NotFound
from engine.model.draft_files import FILE_LIMIT, is_procedure_name
from engine.publishing.checks import draft_as_version
from engine.publishing.drawing import from_diagram
from engine.publishing.folders import RULES, FolderRefused, assembled
from engine.publishing.manifests import digest_of_manifest, manifest_of
from web.camunda.area import BadBody, ask
from web.camunda.definitions import procedure_of
from web.designer.area import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug.datastructures import FileStorage

MOST_FILES = 50
KINDS = (".bpmn", ".dmn", ".form", ".yaml")


class Broken(Exception):
    """What was drawn would not run; each finding says where and why."""

    def __init__(self, findings: Iterable[bpmn.Finding]) -> None:
        """Keep the findings."""
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def taken(sent: Iterable[tuple[str, FileStorage]]) -> dict[str, bytes]:
    """Return the files of a deployment by name: every part that has a file name.

    Raises:
        BadBody: There is none, there are too many, or one is too large or of another kind.
    """
    files: dict[str, bytes] = {}
    for _field, part in sent:
        name = (part.filename or "").replace("\\", "/").rpartition("/")[2]
        content = part.read(FILE_LIMIT + 1)
        if not name.endswith(KINDS) or len(content) > FILE_LIMIT:
            raise BadBody("camunda.too_large", name=name[:200])
        files[name] = content
    if not 1 <= len(files) <= MOST_FILES:
        raise BadBody("camunda.no_file")
    return files


def drawn_in(files: Mapping[str, bytes]) -> list[Drawn]:
    """Return the procedures that files draw: one for each diagram with a process that runs.

    Where the authority has a version of the procedure, the diagram takes the place of its
    own, and the rest of its folder stays.

    Raises:
        Broken: A diagram would not run as it is drawn.
        bpmn.DiagramRefused: One cannot be read.
        FolderRefused: A folder uses a shared procedure that is not there.
        BadBody: No process runs, or its id cannot name a procedure.
    """
    drawn = []
    for name, content in files.items():
        if not name.endswith(".bpmn"):
            continue
        diagram = bpmn.read_diagram(content, name=name)
        process = next((one for one in diagram.processes.values() if one.is_executable), None)
        if process is not None:
            drawn.append(_drawn(files, name, str(process.id), process.name or ""))
    if not drawn:
        raise BadBody("camunda.no_process")
    return drawn


def _drawn(files: Mapping[str, bytes], resource: str, key: str, title: str) -> Drawn:
    procedure = procedure_of(key)
    if not is_procedure_name(procedure):
        raise BadBody("camunda.key", key=key[:100])
    own = _folder_around(procedure, title or key, files[resource])
    for name, content in files.items():
        if name.endswith(".dmn"):
            own[name] = content
        elif name.endswith(".form"):
            own[f"forms/{name}"] = content
        elif name == RULES:
            own[name] = content
    try:
        folder = assembled(procedure, own, SHARED)
    except FolderRefused:
        _hold(resource, own[f"{procedure}.bpmn"], files, resource)  # with element and line
        raise
    _hold(f"{procedure}/{procedure}.bpmn", own[f"{procedure}.bpmn"], folder.files, resource)
    try:
        draft_as_version(folder)
    except (Fault, ValueError, KeyError, TypeError, yaml.YAMLError) as fault:
        raise Broken(
            [
                bpmn.Finding(
                    bpmn.Severity.ERROR,
                    "version",
                    resource,
                    key,
                    0,
                    f"不能装载：{fault}",
                    f"It cannot be loaded: {fault}",
                )
            ]
        ) from fault
    manifest = manifest_of(folder)
    return Drawn(
        key=key,
        name=title,
        resource=resource,
        procedure=procedure,
        own=own,
        manifest=manifest,
        digest=digest_of_manifest(manifest),
        files={**folder.files, **folder.scenarios},
    )


def _hold(path: str, content: bytes, beside: Mapping[str, bytes], resource: str) -> None:
    """Check one diagram among the others and the tables of its folder.

    Raises:
        Broken: It would not run as it is drawn; the findings name `resource`.
    """
    others = {
        name: bpmn.read_diagram(other, name=name)
        for name, other in beside.items()
        if name.endswith(".bpmn") and name != path
    }
    decisions = {
        one
        for name, table in beside.items()
        if name.endswith(".dmn")
        for one in bpmn.dmn.read_decisions(table, name=name).decisions
    }
    diagram = bpmn.read_diagram(content, name=resource)
    found = lint(diagram, others=others, decisions=decisions)
    if any(one.severity is bpmn.Severity.ERROR for one in found):
        raise Broken(found)


def _folder_around(procedure: str, title: str, content: bytes) -> dict[str, bytes]:
    """Return the folder in which a diagram stands: the procedure's newest, or a new one."""
    around = from_diagram(procedure, title[:200], content)
    try:
        version = ask(newest_version, procedure)
        _, known = ask(version_files, version)
    except NotFound:
        return around
    return {**known, f"{procedure}.bpmn": around[f"{procedure}.bpmn"]}
