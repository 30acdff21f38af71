"""等待写入的语句：随下一次写入一并发出，先后不乱；行已被他人改动的照样发现。"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from engine.store.prepared import Prepared
from engine.store.tables import AuthorityRow, Effect, OutboxJob, PersonRow
from engine.store.waiting import WAITING, add_later, asked, later

if TYPE_CHECKING:
    from engine.store.database import Database

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
_EFFECTS = cast("sa.Table", Effect.__table__)
ADD = Prepared(sa.insert(_EFFECTS))
DROP = Prepared(sa.delete(_EFFECTS).where(_EFFECTS.c.key == sa.bindparam("of")))
RENAME = Prepared(sa.update(_EFFECTS).values(kind=sa.bindparam("to")))
KEYS = Prepared(sa.select(_EFFECTS.c.key).order_by(_EFFECTS.c.key))
JOBS = Prepared(sa.select(cast("sa.Table", OutboxJob.__table__).c.key))
BEHIND = sa.update(PersonRow).values(revision=PersonRow.revision + 1)
PEOPLE = ("甲", "乙", "丙", "丁")


def effect(key: str) -> dict[str, Any]:
    return {"key": key, "kind": "mail", "result": {}, "happened_at": AT}


def keys(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(sa.select(Effect.key)))


@pytest.fixture
def people(database: Database) -> list[str]:
    """The ids of four people of one authority."""
    with database.begin() as session:
        authority = AuthorityRow(key="a", name="某机关", short_name="某")
        session.add(authority)
        session.flush()
        rows = [PersonRow(authority_id=authority.id, name=name) for name in PEOPLE]
        session.add_all(rows)
        return [row.id for row in rows]


class TestWaiting:
    """What waits is said at the next flush, behind the mapped rows, in its order."""

    def test_it_is_there_when_the_command_has_ended(self, database: Database) -> None:
        with database.begin() as session:
            later(session, ADD, effect("a"))
            later(session, ADD, [effect("b"), effect("c")])
            later(session, DROP, {"of": "b"})
            later(session, ADD, effect("b"))
        assert keys(database) == ["a", "b", "c"]

    def test_one_alone_is_said_too(self, database: Database) -> None:
        with database.begin() as session:
            later(session, ADD, effect("a"))
        assert keys(database) == ["a"]

    def test_a_query_finds_what_waited(self, database: Database) -> None:
        with database.begin() as session:
            later(session, ADD, effect("a"))
            assert session.scalars(sa.select(Effect.key)).all() == ["a"]

    def test_a_mapped_row_is_written_before(self, database: Database) -> None:
        with database.begin() as session:
            later(session, RENAME, {"to": "other"})
            session.add(Effect(**effect("a")))
        with database.reading() as session:
            assert session.get_one(Effect, "a").kind == "other"

    def test_a_command_that_is_rolled_back_leaves_nothing(self, database: Database) -> None:
        with pytest.raises(RuntimeError), database.begin() as session:
            later(session, ADD, effect("a"))
            raise RuntimeError
        assert keys(database) == []

    @pytest.mark.parametrize("more", [(), ("b", "c")])
    def test_what_the_database_refuses_ends_the_command(
        self, database: Database, more: tuple[str, ...]
    ) -> None:
        with database.begin() as session:
            later(session, ADD, effect("a"))
        with pytest.raises(IntegrityError), database.begin() as session:
            for key in (*more, "a"):
                later(session, ADD, effect(key))
        assert keys(database) == ["a"]


class TestAsked:
    """A question about rows of which none is new leaves what waits where it is."""

    def test_rows_of_other_kinds_go_on_waiting(self, database: Database) -> None:
        with database.begin() as session:
            session.add(Effect(**effect("a")))
            later(session, ADD, effect("b"))
            assert asked(session, JOBS, {}, OutboxJob) == []
            assert session.info[WAITING] != []
            assert session.new != set()

    def test_mapped_rows_of_this_kind_are_written_before(self, database: Database) -> None:
        with database.begin() as session:
            session.add(Effect(**effect("a")))
            assert asked(session, KEYS, {}, OutboxJob, Effect) == [("a",)]

    def test_rows_of_this_kind_that_wait_are_written_before(self, database: Database) -> None:
        with database.begin() as session:
            later(session, ADD, effect("a"))
            assert asked(session, KEYS, {}, Effect) == [("a",)]


class TestAddLater:
    """Rows that a command only adds need no looking after."""

    def test_they_are_there_as_they_were_made(self, database: Database) -> None:
        with database.begin() as session:
            add_later(session, Effect(**effect("a")), Effect(**effect("b")))
            assert list(session.new) == []
        with database.reading() as session:
            row = session.get_one(Effect, "b")
        assert (keys(database), row.kind, row.happened_at) == (["a", "b"], "mail", AT)

    def test_none_is_nothing(self, database: Database) -> None:
        with database.begin() as session:
            add_later(session)
            assert WAITING not in session.info

    def test_rows_that_several_may_write_are_the_sessions(self, database: Database) -> None:
        with (
            database.begin() as session,
            pytest.raises(ValueError, match="PersonRow has revisions"),
        ):
            add_later(session, PersonRow(authority_id="a", name="甲"))


class TestWhatOthersChanged:
    """Who changes a row that is no longer as it was read is told so, however it is written."""

    @pytest.mark.parametrize("changed", [1, 4])
    def test_one_row_behind_is_enough(
        self, database: Database, people: list[str], changed: int
    ) -> None:
        first = BEHIND.where(PersonRow.id == people[0])
        options = {"synchronize_session": False}
        with pytest.raises(StaleDataError), database.begin() as session:
            rows = [session.get_one(PersonRow, one) for one in people]
            session.execute(first, execution_options=options)
            for row in rows[:changed]:
                row.title = "科员"
        with database.reading() as session:
            assert set(session.scalars(sa.select(PersonRow.title))) == {""}

    def test_a_row_that_is_gone_is_seen_behind_others(
        self, database: Database, people: list[str]
    ) -> None:
        gone = sa.delete(PersonRow).where(PersonRow.id == people[3])
        with pytest.raises(StaleDataError), database.begin() as session:
            rows = [session.get_one(PersonRow, one) for one in people]
            session.execute(gone, execution_options={"synchronize_session": False})
            for number, row in enumerate(rows):
                row.title = f"{number}" * (number + 1)
                row.status = "left" if number % 2 else "serving"

    def test_of_many_like_statements_one_row_gone_is_enough(self, database: Database) -> None:
        with database.begin() as session:
            session.add_all([Effect(**effect(key)) for key in "abcd"])
        with pytest.raises(StaleDataError), database.begin() as session:
            rows = [session.get_one(Effect, key) for key in "abcd"]
            DROP.write(session.connection(), {"of": "b"})
            for row in rows:
                row.kind = "other"
        assert keys(database) == ["a", "b", "c", "d"]

    def test_many_like_statements_are_all_said(self, database: Database) -> None:
        with database.begin() as session:
            session.add_all([Effect(**effect(key)) for key in "abcd"])
        with database.begin() as session:
            for key in "abcd":
                session.get_one(Effect, key).kind = "other"
        with database.reading() as session:
            assert set(session.scalars(sa.select(Effect.kind))) == {"other"}

    def test_rows_that_stand_as_read_are_changed(
        self, database: Database, people: list[str]
    ) -> None:
        with database.begin() as session:
            for one in people:
                session.get_one(PersonRow, one).title = "科员"
        with database.begin() as session:
            for one in people:
                session.delete(session.get_one(PersonRow, one))
            later(session, ADD, effect("a"))
        with database.reading() as session:
            assert session.scalars(sa.select(PersonRow)).all() == []
