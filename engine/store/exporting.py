"""The record in one archive that is verified without the platform."""

from __future__ import annotations

import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from engine.store import access, anchors, record
from engine.store.tables import (
    AccessBatch,
    AccessEntry,
    AnchorStamp,
    AuditEntry,
    RecordAnchor,
)
from engine.store.verify_record import ANCHORS, ENTRIES, HEADS, LOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

VERIFIER = "verify_record.py"
STAMPS = "stamps"


def export_record(session: Session, path: Path) -> int:
    """Write every chain, batch of looks and anchor to a zip; return how many entries it holds.

    Personal content is not in it: entries hold salted digests of that. A stamp of a
    time-stamping authority lies beside as ``stamps/<number>.tst`` (DER), over the SHA-256
    of the anchor's ``canonical``.

    Args:
        session: Reads only; what it sees is one state of the database.
        path: A file that does not exist yet.

    Raises:
        FileExistsError: It exists.
    """
    written = 0
    with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(VERIFIER, (files("engine.store") / VERIFIER).read_bytes())
        archive.writestr(HEADS, orjson.dumps(record.heads_of(session), option=orjson.OPT_INDENT_2))
        with archive.open(ENTRIES, "w", force_zip64=True) as member:
            for line in _entries(session):
                member.write(line)
                written += 1
        with archive.open(LOOKS, "w", force_zip64=True) as member:
            member.writelines(_looks(session))
        with archive.open(ANCHORS, "w", force_zip64=True) as member:
            member.writelines(_anchors(session))
        for stamp in session.scalars(sa.select(AnchorStamp)):
            archive.writestr(f"{STAMPS}/{stamp.number}.tst", stamp.token)
    return written


def _line(values: dict[str, object]) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _entries(session: Session) -> Iterator[bytes]:
    query = (
        sa.select(AuditEntry)
        .order_by(AuditEntry.stream, AuditEntry.sequence)
        .execution_options(yield_per=record.BATCH)
    )
    for entry in session.scalars(query):
        yield _line(
            {
                "stream": entry.stream,
                "sequence": entry.sequence,
                "digest": entry.digest,
                "canonical": record.canonical_of(entry).decode(),
            }
        )


def _looks(session: Session) -> Iterator[bytes]:
    for batch in session.scalars(sa.select(AccessBatch).order_by(AccessBatch.number)):
        looks = list(
            session.scalars(
                sa.select(AccessEntry)
                .where(AccessEntry.batch == batch.number)
                .order_by(AccessEntry.id)
            )
        )
        yield _line(
            {
                "number": batch.number,
                "count": batch.count,
                "digest": batch.digest,
                "canonical": access.canonical_of(batch.previous, looks).decode(),
            }
        )


def _anchors(session: Session) -> Iterator[bytes]:
    for anchor in session.scalars(sa.select(RecordAnchor).order_by(RecordAnchor.number)):
        leaves = anchors.leaves_of(session, anchor.number)
        yield _line(
            {
                "canonical": anchors.canonical_of(anchor).decode(),
                "digest": anchor.digest,
                "signature": anchor.signature.hex(),
                "leaves": [[one.stream, one.count, one.digest] for one in leaves],
            }
        )
