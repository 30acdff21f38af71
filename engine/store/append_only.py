"""Tables that the database itself lets nobody change: only inserts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.store.partitions import partitions_of

if TYPE_CHECKING:
    import sqlalchemy as sa


def forbid_changes(connection: sa.Connection, table: str) -> None:
    """Make the database refuse UPDATE and DELETE on `table`.

    On PostgreSQL TRUNCATE is refused as well, and all three on each part of a table; SQLite has
    no TRUNCATE. An owner of the
    database can drop the trigger: the chain of digests then tells.
    """
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION wenze_append_only() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION wenze_append_only()"
    )
    # Triggers on rows come to the parts of a table by themselves, those on statements do not.
    for part in (table, *partitions_of(connection, table)):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {part}_no_truncate BEFORE TRUNCATE ON {part} "
            "FOR EACH STATEMENT EXECUTE FUNCTION wenze_append_only()"
        )
