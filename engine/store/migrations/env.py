"""Alembic's entry: the connection is handed in by `engine.store.migrations`."""

from __future__ import annotations

from alembic import context

from engine.store.search_index import is_of_search
from engine.store.tables import Record

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Record.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    include_name=lambda name, _kind, _parents: not is_of_search(name or ""),
)
context.run_migrations()
