"""Where a draft begins: from nothing, from another procedure, from a diagram."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import orjson
import yaml

import bpmn
from engine.model.texts import text_of
from engine.publishing.folders import RULES, FolderRefused
from engine.workflow.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.publishing.folders import Folder

TEXTS = (".yaml", ".bpmn", ".dmn", ".form", ".typ", ".md")
"""Files in which a procedure's id may stand."""

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" \
xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
id="definitions_{key}" targetNamespace="urn:wenze:procedures">
  <bpmn:process id="{id}" name="{title}" isExecutable="true">
    <bpmn:startEvent id="start_case" name="登记" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="{id}">
      <bpmndi:BPMNShape id="start_case_di" bpmnElement="start_case">
        <dc:Bounds x="180" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="186" y="203" width="24" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

_RULES = """id: {id}
kind: procedure
title: {title}
summary: {title}
law: [{{id: proposed, title: {{zh: 平台默认（原文未写）, en: Default of the platform}}}}]
process: {id}
number: {{series: case, rule: "{{authority_short}}〔{{year}}〕{{n}}号"}}

start: {{form: start, roles: [intake_clerk], fact: registered}}

roles:
  intake_clerk: {{title: {{zh: 受理岗, en: Intake clerk}}, scope: authority}}
  subject: {{title: {{zh: 当事人, en: Subject}}, scope: participant, outside: true}}

lanes: {{}}
deadlines: {{}}
outcomes: {{done: {{title: {{zh: 办结, en: Done}}}}}}
"""

_START = {
    "type": "default",
    "id": "start",
    "schemaVersion": 19,
    "components": [
        {
            "type": "textarea",
            "id": "field_summary",
            "key": "summary",
            "label": "事项摘要",
            "validate": {"required": True, "maxLength": 5000},
        }
    ],
}


def empty_folder(procedure: str, title: str) -> dict[str, bytes]:
    """Return the files of a procedure in which only its registration is drawn.

    Args:
        procedure: Its id, checked before.
        title: As a person typed it.
    """
    named = {"id": procedure, "key": procedure.replace("-", "_")}
    quoted = escape(title, {'"': "&quot;"})
    return {
        RULES: _RULES.format(**named, title=orjson.dumps(title).decode()).encode(),
        f"{procedure}.bpmn": _DIAGRAM.format(**named, title=quoted).encode(),
        "forms/start.form": orjson.dumps(_START, option=orjson.OPT_INDENT_2) + b"\n",
    }


def from_diagram(procedure: str, title: str, content: bytes) -> dict[str, bytes]:
    """Return the files of a procedure around a diagram that was drawn elsewhere.

    Its first executable process gets the procedure's id.

    Raises:
        bpmn.DiagramRefused: The diagram cannot be read.
        FolderRefused: It holds no process.
    """
    diagram = bpmn.read_diagram(content, name=f"{procedure}.bpmn")
    if not diagram.processes:
        raise FolderRefused("流程图中没有流程（process）。", "The diagram holds no process.")
    found = next(
        (one for one in diagram.processes.values() if one.is_executable),
        next(iter(diagram.processes.values())),
    )
    text = _renamed_text(content.decode("utf-8", "replace"), str(found.id), procedure)
    return {**empty_folder(procedure, title), f"{procedure}.bpmn": text.encode()}


def copied(files: Mapping[str, bytes], old: str, new: str) -> dict[str, bytes]:
    """Return the files of a procedure under another id.

    Where its id stands as a word in its rules, diagrams, tables, forms, templates and
    scenarios, the new one takes its place; a file that is called like it is renamed.

    Args:
        files: Bytes by path below the folder.
        old: Its id.
        new: The id of the copy.
    """
    renamed = {}
    for path, content in files.items():
        changed = content
        if path.endswith(TEXTS):
            changed = _renamed_text(content.decode("utf-8"), old, new).encode()
        folder, slash, name = path.rpartition("/")
        stem, dot, kind = name.rpartition(".")
        renamed[f"{folder}{slash}{new if stem == old else stem}{dot}{kind}"] = changed
    return renamed


def own_files(folder: Folder) -> dict[str, bytes]:
    """Return a folder's own files by path below it: shared ones left out, scenarios kept."""
    prefix = f"{folder.home}/"
    whole = {**folder.files, **folder.scenarios}
    return {
        path.removeprefix(prefix): content
        for path, content in whole.items()
        if path.startswith(prefix)
    }


def title_in(files: Mapping[str, bytes], otherwise: str) -> str:
    """Return what a folder's rules call it, in Chinese; `otherwise` where they do not say."""
    try:
        data = read_yaml(files.get(RULES, b""))
        return text_of(data["title"]).zh if isinstance(data, dict) else otherwise
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, KeyError, ValueError):
        return otherwise


def _renamed_text(text: str, old: str, new: str) -> str:
    return re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, text)
