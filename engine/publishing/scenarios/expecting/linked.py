"""What a case has led to: children, transfers and copies, reminders, rounds of its deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.publishing.scenarios.expecting.looking import (
    Look,
    Unmet,
    compared,
    differs,
    several,
)
from engine.store.tables import DeadlineRow, Dunning, Escalation, LinkedCase, Transfer, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Iterator


def children(look: Look, expected: Any) -> Iterator[Unmet]:
    """These are all its children, in the order in which they were asked for."""
    rows = look.desk.session.scalars(
        sa.select(LinkedCase)
        .where(LinkedCase.case_id == look.case.id)
        .order_by(LinkedCase.asked_at, LinkedCase.id)
    )
    found = [
        {
            "procedure": row.procedure,
            "relation": row.relation,
            "state": row.state,
            "status": row.status,
            "outcome": row.outcome,
            "conclusion": row.conclusion.get("value"),
            "subject": look.name(row.subject_id) if row.subject_id else None,
        }
        for row in rows
    ]
    yield from _each("children", several(expected), found)


def transfers(look: Look, expected: Any) -> Iterator[Unmet]:
    """These are all its transfers and copies, in their order."""
    rows = look.desk.session.scalars(
        sa.select(Transfer)
        .where(Transfer.case_id == look.case.id)
        .order_by(Transfer.sent_at, Transfer.id)
    )
    found = [
        {
            "kind": row.kind,
            "organ": row.organ,
            "state": row.state,
            "sent_on": row.sent_on,
            "received_on": row.received_on,
        }
        for row in rows
    ]
    yield from _each("transfers", several(expected), found)


def dunned(look: Look, expected: Any) -> Iterator[Unmet]:
    """The work of each element was dunned so often."""
    for element, times in (expected or {}).items():
        found = look.desk.session.scalar(
            sa.select(sa.func.count())
            .select_from(Dunning)
            .join(WorkItemRow, WorkItemRow.id == Dunning.work_item_id)
            .where(Dunning.case_id == look.case.id, WorkItemRow.element == str(element))
        )
        if found != times:
            yield differs(f"dunned {element}", times, found)


def rounds(look: Look, expected: Any) -> Iterator[Unmet]:
    """The rounds of each deadline are in these states, the first one first."""
    for key, states in (expected or {}).items():
        found = list(
            look.desk.session.scalars(
                sa.select(DeadlineRow.state)
                .where(DeadlineRow.case_id == look.case.id, DeadlineRow.key == str(key))
                .order_by(DeadlineRow.round)
            )
        )
        if several(states) != found:
            yield differs(f"rounds {key}", states, found)


def escalated(look: Look, expected: Any) -> Iterator[Unmet]:
    """The lateness of each deadline was put before these roles, the lowest level first."""
    for key, roles in (expected or {}).items():
        found = list(
            look.desk.session.scalars(
                sa.select(Escalation.role)
                .join(DeadlineRow, DeadlineRow.id == Escalation.deadline_id)
                .where(Escalation.case_id == look.case.id, DeadlineRow.key == str(key))
                .order_by(DeadlineRow.round, Escalation.level)
            )
        )
        if several(roles) != found:
            yield differs(f"escalated {key}", roles, found)


def _each(what: str, expected: list[Any], found: list[dict[str, Any]]) -> Iterator[Unmet]:
    if len(expected) != len(found):
        yield differs(what, expected, found)
        return
    for number, (one, row) in enumerate(zip(expected, found, strict=True), start=1):
        yield from compared(f"{what}[{number}]", one, row)
