"""Where a jump (跳转) could lead, and which roles a procedure lets make it."""

from __future__ import annotations

import bpmn
from engine.desk.desk import Desk
from engine.desk.mandatory import skipped
from engine.store.tables import CaseRow, WorkItemRow

JUMPER = "supervisory_chair"
TASKS = frozenset({"userTask", "manualTask"})


def jumpers_of(desk: Desk, case: CaseRow) -> frozenset[str]:
    """Return the roles that may jump: the parameter `jump.by`."""
    jump = desk.version(case).parameters.get("jump", {})
    named = jump.get("by", JUMPER) if isinstance(jump, dict) else JUMPER
    return frozenset(part.strip() for part in str(named).split(";") if part.strip())


def targets_of(desk: Desk, case: CaseRow, item: WorkItemRow) -> dict[str, str]:
    """Return the steps around a work item to which a jump could lead: names by element.

    Those are the user tasks and call activities of its process and of those around it.
    """
    definition = desk.version(case).definition
    found: dict[str, str] = {}
    process = definition.process_id
    for place in (*item.callers, item.element):
        diagram = definition.diagrams.get(process)
        drawn = diagram.processes.get(bpmn.ProcessId(process)) if diagram is not None else None
        if drawn is None or place not in drawn.nodes:
            break
        for node in drawn.nodes.values():
            if (node.type in TASKS or node.called_element) and node.id != place:
                found[node.id] = node.name or node.id
        process = drawn.nodes[place].called_element
    return found


def open_targets(desk: Desk, case: CaseRow, item: WorkItemRow) -> dict[str, str]:
    """Return those of `targets_of` that leave out no mandatory step."""
    definition = desk.version(case).definition
    return {
        element: name
        for element, name in targets_of(desk, case, item).items()
        if not skipped(definition, item.callers, item.element, element)
    }
