"""Every way of editing, removing and forging anchors of the record, each found twice.

What an anchor cannot see is said, too: the last one removed is only seen from outside.
"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from engine.store import anchors, record, verify_record
from engine.store.database import Database
from engine.store.exporting import export_record
from engine.store.tables import AnchorLeaf, RecordAnchor
from tests.engine.store.tampering import AT, KEY, STRANGER, Kept, anchor, cut_with_head, put


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
