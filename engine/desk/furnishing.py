"""Opens an office on a database: the fittings that the embedded default has."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from engine.clock import RehearsalClock, SystemClock
from engine.desk.office import Office
from engine.documents.files import DiskFiles
from engine.documents.typeset import Typesetter
from engine.model.digests import SHA256
from engine.store import migrations
from engine.store.database import open_database
from engine.store.outbox import OutboxJobs
from engine.store.tables import Platform
from engine.store.versions import read_version
from engine.vault import Vault
from engine.workflow.versions import VersionLibrary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from engine.clock import Clock
    from engine.ports import Jobs
    from engine.store.database import Database
    from engine.vault import RecordKey

REAL = "real"
REHEARSAL = "rehearsal"


def open_office(
    url: str,
    home: Path,
    vault: Vault,
    *,
    birth: str = REAL,
    clock: Clock | None = None,
    fonts: Sequence[Path] = (),
    record_key: RecordKey | None = None,
    digest: str = SHA256,
    jobs: Callable[[Clock], Jobs] = OutboxJobs,
) -> Office:
    """Open an office on the database at `url`, bringing its schema to this release.

    Args:
        url: The database's address.
        home: Where attachments and documents are kept.
        vault: For confidential values.
        birth: What a new database becomes: ``real`` or ``rehearsal``.
        clock: What tells the time; the machine's if none is given. In a rehearsal
            it is moved forward by the shift that the database holds.
        fonts: Folders with fonts for documents, beside those of the system.
        record_key: Signs the daily anchors of the record; none anchors nothing.
        digest: The algorithm of new digests of the record.
        jobs: What carries side effects, given the clock; the outbox alone if none is given.

    Raises:
        ValueError: `birth` is neither of the two.
    """
    if birth not in {REAL, REHEARSAL}:
        raise ValueError(f"a database is born {REAL} or {REHEARSAL}, not {birth}")
    base = clock or SystemClock()
    database = open_database(url, digest)
    migrations.upgrade(database)
    platform = _platform(database, birth, base)
    told = base
    if platform.kind == REHEARSAL:
        told = RehearsalClock(base, timedelta(seconds=platform.shift_seconds))
    return Office(
        database=database,
        clock=told,
        jobs=jobs(told),
        files=DiskFiles(home / "files"),
        vault=vault,
        versions=VersionLibrary(read_version),
        typesetter=Typesetter(fonts),
        kind=platform.kind,
        record_key=record_key,
    )


def _platform(database: Database, birth: str, clock: Clock) -> Platform:
    with database.begin() as session:
        platform = session.get(Platform, 1, with_for_update=True)
        if platform is None:
            platform = Platform(kind=birth, born_at=clock.now())
            session.add(platform)
        return platform
