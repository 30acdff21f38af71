"""The parts of a large table on PostgreSQL; SQLite keeps it whole.

The record is divided by hash of its stream, see docs/decisions/partitioned-record.md: a chain
lies in one part, so that appending to it, walking it and holding it unique touch that part alone.
"""

from __future__ import annotations

import sqlalchemy as sa

PARTS = 8


def make_partitions(connection: sa.Connection, table: str, parts: int = PARTS) -> None:
    """Make the parts of a table that is partitioned by hash; nothing on SQLite.

    Args:
        connection: Of the migration that made the table.
        table: Its name, ours.
        parts: How many; those of a table never change, since its rows would move.
    """
    if connection.dialect.name == "sqlite":
        return
    for number in range(parts):
        connection.exec_driver_sql(
            f"CREATE TABLE {table}_{number} PARTITION OF {table} "
            f"FOR VALUES WITH (MODULUS {parts}, REMAINDER {number})"
        )


def partitions_of(connection: sa.Connection, table: str) -> tuple[str, ...]:
    """Return the names of a table's parts in their order; none where it is whole."""
    if connection.dialect.name == "sqlite":
        return ()
    rows = connection.execute(
        sa.text(
            "SELECT child.relname FROM pg_inherits "
            "JOIN pg_class child ON child.oid = pg_inherits.inhrelid "
            "WHERE pg_inherits.inhparent = CAST(:of AS regclass) ORDER BY child.relname"
        ),
        {"of": table},
    )
    return tuple(row[0] for row in rows)
