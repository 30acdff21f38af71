"""Drafts that a case leaves behind when it ends."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.store.numbering import mark_empty
from engine.store.tables import CaseRow, DocumentRow


def void(desk: Desk, case: CaseRow) -> None:
    """Give up the drafts of a case that ends; an allotted number becomes an empty one (空号)."""
    drafts = desk.session.scalars(
        sa.select(DocumentRow).where(
            DocumentRow.case_id == case.id,
            DocumentRow.state.in_(("draft", "prepared")),
            DocumentRow.number.is_not(None),
        )
    )
    for row in list(drafts):
        row.state = "draft"
        if row.number and mark_empty(desk.session, case.authority_id, row.number):
            desk.record(case, Fact.NUMBER_EMPTY, document=row.id, number=row.number)
