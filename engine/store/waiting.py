"""Writes that wait: a session says what changed together, and nothing before it must.

What a command writes and never reads back (lines of inboxes, entries of the record, drafts that
are done with) waits for the next flush, behind the mapped rows. On PostgreSQL a flush goes out at
once, without waiting for the answer to each statement; whether each changed the rows that it
should is seen when all answers are there.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy.sql.dml import UpdateBase

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

    def _say(self, waiting: list[tuple[UpdateBase, Any]]) -> None:
        if waiting:
            self.info[WAITING] = []
            connection = self.connection()
            for write, parameters in waiting:
                connection.execute(write, parameters)


def later(session: Session, write: UpdateBase, parameters: dict[str, Any] | list[Any]) -> None:
    """Let a write wait for the next flush: of a query, of the command's end.

    Those that wait are said in the order in which they came. A mapped row that is added or
    changed meanwhile is written before them.

    Args:
        session: Of the command; one that `engine.store.database` gave.
        write: A constant with bound parameters.
        parameters: One set, or a list of sets.
    """
    session.info.setdefault(WAITING, []).append((write, parameters))


def reading(session: Session, *kinds: type[Record]) -> AbstractContextManager[object]:
    """Return within which to read rows of these kinds: what is new of them is written before.

    Where none of them is new or changed, nothing that waits could be found, and the rest may
    go on waiting.
    """
    for held in (session.new, session.dirty, session.deleted):
        if any(isinstance(one, kinds) for one in held):
            return nullcontext()
    return session.no_autoflush


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
    sa.event.listen(engine, "after_cursor_execute", _expect)
    sa.event.listen(engine, "do_executemany", _one_by_one)


def _expect(
    connection: sa.Connection, cursor: Any, _sql: str, _given: Any, context: Any, is_many: Any
) -> None:
    expected = connection.info.get(EXPECTED)
    if expected is not None and (context.isupdate or context.isdelete):
        rows = len(context.compiled_parameters)
        context._rowcount = rows  # noqa: SLF001 -- it has no public name
        if not is_many:
            expected.append((cursor, rows))


def _one_by_one(cursor: Any, sql: str, parameters: Any, context: Any) -> bool:
    """Say several changes each with a cursor of its own: one keeps the last number of rows only."""
    expected = context.root_connection.info.get(EXPECTED)
    if expected is None or context.isinsert:
        return False
    for given in parameters:
        own = cursor.connection.cursor()
        own.execute(sql, given)
        expected.append((own, 1))
    return True
