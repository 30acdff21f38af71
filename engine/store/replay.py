"""Records what a command says to its database, and replays it through the raw driver.

What a replay costs is the floor under the command: the database's own work, without
an object mapper, a language or a rule.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.store.database import open_database
from engine.store.waiting import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.store.database import Database

STORE = "store"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said to the database.

    Attributes:
        sql: As the driver got it.
        parameters: As the driver got them.
        is_many: Whether the parameters are a list of sets.
    """

    sql: str
    parameters: Any = None
    is_many: bool = False


@dataclass(slots=True)
class Split:
    """How long was spent on what: time counts for the innermost part that runs.

    Attributes:
        spent: Seconds by the name of the part.
    """

    spent: dict[str, float] = field(default_factory=dict)
    _stack: list[str] = field(default_factory=list)
    _since: float = 0.0

    @contextmanager
    def of(self, part: str) -> Iterator[None]:
        """Count what runs inside for `part`, except for what counts for another part."""
        self._turn(part)
        try:
            yield
        finally:
            self._turn("")

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function` so that its time counts for `part`."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            self._turn(part)
            try:
                return function(*args, **kwargs)
            finally:
                self._turn("")

        return counted

    def _turn(self, part: str) -> None:
        now = perf_counter()
        if self._stack:
            current = self._stack[-1]
            self.spent[current] = self.spent.get(current, 0.0) + now - self._since
        self._since = now
        if part:
            self._stack.append(part)
        else:
            self._stack.pop()


_SESSION = ("execute", "scalar", "scalars", "get", "get_one", "flush", "refresh", "commit")


@contextmanager
def recording(database: Database, split: Split) -> Iterator[list[Said]]:
    """Record everything that is said to `database`, transactions included.

    Meanwhile the time that sessions take counts for the part ``store`` of `split`.
    """
    said: list[Said] = []

    def statement(_on: object, _cursor: object, sql: str, parameters: Any, *rest: Any) -> None:
        said.append(Said(sql, parameters, is_many=bool(rest[-1])))

    def ended(word: str) -> Callable[[object], None]:
        return lambda _connection: said.append(Said(word))

    engine = database.engine
    hooks: list[tuple[str, Callable[..., Any]]]
    hooks = [("before_cursor_execute", statement), ("commit", ended("COMMIT"))]
    hooks.append(("rollback", ended("ROLLBACK")))
    if not database.is_sqlite:  # there BEGIN is a statement of ours, recorded like any other
        hooks.append(("begin", ended("BEGIN")))
    kept = {name: getattr(Transaction, name) for name in _SESSION}
    dialect, kept_commit = engine.dialect, engine.dialect.do_commit
    for name, function in hooks:
        sa.event.listen(engine, name, function)
    for name, function in kept.items():
        setattr(Transaction, name, split.timed(STORE, function))
    dialect.do_commit = split.timed(STORE, kept_commit)  # type: ignore[method-assign]
    try:
        yield said
    finally:
        dialect.do_commit = kept_commit  # type: ignore[method-assign]
        for name, function in kept.items():
            setattr(Transaction, name, function)
        for name, function in hooks:
            sa.event.remove(engine, name, function)


def replayed(database: Database, said: list[Said]) -> float:
    """Say it all again through the raw driver; return how many seconds it took.

    Args:
        database: In the state in which the recording began; it ends as the recording did.
        said: What was recorded.
    """
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        cursor = driver.cursor()
        begun = perf_counter()
        for one in said:
            _say(driver, cursor, one)
        return perf_counter() - begun


def _say(driver: Any, cursor: Any, one: Said) -> None:
    if one.sql == "BEGIN" and one.parameters is None:
        return  # psycopg begins by itself
    if one.sql == "COMMIT":
        driver.commit()
    elif one.sql == "ROLLBACK":
        driver.rollback()
    elif one.is_many:
        cursor.executemany(one.sql, one.parameters)
    else:
        cursor.execute(one.sql, one.parameters)
        if cursor.description is not None:
            cursor.fetchall()


def copied(url: str, name: str) -> str:
    """Make a copy of a database that nobody uses, and return its address.

    Args:
        url: SQLite's file or a database of PostgreSQL.
        name: What the copy is called; one of that name is replaced.
    """
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        source = Path(str(parsed.database))
        target = source.with_name(f"{name}.db")
        with closing(sqlite3.connect(source)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for left in source.parent.glob(f"{name}.db*"):
            left.unlink()
        shutil.copyfile(source, target)
        return parsed.set(database=str(target)).render_as_string(hide_password=False)
    made(url, name, template=str(parsed.database))
    return parsed.set(database=name).render_as_string(hide_password=False)


def made(url: str, name: str, *, template: str = "template1") -> str:
    """Make a database on the PostgreSQL server of `url`; return its address."""
    dropped(url, name)
    _on_server(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def dropped(url: str, name: str) -> None:
    """Remove a database of the PostgreSQL server of `url`, if there is one."""
    _on_server(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(url: str, sql: str) -> None:
    """Say something about databases, from none of those that it is about."""
    server = open_database(
        sa.make_url(url).set(database="postgres").render_as_string(hide_password=False)
    )
    try:
        with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(sql)
    finally:
        server.close()
