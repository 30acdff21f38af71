"""The tables of the job queue, on PostgreSQL: another's schema, brought in by our migrations."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa


def make_queue(connection: sa.Connection, release: str = "3_10_0") -> None:
    """Make the tables, types and functions of procrastinate; on SQLite there is no queue.

    The text is kept beside the migrations, so that a migration does the same whatever
    release of the library is installed.

    Args:
        connection: Of the migration; all happens in its transaction.
        release: Of procrastinate, whose text is taken.
    """
    if connection.dialect.name != "postgresql":
        return
    text = files("engine.store") / "migrations" / "queue" / f"procrastinate_{release}.sql"
    driver: Any = connection.connection.driver_connection
    driver.execute(text.read_text("utf-8"))  # said by the driver: it holds `%` and many statements
