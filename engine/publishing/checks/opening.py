"""How cases open: what the start form must ask, and the procedures whose cases others open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import bpmn
from bpmn import Finding, Severity
from engine.errors import Fault
from engine.publishing.checks.rules import line_of
from engine.publishing.folders import RULES
from engine.workflow import read_form
from engine.workflow.versions import folders_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.model.procedure_rules import ProcedureRules
    from engine.publishing.folders import Folder

CHANNEL = "channel"
"""The key under which a start form asks for the channel; `open_case` reads it."""
OPEN_CASE = "wenze.open-case"
PROCEDURE = "procedure"


def check(folder: Folder, by_process: Mapping[str, ProcedureRules]) -> list[Finding]:
    """Return what keeps cases from being opened: this procedure's, and those that it opens.

    A procedure under `opens` that stands nowhere beside the folder is a warning: an authority
    may have published one that no folder holds. What a diagram or a call opens without it
    being under `opens` is refused, for no scenario could play it.
    """
    own = by_process.get(folder.procedure)
    if own is None:
        return []
    return [*_channel(folder, own), *_missing(folder, own), *_undeclared(folder, own)]


def _channel(folder: Folder, own: ProcedureRules) -> Iterator[Finding]:
    if own.start is None or not own.channels or not own.start.form:
        return
    path = _start_form(folder, own.start.form)
    if path not in folder.files:
        return
    try:
        keys = {one.get("key") for one in read_form(path, folder.files[path]).schema["components"]}
    except (Fault, KeyError):
        return  # said by the check of forms
    if CHANNEL not in keys and not _answered(own):
        yield Finding(
            Severity.ERROR,
            "channel-not-asked",
            path,
            CHANNEL,
            0,
            "流程列有线索渠道（channels），登记表单却没有 key 为 channel 的字段，"
            "案件登记不了。请在表单顶层加一个选择字段，key 写 channel，"
            "valuesKey 写 channels_options；"
            "不分渠道的，请删去 procedure.yaml 的 channels。",
            "The procedure has channels, and its start form no field with the key channel, so "
            "no case can be registered. Add a select with the key channel and the valuesKey "
            "channels_options at the top of the form, or take channels out of procedure.yaml.",
        )


def _answered(own: ProcedureRules) -> bool:
    """Return whether the calendar, which alone opens the cases, names the channel."""
    timer = own.start.timer if own.start else None
    return timer is not None and CHANNEL in timer.answers


def _start_form(folder: Folder, named: str) -> str:
    """Return the path of a start form: `clue`, or `shared/clue-intake:clue`."""
    home, _, form = named.rpartition(":")
    at = folders_of(folder.files).get(home.removeprefix("shared/"), home) if home else folder.home
    return f"{at}/forms/{form}.form"


def _missing(folder: Folder, own: ProcedureRules) -> Iterator[Finding]:
    there = {one.procedure for one in folder.opens} | {folder.procedure}
    for name in own.opens:
        if name not in there:
            yield Finding(
                Severity.WARNING,
                "opens-unknown",
                f"{folder.home}/{RULES}",
                "opens",
                line_of(folder.rules, "opens"),
                f"opens 中的 {name} 不在本文件夹旁边，其场景不能演练。"
                "请核对写法；是本机关另行发布的流程的，应先于本流程发布。",
                f"{name} under opens stands nowhere beside this folder, so no scenario plays "
                "it. Check how it is written; if the authority has published it otherwise, it "
                "must be in force before this one.",
            )


def _undeclared(folder: Folder, own: ProcedureRules) -> Iterator[Finding]:
    declared = {*own.opens, folder.procedure}
    for path, element, name in _opened(folder, own):
        if name not in declared:
            yield Finding(
                Severity.ERROR,
                "opens-undeclared",
                path,
                element,
                0,
                f"“{element}”开立 {name} 的案件，procedure.yaml 的 opens 中却没有它。"
                f"请在 opens 中写上 {name}，或改正 {PROCEDURE}。",
                f"{element} opens cases of {name}, which is not under opens in procedure.yaml. "
                f"Name it there, or correct {PROCEDURE}.",
            )


def _opened(folder: Folder, own: ProcedureRules) -> Iterator[tuple[str, str, str]]:
    """Yield file, element and procedure of everything that opens a named procedure's cases."""
    for path, content in sorted(folder.files.items()):
        if path.startswith(f"{folder.home}/") and path.endswith(".bpmn"):
            try:
                diagram = bpmn.read_diagram(content, name=path)
            except bpmn.DiagramRefused:
                continue  # said by the check of diagrams
            for node in diagram.nodes():
                name = node.properties.get(PROCEDURE, "")
                if node.camunda.get("topic") == OPEN_CASE and name and not name.startswith("="):
                    yield path, node.id, name
    rules = f"{folder.home}/{RULES}"
    for key, policy in own.calls.items():
        stated: Any = policy.get(PROCEDURE)
        if isinstance(stated, str):
            yield rules, str(key), stated
