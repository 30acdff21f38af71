"""Which ways through the diagrams the scenarios took, and which none of them takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import bpmn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Coverage:
    """Collects the flows and nodes that were passed while scenarios were played."""

    def __init__(self) -> None:
        """Begin with nothing passed."""
        self._passed: dict[str, set[str]] = {}

    def note(self, trace: Sequence[bpmn.Trace]) -> None:
        """Take in the trace of a step."""
        for one in trace:
            self._passed.setdefault(one.process, set()).add(one.element)

    def as_json(self) -> dict[str, list[str]]:
        """Return the ids that were passed, by process; a report keeps it."""
        return {process: sorted(ids) for process, ids in sorted(self._passed.items())}


@dataclass(frozen=True, slots=True)
class Ways:
    """The flows of a diagram, by whether a scenario takes them, in the diagram's order."""

    taken: tuple[str, ...]
    never: tuple[str, ...]


def passed_in(diagram: bpmn.Diagram, passed: Mapping[str, Iterable[str]]) -> Ways:
    """Return which flows of a diagram were taken, and which no scenario takes.

    Args:
        diagram: As it stands.
        passed: As `Coverage.as_json` gave it; what is no longer drawn is left out.
    """
    taken: list[str] = []
    never: list[str] = []
    for process in diagram.processes.values():
        known = set(passed.get(str(process.id), ()))
        for flow in process.flows.values():
            (taken if flow.id in known else never).append(str(flow.id))
    return Ways(tuple(taken), tuple(never))
