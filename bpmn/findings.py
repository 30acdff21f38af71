"""What is wrong with a file, said so that its author can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, where it stands, and what to do instead.

    Attributes:
        severity: An error refuses the file; a warning does not.
        rule: The rule's id, kebab case.
        file: The name under which the file was given.
        element: The id of the element, or "" where it has none.
        line: The line, from 1; 0 where it is not known.
        zh: The sentence in Chinese: what is wrong and the remedy.
        en: The same in English.
    """

    severity: Severity
    rule: str
    file: str
    element: str
    line: int
    zh: str
    en: str

    def __str__(self) -> str:
        """Return the finding as one line: `file:line element rule message`."""
        return f"{self.file}:{self.line} {self.element or '-'} {self.rule} {self.en}"


class DiagramRefused(Exception):
    """The file cannot be taken; each finding says why.

    Attributes:
        findings: At least one, in the order in which they were met.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
