"""谁在使用数据库：内嵌的只供一个进程；PostgreSQL 供多个节点，更换密钥时一个也不行。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.clock import SetClock
from engine.store.database import Database, open_database
from engine.store.nodes import AlreadyServed, hold_alone, hold_serving
from tests.engine.boardroom import MONDAY, office_at
from tests.postgres import fresh_database
from web.server import NotServable, serving


class TestTheEmbeddedDatabase:
    """It is served by one, and by none while something needs it alone."""

    def test_one_serves_it(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path}/w.db")
        first = hold_serving(database)
        for hold in (hold_serving, hold_alone):
            with pytest.raises(AlreadyServed):
                hold(database)
        first.release()
        hold_alone(database).release()
        database.close()

    def test_one_in_memory_is_nobody_elses(self) -> None:
        database = open_database("sqlite://")
        hold_serving(database)
        hold_alone(database).release()
        database.close()


@pytest.mark.postgres
class TestPostgreSQL:
    """Nodes share it; whoever needs it alone waits until the last one has ended."""

    @pytest.fixture
    def database(self) -> Iterator[Database]:
        with fresh_database() as address:
            opened = open_database(address)
            yield opened
            opened.close()

    def test_nodes_share_it_and_keep_out_who_needs_it_alone(self, database: Database) -> None:
        first, second = hold_serving(database), hold_serving(database)
        with pytest.raises(AlreadyServed):
            hold_alone(database)
        first.release()
        with pytest.raises(AlreadyServed):
            hold_alone(database)
        second.release()
        hold_alone(database).release()

    def test_no_node_starts_while_somebody_has_it_alone(
        self, database: Database, tmp_path: Path
    ) -> None:
        office = office_at(
            database.engine.url.render_as_string(hide_password=False), tmp_path, SetClock(MONDAY)
        )
        alone = hold_alone(database)
        with pytest.raises(NotServable, match="The master key is being changed"):
            serving(office)
        alone.release()
        serving(office).release()
        office.database.close()

    def test_a_node_that_died_holds_nothing(self, database: Database) -> None:
        hold = hold_serving(database)
        assert hold._connection is not None  # noqa: SLF001 -- as a killed process would leave it
        hold._connection.close()  # noqa: SLF001
        hold_alone(database).release()
