"""What is played was read and checked before."""

from collections.abc import Mapping

from bpmn import dmn
from bpmn.findings import DiagramRefused, Finding, Severity
from bpmn.lint import lint
from bpmn.reading import Diagram, read_diagram


def admitted(files: Mapping[str, bytes]) -> dict[str, Diagram]:
    """Return the diagrams among `files`, read, once lint has nothing against them.

    Raises:
        DiagramRefused: A file cannot be read, or lint finds an error.
    """
    decisions: set[str] = set()
    for name, content in files.items():
        if name.endswith(".dmn"):
            others = {o: c for o, c in files.items() if o.endswith(".dmn") and o != name}
            decisions.update(dmn.read_decisions(content, name=name, imports=others).decisions)
    diagrams = {
        name: read_diagram(content, name=name)
        for name, content in files.items()
        if not name.endswith(".dmn")
    }
    findings: list[Finding] = []
    for name, diagram in diagrams.items():
        others_read = {other: d for other, d in diagrams.items() if other != name}
        findings += lint(diagram, others=others_read, decisions=decisions)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise DiagramRefused(errors)
    return diagrams
