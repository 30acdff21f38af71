"""What a rule is told beside the diagram, and how it says what it found."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, TypeAlias

from bpmn.findings import Finding, Severity
from bpmn.reading import Diagram, Node


@dataclass(frozen=True, slots=True)
class Context:
    """What stands around the diagram that is checked.

    Attributes:
        others: The other diagrams of the version, by file name.
        decisions: The ids of the decisions that the version's tables define.
        names: The variables that expressions may use; None: any, they are not checked.
        functions: The host functions that expressions may call beside FEEL's own.
    """

    others: Mapping[str, Diagram] = field(default_factory=lambda: MappingProxyType({}))
    decisions: frozenset[str] = frozenset()
    names: frozenset[str] | None = None
    functions: frozenset[str] = frozenset()


class Located(Protocol):
    """Something that has an id and stands on a line."""

    @property
    def id(self) -> str:
        """The id of the element."""
        ...

    @property
    def line(self) -> int:
        """The line on which it begins, from 1."""
        ...


Check: TypeAlias = Callable[[Diagram, Context], Iterable[Finding]]


def error(diagram: Diagram, rule: str, at: Located, zh: str, en: str) -> Finding:
    """Return a finding that refuses the diagram."""
    return Finding(Severity.ERROR, rule, diagram.name, at.id, at.line, zh, en)


def warning(diagram: Diagram, rule: str, at: Located, zh: str, en: str) -> Finding:
    """Return a finding that is told and does not refuse the diagram."""
    return Finding(Severity.WARNING, rule, diagram.name, at.id, at.line, zh, en)


def title(node: Node) -> str:
    """Return what a reader calls the node: its name with its id, or its id alone."""
    return f"「{node.name}」({node.id})" if node.name else node.id
