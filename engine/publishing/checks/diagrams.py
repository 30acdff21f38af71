"""Each diagram: whether it runs as it is drawn, and whether it agrees with its procedure."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import bpmn
from bpmn import Finding
from bpmn.lint import Facts, lint_procedure
from bpmn.lint import lint as lint_diagram
from engine.model.procedure_rules import Kind
from engine.workflow.versions import folders_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bpmn import Diagram
    from engine.model.procedure_rules import ProcedureRules
    from engine.publishing.folders import Folder

OF_THE_CALLER = frozenset({"deadline-unknown", "document-unknown", "mandatory-step"})
"""What a shared folder by itself may leave to the procedures that call it."""


def check(folder: Folder, by_process: Mapping[str, ProcedureRules]) -> list[Finding]:
    """Return what is wrong with the diagrams of a folder and of those it uses.

    A shared diagram is held against its own folder together with the procedure that
    uses it, since lanes, forms and deadlines may stand in either.
    """
    findings: list[Finding] = []
    diagrams: dict[str, Diagram] = {}
    decisions: set[str] = set()
    for path, content in sorted(folder.files.items()):
        try:
            if path.endswith(".bpmn"):
                diagrams[path] = bpmn.read_diagram(content, name=path)
            elif path.endswith(".dmn"):
                decisions |= set(bpmn.dmn.read_decisions(content, name=path).decisions)
        except bpmn.DiagramRefused as refused:
            if path.endswith(".bpmn"):  # what is wrong with tables is told with the tables
                findings += refused.findings
    home = folders_of(folder.files)
    for path, diagram in diagrams.items():
        others = {name: one for name, one in diagrams.items() if name != path}
        findings += lint_diagram(diagram, others=others, decisions=decisions)
        process = next((key for key, at in home.items() if path.startswith(f"{at}/")), "")
        findings += lint_procedure(diagram, _facts(folder, process, by_process))
    if by_process[folder.procedure].kind is Kind.SHARED:
        return [finding for finding in findings if finding.rule not in OF_THE_CALLER]
    return findings


def _facts(folder: Folder, process: str, by_process: Mapping[str, ProcedureRules]) -> Facts:
    """Return what the procedure and the folder of one of its diagrams declare."""
    own = by_process[folder.procedure]
    near = [one for one in (by_process.get(process), own) if one is not None]
    every = list(by_process.values())
    is_own = process == folder.procedure
    return Facts(
        forms=frozenset(_forms(folder, process)),
        lanes=_names(one.lanes for one in near),
        roles=_names(one.roles for one in every),
        deadlines=_names(one.deadlines for one in every),
        documents=_names(one.documents for one in every),
        mandatory=frozenset(str(step) for step in own.mandatory) if is_own else frozenset(),
        exempt=frozenset(
            f"{one.rule}:{one.element}" if one.element else one.rule
            for rules in near
            for one in rules.exempt
        ),
    )


def _forms(folder: Folder, process: str) -> Iterable[str]:
    """Return every way in which an element of `process` may name a form that is there."""
    for key, home in folders_of(folder.files).items():
        for path in folder.files:
            if path.startswith(f"{home}/forms/") and path.endswith(".form"):
                name = path.rpartition("/")[2].removesuffix(".form")
                yield f"{key}:{name}"
                yield f"shared/{key}:{name}"
                if key in {process, folder.procedure}:
                    yield name


def _names(parts: Iterable[Iterable[object]]) -> frozenset[str]:
    return frozenset(str(one) for one in chain.from_iterable(parts))
