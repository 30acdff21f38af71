from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from engine.store import migrations
from engine.store.database import Database, open_database
from engine.store.prepared import Prepared
from engine.store.tables import AuthorityRow, Platform, Record
from tests.postgres import fresh_database


class TestOpening:
    """The embedded default is durable: WAL, synchronous FULL, foreign keys."""

    def test_a_file_is_opened_durably(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path}/w.db")
        with database.engine.connect() as connection:
            pragma = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            }
        assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        database.close()

    def test_the_address_is_shown_without_its_password(self) -> None:
        database = open_database("postgresql+psycopg://wenze:secret@localhost/wenze")
        assert "secret" not in database.url
        assert not database.is_sqlite


class TestMigrations:
    """The migrations and the tables say the same."""

    def test_an_empty_database_has_no_revision(self) -> None:
        database = open_database("sqlite://")
        assert migrations.current_revision(database) is None
        migrations.upgrade(database)
        assert migrations.current_revision(database) == migrations.newest_revision()
        database.close()

    def test_the_migrations_make_every_table_and_column(self, database: Database) -> None:
        inspected = sa.inspect(database.engine)
        for table in Record.metadata.sorted_tables:
            assert {column["name"] for column in inspected.get_columns(table.name)} == {
                column.name for column in table.columns
            }, table.name
            assert {index["name"] for index in inspected.get_indexes(table.name)} >= {
                index.name for index in table.indexes
            }, table.name


class TestSessions:
    """A session is a transaction: it commits whole or not at all."""

    def test_reading_forgets_no_statement_that_the_driver_has_prepared(
        self, database: Database
    ) -> None:
        """psycopg forgets them all at a ROLLBACK; each would be planned anew in every command."""
        if database.is_sqlite:
            pytest.skip("there the driver keeps them with the connection")
        query = sa.select(AuthorityRow.key).where(AuthorityRow.id == "x")
        for _ in range(9):
            with database.reading() as session:
                session.execute(query)

        with database.reading() as session:
            prepared = session.scalars(sa.text("SELECT statement FROM pg_prepared_statements"))
            assert any("authority.key" in one for one in prepared)

    @pytest.mark.parametrize("said", [sa.delete(Platform), sa.text("DELETE FROM platform")])
    def test_whatever_a_reading_session_writes_is_rolled_back(
        self, database: Database, said: sa.Executable
    ) -> None:
        with database.begin() as session:
            session.add(Platform(kind="real", born_at=datetime(2026, 1, 1, tzinfo=UTC)))
        for _ in range(2):
            with database.reading() as session:
                session.execute(said)
        with database.reading() as session:
            assert session.scalar(sa.select(Platform.kind)) == "real"

    def test_reading_leaves_nothing(self, database: Database) -> None:
        with database.reading() as session:
            session.add(AuthorityRow(key="a", name="甲", short_name="甲"))
            session.flush()
        with database.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(AuthorityRow)) == 0

    def test_a_question_asked_alone_leaves_the_next_transaction_whole(
        self, database: Database
    ) -> None:
        keys = Prepared(sa.select(AuthorityRow.key).where(AuthorityRow.name == sa.bindparam("of")))
        with database.begin() as session:
            session.add(AuthorityRow(key="a", name="甲", short_name="甲"))
        assert database.asked(keys, {"of": "甲"}) == [("a",)]
        assert database.asked(keys, {"of": "乙"}) == []
        with pytest.raises(ZeroDivisionError), database.begin() as session:
            session.add(AuthorityRow(key="b", name="乙", short_name="乙"))
            session.flush()
            raise ZeroDivisionError
        assert database.asked(keys, {"of": "乙"}) == []

    def test_a_naive_instant_is_refused_at_the_column(self, database: Database) -> None:
        with pytest.raises(StatementError, match="aware"), database.begin() as session:
            session.add(Platform(kind="real", born_at=datetime(2026, 1, 1)))

    def test_an_instant_comes_back_aware(self, database: Database) -> None:
        with database.begin() as session:
            session.add(Platform(kind="real", born_at=datetime(2026, 1, 1, tzinfo=UTC)))
        with database.reading() as session:
            assert session.scalars(sa.select(Platform.born_at)).one() == datetime(
                2026, 1, 1, tzinfo=UTC
            )

    def test_decimals_become_numbers_and_other_objects_are_refused(
        self, database: Database
    ) -> None:
        settings: dict[str, object] = {"whole": Decimal(3), "part": Decimal("1.5")}
        with database.begin() as session:
            session.add(AuthorityRow(key="a", name="甲", short_name="甲", settings=settings))
        with database.reading() as session:
            assert session.scalars(sa.select(AuthorityRow.settings)).one() == {
                "whole": 3,
                "part": 1.5,
            }
        with pytest.raises((StatementError, TypeError)), database.begin() as session:
            session.add(AuthorityRow(key="b", name="乙", short_name="乙", settings={"x": object()}))


class TestTheQueuesTables:
    """A migration does not change with the library that is installed."""

    def test_they_are_those_of_the_pinned_release(self) -> None:
        place = find_spec("procrastinate")
        assert place is not None
        assert place.submodule_search_locations is not None
        theirs = Path(place.submodule_search_locations[0]) / "sql" / "schema.sql"
        ours = files("engine.store") / "migrations" / "queue" / "procrastinate_3_10_0.sql"
        assert ours.read_text("utf-8").endswith(theirs.read_text("utf-8"))

    @pytest.mark.postgres
    def test_they_are_there_on_postgresql(self) -> None:
        with fresh_database() as url:
            opened = open_database(url)
            names = sa.inspect(opened.engine).get_table_names()
            opened.close()
        assert "procrastinate_jobs" in names
