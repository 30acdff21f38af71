"""Follows the statements of a database: which verb on which table, how long; never a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from engine.ports import Tracer
    from engine.store.database import Database

FOLLOWED = "wenze_spans"
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s++\"?(\w++)", re.IGNORECASE)
VERB = re.compile(r"\s*+(\w++)")
LOOKED_AT = 4_000
"""Characters of a statement in which its first table is looked for."""


def trace_statements(database: Database, tracer: Tracer) -> None:
    """Let `tracer` follow every statement of a database from now on."""

    def before(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        span = tracer.span("sql", name_of(statement))
        span.__enter__()
        connection.info.setdefault(FOLLOWED, []).append(span)

    def after(connection: Any, *_rest: Any) -> None:
        spans = connection.info.get(FOLLOWED)
        if spans:
            spans.pop().__exit__(None, None, None)

    def broke_off(context: sa.ExceptionContext) -> None:
        spans = context.connection.info.get(FOLLOWED) if context.connection is not None else None
        if spans:
            error = context.original_exception
            spans.pop().__exit__(type(error), error, error.__traceback__)

    sa.event.listen(database.engine, "before_cursor_execute", before)
    sa.event.listen(database.engine, "after_cursor_execute", after)
    sa.event.listen(database.engine, "handle_error", broke_off)


def name_of(statement: str) -> str:
    """Return a statement's verb and its first table.

    >>> name_of("SELECT a.b FROM case_file AS a WHERE a.id = 'x'")
    'SELECT case_file'
    >>> name_of("UPDATE due SET state = 1")
    'UPDATE due'
    >>> name_of("BEGIN IMMEDIATE")
    'BEGIN'
    """
    text = statement[:LOOKED_AT]
    found = VERB.match(text)
    verb = found[1].upper() if found else "?"
    table = TABLE.search(text)
    return f"{verb} {table[1]}" if table else verb
