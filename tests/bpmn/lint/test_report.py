"""What `wenze lint` prints."""

from __future__ import annotations

import json

from bpmn.findings import Finding, Severity
from bpmn.lint import as_json, exit_code, lines


class TestReport:
    """`wenze lint` prints a line a finding, or JSON, and exits 1 on errors."""

    FINDING = Finding(
        Severity.ERROR, "dead-end", "a.bpmn", "x", 7, "没有去处。", "Nothing follows."
    )

    def test_lines_name_file_line_element_and_rule(self) -> None:
        nameless = Finding(Severity.WARNING, "size", "a.bpmn", "", 0, "太大。", "Too large.")

        assert lines([self.FINDING, nameless]) == [
            "a.bpmn:7 x dead-end 没有去处。",
            "a.bpmn:0 - size 太大。",
        ]
        assert lines([self.FINDING], language="en") == ["a.bpmn:7 x dead-end Nothing follows."]

    def test_json_holds_every_field(self) -> None:
        assert json.loads(as_json([self.FINDING])) == [
            {
                "severity": "error",
                "rule": "dead-end",
                "file": "a.bpmn",
                "element": "x",
                "line": 7,
                "zh": "没有去处。",
                "en": "Nothing follows.",
            }
        ]

    def test_only_errors_make_it_fail(self) -> None:
        warned = Finding(Severity.WARNING, "r", "f", "e", 1, "。", ".")

        assert (exit_code([]), exit_code([warned]), exit_code([self.FINDING, warned])) == (0, 0, 1)
