"""A record with two anchors whose owner dropped the triggers, and ways to tamper with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.model.digests import SM3
from engine.store import access, anchors, record, verify_record
from engine.store.database import Database
from engine.store.exporting import export_record
from engine.store.record import DIGEST
from engine.store.tables import AuditEntry, AuditHead
from engine.vault import RecordKey, has_signed

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
KEY, STRANGER = RecordKey(b"k" * 32), RecordKey(b"s" * 32)
GUARDED = ("audit_entry", "record_anchor", "record_anchor_leaf")
Found = set[tuple[str, int, str]]


def put(session: Session, stream: str, *facts: str) -> None:
    for fact in facts:
        record.append(
            session,
            stream,
            authority_id="a",
            case_id=stream.removeprefix("case:"),
            recorded_at=AT,
            actor="p",
            fact=fact,
            details={"on": date(2026, 3, 5), "ratio": 0.1, "text": "说明“一”"},
        )


def look(session: Session, ref: str) -> None:
    access.note_look(
        session,
        authority_id="a",
        case_id="1",
        person_id="p",
        what="document",
        ref=ref,
        reason="查阅",
        at=AT,
    )


def anchor(session: Session, day: int, key: RecordKey = KEY) -> None:
    anchors.add_anchor(
        session,
        day=date(2026, 3, day),
        at=AT + timedelta(days=day),
        public=key.public,
        sign=key.sign,
    )


@dataclass(frozen=True)
class Kept:
    """A record with two anchors: a database in which its owner dropped the triggers."""

    database: Database
    folder: Path

    def found(self, keys: list[str] | None = None) -> Found:
        """Return what both verifiers find; they must agree."""
        trusted = [KEY.public] if keys is None else keys
        with self.database.reading() as session:
            inside = {
                (one.stream, one.sequence, one.kind)
                for one in (
                    *record.verify(session),
                    *access.verify_access(session),
                    *anchors.verify_anchors(session, has_signed, trusted),
                )
            }
            path = self.folder / f"{len(list(self.folder.iterdir()))}.zip"
            export_record(session, path)
        outside = {
            (one.stream, one.sequence, one.kind) for one in verify_record.verify(str(path), trusted)
        }
        assert outside == inside
        return inside

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Write to the tables past every command."""
        with self.database.begin() as session:
            yield session


def kept_in(database: Database, tmp_path: Path) -> Kept:
    """Write chains ``case:1`` (4 entries) and ``case:2`` (2), two batches of looks, two anchors."""
    with database.begin() as session:
        put(session, "case:1", "opened", "claimed", "completed")
        put(session, "case:2", "opened")
        look(session, "d1")
        session.flush()
        access.seal(session, AT)
    with database.begin() as session:
        anchor(session, 5)
    with database.begin() as session:
        session.info[DIGEST] = SM3  # the office changed over to it
        put(session, "case:1", "closed")
        put(session, "case:2", "claimed")
        look(session, "d2")
        look(session, "d3")
        session.flush()
        access.seal(session, AT)
    with database.begin() as session:
        session.info[DIGEST] = SM3
        anchor(session, 6)
    with database.begin() as session:
        for table in GUARDED:
            if database.is_sqlite:
                session.execute(sa.text(f"DROP TRIGGER {table}_no_update"))
                session.execute(sa.text(f"DROP TRIGGER {table}_no_delete"))
            else:
                session.execute(sa.text(f"DROP TRIGGER {table}_append_only ON {table}"))
    return Kept(database, tmp_path)


def entry(stream: str, number: int) -> sa.ColumnElement[bool]:
    return sa.and_(AuditEntry.stream == stream, AuditEntry.sequence == number)


def edit(where: sa.ColumnElement[bool], **values: object) -> Callable[[Session], None]:
    table = AuditEntry

    def act(session: Session) -> None:
        session.execute(sa.update(table).where(where).values(**values))

    return act


def cut_with_head(session: Session) -> None:
    session.execute(sa.delete(AuditEntry).where(entry("case:1", 4)))
    last = session.scalars(sa.select(AuditEntry).where(entry("case:1", 3))).one()
    session.execute(
        sa.update(AuditHead).where(AuditHead.stream == "case:1").values(count=3, digest=last.digest)
    )
