"""Opens the office of this installation, from its settings and its keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from engine.desk import REAL, open_office
from engine.store.outbox import OutboxJobs
from engine.vault import RecordKey, Vault
from scheduler.queueing import QueuedJobs
from web.channels import channels_of
from web.keys import keys_in
from web.tracing import follow_as_set

if TYPE_CHECKING:
    from engine.clock import Clock
    from engine.desk import Office
    from web.keys import Keys
    from web.settings import Settings

FETCHED_FONTS = Path(__file__).parent.parent / ".tools" / "fonts"
"""Where `tools/fonts.py` puts Chinese fonts that the machine does not have."""


def font_folders(settings: Settings) -> list[Path]:
    """Return the folders in which documents look for fonts, beside those of the system."""
    return [*(Path(part) for part in settings.fonts.split(":") if part), FETCHED_FONTS]


def open_installation(
    settings: Settings,
    keys: Keys | None = None,
    *,
    birth: str = REAL,
    clock: Clock | None = None,
) -> Office:
    """Open the office on the database of `settings`, which is made where there is none.

    Args:
        settings: Of this installation.
        keys: Those in its home if none are given.
        birth: What a new database becomes: real or rehearsal.
        clock: What tells the time; the machine's if none is given.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    held = keys or keys_in(settings.home)
    office = open_office(
        settings.database_url,
        settings.home,
        Vault(held.masters, held.current),
        birth=birth,
        clock=clock,
        fonts=font_folders(settings),
        record_key=RecordKey(held.record),
        digest=settings.digest,
        jobs=QueuedJobs if settings.has_queue else OutboxJobs,
    )
    office.channels = channels_of(settings)
    follow_as_set(office, settings)
    office.retries_last = timedelta(hours=settings.retry_hours)
    return office
