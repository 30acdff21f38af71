"""Write the next migration from the difference between the tables and the schema.

Use: .venv/bin/python tools/new_revision.py "what changes"
"""

from __future__ import annotations

import sys
from importlib.resources import files

from alembic import command
from alembic.config import Config

from engine.store import migrations
from engine.store.database import open_database


def main() -> None:
    """Bring an empty database to the newest revision and write what is missing."""
    database = open_database("sqlite://")
    versions = files("engine.store") / "migrations" / "versions"
    numbered = sorted(path.name for path in versions.iterdir() if path.name[:4].isdigit())
    if numbered:
        migrations.upgrade(database)
    configuration = Config()
    configuration.set_main_option("script_location", str(files("engine.store") / "migrations"))
    with database.engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.revision(
            configuration,
            message=sys.argv[1],
            autogenerate=True,
            rev_id=f"{len(numbered) + 1:04d}",
        )


if __name__ == "__main__":
    main()
