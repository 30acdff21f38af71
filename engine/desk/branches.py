"""What follows from a step in the diagrams, and which waiting steps lie there."""

from __future__ import annotations

from collections.abc import Sequence

import bpmn
from engine.store.tables import WorkItemRow


def follows_from(definition: bpmn.Definition, act: WorkItemRow, other: WorkItemRow) -> bool:
    """Return whether `other` lies behind `act` in the diagrams of their version.

    What is called is followed into and out of; a parallel branch that the act's
    token never reaches does not follow from it.
    """
    process = definition.process_id
    here, there = (*act.callers, act.element), (*other.callers, other.element)
    for depth, (mine, its) in enumerate(zip(here, there, strict=False)):
        diagram = definition.diagrams.get(process)
        drawn = diagram.processes.get(bpmn.ProcessId(process)) if diagram is not None else None
        if drawn is None or mine not in drawn.nodes:
            return False
        if its in _behind(drawn, mine):
            return True
        if mine != its or depth + 1 == len(here):
            return False
        process = drawn.nodes[mine].called_element
    return False


def _behind(process: bpmn.Process, start: str) -> frozenset[str]:
    """Return the elements that a token can reach after leaving `start`."""
    seen: set[str] = set()
    waiting = _after(process, start)
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += _after(process, one)
            waiting += [each.id for each in process.boundary_events(one)]
            waiting += [each.id for each in process.children(one)]
    return frozenset(seen)


def _after(process: bpmn.Process, element: str) -> list[str]:
    node = process.nodes[element]
    onward = [process.flows[flow].target for flow in node.outgoing]
    around: Sequence[str] = (node.scope,) if node.scope in process.nodes else ()
    return [*onward, *around]
