"""The schema's history: forward only, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from engine.store.database import Database


def upgrade(database: Database) -> None:
    """Bring the schema to the newest revision, in one transaction."""
    with database.engine.begin() as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")


def current_revision(database: Database) -> str | None:
    """Return the revision the schema is at; None for an empty database."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


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
