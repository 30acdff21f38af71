"""What `wenze lint` prints."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from bpmn.findings import Finding, Severity


def lines(findings: Iterable[Finding], *, language: str = "zh") -> list[str]:
    """Return one line a finding: `file:line element rule message`.

    Args:
        findings: What was found.
        language: 'zh' or 'en'.
    """
    return [
        f"{f.file}:{f.line} {f.element or '-'} {f.rule} {f.zh if language == 'zh' else f.en}"
        for f in findings
    ]


def as_json(findings: Iterable[Finding]) -> str:
    """Return the findings as a JSON list, each with both sentences."""
    return json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 1 where a finding is an error, else 0."""
    return int(any(finding.severity is Severity.ERROR for finding in findings))
