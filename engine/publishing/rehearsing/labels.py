"""What a scenario calls the cases of a rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.store.tables import CaseRow, LinkedCase

if TYPE_CHECKING:
    from engine.desk import Desk
    from engine.publishing.rehearsing.answers import Names


def labels_of(desk: Desk, names: Names) -> dict[str, str]:
    """Return what scenarios call each case: those of people `case`, `case2`; children by parent."""
    labels: dict[str, str] = {}
    opened = 0
    rows = desk.session.scalars(sa.select(CaseRow).order_by(CaseRow.opened_at, CaseRow.id)).all()
    for row in rows:
        if row.parent_id in labels:
            labels[row.id] = _child_label(desk, row, labels[row.parent_id])
        elif row.opened_by in names.by_id:
            opened += 1
            labels[row.id] = "case" if opened == 1 else f"case{opened}"
        else:
            labels[row.id] = row.procedure if labels else "case"
    return {key: label for key, label in labels.items() if label}


def _child_label(desk: Desk, row: CaseRow, parent: str) -> str:
    ids = list(
        desk.session.scalars(
            sa.select(LinkedCase.child_id)
            .where(LinkedCase.case_id == row.parent_id)
            .order_by(LinkedCase.asked_at, LinkedCase.id)
        )
    )
    child = f"child[{ids.index(row.id) + 1}]"
    return child if parent == "case" else f"{parent}.{child}"
