"""检查流程时，场景中没有得出值的表达式和决策表都要指出来。"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

from bpmn import Severity
from engine.model.texts import Text
from engine.publishing.folders import read_folder
from engine.publishing.scenarios.doubts import told
from engine.publishing.scenarios.results import Doubt, ScenarioResult
from engine.publishing.scenarios.running import run_one
from engine.publishing.scenarios.stage import Theatre

FOLDER = Path(__file__).parents[4] / "processes" / "corporate-accountability"
DOUBT = Doubt("br", "DT-1 (a.dmn)", "dmn-missing-input", 6, "没有给出输入。", "Not given.")
OTHER = replace(DOUBT, element="br_other")


def _result(name: str, *doubts: Doubt) -> ScenarioResult:
    return ScenarioResult(name, Text(name), f"p/scenarios/{name}.yaml", (), doubts)


class TestWhatIsTold:
    """每一处只说一次，指明首先遇到它的场景；只是提示，不妨碍发布。"""

    def test_once_at_the_first_scenario_that_met_it(self) -> None:
        findings = list(told([_result("A", DOUBT), _result("B", DOUBT, OTHER)]))

        assert [(one.file, one.element) for one in findings] == [
            ("p/scenarios/A.yaml", "br"),
            ("p/scenarios/B.yaml", "br_other"),
        ]

    def test_as_a_warning_with_decision_line_and_reason(self) -> None:
        (finding,) = told([_result("A", DOUBT)])

        assert (finding.severity, finding.rule) == (Severity.WARNING, "gave-null")
        for part in ("DT-1 (a.dmn)", "6", "没有给出输入"):
            assert part in finding.zh

    def test_and_kept_in_the_report_of_the_version(self) -> None:
        report = _result("A", DOUBT).as_json()

        assert report["doubts"] == [asdict(DOUBT)]


class TestARealScenario:
    """场景里表格读到没有给出的输入，结果里就有一条。"""

    def test_a_table_that_reads_what_nobody_gave(self) -> None:
        folder = read_folder(FOLDER)
        changed = {
            path: content.replace(b"<text>discipline = true</text>", b"<text>never_given</text>")
            for path, content in folder.files.items()
        }
        given = replace(folder, files=changed)

        result = run_one(given, "corporate-accountability/scenarios/SC-001.yaml", Theatre(given))

        assert [one for one in result.doubts if "DT-CA-4" in one.source and "never" in one.en]
