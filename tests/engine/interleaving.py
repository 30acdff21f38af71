"""Two commands brought together on purpose: the first is held at its COMMIT until the second waits.

Nothing is left to chance: the first has done all but commit when the second begins, and is let go
when the second is over or the database says that it waits for a lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.desk import Office
from engine.errors import EngineError

PATIENCE = 20.0
STEP = 0.01


@dataclass(frozen=True)
class Met:
    """What became of two commands.

    Attributes:
        first: The result or error of the one that committed first.
        second: Of the other.
        second_waited: Whether it had to wait for the first.
    """

    first: Any
    second: Any
    second_waited: bool


def meet(office: Office, first: Callable[[], Any], second: Callable[[], Any]) -> Met:
    """Give `first` up to its COMMIT, then `second`, then let `first` commit."""
    at_commit, go_on = threading.Event(), threading.Event()
    outcomes: dict[str, Any] = {}

    def run(name: str, command: Callable[[], Any]) -> None:
        try:
            outcomes[name] = command()
        except EngineError as error:
            outcomes[name] = error

    leading = threading.Thread(target=run, args=("first", first))
    following = threading.Thread(target=run, args=("second", second))

    def hold(moment: str, command: str) -> None:
        if command and moment == "before_commit" and threading.current_thread() is leading:
            at_commit.set()
            assert go_on.wait(PATIENCE)

    office.hook = hold
    try:
        leading.start()
        assert at_commit.wait(PATIENCE), outcomes
        following.start()
        waited = _waits(office, following)
        go_on.set()
        leading.join(PATIENCE)
        following.join(PATIENCE)
    finally:
        go_on.set()
        office.hook = None
    return Met(outcomes.get("first"), outcomes.get("second"), waited)


def _waits(office: Office, following: threading.Thread) -> bool:
    """Return true once the database has the thread wait for a lock, false once it is over."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / STEP)):
        if not following.is_alive():
            return False
        with office.database.reading() as session:
            if session.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
                )
            ):
                return True
        pause.wait(STEP)
    raise AssertionError("the second command neither waits nor ends")
