"""Anchors: one signed Merkle root a day over every chain of the record that grew.

The chains tell what was edited, removed or put in between. A tail that was cut or
rewritten together with its head is only seen from outside: each anchor says how far a
chain had come, is chained to the anchor before, signed, and can be handed out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa

from engine.model.digests import algorithm_of, digest, raw_digest
from engine.model.merkle import root_of
from engine.store.access import STREAM as ACCESS
from engine.store.record import NOTHING_BEFORE, Breach, Head, digest_algorithm, heads_of
from engine.store.tables import (
    AccessBatch,
    AnchorLeaf,
    AnchorStamp,
    AuditEntry,
    RecordAnchor,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

STREAM = "anchors"


def last_anchor(session: Session) -> RecordAnchor | None:
    """Return the newest anchor."""
    return session.scalar(sa.select(RecordAnchor).order_by(RecordAnchor.number.desc()).limit(1))


def add_anchor(
    session: Session,
    *,
    day: date,
    at: datetime,
    public: str,
    sign: Callable[[bytes], bytes],
) -> RecordAnchor:
    """Make the anchor of `day` over what grew since the one before, in the caller's transaction.

    Args:
        session: The command's.
        day: The civil day; there is no anchor of it yet.
        at: When; aware.
        public: The key that signs, 64 hex digits.
        sign: Gives the signature of some bytes.
    """
    before = last_anchor(session)
    algorithm = digest_algorithm(session)
    grown = grown_since_last(session)
    leaves = [leaf_of(stream, *head) for stream, head in grown]
    anchor = RecordAnchor(
        number=1 if before is None else before.number + 1,
        day=day,
        made_at=at,
        streams=len(grown),
        root=f"{algorithm}:{root_of(leaves, algorithm).hex()}",
        previous=NOTHING_BEFORE if before is None else before.digest,
        digest="",
        key=public,
        signature=b"",
    )
    canonical = canonical_of(anchor)
    anchor.digest = digest(canonical, algorithm)
    anchor.signature = sign(canonical)
    session.add(anchor)
    session.flush()
    for stream, (count, head) in grown:
        session.add(AnchorLeaf(number=anchor.number, stream=stream, count=count, digest=head))
    return anchor


def grown_since_last(session: Session) -> list[tuple[str, Head]]:
    """Return the heads that no anchor has seen as they stand, by stream."""
    newest = sa.select(AnchorLeaf.stream, sa.func.max(AnchorLeaf.count)).group_by(AnchorLeaf.stream)
    seen = {row[0]: int(row[1]) for row in session.execute(newest)}
    present = heads_of(session)
    last = session.scalar(sa.select(AccessBatch).order_by(AccessBatch.number.desc()).limit(1))
    if last is not None:
        present[ACCESS] = last.number, last.digest
    return sorted(
        (stream, head) for stream, head in present.items() if head[0] > seen.get(stream, 0)
    )


def leaf_of(stream: str, count: int, head: str) -> bytes:
    """Return what a leaf of the tree is over: canonical JSON of stream, count and digest."""
    return orjson.dumps([stream, count, head])


def canonical_of(anchor: RecordAnchor) -> bytes:
    """Return what is signed and digested: canonical JSON of the anchor."""
    return orjson.dumps(
        {
            "number": anchor.number,
            "day": anchor.day.isoformat(),
            "at": anchor.made_at.isoformat(),
            "streams": anchor.streams,
            "root": anchor.root,
            "previous": anchor.previous,
            "key": anchor.key,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def leaves_of(session: Session, number: int) -> list[AnchorLeaf]:
    """Return the leaves of an anchor in the order of its tree."""
    found = session.scalars(sa.select(AnchorLeaf).where(AnchorLeaf.number == number))
    return sorted(found, key=lambda leaf: (leaf.stream, leaf.count))


def verify_anchors(
    session: Session,
    has_signed: Callable[[str, bytes, bytes], bool],
    keys: Sequence[str] = (),
) -> Iterator[Breach]:
    """Yield every breach of the anchors, and every chain that no longer is what one saw.

    Args:
        session: Reads only.
        has_signed: Whether a public key signed some bytes: key, signature, content.
        keys: The public keys to trust; none trusts the one that stands in each anchor,
            which shows damage but not a forger with a key of his own.
    """
    previous, number = NOTHING_BEFORE, 0
    for anchor in session.scalars(sa.select(RecordAnchor).order_by(RecordAnchor.number)):
        canonical = canonical_of(anchor)
        if anchor.number != number + 1:
            yield Breach(STREAM, number + 1, "missing", f"the next anchor is {anchor.number}")
        elif anchor.previous != previous:
            yield Breach(STREAM, anchor.number, "unlinked", f"expected {previous}")
        if digest(canonical, algorithm_of(anchor.digest)) != anchor.digest:
            yield Breach(STREAM, anchor.number, "edited", f"its digest says {anchor.digest}")
        if not has_signed(anchor.key, anchor.signature, canonical):
            yield Breach(STREAM, anchor.number, "unsigned", "the signature is not of this anchor")
        elif keys and anchor.key not in keys:
            yield Breach(STREAM, anchor.number, "stranger", f"signed by the key {anchor.key}")
        leaves = leaves_of(session, anchor.number)
        algorithm = algorithm_of(anchor.root)
        root = root_of([leaf_of(one.stream, one.count, one.digest) for one in leaves], algorithm)
        if f"{algorithm}:{root.hex()}" != anchor.root or len(leaves) != anchor.streams:
            yield Breach(STREAM, anchor.number, "edited", "its leaves do not give its root")
        for leaf in leaves:
            yield from _held(session, leaf)
        previous, number = anchor.digest, anchor.number


def _held(session: Session, leaf: AnchorLeaf) -> Iterator[Breach]:
    """Yield a breach if a chain is not what its anchor saw."""
    if leaf.stream == ACCESS:
        found = session.scalar(
            sa.select(AccessBatch.digest).where(AccessBatch.number == leaf.count)
        )
    else:
        found = session.scalar(
            sa.select(AuditEntry.digest).where(
                AuditEntry.stream == leaf.stream, AuditEntry.sequence == leaf.count
            )
        )
    if found is None:
        yield Breach(leaf.stream, leaf.count, "cut", f"anchor {leaf.number} saw this entry")
    elif found != leaf.digest:
        yield Breach(leaf.stream, leaf.count, "differs", f"anchor {leaf.number}: {leaf.digest}")


def add_stamp(
    session: Session, number: int, *, server: str, token: bytes, at: datetime
) -> AnchorStamp:
    """Keep what a time-stamping authority answered for an anchor."""
    stamp = AnchorStamp(number=number, server=server, stamped_at=at, token=token)
    session.add(stamp)
    return stamp


def imprint_of(anchor: RecordAnchor) -> bytes:
    """Return the 32 bytes that a time stamp is asked for: SHA-256 of the canonical anchor."""
    return raw_digest(canonical_of(anchor), "sha256")
