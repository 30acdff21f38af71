"""Each ``procedure.yaml``: its shape by the schema, then whether its parts fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from bpmn import Finding, Severity
from engine.model.procedures import ProcedureFault
from engine.publishing.folders import RULES, imports_of
from engine.publishing.schema import check_schema
from engine.workflow.versions import rules_in
from engine.workflow.yaml_text import nodes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.model.procedure_rules import ProcedureRules
    from engine.publishing.folders import Folder

RULE = "procedure-rules"


def check(folder: Folder) -> tuple[list[Finding], dict[str, ProcedureRules]]:
    """Return what is wrong with the rules, and those that can be read, by process id."""
    findings: list[Finding] = []
    read: dict[str, ProcedureRules] = {}
    for path, content in sorted(folder.files.items()):
        if not path.endswith(f"/{RULES}"):
            continue
        name = path.split("/")[-2]
        wrong = list(check_schema(content, file=path))
        findings += wrong
        if not wrong:
            try:
                read[name] = rules_in(content)
            except ProcedureFault as fault:
                findings += [
                    _error(path, flaw.path, flaw.zh, flaw.en, content) for flaw in fault.flaws
                ]
        if name in read and str(read[name].key) != name:
            findings.append(
                _error(
                    path,
                    "id",
                    f"id 是“{read[name].key}”，文件夹名是“{name}”；两者应一致。",
                    f"The id is {read[name].key} and the folder {name}; they must be the same.",
                    content,
                )
            )
    findings += _unused(folder, read)
    return findings, read


def _unused(folder: Folder, read: Mapping[str, ProcedureRules]) -> list[Finding]:
    """Return templates that import a file which does not belong to the version."""
    findings = []
    for path, content in folder.files.items():
        if not path.endswith(".typ"):
            continue
        for imported in imports_of(path, content):
            if imported not in folder.files:
                used = imported.removeprefix("shared/").split("/")[0]
                findings.append(
                    Finding(
                        Severity.ERROR,
                        "file-missing",
                        path,
                        "",
                        0,
                        f"模板引用的 {imported} 不在版本中。"
                        f"请在 procedure.yaml 的 uses 中写上 {used}，或改正路径。",
                        f"The template imports {imported}, which is not part of the version. "
                        f"Name {used} under uses in procedure.yaml, or correct the path.",
                    )
                )
    return findings


def _error(path: str, place: str, zh: str, en: str, content: bytes) -> Finding:
    return Finding(
        Severity.ERROR,
        RULE,
        path,
        place,
        line_of(content, place),
        f"{place}：{zh}",
        f"{place}: {en}",
    )


def line_of(content: bytes, place: str) -> int:
    """Return the line, from 1, of a dotted place in YAML; 0 where it cannot be told."""
    node = nodes_of(content)
    rest = place
    line = 0
    while rest and isinstance(node, yaml.MappingNode):
        pair = next(
            (
                (key, value)
                for key, value in node.value
                if rest == key.value or rest.startswith(f"{key.value}.")
            ),
            None,
        )
        if pair is None:
            break
        line = pair[0].start_mark.line + 1
        rest = rest[len(pair[0].value) + 1 :]
        node = pair[1]
    return line
