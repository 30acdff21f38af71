"""每条规则各有一张不合格的图和一张合格的图。

A bad diagram breaks one rule, at the element and line given here, and no other; its good twin
breaks none. A file `other.bpmn` beside them belongs to the same version.
"""

from pathlib import Path

import pytest

from bpmn.findings import Finding
from bpmn.lint import lint
from bpmn.reading import read_diagram

DIAGRAMS = Path(__file__).parent / "diagrams"

EXPECTED = {
    "cancel-outside-transaction": [("called_off", 7)],
    "code-refused": [("notify", 5)],
    "compensation": [("revoked", 6), ("withdraw", 7)],
    "condition-ignored": [("split_to_warn", 11)],
    "dead-end": [("assess", 6)],
    "deadlock": [("both", 8)],
    "duplicate-id": [("procedure", 3)],
    "event-gateway": [("expired", 10)],
    "expression-syntax": [("grave_to_warn", 10)],
    "extension-ignored": [("assess", 5)],
    "flow-crosses-scope": [("interview_to_report", 15)],
    "gateway-without-default": [("grave", 5)],
    "incomplete-task": [("notify", 5)],
    "livelock": [("again", 5)],
    "message-without-name": [("Message_Defence", 3)],
    "missing-start": [("procedure", 3)],
    "missing-synchronisation": [("merge", 8)],
    "not-executable": [("weigh", 5)],
    "not-marked-executable": [("procedure", 3)],
    "state-space-bound": [("procedure", 4)],
    "timer-text": [("wait", 5)],
    "unknown-name": [("grave_to_warn", 10)],
    "unreachable": [("forgotten", 6), ("also_forgotten", 7)],
    "unresolved-reference": [("investigate", 5)],
}


def findings(rule: str, name: str) -> list[Finding]:
    folder = DIAGRAMS / rule
    others = {
        file.name: read_diagram(file.read_bytes(), name=file.name)
        for file in folder.glob("other.bpmn")
    }
    content = (folder / f"{name}.bpmn").read_bytes()
    return lint(read_diagram(content, name=f"{name}.bpmn"), others=others)


class TestEachRule:
    """A rule finds what breaks it, where it stands, and leaves its good twin alone."""

    @pytest.mark.parametrize("rule", EXPECTED)
    def test_the_bad_diagram_is_told_with_element_line_and_both_sentences(self, rule: str) -> None:
        found = findings(rule, "bad")

        assert [(f.rule, f.element, f.line) for f in found] == [
            (rule, element, line) for element, line in EXPECTED[rule]
        ]
        assert {f.file for f in found} == {"bad.bpmn"}
        assert all(f.element in f.zh and f.element in f.en for f in found)
        assert all(f.zh.endswith(("。", "？")) and f.en.endswith((".", "?")) for f in found)

    @pytest.mark.parametrize("rule", EXPECTED)
    def test_the_good_diagram_has_nothing_to_tell(self, rule: str) -> None:
        assert findings(rule, "good") == []

    def test_every_folder_of_diagrams_is_looked_at(self) -> None:
        assert {folder.name for folder in DIAGRAMS.iterdir() if folder.is_dir()} == set(EXPECTED)
