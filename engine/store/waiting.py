"""Writes that wait: a session says what changed together, and nothing before it must.

What a command writes and never reads back (lines of inboxes, entries of the record, drafts that
are done with) waits for the next flush, behind the mapped rows. On PostgreSQL a flush goes out at
once, without waiting for the answer to each statement; whether each changed the rows that it
should is seen when all answers are there.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from engine.store.prepared import Known, Prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from engine.store.tables.base import Record

WAITING = "waiting_writes"
EXPECTED = "expected_changes"
FEWEST = 3
"""How much there must be to say before it is said at once."""


class Transaction(Session):
    """A session that says what waits whenever it flushes, its mapped rows first."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Write mapped rows that are new or changed, then what waits.

        Raises:
            StaleDataError: A row is no longer as it was read.
            DBAPIError: The database refuses something.
        """
        waiting = self.info.get(WAITING) or []
        if len(waiting) + len(self.new) + len(self.dirty) < FEWEST:
            super().flush(objects)
            self._say(waiting)
            return
        with _at_once(self.connection()):
            super().flush(objects)
            self.connection().info.pop(EXPECTED, None)
            self._say(waiting)

    def _say(self, waiting: list[tuple[Prepared, Any]]) -> None:
        if waiting:
            self.info[WAITING] = []
            connection = self.connection()
            for write, those in groupby(waiting, itemgetter(0)):
                write.write(connection, _all_of(parameters for _, parameters in those))


def _all_of(every: Iterable[Known | list[Known]]) -> list[Known]:
    """Return sets of parameters that were given one by one or several at once."""
    return [one for given in every for one in ([given] if isinstance(given, dict) else given)]


def later(session: Session, write: Prepared, parameters: Known | list[Known]) -> None:
    """Let a write wait for the next flush: of a query, of the command's end.

    Those that wait are said in the order in which they came. A mapped row that is added or
    changed meanwhile is written before them.

    Args:
        session: Of the command; one that `engine.store.database` gave.
        write: A constant.
        parameters: One set, or a list of sets.
    """
    session.info.setdefault(WAITING, []).append((write, parameters))


def add_later(session: Session, *rows: Record) -> None:
    """Let new rows of one kind wait for the next flush, behind the mapped ones.

    The command only adds them: it does not change them, and reads them back only by asking
    the database. They cost a third of what the session takes for a row that it looks after.

    Args:
        session: As for `later`.
        rows: Not in the session, and of a kind without revisions.

    Raises:
        ValueError: Of this kind several may write one row, which the session has to look after.
    """
    if rows:
        insert, names = _insert_of(type(rows[0]))
        later(session, insert, [{name: getattr(row, name) for name in names} for row in rows])


@cache
def _insert_of(kind: type[Record]) -> tuple[Prepared, tuple[str, ...]]:
    mapper = sa.inspect(kind)
    if mapper.version_id_col is not None:
        raise ValueError(f"{kind.__name__} has revisions")
    insert = Prepared(sa.insert(cast("sa.Table", mapper.local_table)))
    return insert, tuple(column.key for column in mapper.column_attrs)


def asked(
    session: Session, question: Prepared, known: Known, *kinds: type[Record]
) -> list[tuple[Any, ...]]:
    """Return columns of rows of these kinds; what is new or changed of them is written before.

    Where nothing of them is, what waits could not be found, and goes on waiting.

    Args:
        session: As for `later`.
        question: A constant.
        known: Its parameters.
        kinds: Of all rows that the question is about.
    """
    if _is_changing(session, kinds):
        session.flush()
    return question.rows(session.connection(), known)


def _is_changing(session: Session, kinds: tuple[type[Record], ...]) -> bool:
    """Return whether something of these kinds is new or changed and not written yet."""
    waiting = session.info.get(WAITING)
    if waiting:
        tables = [kind.__table__ for kind in kinds]
        if any(write.table in tables for write, _ in waiting):
            return True
    return any(
        isinstance(one, kinds)
        for held in (session.new, session.dirty, session.deleted)
        for one in held
    )


@sa.event.listens_for(Transaction, "before_commit")
def _leave_nothing(session: Session) -> None:
    """Flush what waits though no mapped row has changed."""
    if session.info.get(WAITING):
        session.flush()


@contextmanager
def _at_once(connection: sa.Connection) -> Iterator[None]:
    """Let the driver send statements without waiting for answers, where it can.

    Raises:
        StaleDataError: A statement of a mapped row found another number of rows than it should.
        DBAPIError: The database refuses something.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    driver: Any = connection.connection.driver_connection
    expected: list[tuple[Any, int]] = []
    info = connection.info  # kept: a connection that was lost in between has none
    info[EXPECTED] = expected
    error_type = connection.dialect.loaded_dbapi.Error
    try:
        with driver.pipeline():
            yield
    except error_type as error:
        gone = connection.dialect.is_disconnect(error, driver, None)
        if gone and not connection.invalidated:
            connection.invalidate(error)
        raise DBAPIError.instance(
            "what waited", None, error, error_type, connection_invalidated=gone
        ) from error
    finally:
        info.pop(EXPECTED, None)
    for cursor, rows in expected:
        if cursor.rowcount != rows:
            raise StaleDataError(f"{cursor.rowcount} rows are as they were read, not {rows}")


def watch(engine: sa.Engine) -> None:
    """Let what a pipeline of this engine changes be compared when the answers are there.

    SQLAlchemy compares the number of rows right after a statement, where the driver does not
    know it yet; it is told what it expects.
    """
    sa.event.listen(engine, "do_execute", _expect)
    sa.event.listen(engine, "do_executemany", _one_by_one)


def _expect(cursor: Any, _sql: str, _given: Any, context: Any) -> None:
    """Note that a change of a mapped row should find that one row."""
    if not (context.isupdate or context.isdelete):
        return
    expected = context.root_connection.info.get(EXPECTED)
    if expected is not None:
        context._rowcount = 1  # noqa: SLF001 -- it has no public name
        expected.append((cursor, 1))


def _one_by_one(cursor: Any, sql: str, parameters: Any, context: Any) -> bool:
    """Say several changes each with a cursor of its own: one keeps the last number of rows only."""
    expected = context.root_connection.info.get(EXPECTED)
    if expected is None or context.isinsert:
        return False
    context._rowcount = len(parameters)  # noqa: SLF001 -- it has no public name
    for given in parameters:
        own = cursor.connection.cursor()
        own.execute(sql, given)
        expected.append((own, 1))
    return True
