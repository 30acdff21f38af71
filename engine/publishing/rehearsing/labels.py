"""What a scenario calls the cases of a rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.wake_case import WOKEN
from engine.store.tables import CaseRow, LinkedCase

if TYPE_CHECKING:
    from engine.desk import Desk
    from engine.publishing.rehearsing.answers import Names


def labels_of(desk: Desk, names: Names, procedure: str) -> dict[str, str]:
    """Return what scenarios call each case, in the order in which they were opened.

    Those of people are `case`, `case2` …; those taken up again `woken`, `woken2` …; children
    are named by their parent. Those that the calendar or a message opened are named by their
    procedure, and their place where there are more; the only one of `procedure` is `case`,
    where nobody has registered another.
    """
    labels: dict[str, str] = {}
    opened = woken = 0
    rows = desk.session.scalars(sa.select(CaseRow).order_by(CaseRow.opened_at, CaseRow.id)).all()
    registers = any(row.opened_by in names.by_id for row in rows)
    for row in rows:
        if row.parent_id in labels and row.relation == WOKEN:
            woken += 1
            labels[row.id] = _nth(WOKEN, woken)
        elif row.parent_id in labels:
            labels[row.id] = _child_label(desk, row, labels[row.parent_id])
        elif row.opened_by in names.by_id:
            opened += 1
            labels[row.id] = _nth("case", opened)
        else:
            alike = [one.id for one in rows if one.procedure == row.procedure]
            nth = f"[{alike.index(row.id) + 1}]" if len(alike) > 1 else ""
            label = f"{row.procedure}{nth}"
            labels[row.id] = "case" if label == procedure and not registers else label
    return labels


def _nth(label: str, number: int) -> str:
    return label if number == 1 else f"{label}{number}"


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
