"""What tests of the engine share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.store import migrations
from engine.store.database import Database, open_database


@pytest.fixture
def database() -> Iterator[Database]:
    """An empty database in memory, at the newest revision."""
    opened = open_database("sqlite://")
    migrations.upgrade(opened)
    yield opened
    opened.close()
