"""What SQLAlchemy makes of a statement, shared by the embedded databases of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.desk import Office

_FIRST: list[Any] = []


def sharing(office: Office) -> Office:
    """Let an office on SQLite use what was made of statements for the others before it.

    SQLAlchemy makes it once for each dialect, and each database has a dialect of its own, though
    those of one kind are alike: a fifth of what a test of pages took. Offices on PostgreSQL,
    which are few and whose dialect listens to their pipelines, keep their own.
    """
    database = office.database
    if database.is_sqlite:
        engines: tuple[Any, ...] = (database.engine, database._reading.kw["bind"])  # noqa: SLF001
        if not _FIRST:
            _FIRST.append(database.engine)
        for one in engines:
            one.dialect = _FIRST[0].dialect
            one._compiled_cache = _FIRST[0]._compiled_cache  # noqa: SLF001
    return office
