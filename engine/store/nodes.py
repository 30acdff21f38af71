"""One node on the embedded database: whoever serves it holds a lock as long as he lives."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.store.database import Database


class AlreadyServed(Exception):
    """Another process serves this database."""


class Hold:
    """That this process alone serves a database; it ends with `release` or with the process."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        """Hold by an open transaction; None holds nothing."""
        self._connection = connection

    def release(self) -> None:
        """Let others serve it."""
        if self._connection is not None:
            self._connection.close()


def hold_alone(database: Database) -> Hold:
    """Keep other processes from serving an embedded database; any number serve PostgreSQL.

    The lock is an open transaction on a file beside the database: the operating system
    ends it with the process, however that dies, on every system that SQLite runs on.

    Raises:
        AlreadyServed: Another process holds it.
    """
    place = database.engine.url.database
    if not database.is_sqlite or place in {None, "", ":memory:"}:
        return Hold(None)
    connection = sqlite3.connect(f"{place}-node", timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise AlreadyServed(place) from error
    return Hold(connection)
