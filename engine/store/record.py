"""The audit record: one chain of digests for each stream, and its verification."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import orjson
import sqlalchemy as sa

from engine.model.digests import SHA256, algorithm_of, digest
from engine.store.prepared import Prepared
from engine.store.tables import AuditEntry, AuditHead
from engine.store.waiting import Transaction, asked, later

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

NOTHING_BEFORE = "0" * 64
BATCH = 1_000
HEADS, WAITING = "audit_heads", "audit_waiting"
DIGEST = "digest_algorithm"

_ENTRIES = cast("sa.Table", AuditEntry.__table__)
_ADD = Prepared(sa.insert(_ENTRIES))
_COLUMNS = [column.key for column in _ENTRIES.columns]
_HEADS = cast("sa.Table", AuditHead.__table__)
_HEAD = Prepared(
    sa.select(_HEADS.c["count"], _HEADS.c.digest)
    .where(_HEADS.c.stream == sa.bindparam("of"))
    .with_for_update()
)
_THOSE = (
    sa.select(_HEADS.c.stream, _HEADS.c["count"], _HEADS.c.digest)
    .where(_HEADS.c.stream.in_(sa.bindparam("those", expanding=True)))
    .order_by(_HEADS.c.stream)
    .with_for_update()
)
_FIRST = Prepared(sa.insert(_HEADS))
_MOVE = Prepared(
    sa.update(_HEADS)
    .where(_HEADS.c.stream == sa.bindparam("of"))
    .values({"count": sa.bindparam("to_count"), "digest": sa.bindparam("to_digest")})
)

Head = tuple[int, str]
"""How many entries a stream has, and the digest of the last."""


@dataclass(slots=True)
class Entry:
    """An entry on its way into its table, `AuditEntry`, whose columns it has."""

    stream: str
    sequence: int
    authority_id: str
    case_id: str | None
    recorded_at: datetime
    actor: str
    fact: str
    details: dict[str, object]
    previous: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Breach:
    """A place where the record no longer holds together.

    Attributes:
        stream: The chain it is in.
        sequence: The entry's number; 0 for the chain as a whole.
        kind: ``edited``, ``missing``, ``unlinked``, ``cut``, ``headless``
            or ``differs`` (from an exported head).
        detail: What was expected and what stands there.
    """

    stream: str
    sequence: int
    kind: str
    detail: str


def stream_of_case(case_id: str) -> str:
    """Return the name of a case's chain."""
    return f"case:{case_id}"


def stream_of_authority(authority_id: str, day: date) -> str:
    """Return the name of the chain of an authority's platform acts on one day."""
    return f"authority:{authority_id}:{day.isoformat()}"


def append(
    session: Session,
    stream: str,
    *,
    authority_id: str,
    case_id: str | None,
    recorded_at: datetime,
    actor: str,
    fact: str,
    details: Mapping[str, object],
) -> Entry:
    """Put one entry at the end of `stream`, in the caller's transaction.

    The head's row is locked until the end of the transaction, so that entries of
    one stream stand in one order without a gap.
    """
    hold(session, stream, authority_id)
    heads = _heads(session)
    head = heads[stream]
    entry = Entry(
        stream=stream,
        sequence=head[0] + 1,
        authority_id=authority_id,
        case_id=case_id,
        recorded_at=recorded_at,
        actor=actor,
        fact=fact,
        details=orjson.loads(orjson.dumps(dict(details))),  # as it will be read back
        previous=head[1],
    )
    entry.digest = digest_of(entry, digest_algorithm(session))
    heads[stream] = entry.sequence, entry.digest
    session.info[WAITING].append(entry)
    return entry


def hold(session: Session, stream: str, authority_id: str) -> None:
    """Lock the head of `stream` until the end of the transaction, ahead of its next entry."""
    heads = _heads(session)
    if stream not in heads:
        heads[stream] = _locked(session, stream, authority_id)


def hold_together(session: Session, streams: Collection[str]) -> None:
    """Lock the heads of streams that have entries, in one question; see `hold`."""
    heads = _heads(session)
    unheld = [stream for stream in streams if stream not in heads]
    if unheld:
        for stream, count, last in session.execute(_THOSE, {"those": unheld}):
            heads[stream] = count, last


def _locked(session: Session, stream: str, authority_id: str) -> Head:
    """Lock the head of a stream, and make it where this is the stream's first entry."""
    for count, last in asked(session, _HEAD, {"of": stream}):  # hangs on nothing that is new
        return count, last
    first = {"stream": stream, "authority_id": authority_id}
    _FIRST.write(session.connection(), {**first, "count": 0, "digest": NOTHING_BEFORE})
    return 0, NOTHING_BEFORE


