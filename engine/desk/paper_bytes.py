"""The bytes of a case's papers: from the store, or from the package once the case has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.documents.packing import file_in
from engine.store.tables import RetirementItem

if TYPE_CHECKING:
    from engine.desk.desk import Desk


def paper_bytes(desk: Desk, case_id: str, digest: str) -> bytes:
    """Return the bytes of a paper of a case; whoever asks has been authorised.

    Raises:
        KeyError: They are neither in the store nor in a package of the case.
        ValueError: They no longer have this digest.
    """
    try:
        return desk.office.files.get(digest)
    except KeyError:
        package = desk.session.scalar(
            sa.select(RetirementItem.digest).where(
                RetirementItem.case_id == case_id, RetirementItem.state == "retired"
            )
        )
        if package is None:
            raise
        return file_in(desk.office.files.get(package), digest)
