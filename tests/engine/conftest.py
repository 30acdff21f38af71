"""What tests of the engine share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.store import migrations
from engine.store.database import Database, open_database
from engine.store.tables import VersionRow
from engine.workflow import VersionLibrary
from tests.engine.boardroom import MONDAY, Boardroom, boardroom_in, office_at, settle
from tests.engine.on_postgresql import boardroom_on_postgresql
from tests.postgres import fresh_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database at the newest revision: in memory, and on PostgreSQL where there is one."""
    if request.param == "sqlite":
        opened = open_database("sqlite://")
        migrations.upgrade(opened)
        yield opened
        opened.close()
        return
    with fresh_database() as address:
        opened = open_database(address)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Built:
    """The boardroom as it was built: its file's bytes, and what every copy shares."""

    content: bytes
    versions: VersionLibrary


@pytest.fixture(scope="session")
def built_boardroom(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Settle the boardroom once; migrating and compiling take longer than the tests."""
    home = tmp_path_factory.mktemp("boardroom")
    office = office_at(f"sqlite:///{home}/w.db", home, SetClock(MONDAY))
    settle(office)
    with office.database.reading() as session:
        for version in session.scalars(sa.select(VersionRow.id)):
            office.versions.get(session, version)
    connection = office.database.engine.raw_connection()
    content = connection.driver_connection.serialize()  # type: ignore[union-attr]
    connection.close()
    office.database.close()
    return Built(content, office.versions)


@pytest.fixture
def room(built_boardroom: Built, tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom on Monday 9 February 2026, 9 o'clock in the morning."""
    (tmp_path / "w.db").write_bytes(built_boardroom.content)
    clock = SetClock(MONDAY)
    office = office_at(f"sqlite:///{tmp_path}/w.db", tmp_path, clock)
    yield boardroom_in(office, clock, built_boardroom.versions)
    office.database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shared(
    request: pytest.FixtureRequest, built_boardroom: Built, tmp_path: Path
) -> Iterator[Boardroom]:
    """The boardroom on a database that several connections share."""
    clock = SetClock(MONDAY)
    if request.param == "sqlite":
        (tmp_path / "w.db").write_bytes(built_boardroom.content)
        office = office_at(f"sqlite:///{tmp_path}/w.db", tmp_path, clock)
        yield boardroom_in(office, clock, built_boardroom.versions)
        office.database.close()
        return
    with boardroom_on_postgresql(tmp_path) as found:
        yield found
