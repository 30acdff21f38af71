"""Whether a page is about a case that only tries a version nobody has approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.store.tables import CaseRow, DocumentRow, WorkItemRow

if TYPE_CHECKING:
    from engine.desk.desk import Desk


def is_of_a_trial(
    desk: Desk, *, case_id: str = "", item_id: str = "", document_id: str = ""
) -> bool:
    """Return whether a case, or what one of its ids belongs to, is a trial at the authority.

    Args:
        desk: Of whoever reads the page; the page itself says whether it may be read.
        case_id: Of a case.
        item_id: Of a work item.
        document_id: Of a document.
    """
    of = (
        sa.select(WorkItemRow.case_id).where(WorkItemRow.id == item_id)
        if item_id
        else sa.select(DocumentRow.case_id).where(DocumentRow.id == document_id)
    )
    whose = CaseRow.id == case_id if case_id else CaseRow.id == of.scalar_subquery()
    return bool(
        desk.session.scalar(
            sa.select(CaseRow.is_trial).where(
                whose, CaseRow.authority_id == desk.actor.authority_id
            )
        )
    )
