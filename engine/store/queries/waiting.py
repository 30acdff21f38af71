"""How much waits for somebody, as one number and by procedure."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.queries.counting import MOST_COUNTED, items_up_to
from engine.store.tables import CaseRow, InboxRow


def waiting_for(
    session: Session, principals: Collection[str], *, barred_cases: Collection[str] = ()
) -> int:
    """Return how many work items wait for `principals`, each item once, up to `MOST_COUNTED`.

    Args:
        session: Reads.
        principals: Those of the reader, today.
        barred_cases: Cases whose items the reader may not see (recusal).
    """
    return items_up_to(session, principals, barred_cases=barred_cases, waiting=())["waiting"]


def waiting_by_procedure(
    session: Session, principals: Collection[str], *, barred_cases: Collection[str] = ()
) -> dict[str, int] | None:
    """Return how many work items wait for `principals` in each procedure, by its id.

    None where so many wait (`MOST_COUNTED`) that they are not looked at one by one.
    """
    if waiting_for(session, principals, barred_cases=barred_cases) >= MOST_COUNTED:
        return None
    query = (
        sa.select(CaseRow.procedure, sa.func.count(InboxRow.work_item_id.distinct()))
        .join(CaseRow, CaseRow.id == InboxRow.case_id)
        .where(InboxRow.principal.in_(set(principals)))
        .group_by(CaseRow.procedure)
        .order_by(CaseRow.procedure)
    )
    if barred_cases:
        query = query.where(InboxRow.case_id.not_in(set(barred_cases)))
    return {row[0]: row[1] for row in session.execute(query)}
