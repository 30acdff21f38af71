"""What falls due, and how an inbox fares meanwhile: asked of the database while nodes fire."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk.views import inbox
from engine.publishing.bench.office import percentiles
from engine.publishing.bench.place import HEAP, people
from engine.store.due import next_due
from engine.store.tables import CaseRow, DueRow

if TYPE_CHECKING:
    from datetime import datetime

    from engine.desk import Desk, Office

REMIND = "remind"
PAUSE = 0.05
LEAD = timedelta(seconds=2)
"""From when evenly spread timers are made until the first falls due."""


@dataclass(frozen=True, slots=True)
class Drain:
    """How a heap of timers that fell due at once was worked off, and how an inbox fared.

    Attributes:
        timers: How many there were.
        fired: How many of them fired while it was measured.
        rate: Fired in a second, from the first to the last.
        inbox_idle: The 95th of a hundred inbox pages, milliseconds, before.
        inbox_busy: The same while it drained.
    """

    timers: int
    fired: int
    rate: float
    inbox_idle: float
    inbox_busy: float


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late timers fired that fell due evenly; milliseconds.

    Attributes:
        a_second: How many fell due each second.
        timers: How many there were.
        fired: How many of them fired.
    """

    a_second: int
    timers: int
    fired: int
    p50: float
    p99: float


def drain(office: Office, timers: int, *, pages: int, longest: float) -> Drain:
    """Let a heap of timers fall due at once while nodes run, and look at an inbox meanwhile.

    The inbox is looked at up to twenty times a second, before and meanwhile: looked at without a
    pause it took a core of two.

    Args:
        office: On whose database a node of the role ``scheduler`` works.
        timers: How many fall due.
        pages: How many inbox pages are looked at before.
        longest: After how many seconds what has not fired yet is withdrawn.
    """
    pause = threading.Event()
    idle = percentiles([_page(office, pause) for _ in range(pages)])[1]
    window = _make_due(office, timers, a_second=0)
    busy: list[float] = []
    until = perf_counter() + longest
    while _waits(office, window) and perf_counter() < until:
        busy.append(_page(office, pause))
    left = _withdraw(office, window)
    fired = [at for _, at in _fired(office, window)]
    spent = (max(fired) - window[0]).total_seconds() if fired else 0.0
    rate = len(fired) / spent if spent else 0.0
    return Drain(len(fired) + left, len(fired), rate, idle, percentiles(busy)[1])


def lateness(office: Office, *, a_second: int, seconds: float, longest: float) -> Lateness:
    """Let so many timers fall due each second while nodes run; return how late they fired.

    Args:
        office: On whose database a node of the role ``scheduler`` works.
        a_second: How many fall due in a second, 1 or more.
        seconds: For how long.
        longest: How many seconds past the last of them is waited.
    """
    window = _make_due(office, round(a_second * seconds), a_second=a_second)
    pause = threading.Event()
    until = perf_counter() + LEAD.total_seconds() + seconds + longest
    while _waits(office, window) and perf_counter() < until:
        pause.wait(PAUSE)
    left = _withdraw(office, window)
    late = [(at - due_at).total_seconds() for due_at, at in _fired(office, window)]
    p50, _, p99 = percentiles(late)
    return Lateness(a_second, len(late) + left, len(late), p50, p99)


def _make_due(office: Office, timers: int, *, a_second: int) -> tuple[datetime, datetime]:
    """Let reminders of the heap fall due, now or evenly from soon on; return first and last."""
    now = office.clock.now()
    table = DueRow.metadata.tables[DueRow.__tablename__]
    with office.database.begin() as session:
        rows = session.scalars(
            sa.select(DueRow.id)
            .join(CaseRow, CaseRow.id == DueRow.case_id)
            .where(CaseRow.number.like(HEAP), DueRow.state == "armed", DueRow.kind == REMIND)
            .order_by(DueRow.id)
            .limit(timers)
        ).all()
        moments = [now + _after(number, a_second) for number in range(len(rows))]
        session.connection().execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("which"))
            .values(due_at=sa.bindparam("at"), not_before=None),
            [{"which": one, "at": at} for one, at in zip(rows, moments, strict=True)],
        )
    return moments[0], moments[-1]


def _after(number: int, a_second: int) -> timedelta:
    return LEAD + timedelta(seconds=number / a_second) if a_second else timedelta(0)


def _waits(office: Office, window: tuple[datetime, datetime]) -> bool:
    with office.database.reading() as session:
        following = next_due(session)
    return following is not None and following <= window[1]


def _withdraw(office: Office, window: tuple[datetime, datetime]) -> int:
    """Withdraw what has not fired, so that the next measurement finds nothing; how many."""
    with office.database.begin() as session:
        query = sa.update(DueRow).where(_within(window), DueRow.state == "armed")
        left = session.execute(query.values(state="withdrawn").returning(DueRow.id)).all()
    return len(left)


def _fired(office: Office, window: tuple[datetime, datetime]) -> list[tuple[datetime, datetime]]:
    """Return when each fell due and when it fired."""
    with office.database.reading() as session:
        query = sa.select(DueRow.due_at, DueRow.fired_at)
        rows = session.execute(query.where(_within(window), DueRow.state == "fired")).all()
    return [(due_at, fired_at) for due_at, fired_at in rows if fired_at is not None]


def _within(window: tuple[datetime, datetime]) -> sa.ColumnElement[bool]:
    return sa.and_(DueRow.kind == REMIND, DueRow.due_at.between(*window))


def _page(office: Office, pause: threading.Event) -> float:
    """Look at the first page of the clerk's inbox after a pause; return the page's seconds."""
    actor, _ = people(office)
    pause.wait(PAUSE)
    begun = perf_counter()
    office.ask(actor, _first_page)
    return perf_counter() - begun


def _first_page(desk: Desk, /) -> object:
    return inbox(desk)
