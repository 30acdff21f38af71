"""Where a case stands: open work, status, variables, messages it waits for, incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.publishing.scenarios.expecting.looking import (
    Look,
    Unmet,
    agrees,
    compared,
    differs,
    several,
)
from engine.store.tables import Incident, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Iterator


def open_elements(look: Look) -> list[str]:
    """Return the elements with open work items, sorted."""
    return sorted(
        look.desk.session.scalars(
            sa.select(WorkItemRow.element).where(
                WorkItemRow.case_id == look.case.id, WorkItemRow.state.in_(("open", "claimed"))
            )
        )
    )


def opens(look: Look, expected: Any) -> Iterator[Unmet]:
    """These are open, others may be."""
    found = open_elements(look)
    for element in several(expected):
        if element not in found:
            yield differs("open", element, found)


def not_opens(look: Look, expected: Any) -> Iterator[Unmet]:
    """These are not open."""
    found = open_elements(look)
    for element in several(expected):
        if element in found:
            yield Unmet(f"{element} 不应待办", f"{element} must not be open")


def only_opens(look: Look, expected: Any) -> Iterator[Unmet]:
    """These are open and nothing else is."""
    found = open_elements(look)
    if sorted(several(expected)) != found:
        yield differs("only_open", expected, found)


def case(look: Look, expected: Any) -> Iterator[Unmet]:
    """Status, outcome, stage and number are these."""
    row = look.case
    found = {
        "status": row.status,
        "outcome": row.outcome,
        "stage": row.stage,
        "number": row.number,
        "title": row.title,
        "channel": row.channel,
        "closed": row.closed_at is not None,
        "relation": row.relation,
    }
    yield from compared("case", expected or {}, found)


def variables(look: Look, expected: Any) -> Iterator[Unmet]:
    """Variables of the process scope have these values; dots lead into contexts."""
    for name, value in (expected or {}).items():
        found: Any = look.case.variables
        for part in str(name).split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if not agrees(value, found):
            yield differs(str(name), value, found)


def awaits(look: Look, expected: Any) -> Iterator[Unmet]:
    """The case waits for these messages."""
    for message in several(expected):
        if message not in look.case.awaited:
            yield differs("awaits", message, look.case.awaited)


def not_awaits(look: Look, expected: Any) -> Iterator[Unmet]:
    """The case does not wait for these messages."""
    for message in several(expected):
        if message in look.case.awaited:
            yield Unmet(f"不应等待消息 {message}", f"it must not wait for the message {message}")


def to_review(look: Look, expected: Any) -> Iterator[Unmet]:
    """These done steps are marked to be looked at again, and no others."""
    items = look.desk.session.scalars(
        sa.select(WorkItemRow).where(WorkItemRow.case_id == look.case.id)
    )
    found = sorted({item.element for item in items if item.properties.get("to_review")})
    if sorted(several(expected)) != found:
        yield differs("to_review", expected, found)


def incidents(look: Look, expected: Any) -> Iterator[Unmet]:
    """These elements wait for an administrator, and no others."""
    found = sorted(
        look.desk.session.scalars(
            sa.select(Incident.element).where(
                Incident.case_id == look.case.id, Incident.resolved_at.is_(None)
            )
        )
    )
    if sorted(several(expected)) != found:
        yield differs("incidents", expected, found)
