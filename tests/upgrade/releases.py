"""What a release wrote: its database on SQLite and PostgreSQL, kept and taken up again."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import orjson
import sqlalchemy as sa
import zstandard

from engine.clock import SetClock
from engine.desk import Office
from engine.store.backups import copy_database
from engine.store.database import open_database
from engine.store.tables import AuthorityRow, PersonRow
from engine.store.versions import read_version
from engine.workflow import VersionLibrary
from tests.office import START, Town, _office, _settle
from tests.upgrade.walking import carry_on
from web.app import create_app
from web.keys import Keys
from web.settings import Settings

RELEASES = Path(__file__).parent / "releases"
REVISIONS = files("engine.store") / "migrations" / "versions"
MANIFEST, SQLITE, POSTGRES, PAPERS = "manifest.json", "office.db.zst", "office.sql.zst", "files.zip"
FINE = 19
"""Of zstd: the fixtures are small once, and read often."""

STEPS = {
    "registered": ("陈某", "ut_screen"),
    "to be verified": ("陈某", "ut_verify"),
    "notice to be served": ("陈某", "ut_notice_serve"),
    "before the board": ("陈某", "ut_decide"),
    "decision to be served": ("钱某", "ut_serve"),
}
"""The cases that a release leaves running: about whom, and before which step."""


@dataclass(frozen=True)
class Release:
    """A release's database as it is kept.

    Attributes:
        folder: Where.
        version: The release's.
        revisions: The digest of each migration that it was written by, by name.
        cases: The id of each running case, by its name in `STEPS`; of either database.
    """

    folder: Path
    version: str
    revisions: dict[str, str]
    cases: dict[str, dict[str, str]]


def kept() -> list[Release]:
    """Return every release that is kept, the oldest first."""
    found = []
    for path in sorted(RELEASES.glob(f"*/{MANIFEST}")):
        manifest = orjson.loads(path.read_bytes())
        found.append(
            Release(path.parent, path.parent.name, manifest["revisions"], manifest["cases"])
        )
    return found


def present_version() -> str:
    """Return the version of this tree."""
    parser = ConfigParser()
    parser.read(Path(__file__).parents[2] / "setup.cfg", "utf-8")
    return parser["metadata"]["version"]


def revisions() -> dict[str, str]:
    """Return the digest of each migration in this tree, by its name."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(REVISIONS.iterdir(), key=lambda one: one.name)
        if re.fullmatch(r"\d{4}_\w+\.py", path.name)
    }


def town_on(url: str, home: Path) -> Town:
    """Return the office on a database, with its people and its set clock."""
    clock = SetClock(START)
    office = _office(url, home, clock)
    office.versions = VersionLibrary(read_version)
    keys = Keys("k1", {"k1": b"k" * 32}, b"only for tests", b"r" * 32)
    app = create_app(office, Settings(home=home, session_hours=24 * 400), keys)
    app.config["WTF_CSRF_ENABLED"] = False
    with office.database.reading() as session:
        authorities = {row.key: row.id for row in session.scalars(sa.select(AuthorityRow))}
        people = {row.name: row.id for row in session.scalars(sa.select(PersonRow))}
    return Town(office, clock, app, authorities["group"], authorities["other"], people)


def write(url: str, home: Path) -> dict[str, str]:
    """Write an office with its running cases to an empty database; return their ids."""
    office: Office = _office(url, home, SetClock(START))
    _settle(office)
    office.database.close()
    town = town_on(url, home)
    cases = {}
    for name, (subject, element) in STEPS.items():
        case = town.open(subject=subject)
        carry_on(town, case.id, subject, until=element)
        cases[name] = case.id
    town.office.database.close()
    return cases


def keep_sqlite(folder: Path, home: Path) -> dict[str, str]:
    """Write the office on SQLite and keep it with its papers; return the cases."""
    cases = write(f"sqlite:///{home}/office.db", home)
    database = open_database(f"sqlite:///{home}/office.db")
    copy_database(database, home / "copy.db")
    database.close()
    folder.mkdir(parents=True, exist_ok=True)
    packed = zstandard.ZstdCompressor(level=FINE).compress((home / "copy.db").read_bytes())
    (folder / SQLITE).write_bytes(packed)
    with zipfile.ZipFile(folder / PAPERS, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((home / "files").rglob("*")):
            if path.is_file():
                archive.write(path, str(path.relative_to(home)))
    return cases


def keep_postgres(folder: Path, home: Path, url: str, dump: Path) -> dict[str, str]:
    """Write the office on a database of PostgreSQL and keep it as statements; return the cases.

    Args:
        folder: The release's.
        home: For its papers.
        url: An empty database.
        dump: The program ``pg_dump``.
    """
    cases = write(url, home)
    parsed = sa.make_url(url)
    done = subprocess.run(  # noqa: S603 -- PostgreSQL's own
        [
            str(dump),
            "--no-owner",
            "--no-privileges",
            "--rows-per-insert=200",
            f"--host={parsed.host}",
            f"--port={parsed.port}",
            f"--username={parsed.username}",
            str(parsed.database),
        ],
        check=True,
        capture_output=True,
    )
    plain = b"\n".join(line for line in done.stdout.splitlines() if not line.startswith(b"\\"))
    (folder / POSTGRES).write_bytes(zstandard.ZstdCompressor(level=FINE).compress(plain))
    with zipfile.ZipFile(folder / PAPERS, "a", zipfile.ZIP_DEFLATED) as archive:
        known = set(archive.namelist())
        for path in sorted((home / "files").rglob("*")):
            name = str(path.relative_to(home))
            if path.is_file() and name not in known:
                archive.write(path, name)
    return cases


def keep_manifest(folder: Path, sqlite: dict[str, str], postgres: dict[str, str]) -> None:
    """Keep by which migrations the release's databases were written, and their cases."""
    manifest = {
        "revisions": revisions(),
        "cases": {"sqlite": sqlite, "postgres": postgres},
    }
    (folder / MANIFEST).write_bytes(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))


@contextmanager
def taken_up(release: Release, home: Path, url: str = "") -> Iterator[Town]:
    """Give a release's office on today's code: on SQLite, or on an empty PostgreSQL database.

    Args:
        release: Which.
        home: An empty folder.
        url: The empty database; SQLite in `home` if it is not given.
    """
    with zipfile.ZipFile(release.folder / PAPERS) as archive:
        archive.extractall(home)
    if url:
        statements = zstandard.decompress((release.folder / POSTGRES).read_bytes()).decode()
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute(statements)
            driver.execute("SELECT pg_catalog.set_config('search_path', 'public', false)")
        engine.dispose()
    else:
        packed = (release.folder / SQLITE).read_bytes()
        (home / "office.db").write_bytes(zstandard.decompress(packed))
    town = town_on(url or f"sqlite:///{home}/office.db", home)
    try:
        yield town
    finally:
        town.office.database.close()


def clear(folder: Path) -> None:
    """Forget what is kept of a release."""
    shutil.rmtree(folder, ignore_errors=True)
