"""A correction and the document that it corrects."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.rights import Right
from engine.desk.views.seeing import seen
from engine.errors import NotFound
from engine.store.tables import DocumentRow


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A document with what it corrects, and what corrects it, oldest first."""

    row: DocumentRow
    original: DocumentRow | None
    corrections: tuple[DocumentRow, ...]


def correction_view(desk: Desk, document_id: str) -> CorrectionView:
    """Return a document with its corrections, for whoever may correct it.

    Raises:
        NotFound: There is none for the actor.
        Recused, NotAllowed: As `engine.desk.views.seeing.seen` says.
    """
    row = desk.session.get(DocumentRow, document_id)
    if row is None:
        raise NotFound(document_id)
    seen(desk, row.case_id, (Right.CORRECT,))
    corrections = desk.session.scalars(
        sa.select(DocumentRow)
        .where(DocumentRow.corrects_id == row.id)
        .order_by(DocumentRow.drafted_at, DocumentRow.id)
    )
    original = desk.session.get(DocumentRow, row.corrects_id) if row.corrects_id else None
    return CorrectionView(row, original, tuple(corrections))
