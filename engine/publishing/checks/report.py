"""What the checks of a folder gave."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bpmn import Finding, Severity

if TYPE_CHECKING:
    from engine.publishing.scenarios import ScenarioResult


@dataclass(frozen=True, slots=True)
class TableReport:
    """What the analysis of one decision table gave.

    Attributes:
        gaps: How many inputs no rule covers.
        overlaps: How many pairs of rules contradict the hit policy.
        declared: Whether its gaps are declared in ``procedure.yaml``, with a reason.
        is_certain: Whether every cell could be compared, so that 0 means none.
    """

    file: str
    decision: str
    rules: int
    gaps: int
    overlaps: int
    declared: bool
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found.

    Attributes:
        procedure: The folder's name.
        digest: Of the manifest that was checked.
        findings: Errors refuse the folder, warnings do not.
        tables: One line for each decision table.
        scenarios: How each scenario went; empty where an error kept them from being played.
    """

    procedure: str
    digest: str
    findings: tuple[Finding, ...]
    tables: tuple[TableReport, ...]
    scenarios: tuple[ScenarioResult, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse the folder."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)

    @property
    def passed(self) -> bool:
        """Whether nothing refuses the folder and every scenario passed."""
        return not self.errors and all(one.passed for one in self.scenarios)

    def as_json(self) -> dict[str, object]:
        """Return the report as JSON values; a version's draft keeps it."""
        return {
            "digest": self.digest,
            "passed": self.passed,
            "findings": [asdict(one) for one in self.findings],
            "tables": [asdict(one) for one in self.tables],
            "scenarios": [one.as_json() for one in self.scenarios],
        }
