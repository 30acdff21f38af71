"""What expressions of a case may ask: the clock, the calendar, its deadlines, the policy."""

from __future__ import annotations

from typing import Any

import bpmn
from bpmn import feel
from engine.desk.desk import Desk
from engine.desk.rounds import deadline_now
from engine.store.tables import CaseRow
from engine.workflow import LoadedVersion, host_functions


def environment_of(desk: Desk, case: CaseRow) -> feel.Environment:
    """Return the clock and the functions of expressions in `case`."""
    world = world_of(desk, case, desk.version(case))
    return feel.Environment(now=world.now, zone=world.zone, functions=world.functions)


def world_of(desk: Desk, case: CaseRow, version: LoadedVersion) -> bpmn.World:
    """Return the world in which a case runs by a version, made once for a command.

    It is made anew where the command has changed the calendar, or runs the case by another
    version.
    """
    calendar = desk.calendar(case.authority_id)
    held = desk.worlds.get(case.id)
    if held is not None and held[0] is calendar and held[1] is version:
        return held[2]

    def expiry_of(key: str) -> Any:
        deadline = deadline_now(desk, case, key)
        return None if deadline is None else deadline.expires_at

    world = bpmn.World(
        now=desk.office.clock.now,
        functions=host_functions(calendar, expiry_of, desk.office.clock.now),
        zone=calendar.zone,
        called=lambda element: {"policy": version.policy_for(element)},
    )
    desk.worlds[case.id] = calendar, version, world
    return world
