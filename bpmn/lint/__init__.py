"""Checking diagrams: what would not run as it is drawn is refused, with element and remedy."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from bpmn.findings import Finding
from bpmn.lint.context import Context
from bpmn.lint.procedure import Facts, lint_procedure
from bpmn.lint.report import as_json, exit_code, lines
from bpmn.lint.rules import RULES, not_marked_executable
from bpmn.reading import Diagram, Process

HOST_FUNCTIONS = frozenset({"deadline", "workdays", "add workdays", "is workday"})
_ALONE: Mapping[str, Diagram] = MappingProxyType({})


def lint(
    diagram: Diagram,
    *,
    others: Mapping[str, Diagram] = _ALONE,
    decisions: Collection[str] = (),
    names: Collection[str] | None = None,
    functions: Collection[str] = HOST_FUNCTIONS,
) -> list[Finding]:
    """Return what is wrong with the diagram, by line.

    Args:
        diagram: The diagram to check.
        others: The other diagrams of the version, by file name; what it may call.
        decisions: The ids of the decisions that the version's tables define.
        names: The variables that the procedure's forms and start give; None leaves names unchecked.
        functions: The names of the host functions that expressions may call.

    Nothing is written and nothing is run; an empty list means that it runs as it is drawn.
    """
    context = Context(
        others=others,
        decisions=frozenset(decisions),
        names=None if names is None else frozenset(names),
        functions=frozenset(functions),
    )
    found = [*not_marked_executable.check(diagram, context)]
    running = _without_drawings(diagram)
    found.extend(finding for check in RULES for finding in check(running, context))
    return sorted(found, key=lambda finding: finding.line)


def _without_drawings(diagram: Diagram) -> Diagram:
    """Return the diagram without the processes that are only shown beside one that runs."""
    running: dict[str, Process] = {
        p.id: p for p in diagram.processes.values() if p.is_executable is not False
    }
    if not running:
        return diagram
    return replace(diagram, processes=MappingProxyType(running))


__all__ = ["HOST_FUNCTIONS", "Facts", "as_json", "exit_code", "lines", "lint", "lint_procedure"]
