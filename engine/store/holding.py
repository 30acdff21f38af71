"""What still needs bytes of the file store, which keeps the same bytes once for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.store.tables import (
    Attachment,
    DocumentRow,
    Export,
    PackedPaper,
    ReportFile,
    RetirementItem,
    SealImage,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import InstrumentedAttribute, Session


def still_needed(session: Session, digests: Collection[str]) -> frozenset[str]:
    """Return those of the digests whose bytes something needs from the store.

    Attachments and documents need theirs unless the package of their own case holds them;
    packages, files of reports, seals and exports that can be fetched need theirs always.

    Args:
        session: Reads.
        digests: SHA-256, 64 hex digits each.
    """
    if not digests:
        return frozenset()
    always = [
        sa.select(column).where(column.in_(digests))
        for column in (Export.digest, RetirementItem.digest, SealImage.digest, ReportFile.digest)
    ]
    papers = [
        sa.select(column).where(column.in_(digests), ~_packed(case_id, column))
        for case_id, column in (
            (Attachment.case_id, Attachment.digest),
            (DocumentRow.case_id, DocumentRow.pdf),
            (DocumentRow.case_id, DocumentRow.docx),
        )
    ]
    return frozenset(session.scalars(sa.union(*always, *papers)))


def _packed(
    case_id: InstrumentedAttribute[str], digest: InstrumentedAttribute[str]
) -> sa.ColumnElement[bool]:
    return sa.exists().where(PackedPaper.case_id == case_id, PackedPaper.digest == digest)
