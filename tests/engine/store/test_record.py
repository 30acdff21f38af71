from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine.store import record
from engine.store.database import Database
from engine.store.tables import AuditEntry, AuditHead

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
STREAM = "case:1"


def put(database: Database, stream: str = STREAM, *facts: str) -> None:
    with database.begin() as session:
        for fact in facts:
            record.append(
                session,
                stream,
                authority_id="a",
                case_id="1",
                recorded_at=AT,
                actor="p",
                fact=fact,
                details={"on": date(2026, 3, 5), "n": 1},
            )


def breaches(
    database: Database, heads: dict[str, tuple[int, str]] | None = None
) -> list[tuple[str, int]]:
    with database.reading() as session:
        return [(breach.kind, breach.sequence) for breach in record.verify(session, heads)]


@pytest.fixture
def unlocked(database: Database) -> Database:
    """A record whose owner has dropped the triggers, as only the owner can."""
    put(database, STREAM, "one", "two", "three")
    with database.begin() as session:
        triggers = ["audit_entry_append_only ON audit_entry"]
        if database.is_sqlite:
            triggers = ["audit_entry_no_update", "audit_entry_no_delete"]
        for trigger in triggers:
            session.execute(sa.text(f"DROP TRIGGER {trigger}"))
    return database


class TestAppending:
    """Entries of a stream stand in one order, each with the digest of the one before."""

    def test_a_stream_counts_from_one_without_a_gap(self, database: Database) -> None:
        put(database, STREAM, "one", "two")
        put(database, STREAM, "three")
        with database.reading() as session:
            entries = list(session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence)))
        assert [(entry.sequence, entry.fact) for entry in entries] == [
            (1, "one"),
            (2, "two"),
            (3, "three"),
        ]
        assert entries[0].previous == record.NOTHING_BEFORE
        assert entries[1].previous == entries[0].digest

    def test_streams_do_not_touch_each_other(self, database: Database) -> None:
        put(database, STREAM, "one")
        day = record.stream_of_authority("a", date(2026, 3, 5))
        put(database, day, "logged_in")
        with database.reading() as session:
            assert {name: head[0] for name, head in record.heads_of(session).items()} == {
                STREAM: 1,
                "authority:a:2026-03-05": 1,
            }

    def test_a_rolled_back_entry_leaves_nothing(self, database: Database) -> None:
        put(database, STREAM, "one")
        with pytest.raises(RuntimeError), database.begin() as session:
            record.append(
                session,
                STREAM,
                authority_id="a",
                case_id="1",
                recorded_at=AT,
                actor="p",
                fact="two",
                details={},
            )
            raise RuntimeError
        assert breaches(database) == []

    def test_the_database_refuses_to_change_or_delete(self, database: Database) -> None:
        put(database, STREAM, "one")
        statements = ["UPDATE audit_entry SET fact = 'x'", "DELETE FROM audit_entry"]
        if not database.is_sqlite:
            statements.append("TRUNCATE audit_entry")
        for statement in statements:
            with pytest.raises(DBAPIError, match="append-only"), database.begin() as session:
                session.execute(sa.text(statement))


class TestVerifying:
    """Every edited, removed or reordered entry is found."""

    def test_an_untouched_record_holds(self, unlocked: Database) -> None:
        assert breaches(unlocked) == []

    def test_an_edited_entry_is_found(self, unlocked: Database) -> None:
        with unlocked.begin() as session:
            session.execute(sa.text("UPDATE audit_entry SET actor = 'q' WHERE sequence = 2"))
        assert breaches(unlocked) == [("edited", 2)]

    def test_a_removed_entry_is_found(self, unlocked: Database) -> None:
        with unlocked.begin() as session:
            session.execute(sa.text("DELETE FROM audit_entry WHERE sequence = 2"))
        assert breaches(unlocked) == [("missing", 2)]

    def test_two_entries_changed_over_are_found(self, unlocked: Database) -> None:
        with unlocked.begin() as session:
            for old, new in ((1, 9), (2, 1), (9, 2)):
                session.execute(
                    sa.update(AuditEntry).where(AuditEntry.sequence == old).values(sequence=new)
                )
        assert ("edited", 1) in breaches(unlocked)
        assert ("unlinked", 1) in breaches(unlocked)

    def test_a_cut_tail_is_found_by_the_head(self, unlocked: Database) -> None:
        with unlocked.begin() as session:
            session.execute(sa.text("DELETE FROM audit_entry WHERE sequence = 3"))
        assert breaches(unlocked) == [("cut", 2)]

    def test_a_stream_without_its_head_is_found(self, unlocked: Database) -> None:
        with unlocked.begin() as session:
            session.execute(sa.delete(AuditHead))
        assert breaches(unlocked) == [("headless", 0)]

    def test_a_tail_cut_with_its_head_is_found_by_an_exported_head_only(
        self, unlocked: Database
    ) -> None:
        with unlocked.reading() as session:
            exported = record.heads_of(session)
            second = session.get_one(AuditEntry, (STREAM, 2)).digest
        with unlocked.begin() as session:
            session.execute(sa.text("DELETE FROM audit_entry WHERE sequence = 3"))
            session.execute(sa.update(AuditHead).values(count=2, digest=second))
        assert breaches(unlocked) == []
        assert breaches(unlocked, exported) == [("cut", 3)]

    def test_a_rewritten_tail_differs_from_the_exported_head(self, unlocked: Database) -> None:
        assert breaches(unlocked, {STREAM: (3, "sha256:0")}) == [("differs", 3)]


class TestSealing:
    """Audit entries hold salted digests of personal content."""

    def test_the_same_content_and_salt_give_the_same_digest(self) -> None:
        salt, digest = record.seal({"name": "陈某"})
        assert record.seal({"name": "陈某"}, salt) == (salt, digest)

    def test_another_salt_gives_another_digest(self) -> None:
        assert record.seal("x")[1] != record.seal("x")[1]
