"""Copies of the embedded database, taken while it is in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from engine.store.database import Database

PAGES = 2_000
"""How many pages are copied before writers may go on."""


class NotEmbedded(Exception):
    """The database is no file of this machine; its own tools copy it."""


class Damaged(Exception):
    """A file is no database of ours, or was damaged; the text says what was found."""


def copy_database(database: Database, target: Path) -> None:
    """Write a copy of the database as it is at one moment; others go on meanwhile.

    Args:
        database: In use or not.
        target: A file that does not exist yet.

    Raises:
        NotEmbedded: It is not SQLite.
        FileExistsError: There is such a file.
    """
    if not database.is_sqlite:
        raise NotEmbedded(database.url)
    if target.exists():
        raise FileExistsError(target)
    with database.engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
        source: Any = connection.connection.driver_connection
        source.backup(copy, pages=PAGES)
        copy.execute("PRAGMA journal_mode=DELETE")


def must_be_whole(path: Path) -> None:
    """Check that a file is a database of ours, undamaged.

    Raises:
        Damaged: It is not.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.execute("SELECT kind FROM platform").fetchone()
    except sqlite3.Error as error:
        raise Damaged(str(error)) from error
    if found != "ok":
        raise Damaged(str(found))
