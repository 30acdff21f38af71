"""Small diagrams for the tests, written in a line."""

from itertools import pairwise

from bpmn.lint import lint
from bpmn.reading import Diagram, read_diagram

_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'targetNamespace="https://wenze.example/tests"'
)
START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def flows(*paths: str) -> str:
    """Return the sequence flows of `a>b>c`; a flow from a to b is called a_b."""
    pairs = dict.fromkeys(pair for path in paths for pair in pairwise(path.split(">")))
    return "".join(
        f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs
    )


def drawn(*parts: str, before: str = "", process: str = "p") -> Diagram:
    """Return the diagram of one process; each part stands on a line of its own, from line 2."""
    content = (
        f'<definitions {_NAMESPACES}>{before}<process id="{process}">\n'
        + "\n".join(parts)
        + "\n</process></definitions>"
    )
    return read_diagram(content.encode(), name="drawn.bpmn")


def told(*parts: str, before: str = "") -> list[tuple[str, str]]:
    """Return rule and element of what lint finds in a diagram of these parts."""
    return [(f.rule, f.element) for f in lint(drawn(*parts, before=before))]
