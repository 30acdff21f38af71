"""How much waits for somebody, as one number."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.tables import CaseRow, InboxRow


def waiting_for(
    session: Session, principals: Collection[str], *, barred_cases: Collection[str] = ()
) -> int:
    """Return how many work items wait for `principals`, each item once.

    Args:
        session: Reads.
        principals: Those of the reader, today.
        barred_cases: Cases whose items the reader may not see (recusal).
    """
    query = sa.select(sa.func.count(InboxRow.work_item_id.distinct())).where(
        InboxRow.principal.in_(set(principals))
    )
    if barred_cases:
        query = query.where(InboxRow.case_id.not_in(set(barred_cases)))
    return session.scalar(query) or 0


def waiting_by_procedure(
    session: Session, principals: Collection[str], *, barred_cases: Collection[str] = ()
) -> dict[str, int]:
    """Return how many work items wait for `principals` in each procedure, by its id."""
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
