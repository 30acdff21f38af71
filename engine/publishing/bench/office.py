"""What an office's database carries: completions, starts and claims by several processes at once.

Each figure stands beside its floor: the bare transaction (one keyed read for update, the
state of 20 KB parsed, changed and written again, three inserts, a commit: scale.md §2) or the bare
claim of something due (scale.md §1.2), by the raw driver, from as many clients.
"""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.desk import Office
from engine.errors import EngineError
from engine.publishing.bench.place import STATES, changed, people, start, worked_cases
from engine.publishing.bench.timing import ANSWERS, MILLI
from engine.store.tables import WorkItemRow

if TYPE_CHECKING:
    from engine.publishing.bench.place import Place

Act = Callable[[], bool]
"""Does one thing; whether it was done."""
Job = Callable[[Office, int, int], Act]
"""Makes what one of so many clients does; a function of a module, so that processes find it."""

CLIENTS = (1, 2, 4)
WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a number of processes did one thing.

    Attributes:
        what: Such as ``completions`` or ``bare``.
        clients: How many processes.
        rate: Done in a second, by all of them.
        p50: Milliseconds for one; so are `p95` and `p99`.
    """

    what: str
    clients: int
    rate: float
    p50: float
    p95: float
    p99: float


def rate_of(what: str, job: Job, place: Place, *, clients: int, seconds: float) -> Rate:
    """Let as many processes do one thing, begun together, for so long."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(clients + 1)
    told = context.SimpleQueue()
    processes = [
        context.Process(
            target=_client, args=(job, place, seconds, (number, clients), (ready, told))
        )
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    ready.wait()
    durations = [one for _ in processes for one in told.get()]
    for process in processes:
        process.join()
    p50, p95, p99 = percentiles(durations)
    return Rate(what, clients, len(durations) / seconds, p50, p95, p99)


def _client(
    job: Job, place: Place, seconds: float, which: tuple[int, int], meeting: tuple[Any, Any]
) -> None:
    ready, told = meeting
    office = place.open()
    act = job(office, *which)
    for _ in range(WARM_UP):
        act()
    ready.wait()
    durations, begun = [], perf_counter()
    while (now := perf_counter()) < begun + seconds:
        if act():
            durations.append(perf_counter() - now)
    told.put(durations)
    office.database.close()


def completing(office: Office, number: int, clients: int) -> Act:
    """Return what completes a task that waits, in a case of this client's own."""
    actor, _ = people(office)
    waiting = waiting_in(office, number, clients)

    def act() -> bool:
        item = waiting()
        try:
            if item:
                office.give(actor, complete_work, item, ANSWERS)
        except EngineError:
            return False
        return bool(item)

    return act


def waiting_in(office: Office, number: int, clients: int) -> Callable[[], str]:
    """Return what names a task that waits in a case of this client's own; empty for none."""
    chance = random.Random(number)  # noqa: S311 -- which case next, no secret
    with office.database.reading() as session:
        cases = worked_cases(session)[number::clients]

    def waiting() -> str:
        query = sa.select(WorkItemRow.id).where(
            WorkItemRow.case_id == chance.choice(cases), WorkItemRow.state == "open"
        )
        with office.database.reading() as session:
            return session.scalars(query).first() or ""

    return waiting


def starting(office: Office, _number: int, _clients: int) -> Act:
    """Return what opens a case."""

    def act() -> bool:
        start(office)
        return True

    return act


def bare(office: Office, number: int, _clients: int) -> Act:
    """Return the bare transaction: a state read for update and changed, three inserts, a commit.

    Source: scale.md §2.
    """
    driver = _driver(office)
    chance = random.Random(number)  # noqa: S311 -- which row next, no secret

    def act() -> bool:
        key = chance.randint(1, STATES)
        (state,) = driver.execute(
            "SELECT state FROM bare_state WHERE id = %s FOR UPDATE", (key,)
        ).fetchone()
        driver.execute("UPDATE bare_state SET state = %s WHERE id = %s", (changed(state), key))
        for _ in range(3):
            driver.execute("INSERT INTO bare_row (text) VALUES (%s)", ("一步" * 40,))
        driver.commit()
        return True

    return act


def claiming(office: Office, number: int, _clients: int) -> Act:
    """Return the bare claim: the next row that is due, its case's state, one row more, a commit.

    Source: scale.md §1.2.
    """
    driver = _driver(office)
    chance = random.Random(number)  # noqa: S311 -- which row next, no secret

    def act() -> bool:
        row = driver.execute(
            "SELECT id FROM bare_due WHERE state = 'armed' AND due_at <= now()"
            " ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
        ).fetchone()
        if row is not None:
            key = chance.randint(1, STATES)
            (state,) = driver.execute(
                "SELECT state FROM bare_state WHERE id = %s FOR UPDATE", (key,)
            ).fetchone()
            driver.execute("UPDATE bare_state SET state = %s WHERE id = %s", (changed(state), key))
            driver.execute("INSERT INTO bare_row (text) VALUES (%s)", ("一步" * 40,))
            driver.execute("UPDATE bare_due SET state = 'fired' WHERE id = %s", row)
        driver.commit()
        return row is not None

    return act


def _driver(office: Office) -> Any:
    """Return the raw driver's connection, which lives as long as the client."""
    return office.database.engine.raw_connection().driver_connection


def percentiles(durations: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, the 95th and the 99th of a hundred, in milliseconds."""
    if len(durations) < 2:  # noqa: PLR2004 -- nothing lies between fewer
        only = durations[0] * MILLI if durations else 0.0
        return only, only, only
    cut = quantiles(durations, n=100, method="inclusive")
    return median(durations) * MILLI, cut[94] * MILLI, cut[98] * MILLI
