"""What the checks of a version gave, as its page shows it; the report is JSON that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something that the checks found."""

    is_error: bool
    place: str
    file: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class TableLine:
    """A decision table with its gaps and overlaps."""

    decision: str
    file: str
    rules: int
    gaps: int
    overlaps: int
    declared: bool


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A scenario and, where it failed, what happened instead."""

    id: str
    title: str
    passed: bool
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report; errors first, failed scenarios first."""

    findings: tuple[FindingView, ...]
    tables: tuple[TableLine, ...]
    scenarios: tuple[ScenarioLine, ...]

    @property
    def errors(self) -> int:
        """How many findings refuse the version."""
        return sum(one.is_error for one in self.findings)

    @property
    def failed(self) -> int:
        """How many scenarios did not pass."""
        return sum(not one.passed for one in self.scenarios)


def report_view(report: Mapping[str, Any], language: str) -> ReportView:
    """Return a kept report for its page; parts that it does not have are empty."""
    findings = [_finding(one, language) for one in _parts(report, "findings")]
    scenarios = [_scenario(one, language) for one in _parts(report, "scenarios")]
    return ReportView(
        findings=tuple(sorted(findings, key=lambda one: not one.is_error)),
        tables=tuple(
            TableLine(
                str(one.get("decision", "")),
                str(one.get("file", "")),
                int(one.get("rules", 0)),
                int(one.get("gaps", 0)),
                int(one.get("overlaps", 0)),
                bool(one.get("declared")),
            )
            for one in _parts(report, "tables")
        ),
        scenarios=tuple(sorted(scenarios, key=lambda one: one.passed)),
    )


def _parts(report: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    found = report.get(name)
    return found if isinstance(found, list) else ()


def _finding(one: Mapping[str, Any], language: str) -> FindingView:
    return FindingView(
        is_error=one.get("severity") == "error",
        place=str(one.get("element", "")),
        file=str(one.get("file", "")),
        line=int(one.get("line", 0)),
        text=str(one.get(language) or one.get("zh") or ""),
    )


def _scenario(one: Mapping[str, Any], language: str) -> ScenarioLine:
    title = one.get("title")
    named = title if isinstance(title, dict) else {}
    return ScenarioLine(
        id=str(one.get("id", "")),
        title=str(named.get(language) or named.get("zh") or ""),
        passed=bool(one.get("passed")),
        failures=tuple(_failure(each, language) for each in _parts(one, "failures")),
    )


def _failure(one: Mapping[str, Any], language: str) -> str:
    said = one.get(language) or one.get("zh") or ""
    return f"{one.get('file', '')} {one.get('place', '')}：{said}"
