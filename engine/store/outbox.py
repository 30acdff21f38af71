"""Side effects that leave after the commit: the outbox, and the `Jobs` port on SQLite."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.store.retrying import (
    INWARD_ATTEMPTS,
    OUTWARD,
    OUTWARD_ATTEMPTS,
    OUTWARD_LASTS,
    attempts_of,
    wait_after,
)
from engine.store.tables import Effect, OutboxJob

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from engine.clock import Clock
    from engine.store.database import Database

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = INWARD_ATTEMPTS
_MOST = sa.case((OutboxJob.kind.in_(sorted(OUTWARD)), OUTWARD_ATTEMPTS), else_=INWARD_ATTEMPTS)
ERROR_LENGTH = 400
DIED = "its worker died each time"


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed side effect.

    Attributes:
        id: The row.
        kind: Which worker function takes it.
        key: Unique for the effect.
        payload: JSON values.
        attempts: How often it was tried, this time included; 1 or more.
    """

    id: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int


class OutboxJobs:
    """Writes jobs into a table of the same database; see `engine.ports.Jobs`."""

    def __init__(self, clock: Clock) -> None:
        """Tell the time by `clock`."""
        self._clock = clock

    def enqueue(
        self,
        session: Session,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        not_before: datetime | None = None,
    ) -> None:
        """Write a job into the caller's transaction; a second one of `key` is dropped."""
        self.write(session, kind, key, payload, not_before=not_before)

    def write(
        self,
        session: Session,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        not_before: datetime | None = None,
    ) -> str | None:
        """Write a job and return its id; None where there is one of `key` already."""
        session.flush()
        if session.scalar(sa.select(OutboxJob.id).where(OutboxJob.key == key)) is not None:
            return None
        row = OutboxJob(
            kind=kind,
            key=key,
            payload=dict(payload),
            not_before=not_before or self._clock.now(),
        )
        session.add(row)
        return row.id


