"""Decisions, what they impose, and the documents that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.publishing.scenarios.expecting.looking import (
    NONE,
    Look,
    Unmet,
    agrees,
    compared,
    differs,
)
from engine.store.tables import DecisionRow, DocumentRow, SanctionRow

if TYPE_CHECKING:
    from collections.abc import Iterator


def documents(look: Look, expected: Any) -> Iterator[Unmet]:
    """Each document is in this state, its newest copy counting; `none` means there is none."""
    for key, state in (expected or {}).items():
        row = look.desk.session.scalar(
            sa.select(DocumentRow)
            .where(DocumentRow.case_id == look.case.id, DocumentRow.key == str(key))
            .order_by(DocumentRow.drafted_at.desc(), DocumentRow.id.desc())
            .limit(1)
        )
        found = row.state if row is not None else None
        if not agrees(state, found):
            yield differs(f"documents {key}", state, found)


def sanctions(look: Look, expected: Any) -> Iterator[Unmet]:
    """Each of these sanctions of the case is there; `none` means that there is none."""
    rows = list(
        look.desk.session.scalars(sa.select(SanctionRow).where(SanctionRow.case_id == look.case.id))
    )
    found = [
        {
            "person": look.name(row.person_id),
            "measure": row.measure,
            "effect": row.effect,
            "decided_on": row.decided_on,
            "effective_on": row.effective_on,
            "until": row.until,
            "state": row.state,
            "ended_reason": row.ended_reason,
        }
        for row in rows
    ]
    if expected in NONE:
        if found:
            yield differs("sanctions", expected, [one["measure"] for one in found])
        return
    for one in expected:
        if not any(not list(compared("", one, row)) for row in found):
            yield differs("sanctions", one, found)


def decision(look: Look, expected: Any) -> Iterator[Unmet]:
    """The newest decision is this one; `none` means that there is none."""
    row = look.desk.session.scalar(
        sa.select(DecisionRow)
        .where(DecisionRow.case_id == look.case.id)
        .order_by(DecisionRow.made_at.desc(), DecisionRow.id.desc())
        .limit(1)
    )
    if row is None or expected in NONE:
        if (row is None) != (expected in NONE):
            yield differs("decision", expected, row.outcome if row is not None else None)
        return
    found = {
        "kind": row.kind,
        "organ": row.organ,
        "outcome": row.outcome,
        "tier": row.tier,
        "measures": row.measures,
        "state": row.state,
        "made_on": row.made_on,
        "effective_on": row.effective_on,
    }
    yield from compared("decision", expected, found)
