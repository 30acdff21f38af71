"""Constant statements, said through the driver itself.

What every command says is written down once, compiled once for each database, and then said
as the driver takes it. SQLAlchemy's way around one statement costs six times what the driver
takes for it, which counts where a command says thirty. Everything else about a statement stays:
its types, the connection's transaction, what its errors are, who listens to it. Listeners are given
no execution context: there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.sql.dml import UpdateBase

Known = dict[str, Any]
"""Values by the names of a statement's bound parameters."""


def literals(*words: str) -> list[sa.ColumnElement[str]]:
    """Return words of our own as part of a statement's text: a list that never changes."""
    return [sa.literal_column(f"'{word}'") for word in words]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A statement as one dialect says it.

    Attributes:
        sql: For the driver.
        fixed: The parameters that the statement itself has.
        into: What turns a value into the driver's, by parameter; those that need nothing miss.
        out: What turns a column of the answer into a value, by its place.
        order: The parameters in their order, where the driver takes them by place.
    """

    sql: str
    fixed: Known
    into: Mapping[str, Callable[[Any], Any]]
    out: Sequence[tuple[int, Callable[[Any], Any]]]
    order: Sequence[str] | None

    def given(self, known: Known) -> Any:
        """Return parameters as the driver takes them."""
        values = {**self.fixed, **known}
        for name, process in self.into.items():
            values[name] = process(values[name])
        return values if self.order is None else [values[name] for name in self.order]


class Prepared:
    """A constant statement whose parameters are all given, the same ones each time.

    A list of values is not for it, since the statement would differ with its length; a list that
    never changes is written as literal columns.

    Attributes:
        table: The one it writes; None for a question.
    """

    def __init__(self, statement: sa.SelectBase | UpdateBase) -> None:
        """Take a statement; it is compiled where it is first said."""
        self.statement = statement
        self.table = getattr(statement, "table", None)
        self._compiled: WeakKeyDictionary[sa.Dialect, _Compiled] = WeakKeyDictionary()

    def rows(self, connection: sa.Connection, known: Known) -> list[tuple[Any, ...]]:
        """Ask, and return all rows of the answer.

        Raises:
            ValueError: A parameter of the statement is a list.
            DBAPIError: The database refuses, or is gone.
        """
        compiled = self._for(connection, known)
        cursor = _say(connection, compiled, compiled.given(known))
        found: list[tuple[Any, ...]] = cursor.fetchall()
        if not compiled.out:
            return found
        whole = [list(row) for row in found]
        for row in whole:
            for place, process in compiled.out:
                row[place] = process(row[place])
        return [tuple(row) for row in whole]

    def write(self, connection: sa.Connection, given: Known | list[Known]) -> None:
        """Say it, with one set of parameters or with each of several.

        Raises:
            DBAPIError: The database refuses, or is gone.
        """
        every = [given] if isinstance(given, dict) else given
        compiled = self._for(connection, every[0])
        if len(every) == 1:
            _say(connection, compiled, compiled.given(every[0]))
        else:
            _say(connection, compiled, [compiled.given(one) for one in every], is_many=True)

    def _for(self, connection: sa.Connection, known: Known) -> _Compiled:
        dialect = connection.dialect
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = _compile(self.statement, dialect, list(known))
        return found


def _say(
    connection: sa.Connection, compiled: _Compiled, given: Any, *, is_many: bool = False
) -> Any:
    driver: Any = connection.connection
    cursor = driver.cursor()
    before = connection.dispatch.before_cursor_execute
    for listen in before or ():  # asking costs less than looking through nothing
        listen(connection, cursor, compiled.sql, given, None, is_many)
    try:
        if is_many:
            cursor.executemany(compiled.sql, given)
        else:
            cursor.execute(compiled.sql, given)
    except connection.dialect.loaded_dbapi.Error as error:
        # the one way to an error as of any other statement; it has no public name
        connection._handle_dbapi_exception(error, compiled.sql, given, cursor, None)  # noqa: SLF001
    after = connection.dispatch.after_cursor_execute
    for listen in after or ():
        listen(connection, cursor, compiled.sql, given, None, is_many)
    return cursor


def _compile(statement: Any, dialect: sa.Dialect, names: list[str]) -> _Compiled:
    compiled = statement.compile(dialect=dialect, column_keys=names)
    if any(bind.expanding for bind in compiled.bind_names):
        raise ValueError(f"a list of values has no constant length: {compiled.string}")
    fixed, into = dict(compiled.params), {}
    for bind, name in compiled.bind_names.items():
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None and bind.required:
            into[name] = process
        elif process is not None:
            fixed[name] = process(fixed[name])
    out = [
        (place, process)
        for place, column in enumerate(getattr(statement, "selected_columns", ()))
        if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]
    return _Compiled(compiled.string, fixed, into, out, compiled.positiontup)
