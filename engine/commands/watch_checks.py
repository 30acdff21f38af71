"""How far the check of a draft is, told in the database: every node's pages say it, any stops it.

This is no act of anybody's and nothing of it is on the record: the result of a check is
(`keep_check`). Rows are small, one a draft, and go when they are old.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.store.tables import DraftCheck, ProcedureDraft

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from engine.desk import Office

SILENT = timedelta(minutes=30)
"""After how long without a word a check is taken for ended with the process that ran it."""
KEPT = timedelta(days=30)
"""How long the progress of a check that is over is kept; its result stays on record."""


@dataclass(frozen=True, slots=True)
class ToldProgress:
    """What a check said last.

    Attributes:
        run: Which check of the draft said it.
        told: What it said, as JSON.
        is_over: It ended, or has been silent for half an hour.
        is_silent: It said nothing for half an hour, and not that it was over.
    """

    run: str
    told: dict[str, Any]
    is_over: bool
    is_silent: bool


def begin_watching(office: Office, draft_id: str, run: str, told: dict[str, Any]) -> bool:
    """Note that a check of a draft begins; those of long ago are forgotten.

    Args:
        office: Where.
        draft_id: Of a draft that is there.
        run: Names this check; a later one of the same draft has another name.
        told: What it says at its beginning.

    Returns:
        Whether it may: False where another check of the draft runs, on whichever node.
    """
    now = office.clock.now()
    with office.database.begin() as session:
        session.get_one(ProcedureDraft, draft_id, with_for_update=True)
        row = session.get(DraftCheck, draft_id)
        if row is not None and not _is_over(row, now):
            return False
        old = DraftCheck.is_over & (DraftCheck.said_at < now - KEPT)
        session.execute(sa.delete(DraftCheck).where(old, DraftCheck.draft_id != draft_id))
        if row is None:
            session.add(DraftCheck(draft_id=draft_id, run=run, told=told, said_at=now))
        else:
            row.run, row.told, row.said_at = run, told, now
            row.is_over = row.is_stopping = False
    return True


def tell_progress(
    office: Office, draft_id: str, run: str, told: dict[str, Any], *, is_over: bool = False
) -> bool:
    """Say how far a check is.

    Returns:
        Whether it is to go on: False once somebody has stopped it, or another has begun since.
    """
    with office.database.begin() as session:
        row = _of(session, draft_id, run)
        if row is None:
            return False
        row.told, row.is_over, row.said_at = told, is_over, office.clock.now()
        return not row.is_stopping


def goes_on(office: Office, draft_id: str, run: str) -> bool:
    """Return whether a check is to go on, as `tell_progress` does."""
    with office.database.reading() as session:
        row = session.get(DraftCheck, draft_id)
        return row is not None and row.run == run and not row.is_stopping


def stop_watching(office: Office, draft_id: str) -> None:
    """Let the check of a draft stop, on whichever node it runs; nothing where none does."""
    with office.database.begin() as session:
        row = session.get(DraftCheck, draft_id, with_for_update=True)
        if row is not None and not _is_over(row, office.clock.now()):
            row.is_stopping = True


def progress_told(office: Office, draft_id: str) -> ToldProgress | None:
    """Return what the check of a draft that runs, or ran last, said last; None for none."""
    with office.database.reading() as session:
        row = session.get(DraftCheck, draft_id)
        if row is None:
            return None
        is_over = _is_over(row, office.clock.now())
        return ToldProgress(row.run, dict(row.told), is_over, is_over and not row.is_over)


def _of(session: Session, draft_id: str, run: str) -> DraftCheck | None:
    row = session.get(DraftCheck, draft_id, with_for_update=True)
    return row if row is not None and row.run == run else None


def _is_over(row: DraftCheck, now: datetime) -> bool:
    return row.is_over or row.said_at < now - SILENT
