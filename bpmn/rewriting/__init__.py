"""Rewriting a diagram before it runs: what SpiffWorkflow cannot bear, and what is short for more.

One rewriting is one module with one function `rewrite(root, names)`, which changes a copy of the
document. The original stays as it was, byte for byte.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from bpmn.reading import Diagram, Element, read_diagram
from bpmn.rewriting import links, reserved_ids

Rewriting = Callable[[Element, dict[str, str]], None]

REWRITINGS: tuple[Rewriting, ...] = (
    links.rewrite,
    reserved_ids.rewrite,
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A diagram as it runs.

    Attributes:
        diagram: What was rewritten, read again; its `name` is the original's.
        drawn: The original.
        names: The id as drawn, by the id that it was changed to.
    """

    diagram: Diagram
    drawn: Diagram
    names: dict[str, str] = field(default_factory=dict)

    def original(self, name: str) -> str:
        """Return the id as it was drawn."""
        return self.names.get(name, name)


def rewrite(diagram: Diagram) -> Rewritten:
    """Return the diagram with every rewriting applied.

    Raises:
        DiagramRefused: A rewriting met something that it cannot mend.
    """
    root = deepcopy(diagram.root)
    names: dict[str, str] = {}
    for each in REWRITINGS:
        each(root, names)
    content = etree.tostring(root)
    if content == etree.tostring(diagram.root):
        return Rewritten(diagram, diagram)
    return Rewritten(read_diagram(content, name=diagram.name), diagram, names)
