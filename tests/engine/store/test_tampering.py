"""Every way of editing, removing, swapping and truncating rows of the record, each found twice.

Once by `wenze verify` on the database, once by the verifier that needs no platform.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.model.digests import SM3
from engine.store import access, anchors, record, verify_record
from engine.store.database import Database
from engine.store.exporting import export_record
from engine.store.record import DIGEST
from engine.store.tables import (
    AccessBatch,
    AccessEntry,
    AnchorLeaf,
    AuditEntry,
    AuditHead,
    RecordAnchor,
)
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


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Kept:
    """Chains ``case:1`` (4 entries) and ``case:2`` (2), two batches of looks, two anchors."""
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


def rewritten(session: Session) -> None:
    """Somebody with the code cuts the tail of a chain, writes another, and mends the head."""
    session.execute(sa.delete(AuditEntry).where(entry("case:1", 4)))
    before = session.scalars(sa.select(AuditEntry).where(entry("case:1", 3))).one()
    session.execute(
        sa.update(AuditHead)
        .where(AuditHead.stream == "case:1")
        .values(count=3, digest=before.digest)
    )
    put(session, "case:1", "withdrawn")


def swapped(session: Session) -> None:
    session.execute(sa.update(AuditEntry).where(entry("case:1", 2)).values(sequence=99))
    session.execute(sa.update(AuditEntry).where(entry("case:1", 3)).values(sequence=2))
    session.execute(sa.update(AuditEntry).where(entry("case:1", 99)).values(sequence=3))


def moved(session: Session) -> None:
    session.execute(
        sa.update(AuditEntry).where(entry("case:2", 2)).values(stream="case:1", sequence=5)
    )


def whole_gone(session: Session) -> None:
    session.execute(sa.delete(AuditEntry).where(AuditEntry.stream == "case:2"))
    session.execute(sa.delete(AuditHead).where(AuditHead.stream == "case:2"))


def cut_with_head(session: Session) -> None:
    session.execute(sa.delete(AuditEntry).where(entry("case:1", 4)))
    last = session.scalars(sa.select(AuditEntry).where(entry("case:1", 3))).one()
    session.execute(
        sa.update(AuditHead).where(AuditHead.stream == "case:1").values(count=3, digest=last.digest)
    )


class TestEntries:
    """An entry that was edited, removed, swapped or cut is named by its chain and number."""

    def test_a_whole_record_has_no_breach(self, kept: Kept) -> None:
        assert kept.found() == set()

    @pytest.mark.parametrize(
        "values",
        [
            {"authority_id": "b"},
            {"case_id": "9"},
            {"recorded_at": AT + timedelta(seconds=1)},
            {"actor": "q"},
            {"fact": "released"},
            {"details": {"on": "2026-03-04"}},
            {"digest": "sha256:" + "0" * 64},
        ],
        ids=lambda values: next(iter(values)),
    )
    def test_an_edited_column_is_named(self, kept: Kept, values: dict[str, object]) -> None:
        with kept.begin() as session:
            edit(entry("case:1", 2), **values)(session)
        assert ("case:1", 2, "edited") in kept.found()

    def test_an_edited_link_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            edit(entry("case:1", 2), previous="sha256:" + "1" * 64)(session)
        assert kept.found() == {("case:1", 2, "edited"), ("case:1", 2, "unlinked")}

    def test_an_edited_entry_with_a_mended_digest_breaks_the_link_after_it(
        self, kept: Kept
    ) -> None:
        with kept.begin() as session:
            found = session.scalars(sa.select(AuditEntry).where(entry("case:1", 2))).one()
            found.fact = "released"
            session.flush()
            found.digest = record.digest_of(found)
        assert kept.found() == {("case:1", 3, "unlinked")}

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            (1, {("case:1", 1, "missing")}),
            (2, {("case:1", 2, "missing")}),
            (3, {("case:1", 3, "missing"), ("case:1", 3, "cut")}),  # the first anchor saw it
            (4, {("case:1", 3, "cut"), ("case:1", 4, "cut")}),
        ],
    )
    def test_a_removed_entry_is_named(self, kept: Kept, number: int, expected: Found) -> None:
        with kept.begin() as session:
            session.execute(sa.delete(AuditEntry).where(entry("case:1", number)))
        assert kept.found() == expected

    def test_two_swapped_entries_are_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            swapped(session)
        assert kept.found() >= {
            ("case:1", 2, "unlinked"),
            ("case:1", 2, "edited"),
            ("case:1", 3, "unlinked"),
            ("case:1", 3, "edited"),
        }

    def test_an_entry_moved_to_another_chain_is_named_in_both(self, kept: Kept) -> None:
        with kept.begin() as session:
            moved(session)
        assert kept.found() >= {("case:1", 5, "edited"), ("case:2", 2, "cut")}

    def test_a_tail_cut_together_with_its_head_is_seen_by_the_anchor(self, kept: Kept) -> None:
        with kept.begin() as session:
            cut_with_head(session)
        assert kept.found() == {("case:1", 4, "cut")}

    def test_a_tail_rewritten_with_its_head_is_seen_by_the_anchor(self, kept: Kept) -> None:
        with kept.begin() as session:
            rewritten(session)
        assert kept.found() == {("case:1", 4, "differs")}

    def test_a_chain_removed_whole_is_seen_by_the_anchors(self, kept: Kept) -> None:
        with kept.begin() as session:
            whole_gone(session)
        assert kept.found() == {("case:2", 1, "cut"), ("case:2", 2, "cut")}

    def test_a_removed_head_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(sa.delete(AuditHead).where(AuditHead.stream == "case:1"))
        assert kept.found() == {("case:1", 0, "headless")}

    def test_entries_removed_under_a_head_are_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(sa.delete(AuditEntry).where(AuditEntry.stream == "case:2"))
        assert ("case:2", 0, "cut") in kept.found()


class TestLooks:
    """Looks at files stand in batches that are chained as well."""

    def test_an_edited_look_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(
                sa.update(AccessEntry).where(AccessEntry.ref == "d2").values(person_id="q")
            )
        assert kept.found() == {("access", 2, "edited")}

    def test_a_removed_look_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(sa.delete(AccessEntry).where(AccessEntry.ref == "d2"))
        assert kept.found() == {("access", 2, "missing")}

    def test_a_removed_batch_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(sa.delete(AccessBatch).where(AccessBatch.number == 1))
        assert kept.found() == {("access", 1, "missing"), ("access", 1, "cut")}

    def test_the_last_batch_removed_is_seen_by_the_anchor(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(sa.delete(AccessBatch).where(AccessBatch.number == 2))
        assert kept.found() == {("access", 2, "cut")}


class TestAnchors:
    """Anchors are chained, signed, and give their root."""

    @pytest.mark.parametrize(
        "values",
        [
            {"day": date(2026, 3, 9)},
            {"made_at": AT},
            {"root": "sha256:" + "0" * 64},
            {"key": STRANGER.public},
        ],
        ids=lambda values: next(iter(values)),
    )
    def test_an_edited_anchor_is_named(self, kept: Kept, values: dict[str, object]) -> None:
        with kept.begin() as session:
            session.execute(
                sa.update(RecordAnchor).where(RecordAnchor.number == 1).values(**values)
            )
        assert kept.found() >= {("anchors", 1, "edited"), ("anchors", 1, "unsigned")}

    def test_an_edited_signature_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(
                sa.update(RecordAnchor).where(RecordAnchor.number == 2).values(signature=b"x" * 64)
            )
        assert kept.found() == {("anchors", 2, "unsigned")}

    def test_a_removed_first_anchor_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(sa.delete(AnchorLeaf).where(AnchorLeaf.number == 1))
            session.execute(sa.delete(RecordAnchor).where(RecordAnchor.number == 1))
        assert kept.found() == {("anchors", 1, "missing")}

    def test_a_removed_leaf_is_named(self, kept: Kept) -> None:
        with kept.begin() as session:
            session.execute(
                sa.delete(AnchorLeaf).where(AnchorLeaf.number == 1, AnchorLeaf.stream == "case:2")
            )
        assert kept.found() == {("anchors", 1, "edited")}

    def test_an_anchor_signed_by_a_stranger_is_named_to_whoever_holds_the_key(
        self, kept: Kept
    ) -> None:
        with kept.begin() as session:
            anchor(session, 7, STRANGER)
        assert kept.found() == {("anchors", 3, "stranger")}
        assert kept.found([]) == set()

    def test_the_last_anchor_removed_is_only_seen_from_outside(self, kept: Kept) -> None:
        with kept.database.reading() as session:
            heads = {stream: list(head) for stream, head in record.heads_of(session).items()}
        with kept.begin() as session:
            session.execute(sa.delete(AnchorLeaf).where(AnchorLeaf.number == 2))
            session.execute(sa.delete(RecordAnchor).where(RecordAnchor.number == 2))
            cut_with_head(session)
        assert kept.found() == set()
        path = kept.folder / "after.zip"
        with kept.database.reading() as session:
            export_record(session, path)
        found = [*verify_record.verify(str(path), [KEY.public], heads)]
        assert [(one.stream, one.sequence, one.kind) for one in found] == [("case:1", 4, "cut")]

    def test_only_what_grew_is_under_an_anchor(self, kept: Kept) -> None:
        with kept.begin() as session:
            put(session, "case:2", "completed")
            session.flush()
        with kept.begin() as session:
            anchor(session, 7)
        with kept.database.reading() as session:
            leaves = anchors.leaves_of(session, 3)
        assert [(leaf.stream, leaf.count) for leaf in leaves] == [("case:2", 3)]

    def test_the_database_lets_nobody_change_an_anchor(self, database: Database) -> None:
        with database.begin() as session:
            anchor(session, 5)
        for change in (sa.delete(RecordAnchor), sa.update(RecordAnchor).values(streams=9)):
            with pytest.raises(DBAPIError, match="append-only"), database.begin() as session:
                session.execute(change)


class TestVerifierAlone:
    """The verifier in the archive is one file that needs Python and nothing else."""

    def run(self, kept: Kept, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = kept.folder / "record.zip"
        if not path.exists():
            with kept.database.reading() as session:
                assert export_record(session, path) == 6
            with zipfile.ZipFile(path) as archive:
                archive.extract("verify_record.py", kept.folder)
        return subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", "verify_record.py", "record.zip", *arguments],
            cwd=kept.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_it_says_that_the_record_is_whole(self, kept: Kept) -> None:
        done = self.run(kept, "--key", KEY.public)
        assert (done.returncode, done.stdout, done.stderr) == (0, "0 处断裂 / 0 breaches\n", "")

    def test_without_a_key_it_says_what_cannot_be_seen(self, kept: Kept) -> None:
        assert "No trusted key" in self.run(kept).stdout

    def test_it_names_a_breach_and_fails(self, kept: Kept) -> None:
        with kept.begin() as session:
            edit(entry("case:1", 2), fact="released")(session)
        done = self.run(kept, "--key", KEY.public)
        assert done.returncode == 1
        assert done.stdout.startswith("case:1 #2 edited: ")

    def test_it_compares_with_heads_kept_elsewhere(self, kept: Kept) -> None:
        (kept.folder / "heads.json").write_text('{"case:1": [9, "sha256:00"]}', encoding="utf-8")
        done = self.run(kept, "--key", KEY.public, "--heads", "heads.json")
        assert "case:1 #9 cut: the heads kept elsewhere saw this entry" in done.stdout

    def test_what_is_no_archive_is_said(self, kept: Kept) -> None:
        (kept.folder / "record.zip").write_text("no zip", encoding="utf-8")
        said: list[str] = []
        assert verify_record.main([str(kept.folder / "record.zip")], said.append) == 2
        assert "BadZipFile" in said[0]

    def test_an_archive_is_never_overwritten(self, kept: Kept) -> None:
        path = kept.folder / "there.zip"
        path.write_bytes(b"")
        with kept.database.reading() as session, pytest.raises(FileExistsError):
            export_record(session, path)
        assert path.read_bytes() == b""


class TestOwnCryptography:
    """SM3 and Ed25519 of the single file agree with the libraries'."""

    @pytest.mark.parametrize("length", [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000])
    def test_sm3_agrees(self, length: int) -> None:
        content = bytes(n % 251 for n in range(length))
        assert verify_record.sm3(content) == verify_record.hashed(content, "sm3")

    def test_a_signature_holds_for_its_content_and_key_only(self) -> None:
        signature = KEY.sign(b"content")
        assert verify_record.has_signed(KEY.public, signature, b"content")
        assert not verify_record.has_signed(KEY.public, signature, b"contents")
        assert not verify_record.has_signed(STRANGER.public, signature, b"content")

    @pytest.mark.parametrize(
        ("public", "signature"),
        [
            ("zz", b"x" * 64),
            ("00", b"x" * 64),
            (KEY.public, b"x" * 63),
            ("ff" * 32, KEY.sign(b"content")),
            (KEY.public, b"\xff" * 32 + KEY.sign(b"content")[32:]),
            (KEY.public, KEY.sign(b"content")[:32] + b"\xff" * 32),
            ("01" + "00" * 30 + "80", KEY.sign(b"content")),  # x = 0 with a sign
        ],
    )
    def test_what_is_no_key_or_signature_holds_for_nothing(
        self, public: str, signature: bytes
    ) -> None:
        assert not verify_record.has_signed(public, signature, b"content")
        assert not has_signed(public, signature, b"content")

    def test_no_leaves_have_the_digest_of_nothing(self) -> None:
        assert verify_record.merkle_root([], "sha256") == verify_record.hashed(b"", "sha256")
