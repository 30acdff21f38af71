"""What tests of the engine share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.store import migrations
from engine.store.database import Database, open_database
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
