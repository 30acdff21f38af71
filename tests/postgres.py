"""PostgreSQL for tests: a database of its own for each, copied from one that is migrated once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import pytest
import sqlalchemy as sa

from engine.store import migrations
from engine.store.database import open_database

VARIABLE = "WENZE_TEST_POSTGRES"


@contextmanager
def fresh_database(*, is_bare: bool = False) -> Iterator[str]:
    """Give the address of a migrated, empty database that is gone afterwards.

    Skips the test where no server is named.

    Args:
        is_bare: Whether it has no tables at all.
    """
    if not os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} names no server; see tools/postgres.py")
    name = f"wenze_{secrets.token_hex(6)}"
    _tell(f"CREATE DATABASE {name} TEMPLATE {'template1' if is_bare else _template()}")
    try:
        yield _address(name)
    finally:
        _tell(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _template() -> str:
    name = f"wenze_template_{secrets.token_hex(6)}"
    _tell(f"CREATE DATABASE {name}")
    database = open_database(_address(name))
    migrations.upgrade(database)
    database.close()
    return name


def _address(name: str) -> str:
    url = sa.make_url(os.environ[VARIABLE]).set(database=name)
    return url.render_as_string(hide_password=False)


def _tell(statement: str) -> None:
    engine = sa.create_engine(os.environ[VARIABLE], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
