"""Keep the databases that this release writes, as a fixture of every later one.

Use: python tools/postgres.py run -- python -m tools.keep_release

An office with cases of P01 at several steps is written on SQLite and on PostgreSQL and kept in
tests/upgrade/releases/<version>, to be committed with the release. Before the release, revision
0001 may still change: then this is run again (tests/upgrade says so). After it, never.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from engine.store.replay import dropped, made
from tests.postgres import VARIABLE
from tests.upgrade import releases
from tools.postgres import binaries

NAME = "wenze_release"


def main() -> int:
    """Write both databases and keep them."""
    server, programs = os.environ.get(VARIABLE), binaries()
    if not server or programs is None:
        print(__doc__)
        return 2
    folder = releases.RELEASES / releases.present_version()
    releases.clear(folder)
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        sqlite = releases.keep_sqlite(folder, Path(one))
        url = made(server, NAME)
        try:
            dump = programs / "pg_dump"
            postgres = releases.keep_postgres(folder, Path(other), url, dump)
        finally:
            dropped(server, NAME)
    releases.keep_manifest(folder, sqlite, postgres)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{folder}: {size / 1_000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
