"""Who serves a database: one node on the embedded one, any number on PostgreSQL.

Whoever serves holds a lock as long as he lives. On the embedded database it keeps others out; on
PostgreSQL nodes share theirs, and what needs the platform to stand still takes it alone.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Protocol

import psycopg
import psycopg.sql

if TYPE_CHECKING:
    from engine.store.database import Database

SERVING = 5_748_320_702
"""Names the lock of the nodes among PostgreSQL's advisory locks; any number that is ours."""


class AlreadyServed(Exception):
    """Another process serves this database, or keeps it from being served."""


class _Closable(Protocol):
    def close(self) -> None: ...


class Hold:
    """That this process serves a database; it ends with `release` or with the process."""

    def __init__(self, connection: _Closable | None) -> None:
        """Hold by an open connection; None holds nothing."""
        self._connection = connection

    def release(self) -> None:
        """Let others serve it."""
        if self._connection is not None:
            self._connection.close()


def hold_serving(database: Database) -> Hold:
    """Say that this process serves a database, beside others where it is PostgreSQL.

    There the lock is the session's own: it needs a connection of its own to the server, not one
    that a pooler hands from one transaction to the next.

    Raises:
        AlreadyServed: Another process holds the embedded database, or holds the one on
            PostgreSQL alone, such as while its keys are changed.
    """
    if database.is_sqlite:
        return hold_alone(database)
    return _hold_shared_or_alone(database, "pg_try_advisory_lock_shared")


def hold_alone(database: Database) -> Hold:
    """Keep every other process from serving a database.

    On the embedded one the lock is an open transaction on a file beside the database: the
    operating system ends it with the process, however that dies, on every system that SQLite
    runs on. PostgreSQL ends the session's lock with its connection.

    Raises:
        AlreadyServed: Another process holds it.
    """
    if not database.is_sqlite:
        return _hold_shared_or_alone(database, "pg_try_advisory_lock")
    place = database.engine.url.database
    if place in {None, "", ":memory:"}:
        return Hold(None)
    connection = sqlite3.connect(f"{place}-node", timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise AlreadyServed(place) from error
    return Hold(connection)


def _hold_shared_or_alone(database: Database, how: str) -> Hold:
    connection = psycopg.connect(database.conninfo(), autocommit=True)
    query = psycopg.sql.SQL("SELECT {}(%s)").format(psycopg.sql.Identifier(how))
    row = connection.execute(query, (SERVING,)).fetchone()
    if row is None or not row[0]:
        connection.close()
        raise AlreadyServed(database.engine.url.database)
    return Hold(connection)
