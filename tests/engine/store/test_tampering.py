"""Every way of editing, removing, swapping and truncating rows of the record, each found twice.

Once by `wenze verify` on the database, once by the verifier that needs no platform.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store import record
from engine.store.tables import AccessBatch, AccessEntry, AuditEntry, AuditHead
from tests.engine.store.tampering import AT, Found, Kept, cut_with_head, edit, entry, put


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