def _heads(session: Session) -> dict[str, Head]:
    """Return the heads that this transaction has locked, as they will stand.

    Entries wait in the session and are written together when it commits: one
    statement for all of them, one for each head.
    """
    if HEADS not in session.info:
        session.info[HEADS], session.info[WAITING] = {}, []
    heads: dict[str, Head] = session.info[HEADS]
    return heads


@sa.event.listens_for(Transaction, "before_commit")
def write_entries(session: Session) -> None:
    """Write the entries that wait, behind everything else; done by itself before a commit."""
    waiting: list[Entry] = session.info.get(WAITING, [])
    for stream in {entry.stream: None for entry in waiting}:
        count, digest = session.info[HEADS][stream]
        later(session, _MOVE, {"of": stream, "to_count": count, "to_digest": digest})
    if waiting:
        later(session, _ADD, [{name: getattr(one, name) for name in _COLUMNS} for one in waiting])
    waiting.clear()
    session.flush()  # what an entry tells of stands before it


def digest_algorithm(session: Session) -> str:
    """Return the algorithm that new digests of this database are made with."""
    return str(session.info.get(DIGEST, SHA256))


def canonical_of(entry: AuditEntry | Entry) -> bytes:
    """Return what an entry's digest is over: its canonical JSON with the digest before."""
    return orjson.dumps(
        {
            "stream": entry.stream,
            "sequence": entry.sequence,
            "authority": entry.authority_id,
            "case": entry.case_id,
            "at": entry.recorded_at.isoformat(),
            "actor": entry.actor,
            "fact": entry.fact,
            "details": entry.details,
            "previous": entry.previous,
        },
        option=orjson.OPT_SORT_KEYS,
    )


def digest_of(entry: AuditEntry | Entry, algorithm: str = SHA256) -> str:
    """Return the digest of an entry with the one before, named by its algorithm."""
    return digest(canonical_of(entry), algorithm)


def seal(content: object, salt: str = "") -> tuple[str, str]:
    """Return a salt and the salted digest of personal content.

    The entry holds the digest; the salt stays with the content and is destroyed
    with it, after which nobody can guess the content from the digest.
    """
    salt = salt or secrets.token_hex(16)
    plain = orjson.dumps(content, option=orjson.OPT_SORT_KEYS, default=str)
    return salt, "sha256:" + hashlib.sha256(salt.encode() + plain).hexdigest()


def verify(
    session: Session, heads: Mapping[str, tuple[int, str]] | None = None
) -> Iterator[Breach]:
    """Yield every breach of every chain.

    Args:
        session: Reads only.
        heads: Stream to count and digest, as exported earlier. Without it a tail
            that was cut together with its head, or rewritten whole, cannot be seen.
    """
    streams = set(session.scalars(sa.select(AuditHead.stream)))
    streams |= set(session.scalars(sa.select(AuditEntry.stream).distinct()))
    exported = heads or {}
    for stream in sorted(streams | set(exported)):
        yield from verify_stream(session, stream, exported.get(stream))


def verify_stream(
    session: Session, stream: str, exported: tuple[int, str] | None = None
) -> Iterator[Breach]:
    """Yield every breach of one chain; see `verify`."""
    previous, number = NOTHING_BEFORE, 0
    query = (
        sa.select(AuditEntry)
        .where(AuditEntry.stream == stream)
        .order_by(AuditEntry.sequence)
        .execution_options(yield_per=BATCH)
    )
    seen_exported = exported is None
    for entry in session.scalars(query):
        if entry.sequence != number + 1:
            yield Breach(stream, number + 1, "missing", f"the next entry is {entry.sequence}")
        elif entry.previous != previous:
            yield Breach(stream, entry.sequence, "unlinked", f"expected {previous}")
        if digest_of(entry, algorithm_of(entry.digest)) != entry.digest:
            yield Breach(stream, entry.sequence, "edited", f"its digest says {entry.digest}")
        if exported is not None and entry.sequence == exported[0]:
            seen_exported = True
            if entry.digest != exported[1]:
                yield Breach(stream, entry.sequence, "differs", f"exported {exported[1]}")
        previous, number = entry.digest, entry.sequence
    head = session.get(AuditHead, stream)
    if head is None:
        yield Breach(stream, 0, "headless", f"{number} entries and no head")
    elif (head.count, head.digest) != (number, previous):
        yield Breach(stream, number, "cut", f"the head says {head.count} entries")
    if not seen_exported and exported is not None:
        yield Breach(stream, exported[0], "cut", f"{exported[0]} entries were exported")


def heads_of(session: Session) -> dict[str, tuple[int, str]]:
    """Return every stream's count and digest, for export."""
    return {
        head.stream: (head.count, head.digest) for head in session.scalars(sa.select(AuditHead))
    }
