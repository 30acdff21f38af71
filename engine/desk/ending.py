"""A case that ends before its diagram does: what is open in it ends with it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.advance import close
from engine.desk.deadlines import withdraw_deadlines
from engine.desk.desk import Desk
from engine.desk.opening import withdraw_work
from engine.desk.voiding import void
from engine.model.cases import CaseStatus
from engine.store.tables import CaseRow, DueRow, WorkItemRow


def end_early(desk: Desk, case: CaseRow, outcome: str, status: CaseStatus) -> None:
    """Withdraw all work, deadlines, timers and drafts of a case, and close it.

    Args:
        desk: Of the command.
        case: Locked.
        outcome: The closing code.
        status: One in which a case is over.
    """
    items = desk.session.scalars(
        sa.select(WorkItemRow).where(
            WorkItemRow.case_id == case.id, WorkItemRow.state.in_(("open", "claimed"))
        )
    )
    for item in list(items):
        item.state = "withdrawn"
        withdraw_work(desk, case, (), also=[item])
    desk.session.execute(
        sa.update(DueRow)
        .where(DueRow.case_id == case.id, DueRow.state == "armed")
        .values(state="withdrawn")
    )
    withdraw_deadlines(desk, case)
    void(desk, case)
    case.outcome = outcome
    case.awaited = []
    close(desk, case, status)
