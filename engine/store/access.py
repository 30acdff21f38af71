"""The access record: each look at a file or a confidential value, chained in batches.

A look locks no case. Looks are sealed a batch at a time: the digest of a batch is over
its entries and the batch before, so that none can be changed, removed or put in later
without a trace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from engine.model.digests import algorithm_of, digest
from engine.store.record import NOTHING_BEFORE, Breach, digest_algorithm
from engine.store.tables import AccessBatch, AccessEntry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

STREAM = "access"
LARGEST_BATCH = 1_000
PLATFORM = ""


def note_look(
    session: Session,
    *,
    authority_id: str,
    case_id: str | None,
    person_id: str,
    what: str,
    ref: str,
    reason: str,
    at: datetime,
) -> AccessEntry:
    """Note a look, in the caller's transaction.

    Args:
        session: The command's.
        authority_id: Whose case.
        case_id: The case; None for what belongs to none.
        person_id: Who looked.
        what: ``field``, ``document``, ``attachment``, ``file``.
        ref: Which one, by id; never its content.
        reason: What was given as the reason; may be empty where none is asked for.
        at: When; aware.
    """
    entry = AccessEntry(
        authority_id=authority_id,
        case_id=case_id,
        person_id=person_id,
        what=what,
        ref=ref,
        reason=reason,
        looked_at=at,
    )
    session.add(entry)
    return entry


def has_unsealed(session: Session) -> bool:
    """Return whether there are looks that stand in no batch yet."""
    found = sa.select(AccessEntry.id).where(AccessEntry.batch.is_(None)).limit(1)
    return session.scalar(found) is not None


def seal(session: Session, at: datetime) -> int:
    """Seal the looks that are not sealed yet into one batch; return how many."""
    waiting = list(
        session.scalars(
            sa.select(AccessEntry)
            .where(AccessEntry.batch.is_(None))
            .order_by(AccessEntry.id)
            .limit(LARGEST_BATCH)
            .with_for_update(skip_locked=True)
        )
    )
    if not waiting:
        return 0
    last = session.scalar(
        sa.select(AccessBatch).order_by(AccessBatch.number.desc()).limit(1).with_for_update()
    )
    previous = last.digest if last is not None else NOTHING_BEFORE
    batch = AccessBatch(
        number=1 if last is None else last.number + 1,
        authority_id=PLATFORM,
        count=len(waiting),
        previous=previous,
        digest=digest(canonical_of(previous, waiting), digest_algorithm(session)),
        sealed_at=at,
    )
    session.add(batch)
    for entry in waiting:
        entry.batch = batch.number
    return len(waiting)


def verify_access(session: Session) -> Iterator[Breach]:
    """Yield every breach of the access record's batches."""
    previous, number = NOTHING_BEFORE, 0
    for batch in session.scalars(sa.select(AccessBatch).order_by(AccessBatch.number)):
        entries = list(
            session.scalars(
                sa.select(AccessEntry)
                .where(AccessEntry.batch == batch.number)
                .order_by(AccessEntry.id)
            )
        )
        if batch.number != number + 1:
            yield Breach(STREAM, number + 1, "missing", f"the next batch is {batch.number}")
        elif batch.previous != previous:
            yield Breach(STREAM, batch.number, "unlinked", f"expected {previous}")
        if len(entries) != batch.count:
            yield Breach(
                STREAM, batch.number, "missing", f"{len(entries)} of {batch.count} entries"
            )
        elif _digest_as(batch, entries) != batch.digest:
            yield Breach(STREAM, batch.number, "edited", f"its digest says {batch.digest}")
        previous, number = batch.digest, batch.number


def _digest_as(batch: AccessBatch, entries: Sequence[AccessEntry]) -> str:
    return digest(canonical_of(batch.previous, entries), algorithm_of(batch.digest))


def canonical_of(previous: str, entries: Sequence[AccessEntry]) -> bytes:
    """Return what a batch's digest is over: the digest before, and its entries in order."""
    return orjson.dumps(
        [
            previous,
            *(
                [
                    entry.id,
                    entry.authority_id,
                    entry.case_id,
                    entry.person_id,
                    entry.what,
                    entry.ref,
                    entry.reason,
                    entry.looked_at.isoformat(),
                ]
                for entry in entries
            ),
        ]
    )
