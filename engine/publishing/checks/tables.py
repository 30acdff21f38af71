"""Each decision table: no gap that is not declared, no overlap that the hit policy forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmn import Finding, Severity, dmn, feel
from bpmn.dmn import analyse, table_view
from engine.publishing.checks.report import TableReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bpmn.dmn import Analysis, DecisionModel
    from engine.model.procedure_rules import ProcedureRules
    from engine.publishing.folders import Folder

SHOWN = 3
"""How many gaps and overlaps of one table are told."""


def check(
    folder: Folder,
    by_process: Mapping[str, ProcedureRules],
    report: Callable[[TableReport], None] | None = None,
) -> tuple[list[Finding], tuple[TableReport, ...]]:
    """Return what is wrong with the tables of a folder and of those it uses.

    Args:
        folder: Whose.
        by_process: The rules of each process in it.
        report: Told each table as soon as it is searched.
    """
    findings: list[Finding] = []
    reports: list[TableReport] = []
    files = {path: data for path, data in folder.files.items() if path.endswith(".dmn")}
    declared = {gap.table for rules in by_process.values() for gap in rules.gaps}
    for path, content in sorted(files.items()):
        others = {name: data for name, data in files.items() if name != path}
        try:
            model = dmn.read_decisions(content, name=path, imports=others)
        except dmn.DecisionRefused as refused:
            findings += refused.findings
            continue
        for decision in model.decisions.values():
            view = table_view(decision)
            if view is None:
                continue
            analysis = analyse(model, decision.id)
            is_declared = bool(declared & {decision.id, decision.name})
            findings += list(_told(path, model, analysis, is_declared=is_declared))
            reports.append(
                TableReport(
                    file=path,
                    decision=decision.id,
                    rules=len(view.rows),
                    gaps=len(analysis.gaps),
                    overlaps=len(analysis.overlaps),
                    declared=is_declared,
                    is_certain=analysis.is_complete,
                )
            )
            if report is not None:
                report(reports[-1])
    return findings, tuple(reports)


def _told(
    path: str, model: DecisionModel, analysis: Analysis, *, is_declared: bool
) -> Iterator[Finding]:
    name = model.decisions[analysis.decision].name
    for gap in () if is_declared else analysis.gaps[:SHOWN]:
        example = _said(gap.example)
        yield Finding(
            Severity.ERROR,
            "table-gap",
            path,
            analysis.decision,
            0,
            f"决策表“{name}”没有覆盖：{example}（共 {len(analysis.gaps)} 处）。"
            "请补上规则，或在 procedure.yaml 的 gaps 中说明理由。",
            f"No rule of {name!r} covers {example} ({len(analysis.gaps)} gaps in all). Add a "
            "rule, or declare the gap with its reason under gaps in procedure.yaml.",
        )
    for overlap in analysis.overlaps[:SHOWN]:
        one, two = overlap.rules
        example = _said(overlap.example)
        yield Finding(
            Severity.ERROR,
            "table-overlap",
            path,
            analysis.decision,
            0,
            f"决策表“{name}”的规则 {one} 与 {two} 同时命中：{example}。请改正其一，或改命中策略。",
            f"Rules {one} and {two} of {name!r} both match {example}. Mend one of them, or "
            "choose another hit policy.",
        )
    if analysis.gave_up:
        yield Finding(
            Severity.WARNING,
            "table-too-wide",
            path,
            analysis.decision,
            0,
            f"决策表“{name}”过大，未能查全。",
            f"{name!r} is too wide to be searched whole.",
        )


def _said(example: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {feel.to_text(value)}" for name, value in example.items())
