"""The boardroom on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.clock import SetClock
from tests.engine.boardroom import MONDAY, Boardroom, boardroom_in, office_at, settle
from tests.postgres import fresh_database


@contextmanager
def boardroom_on_postgresql(home: Path) -> Iterator[Boardroom]:
    """The boardroom on a database of its own, on Monday 9 February 2026; its files in `home`."""
    with fresh_database() as address:
        clock = SetClock(MONDAY)
        office = office_at(address, home, clock)
        try:
            settle(office)
            yield boardroom_in(office, clock)
        finally:
            office.database.close()
