"""The board's small procedure, with everything by which work and cases are moved by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from engine.publishing.folders import Folder, read_folder

FOLDER = Path(__file__).parents[2] / "procedures" / "board"
PROCEDURE, DIAGRAM = "board/procedure.yaml", "board/board.bpmn"
SCENARIO = "board/scenarios/story.yaml"
CAST = """
authority: {name: 某公司, short: 某司}
units: {公司: '', 机关: 公司, 监事会: 公司, 二车间: 公司}
people:
  受理员: {unit: 机关, roles: [intake_clerk]}
  承办甲: {unit: 机关, roles: [verifier]}
  承办乙: {unit: 机关, roles: [verifier]}
  主席: {unit: 监事会, roles: [supervisory_board, supervisory_chair]}
  监事甲: {unit: 监事会, roles: [supervisory_board]}
  监事乙: {unit: 监事会, roles: [supervisory_board]}
  保护员: {unit: 机关, roles: [protection_officer]}
  陈某: {unit: 二车间}
  举报人: {unit: 机关}
  人事: {unit: 机关, roles: [personnel_officer]}
  管理员: {unit: 机关, roles: [platform_admin]}
"""
STOPS = ("    ends: inquired\n", "    ends: inquired\n    stops: {source: S0篇1§8}\n")
LADDER = (
    "handing:\n",
    """dunning: {by: [supervisory_board], source: S2 L80}
ladder:
  levels: [intake_clerk, supervisory_chair]
  every: {value: 3, unit: working_days}
  proposed: true
variables: {dunning: null}
handing:
""",
)
STRAIGHT = (
    'sourceRef="ut_inquire" targetRef="st_count"',
    'sourceRef="ut_inquire" targetRef="ut_draft"',
)
"""Three people's steps one after the other: inquire, draft, issue."""
TASK = '<userTask id="ut_inquire" name="调查" camunda:formRef="inquire">'
SEVERAL = (
    '<multiInstanceLoopCharacteristics isSequential="false" '
    "camunda:collection='=signers' camunda:elementVariable=\"one\"/>"
)


def board() -> Folder:
    """Return the procedure: three steps, clocks that stop, a ladder, files at every door."""

    def rules(text: str) -> str:
        return _put(_put(_put(text, *STOPS), *LADDER), "    docx: letter.docx\n", "")

    folder = edited(read_folder(FOLDER), PROCEDURE, rules)
    folder = edited(folder, DIAGRAM, lambda text: _put(text, *STRAIGHT))
    for name in ("clue", "inquire", "appeal"):
        folder = edited(folder, f"board/forms/{name}.form", _with_files)
    return folder


def edited(folder: Folder, path: str, change: Callable[[str], str]) -> Folder:
    """Return a folder with one text changed."""
    text = change(folder.files[path].decode())
    return Folder(
        folder.procedure, {**folder.files, path: text.encode()}, folder.scenarios, folder.opens
    )


def signed_by_many(folder: Folder) -> Folder:
    """Let several people sign the inquiry: both whom the procedure asks, and who is added."""

    def change(text: str) -> str:
        head, tail = text.split(TASK)
        body, rest = tail.split("</userTask>", maxsplit=1)
        body = _put(body, 'name="fact" value="inquired"', 'name="act" value="countersign"')
        task = TASK.replace('"inquire">', '"sign" camunda:assignee="=one">')
        return f"{head}{task}{body}{SEVERAL}</userTask>{rest}"

    def with_signers(text: str) -> str:
        form: dict[str, Any] = json.loads(text)
        signers = {
            "id": "signers",
            "type": "taglist",
            "key": "signers",
            "valuesKey": "people_register",
            "properties": {"person": "register"},
        }
        return json.dumps({**form, "components": [*form["components"], signers]})

    return edited(edited(folder, DIAGRAM, change), "board/forms/clue.form", with_signers)


def _put(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def _with_files(text: str) -> str:
    form: dict[str, Any] = json.loads(text)
    picker = {"id": "papers", "type": "filepicker", "key": "papers", "label": "附件"}
    return json.dumps({**form, "components": [*form["components"], picker]}, ensure_ascii=False)
