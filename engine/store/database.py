"""One database: SQLite for a department, PostgreSQL for an office."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import StaticPool

from engine.model.digests import SHA256
from engine.store.record import DIGEST
from engine.store.waiting import Transaction, watch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from engine.store.prepared import Known, Prepared

BUSY_MILLISECONDS = 15_000
WROTE = "wrote"
PREPARED = 300
"""How many statements a connection to PostgreSQL keeps parsed; commands and pages say more than
psycopg's hundred."""


class Database:
    """Gives sessions; each is one transaction.

    Attributes:
        url: Where it is, without a password.
        is_sqlite: Whether it is the embedded one.
    """

    def __init__(self, engine: sa.Engine, digest: str = SHA256) -> None:
        """Use `engine`, and `digest` for new digests of the record; see `open_database`."""
        self.engine = engine
        self.url = engine.url.render_as_string(hide_password=True)
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writing = sessionmaker(
            engine, class_=Transaction, expire_on_commit=False, info={DIGEST: digest}
        )
        reads = engine.execution_options(wenze_reads=True)
        sa.event.listen(reads, "before_cursor_execute", _note_writing)
        self._reading = sessionmaker(
            reads, class_=Transaction, expire_on_commit=False, autoflush=False
        )
        self._alone = engine
        if not self.is_sqlite:
            self._alone = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Give a session that commits at the end and rolls back on any exception.

        On SQLite the transaction takes the write lock at once (BEGIN IMMEDIATE),
        so that it never fails half-way for having read first.
        """
        with self._writing.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads; whatever it may write is rolled back.

        Where nothing but queries was said, the transaction on PostgreSQL ends with a COMMIT:
        psycopg forgets at a ROLLBACK whatever statements it has prepared, and the next
        command would have each of its own parsed and planned anew.
        """
        with self._reading() as session:
            yield session
            if not self.is_sqlite and session.in_transaction():
                connection = session.connection()
                if not connection.info.pop(WROTE, False):
                    driver: Any = connection.connection.driver_connection
                    driver.commit()

    def asked(self, question: Prepared, known: Known) -> list[tuple[Any, ...]]:
        """Ask one constant question; on PostgreSQL without BEGIN and COMMIT around it."""
        with self._alone.connect() as connection:
            return question.rows(connection, known)

    def conninfo(self) -> str:
        """Return the address as libpq reads it, with the password; PostgreSQL only."""
        url = self.engine.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def open_database(url: str, digest: str = SHA256) -> Database:
    """Open the database at `url`, such as ``sqlite:///file`` or ``postgresql+psycopg://…``.

    Its tables are made by `engine.store.migrations`, never here. New digests of the
    record are made with `digest`; old ones keep the algorithm that they name.
    """
    parsed = sa.make_url(url)
    options: dict[str, Any] = {
        "json_serializer": _dumps,
        "json_deserializer": orjson.loads,
        "pool_pre_ping": False,
    }
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in {None, "", ":memory:"}:
            options["poolclass"] = StaticPool
        options["connect_args"] = {"check_same_thread": False}
    engine = sa.create_engine(parsed, **options)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        sa.event.listen(engine, "connect", _prepare_postgresql)
        watch(engine)
    return Database(engine, digest)


def _dumps(value: object) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} does not go into a record")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.prepared_max = PREPARED


def _note_writing(
    connection: sa.Connection, _cursor: object, sql: str, _given: object, context: Any, _many: Any
) -> None:
    """Note what is no query, or may be none."""
    said = None if context is None else context.invoked_statement
    if not (sql.startswith("SELECT") if said is None else said.is_select):
        connection.info[WROTE] = True


def _begin_sqlite(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get("wenze_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
