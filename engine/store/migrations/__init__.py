"""The schema's history: forward only, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from engine.store.database import Database

UPGRADING = 5_748_320_701
"""Names the lock of an upgrade among PostgreSQL's advisory locks; any number that is ours."""


def upgrade(database: Database) -> None:
    """Bring the schema to the newest revision, in one transaction; one that is there is left.

    Nodes on PostgreSQL that start together wait for the first of them.
    """
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADING)))
        if MigrationContext.configure(connection).get_current_revision() == newest_revision():
            return
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def current_revision(database: Database) -> str | None:
    """Return the revision the schema is at; None for an empty database."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def newest_revision() -> str:
    """Return the revision this release needs."""
    head = ScriptDirectory.from_config(_configuration()).get_current_head()
    if head is None:
        raise RuntimeError("the package holds no migration")
    return head


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(files("engine.store") / "migrations"))
    return configuration
