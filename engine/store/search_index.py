"""The full-text index of the search, made beside its table.

SQLite: an FTS5 table of trigrams that triggers keep in step with `search_entry`, so that both
change in one transaction. PostgreSQL: GIN over trigrams where pg_trgm can be had; without it
the search reads more and finds the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

WORDS = "search_words"
"""The full-text table of SQLite; it brings shadow tables with this beginning."""

_SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
    words, body, content='search_entry', content_rowid='id', tokenize='trigram')""",
    """CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_words(rowid, words, body) VALUES (new.id, new.words, new.body); END""",
    """CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_words(search_words, rowid, words, body)
    VALUES ('delete', old.id, old.words, old.body); END""",
    """CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN
    INSERT INTO search_words(search_words, rowid, words, body)
    VALUES ('delete', old.id, old.words, old.body);
    INSERT INTO search_words(rowid, words, body) VALUES (new.id, new.words, new.body); END""",
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_search_words ON search_entry USING gin (words gin_trgm_ops)",
    "CREATE INDEX ix_search_body ON search_entry USING gin (body gin_trgm_ops)",
)
_AVAILABLE = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"


def make_search_index(connection: sa.Connection) -> None:
    """Make the index of an empty `search_entry`; called by the migration that makes the table."""
    if connection.dialect.name == "sqlite":
        statements: tuple[str, ...] = _SQLITE
    else:
        found = connection.exec_driver_sql(_AVAILABLE).scalar()
        statements = _POSTGRESQL if found else ()
    for statement in statements:
        connection.exec_driver_sql(statement)


def is_of_search(name: str) -> bool:
    """Return whether a table or index is one that `make_search_index` made."""
    return name.startswith(WORDS) or name in {"ix_search_words", "ix_search_body"}
