"""Time that passes in a scenario or a rehearsal: the clock moves, and what is due happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from engine.commands.deliver_message import deliver_early, route_message
from engine.commands.depart import JOB as DEPART
from engine.commands.depart import carry_departure
from engine.commands.fire_due import fire_due
from engine.commands.link_cases import carry_child, carry_standing
from engine.commands.merge_clues import KIND as MERGE
from engine.commands.merge_clues import carry_merger
from engine.desk import system_actor
from engine.desk.linking import OPEN_CHILD, TELL_PARENT
from engine.desk.sending import EARLY, ROUTE
from engine.store.due import due_now
from engine.store.outbox import claim_jobs, finish_job
from engine.store.tables import DueRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from engine.clock import SetClock
    from engine.desk import Actor, Desk, Office
    from engine.store.outbox import Job

JOBS = 50
CARRIERS: Mapping[str, Callable[[Office, Job], None]] = {
    ROUTE: route_message,
    EARLY: deliver_early,
    OPEN_CHILD: carry_child,
    TELL_PARENT: carry_standing,
    MERGE: carry_merger,
    DEPART: carry_departure,
}
"""What carries the jobs that go between cases, and from one person's hands into another's."""


class Timed(Protocol):
    """An office whose clock is moved: a stage, or a rehearsal."""

    @property
    def office(self) -> Office:
        """Return the office."""
        ...

    @property
    def clock(self) -> SetClock:
        """Return its clock."""
        ...

    @property
    def platform(self) -> Actor:
        """Return the platform as an actor there."""
        ...


def advance(
    stage: Timed, target: datetime, *, after_each: Callable[[], None] = lambda: None
) -> None:
    """Move the clock to an instant; what falls due on the way happens at its own, in order.

    Args:
        stage: Whose clock.
        target: Aware; not before the present.
        after_each: Called after each row has fired.

    Raises:
        StepFault: A diagram failed; the clock stands where it did.
    """
    tried: set[str] = set()
    while (due := stage.office.ask(stage.platform, _next_due, target, tried)) is not None:
        due_id, authority_id, due_at = due
        tried.add(due_id)
        if due_at > stage.clock.now():
            stage.clock.move_to(due_at)
        stage.office.give(system_actor(authority_id), fire_due, due_id)
        after_each()
    stage.clock.move_to(target)


def carry(office: Office) -> None:
    """Carry messages between cases; previews are proofs for readers, of whom there are none."""
    while jobs := claim_jobs(office.database, office.clock.now(), JOBS):
        for job in jobs:
            if job.kind in CARRIERS:
                CARRIERS[job.kind](office, job)
            with office.database.begin() as session:
                finish_job(session, job.id, office.clock.now())


def _next_due(desk: Desk, target: datetime, tried: set[str]) -> tuple[str, str, datetime] | None:
    """Return the first row that is due by `target` and was not tried, with its authority."""
    for row in due_now(desk.session, target, len(tried) + 1):
        if row.id not in tried:
            return row.id, row.authority_id, desk.session.get_one(DueRow, row.id).due_at
    return None
