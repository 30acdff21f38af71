"""Looks at files are sealed in batches, each chained to the one before (SUP-014)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine.store import access
from engine.store.access import has_unsealed, note_look, seal, verify_access
from engine.store.database import Database
from engine.store.tables import AccessBatch, AccessEntry

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def look(database: Database, *refs: str) -> None:
    with database.begin() as session:
        for ref in refs:
            note_look(
                session,
                authority_id="a",
                case_id="c",
                person_id="p",
                what="document",
                ref=ref,
                reason="核对送达情况",
                at=AT,
            )


def sealed(database: Database) -> int:
    with database.begin() as session:
        return seal(session, AT)


def breaches(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        return [(one.kind, one.sequence) for one in verify_access(session)]


@pytest.fixture
def three(database: Database) -> Database:
    """Three batches, of two looks, one, and two."""
    for refs in (("d1", "d2"), ("d3",), ("d4", "d5")):
        look(database, *refs)
        sealed(database)
    return database


class TestSealing:
    """A look locks no case; it is sealed with the others of its time."""

    def test_what_was_noted_is_sealed_once(self, database: Database) -> None:
        look(database, "d1", "d2")
        with database.reading() as session:
            assert has_unsealed(session)
        assert sealed(database) == 2
        assert sealed(database) == 0
        with database.reading() as session:
            assert not has_unsealed(session)
            assert session.scalars(sa.select(AccessBatch.count)).all() == [2]

    def test_a_batch_holds_no_more_than_its_bound(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(access, "LARGEST_BATCH", 2)
        look(database, "d1", "d2", "d3")
        assert (sealed(database), sealed(database), sealed(database)) == (2, 1, 0)
        assert breaches(database) == []


class TestVerifying:
    """None can be changed, removed, or put in later, without a trace."""

    def test_untouched_batches_hold(self, three: Database) -> None:
        assert breaches(three) == []

    def test_an_edited_reason_is_found(self, three: Database) -> None:
        with three.begin() as session:
            session.execute(
                sa.update(AccessEntry).where(AccessEntry.ref == "d3").values(reason="x")
            )
        assert breaches(three) == [("edited", 2)]

    def test_a_removed_look_is_found(self, three: Database) -> None:
        with three.begin() as session:
            session.execute(sa.delete(AccessEntry).where(AccessEntry.ref == "d5"))
        assert breaches(three) == [("missing", 3)]

    def test_a_look_put_in_later_is_found(self, three: Database) -> None:
        look(three, "d6")
        with three.begin() as session:
            session.execute(sa.update(AccessEntry).where(AccessEntry.ref == "d6").values(batch=1))
        assert breaches(three) == [("missing", 1)]

    def test_a_removed_batch_is_found(self, three: Database) -> None:
        with three.begin() as session:
            session.execute(sa.delete(AccessBatch).where(AccessBatch.number == 2))
        assert breaches(three) == [("missing", 2)]

    def test_a_batch_that_was_sealed_anew_no_longer_links(self, three: Database) -> None:
        with three.begin() as session:
            session.execute(
                sa.update(AccessBatch).where(AccessBatch.number == 3).values(previous="0" * 64)
            )
        assert ("unlinked", 3) in breaches(three)
