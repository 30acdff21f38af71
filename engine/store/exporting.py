"""The record in one archive that is verified without the platform."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from engine.model.digests import algorithm_of
from engine.model.merkle import path_to
from engine.store import access, anchors, record
from engine.store.tables import (
    AccessBatch,
    AccessEntry,
    AnchorLeaf,
    AnchorStamp,
    AuditEntry,
    AuditHead,
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


def export_case_record(session: Session, case_id: str) -> bytes:
    """Return the chain of one case in an archive that the same verifier verifies by itself.

    Each anchor that saw the chain stands with the audit path from its leaf to the signed root;
    nothing of another case is in it.

    Args:
        session: Reads only.
        case_id: Whose chain.
    """
    stream = record.stream_of_case(case_id)
    file = io.BytesIO()
    head = session.get_one(AuditHead, stream)
    heads = {stream: [head.count, head.digest]}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            (VERIFIER, (files("engine.store") / VERIFIER).read_bytes()),
            (HEADS, orjson.dumps(heads, option=orjson.OPT_INDENT_2)),
            (ENTRIES, b"".join(_entries(session, stream))),
            (LOOKS, b""),
            (ANCHORS, b"".join(_proofs(session, stream))),
        ):
            entry = zipfile.ZipInfo(name)  # no time of its own: the same chain, the same bytes
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return file.getvalue()


def _proofs(session: Session, stream: str) -> Iterator[bytes]:
    numbers = sa.select(AnchorLeaf.number).where(AnchorLeaf.stream == stream)
    query = sa.select(RecordAnchor).where(RecordAnchor.number.in_(numbers))
    for anchor in session.scalars(query.order_by(RecordAnchor.number)):
        leaves = anchors.leaves_of(session, anchor.number)
        index = next(at for at, one in enumerate(leaves) if one.stream == stream)
        contents = [anchors.leaf_of(one.stream, one.count, one.digest) for one in leaves]
        path = path_to(contents, index, algorithm_of(anchor.root))
        one = leaves[index]
        yield _line(
            {
                "canonical": anchors.canonical_of(anchor).decode(),
                "digest": anchor.digest,
                "signature": anchor.signature.hex(),
                "leaves": [[one.stream, one.count, one.digest]],
                "index": index,
                "path": [step.hex() for step in path],
            }
        )


def _line(values: dict[str, object]) -> bytes:
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _entries(session: Session, stream: str = "") -> Iterator[bytes]:
    """Yield every entry, or those of one stream."""
    query = (
        sa.select(AuditEntry)
        .where(AuditEntry.stream == stream if stream else sa.true())
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
