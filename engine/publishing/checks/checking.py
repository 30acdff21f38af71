"""Checks a folder: one subject a module, then its scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpmn
from bpmn import Finding, Severity
from engine.errors import Fault
from engine.publishing.checks import diagrams, documents, forms, opening, rules, tables
from engine.publishing.checks.report import Report
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.publishing.scenarios import doubts, run_scenarios, scenario_paths
from engine.workflow import load_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from engine.publishing.checks.report import TableReport
    from engine.publishing.folders import Folder
    from engine.publishing.scenarios import ScenarioResult
    from engine.workflow import LoadedVersion


UNCHECKED = "checked"
"""The id of a version that exists only while it is checked."""


class _Source:
    """A folder as a version, before it is one."""

    def __init__(self, folder: Folder, manifest: Mapping[str, Any]) -> None:
        self.procedure = folder.procedure
        self.number = 0
        self.manifest = manifest
        self.files = folder.files


def check_folder(
    folder: Folder,
    *,
    fonts: Sequence[Path] = (),
    parameters: Mapping[str, object] | None = None,
    switches: Mapping[str, object] | None = None,
    report: Callable[[ScenarioResult], None] | None = None,
    watch: Callable[[Sequence[bpmn.Trace]], None] | None = None,
    table: Callable[[TableReport], None] | None = None,
) -> Report:
    """Check a folder: rules, forms, diagrams, tables, documents, and play its scenarios.

    Nothing is kept and nothing outside of memory is touched. Scenarios are played only
    where nothing else refuses the folder, since they would fail for that.

    Args:
        folder: The procedure, or a shared one by itself.
        fonts: Folders with fonts for documents, beside those of the system.
        parameters: Values that the version will have otherwise than the folder.
        switches: Likewise.
        report: Told each scenario's result as soon as it is there.
        watch: Sees the trace of every step that a scenario takes.
        table: Told each decision table as soon as it is searched.

    What `report`, `watch` and `table` raise ends the check.
    """
    manifest = manifest_of(folder, parameters=parameters, switches=switches)
    digest = digest_of_manifest(manifest)
    findings, by_process = rules.check(folder)
    findings += forms.check(folder)
    findings += opening.check(folder, by_process)
    if not _refused(findings):
        findings += diagrams.check(folder, by_process)
    found, reports = tables.check(folder, by_process, table)
    findings += found
    version = None
    if not _refused(findings) and by_process[folder.procedure].kind == "procedure":
        version = _compiled(folder, manifest, findings)
    if version is not None:
        findings += documents.check(version, fonts)
    results: tuple[ScenarioResult, ...] = ()
    if version is not None and not _refused(findings):
        if not scenario_paths(folder.scenarios):
            findings.append(_no_scenario(folder))
        results = run_scenarios(folder, fonts=fonts, report=report, watch=watch)
        findings += doubts.told(results)
    return Report(folder.procedure, digest, tuple(findings), reports, results)


def draft_as_version(folder: Folder) -> LoadedVersion:
    """Return a folder as the version that it would be, before it is one.

    Raises:
        bpmn.DiagramRefused: Its rules do not hold, or a diagram does not compile.
        Fault: It cannot be loaded.
    """
    stated, _by_process = rules.check(folder)
    if _refused(stated):
        raise bpmn.DiagramRefused(stated)
    return load_version(UNCHECKED, _Source(folder, manifest_of(folder)))


def look_over(folder: Folder) -> tuple[Finding, ...]:
    """Return what is wrong with a folder as far as it can be told at once: nothing is played.

    Rules, forms, diagrams and tables; a draft is looked over whenever one of its files is
    saved. Diagrams are looked at although other files are broken, so that who draws sees
    the findings of the drawing.
    """
    findings, by_process = rules.check(folder)
    findings += forms.check(folder)
    findings += opening.check(folder, by_process)
    if folder.procedure in by_process:
        findings += diagrams.check(folder, by_process)
    findings += tables.check(folder, by_process)[0]
    return tuple(findings)


def _compiled(
    folder: Folder, manifest: Mapping[str, Any], findings: list[Finding]
) -> LoadedVersion | None:
    try:
        return load_version(UNCHECKED, _Source(folder, manifest))
    except bpmn.DiagramRefused as refused:
        findings += refused.findings
    except Fault as fault:
        findings.append(
            Finding(
                Severity.ERROR,
                "version",
                folder.procedure,
                "",
                0,
                f"不能装载：{fault}",
                f"It cannot be loaded: {fault}",
            )
        )
    return None


def _no_scenario(folder: Folder) -> Finding:
    return Finding(
        Severity.ERROR,
        "scenario-missing",
        f"{folder.procedure}/scenarios",
        "",
        0,
        "没有场景：请在 scenarios/ 中至少写一个 given/when/then。",
        "There is no scenario: write at least one in scenarios/.",
    )


def _refused(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
