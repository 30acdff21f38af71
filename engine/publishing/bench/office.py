"""What an office's database carries: completions, starts and timers by several processes at once.

Each figure stands beside its floor: the bare transaction (one keyed read for update, an
update of the state, three inserts, a commit) by the raw driver, from as many clients.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.clock import SystemClock
from engine.commands.complete_work import complete_work
from engine.commands.fire_due import fire_due
from engine.commands.open_case import open_case
from engine.desk import REHEARSAL, Actor, Office, open_office, system_actor
from engine.desk.views import inbox
from engine.errors import EngineError
from engine.publishing.bench.timing import ANSWERS, LOOP, MILLI, settle
from engine.store.due import due_now
from engine.store.replay import dropped, made
from engine.store.tables import CaseRow, DueRow, PersonRow, WorkItemRow
from engine.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.desk import Desk

NAME = "wenze_bench_office"
CLIENTS = (1, 2, 4)
PAUSE = 0.05
STATE = 5_000
REMIND = "remind"
KEY = b"k" * 32


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a number of processes did one thing.

    Attributes:
        what: ``completions``, ``starts``, ``bare`` or ``timers``.
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


@dataclass(frozen=True, slots=True)
class Drain:
    """How a heap of timers that fell due at once was worked off, and how an inbox fared.

    Attributes:
        timers: How many there were.
        rate: Fired in a second.
        inbox_idle: The 95th of a hundred inbox pages, milliseconds, before.
        inbox_busy: The same while it drained.
    """

    timers: int
    rate: float
    inbox_idle: float
    inbox_busy: float


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late timers fired that fell due evenly; milliseconds.

    Attributes:
        a_second: How many fell due each second.
    """

    a_second: int
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that one run measured, and beside how many open cases."""

    cases: int
    rates: tuple[Rate, ...]
    drain: Drain
    lateness: Lateness


def office_figures(
    url: str,
    *,
    cases: int = 10_000,
    seconds: float = 5.0,
    timers: int = 1_000,
    clients: Sequence[int] = CLIENTS,
) -> Figures:
    """Measure on a server of PostgreSQL; a database is made there and removed.

    Args:
        url: The server's.
        cases: How many open cases lie beside those that are worked on.
        seconds: How long each number of clients works.
        timers: How many fall due at once.
        clients: The numbers of processes to be measured.
    """
    with tempfile.TemporaryDirectory(prefix="wenze-bench-") as folder:
        address = made(url, NAME)
        try:
            return _measured((address, Path(folder)), cases, seconds, timers, clients)
        finally:
            dropped(url, NAME)


def _measured(
    place: tuple[str, Path], cases: int, seconds: float, timers: int, clients: Sequence[int]
) -> Figures:
    url, home = place
    office = _open(url, home)
    settle(office)
    for _ in range(max(timers, 200)):
        _start(office)
    _heap(office, cases)
    rates: list[Rate] = []
    for number in clients:
        for what, job in (("bare", _bare), ("completions", _completing), ("starts", _starting)):
            rates.append(_together(what, job, place, number, seconds))
    drain = _drain(office, url, home, timers)
    lateness = _lateness(office, url, home, seconds)
    office.database.close()
    return Figures(cases, tuple(rates), drain, lateness)


def _open(url: str, home: Path) -> Office:
    return open_office(url, home, Vault({"k1": KEY}, "k1"), birth=REHEARSAL, clock=SystemClock())


def _start(office: Office) -> None:
    actor, subject = _people(office)
    office.give(actor, open_case, LOOP.name, {"summary": "计时"}, subject_id=subject)


def _people(office: Office) -> tuple[Actor, str]:
    with office.database.reading() as session:
        rows = {row.name: row for row in session.scalars(sa.select(PersonRow))}
    clerk = rows["办理"]
    return Actor(clerk.id, clerk.authority_id), rows["相关"].id


def _heap(office: Office, cases: int) -> None:
    """Lay open cases beside the others: rows of one, copied, with their task, inbox and timers."""
    columns = {
        table: [column.name for column in office_table.columns]
        for table, office_table in CaseRow.metadata.tables.items()
        if table in {"case_file", "work_item", "inbox", "due"}
    }
    with office.database.begin() as session:
        of = session.scalars(sa.select(CaseRow.id).limit(1)).one()
        item = session.scalars(sa.select(WorkItemRow.id).where(WorkItemRow.case_id == of)).one()
        fresh = {
            "case_file": {"id": "{case}", "number": "'heap ' || n"},
            "work_item": {"id": "{item}", "case_id": "{case}", "item": "'heap ' || n"},
            "inbox": {"work_item_id": "{item}", "case_id": "{case}"},
            "due": {"id": "md5(t.id || n)", "case_id": "{case}", "ref": "t.ref || n"},
        }
        names = {"{case}": "md5('case' || n)", "{item}": "md5('item' || n)"}
        for table, changed in fresh.items():
            if table not in columns:
                continue
            given = [changed.get(name, f't."{name}"') for name in columns[table]]
            said = ", ".join(names.get(one, one) for one in given)
            into = ", ".join(f'"{name}"' for name in columns[table])
            key = "t.id" if table == "case_file" else "t.case_id"
            session.execute(
                sa.text(
                    f"INSERT INTO {table} ({into}) SELECT {said} FROM {table} t,"  # noqa: S608 -- names are ours
                    f" generate_series(1, {cases}) n WHERE {key} = :of"
                ),
                {"of": of},
            )
        assert item  # noqa: S101 -- the case copied has a task
        session.execute(sa.text("CREATE TABLE bare_state (id int PRIMARY KEY, state bytea)"))
        session.execute(sa.text("CREATE TABLE bare_row (id bigserial PRIMARY KEY, text text)"))
        session.execute(
            sa.text("INSERT INTO bare_state SELECT n, :state FROM generate_series(1, 500) n"),
            {"state": b"s" * STATE},
        )
    with office.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))


def _together(what: str, job: Any, place: tuple[str, Path], clients: int, seconds: float) -> Rate:
    """Let as many processes do one thing, begun together."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(clients + 1)
    told = context.SimpleQueue()
    processes = [
        context.Process(target=_client, args=(job, place, seconds, number, (ready, told)))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    ready.wait()
    durations = [one for _ in processes for one in told.get()]
    for process in processes:
        process.join()
    p50, p95, p99 = _percentiles(durations)
    return Rate(what, clients, len(durations) / seconds, p50, p95, p99)


def _client(
    job: Any, place: tuple[str, Path], seconds: float, number: int, meeting: tuple[Any, Any]
) -> None:
    ready, told = meeting
    office = _open(*place)
    act = job(office, random.Random(number))  # noqa: S311 -- which case next, no secret
    for _ in range(3):
        act()
    ready.wait()
    durations, begun = [], perf_counter()
    while (now := perf_counter()) < begun + seconds:
        if act():
            durations.append(perf_counter() - now)
    told.put(durations)
    office.database.close()


def _completing(office: Office, chance: random.Random) -> Callable[[], bool]:
    """Return what completes a task that waits; one that another was first on does not count."""
    actor, _ = _people(office)
    with office.database.reading() as session:
        cases = session.scalars(
            sa.select(CaseRow.id).where(~CaseRow.number.like("heap%")).order_by(CaseRow.id)
        ).all()

    def act() -> bool:
        with office.database.reading() as session:
            item = session.scalars(
                sa.select(WorkItemRow.id).where(
                    WorkItemRow.case_id == chance.choice(cases), WorkItemRow.state == "open"
                )
            ).first()
        try:
            if item is not None:
                office.give(actor, complete_work, item, ANSWERS)
        except EngineError:
            return False
        return item is not None

    return act


def _starting(office: Office, _chance: random.Random) -> Callable[[], bool]:
    actor, subject = _people(office)

    def act() -> bool:
        office.give(actor, open_case, LOOP.name, {"summary": "计时"}, subject_id=subject)
        return True

    return act


def _bare(office: Office, chance: random.Random) -> Callable[[], bool]:
    """Return the bare transaction: a keyed read for update, an update, three inserts, a commit."""
    driver: Any = office.database.engine.raw_connection().driver_connection

    def act() -> bool:
        key = chance.randint(1, 500)
        (state,) = driver.execute(
            "SELECT state FROM bare_state WHERE id = %s FOR UPDATE", (key,)
        ).fetchone()
        driver.execute("UPDATE bare_state SET state = %s WHERE id = %s", (state, key))
        for _ in range(3):
            driver.execute("INSERT INTO bare_row (text) VALUES (%s)", ("一步" * 40,))
        driver.commit()
        return True

    return act


def _make_due(office: Office, timers: int, *, a_second: int = 0) -> None:
    """Let reminders of the worked cases fall due: now, or so many each second from now on."""
    with office.database.begin() as session:
        rows = session.scalars(
            sa.select(DueRow)
            .join(CaseRow, CaseRow.id == DueRow.case_id)
            .where(~CaseRow.number.like("heap%"), DueRow.state == "armed", DueRow.kind == REMIND)
            .limit(timers)
        ).all()
        now = office.clock.now()
        for number, row in enumerate(rows):
            after = timedelta(seconds=1 + number / a_second) if a_second else timedelta(0)
            row.due_at = now + after
            row.not_before = None


def _drain(office: Office, url: str, home: Path, timers: int) -> Drain:
    """Let a heap of timers fall due at once; look at an inbox while it is worked off."""
    idle = _percentiles(_pages(office, 40))[1]
    _make_due(office, timers)
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(2)
    told = context.SimpleQueue()
    node = context.Process(target=_sweeping, args=(url, str(home), 0.0, ready, told))
    node.start()
    ready.wait()
    pages: list[float] = []
    while told.empty():
        pages += _pages(office, 1)
    fired, seconds = told.get()
    node.join()
    return Drain(fired, fired / seconds, idle, _percentiles(pages)[1])


def _lateness(office: Office, url: str, home: Path, seconds: float) -> Lateness:
    """Let fifty timers fall due each second; return how late they fired."""
    a_second = 50
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(2)
    told = context.SimpleQueue()
    node = context.Process(target=_sweeping, args=(url, str(home), seconds + 2, ready, told))
    node.start()
    ready.wait()
    begun = office.clock.now()
    _make_due(office, round(a_second * seconds), a_second=a_second)
    told.get()
    node.join()
    with office.database.reading() as session:
        rows = session.execute(
            sa.select(DueRow.due_at, DueRow.fired_at).where(
                DueRow.kind == REMIND, DueRow.state == "fired", DueRow.due_at > begun
            )
        ).all()
    late = [(row.fired_at - row.due_at).total_seconds() for row in rows]
    p50, _, p99 = _percentiles(late)
    return Lateness(a_second, p50, p99)


def _sweeping(url: str, home: str, seconds: float, ready: Any, told: Any) -> None:
    """Fire what is due: until nothing is left, or for so many seconds, as a scheduler ticks."""
    office = _open(url, Path(home))
    ready.wait()
    fired, begun = 0, perf_counter()
    pause = threading.Event()
    while True:
        with office.database.reading() as session:
            due = due_now(session, office.clock.now(), 200)
        for due_id, authority in due:
            fired += office.give(system_actor(authority), fire_due, due_id)
        if not due and perf_counter() - begun >= seconds:
            break
        if not due:
            pause.wait(PAUSE)
    told.put((fired, perf_counter() - begun))
    office.database.close()


def _first_page(desk: Desk, /) -> object:
    return inbox(desk)


def _pages(office: Office, times: int) -> list[float]:
    actor, _ = _people(office)
    durations = []
    for _ in range(times):
        begun = perf_counter()
        office.ask(actor, _first_page)
        durations.append(perf_counter() - begun)
    return durations


def _percentiles(durations: Sequence[float]) -> tuple[float, float, float]:
    """Return the median, the 95th and the 99th of a hundred, in milliseconds."""
    if len(durations) < 2:  # noqa: PLR2004 -- nothing lies between fewer
        only = durations[0] * MILLI if durations else 0.0
        return only, only, only
    cut = quantiles(durations, n=100, method="inclusive")
    return median(durations) * MILLI, cut[94] * MILLI, cut[98] * MILLI
