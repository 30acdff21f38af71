"""Side effects that leave after the commit: the `Jobs` port on the embedded database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.store.tables import Effect, OutboxJob

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from engine.clock import Clock
    from engine.store.database import Database

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
ERROR_LENGTH = 400


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
        session.flush()
        if session.scalar(sa.select(OutboxJob.id).where(OutboxJob.key == key)) is not None:
            return
        session.add(
            OutboxJob(
                kind=kind,
                key=key,
                payload=dict(payload),
                not_before=not_before or self._clock.now(),
            )
        )


def claim_jobs(database: Database, now: datetime, limit: int) -> list[Job]:
    """Take up to `limit` jobs that are due, oldest first, for five minutes.

    A job whose worker died is free again after that; `effect_done` keeps its
    effect from happening twice. One that took its worker with it eight times is a
    dead letter.
    """
    with database.begin() as session:
        session.execute(
            sa.update(OutboxJob)
            .where(
                OutboxJob.state == "todo",
                OutboxJob.attempts >= MAX_ATTEMPTS,
                OutboxJob.claimed_until <= now,
            )
            .values(state="dead", last_error="its worker died each time")
        )
        rows = session.scalars(
            sa.select(OutboxJob)
            .where(
                OutboxJob.state == "todo",
                OutboxJob.not_before <= now,
                sa.or_(OutboxJob.claimed_until.is_(None), OutboxJob.claimed_until <= now),
            )
            .order_by(OutboxJob.not_before, OutboxJob.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.claimed_until = now + LEASE
            row.attempts += 1
        return [Job(row.id, row.kind, row.key, row.payload, row.attempts) for row in rows]


def finish_job(session: Session, job_id: str, now: datetime) -> None:
    """Mark a job done, in the transaction of its effect where it has one."""
    row = session.get_one(OutboxJob, job_id)
    row.state = "done"
    row.done_at = now
    row.claimed_until = None


def fail_job(session: Session, job_id: str, now: datetime, error: str) -> bool:
    """Put a job back for later, twice as long each time; return whether it is given up.

    After eight attempts it is a dead letter, shown to administrators.
    """
    row = session.get_one(OutboxJob, job_id)
    row.last_error = error[:ERROR_LENGTH]
    row.claimed_until = None
    if row.attempts >= MAX_ATTEMPTS:
        row.state = "dead"
        return True
    row.not_before = now + timedelta(seconds=2**row.attempts)
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
