"""What is wrong with a decision file, and the refusal that says it."""

from bpmn.dmn.nodes import Place
from bpmn.findings import DiagramRefused, Finding, Severity


class DecisionRefused(DiagramRefused):
    """A decision file cannot be taken; each finding says why and what to do.

    Attributes:
        findings: At least one: rule id, element id, line, and a sentence in Chinese and English.
    """


class Findings:
    """Collects what is wrong while a file is read, so that its author sees all of it at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Finding] = []

    def error(self, rule: str, place: Place, zh: str, en: str) -> None:
        """Note something that refuses the file."""
        self.found.append(
            Finding(Severity.ERROR, rule, self.file, place.element, place.line, zh, en)
        )

    def refuse(self) -> None:
        """Raise DecisionRefused if anything was found."""
        if self.found:
            raise DecisionRefused(self.found)