def claim_jobs(
    database: Database,
    now: datetime,
    limit: int,
    *,
    only: Collection[str] = (),
    but: Collection[str] = (),
) -> list[Job]:
    """Take up to `limit` jobs that are due, oldest first, for five minutes.

    Of the kinds in `only`, where any are named, and of none in `but`.

    A job whose worker died is free again after that; `effect_done` keeps its
    effect from happening twice. One that took its worker with it as often as its kind is
    tried is a dead letter.
    """
    with database.begin() as session:
        session.execute(
            sa.update(OutboxJob)
            .where(
                OutboxJob.state == "todo",
                OutboxJob.attempts >= _MOST,
                OutboxJob.claimed_until <= now,
            )
            .values(state="dead", last_error=DIED)
        )
        rows = session.scalars(
            sa.select(OutboxJob)
            .where(
                OutboxJob.state == "todo",
                OutboxJob.not_before <= now,
                sa.or_(OutboxJob.claimed_until.is_(None), OutboxJob.claimed_until <= now),
                *([OutboxJob.kind.in_(only)] if only else []),
                *([OutboxJob.kind.not_in(but)] if but else []),
            )
            .order_by(OutboxJob.not_before, OutboxJob.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.claimed_until = now + LEASE
            row.attempts += 1
        return [_job(row) for row in rows]


def claim_job(database: Database, job_id: str, now: datetime) -> Job | None:
    """Take the job of this id as `claim_jobs` does; None if it is done, claimed or not yet due."""
    with database.begin() as session:
        row = session.scalar(
            sa.select(OutboxJob)
            .where(
                OutboxJob.id == job_id,
                OutboxJob.state == "todo",
                OutboxJob.not_before <= now,
                sa.or_(OutboxJob.claimed_until.is_(None), OutboxJob.claimed_until <= now),
            )
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        if row.attempts >= attempts_of(row.kind):
            row.state, row.last_error = "dead", DIED
            return None
        row.claimed_until = now + LEASE
        row.attempts += 1
        return _job(row)


def free_job(session: Session, job_id: str) -> None:
    """Let a job be claimed again whose worker is known to have died."""
    row = session.get(OutboxJob, job_id, with_for_update=True)
    if row is not None:
        row.claimed_until = None


def uncalled_jobs(session: Session, before: datetime, limit: int) -> list[str]:
    """Return jobs due by `before` that nobody does and no call in the queue waits for.

    Only on PostgreSQL, where the queue is.
    """
    call = sa.table("procrastinate_jobs", sa.column("queueing_lock"), sa.column("status"))
    waits = sa.exists().where(
        call.c.queueing_lock == OutboxJob.id, sa.cast(call.c.status, sa.Text) == "todo"
    )
    free = sa.or_(OutboxJob.claimed_until.is_(None), OutboxJob.claimed_until <= before)
    return list(
        session.scalars(
            sa.select(OutboxJob.id)
            .where(OutboxJob.state == "todo", OutboxJob.not_before <= before, free, ~waits)
            .order_by(OutboxJob.not_before, OutboxJob.id)
            .limit(limit)
        )
    )


def orphaned_jobs(session: Session, before: datetime, limit: int) -> list[str]:
    """Return jobs due by `before` that are claimed though no call stands for them.

    Whoever does a job holds its call until it is done or put back. Where that could not be
    written, because the database was away just then, the call is gone and the claim is not:
    without this the job would wait until its lease ends.

    Only on PostgreSQL, where the queue is.
    """
    return list(
        session.scalars(
            sa.select(OutboxJob.id)
            .where(
                OutboxJob.state == "todo",
                OutboxJob.not_before <= before,
                OutboxJob.claimed_until > before,
                _uncalled(),
            )
            .order_by(OutboxJob.not_before, OutboxJob.id)
            .limit(limit)
        )
    )


def free_orphans(session: Session, job_ids: Collection[str]) -> None:
    """Let those of the jobs be claimed again for which there is still no call."""
    free = sa.update(OutboxJob).where(
        OutboxJob.id.in_(job_ids), OutboxJob.state == "todo", _uncalled()
    )
    session.execute(free.values(claimed_until=None))


def _uncalled() -> sa.ColumnElement[bool]:
    call = sa.table("procrastinate_jobs", sa.column("queueing_lock"))
    return ~sa.exists().where(call.c.queueing_lock == OutboxJob.id)


def _job(row: OutboxJob) -> Job:
    return Job(row.id, row.kind, row.key, row.payload, row.attempts)


def finish_job(session: Session, job_id: str, now: datetime) -> None:
    """Mark a job done, in the transaction of its effect where it has one."""
    row = session.get_one(OutboxJob, job_id)
    row.state = "done"
    row.done_at = now
    row.claimed_until = None


def fail_job(
    session: Session,
    job_id: str,
    now: datetime,
    error: str,
    *,
    lasts: timedelta = OUTWARD_LASTS,
) -> bool:
    """Put a job back for later, twice as long each time; return whether it is given up.

    Then it is a dead letter, shown to administrators: what stays inside after eight attempts
    within minutes, what goes out to others after twelve over `lasts`.
    """
    row = session.get_one(OutboxJob, job_id)
    row.last_error = error[:ERROR_LENGTH]
    row.claimed_until = None
    if row.attempts >= attempts_of(row.kind):
        row.state = "dead"
        return True
    row.not_before = now + wait_after(row.kind, row.attempts, row.key, lasts=lasts)
    return False


def effect_done(session: Session, key: str, kind: str, now: datetime) -> bool:
    """Note an effect by its key; return whether it had taken place before.

    The note stands in the same transaction as the effect, so that a second
    delivery of the job finds it and does nothing.
    """
    if session.get(Effect, key) is not None:
        return True
    session.add(Effect(key=key, kind=kind, happened_at=now))
    session.flush()
    return False
