"""Jobs on PostgreSQL: procrastinate calls a worker on some node, the outbox says what for.

A job is a row of the outbox, as on the embedded database; with it, in the same transaction,
goes a call in the queue that holds nothing but the row's id. So the outbox stays the only
truth: a call that was lost is made again (`rouse`), one too many finds nothing to do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from engine.store.outbox import OutboxJobs, free_orphans, orphaned_jobs, uncalled_jobs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from engine.clock import Clock
    from engine.desk import Office

CARRY = "wenze.carry"
"""The one task of the queue: carry the job of an id."""
QUEUE = "wenze"
GRACE = timedelta(seconds=2)
"""For how long a job may be due without a call before one is made."""
BATCH = 200


def queue_at(conninfo: str) -> App:
    """Return the queue in the database that `conninfo` names; it is not opened yet."""
    return App(connector=PsycopgConnector(conninfo=conninfo))


class QueuedJobs:
    """Writes jobs into the outbox and calls for a worker; see `engine.ports.Jobs`."""

    def __init__(self, clock: Clock) -> None:
        """Tell the time by `clock`."""
        self._clock = clock
        self._outbox = OutboxJobs(clock)
        self._queue = queue_at("")  # calls go out on the command's own connection

    def enqueue(
        self,
        session: Any,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        not_before: datetime | None = None,
    ) -> None:
        """Write a job and its call into the caller's transaction; a second of `key` is dropped."""
        job_id = self._outbox.write(session, kind, key, payload, not_before=not_before)
        if job_id is not None:
            self.call(session, job_id, not_before=not_before)

    def call(self, session: Any, job_id: str, *, not_before: datetime | None = None) -> bool:
        """Call for a worker within the caller's transaction; return whether none was called yet.

        A call of the same job that still waits is refused by the queue. The refusal would
        break the transaction, so the call is made behind a savepoint.

        Args:
            session: Of the command.
            job_id: The row in the outbox.
            not_before: Aware; by the office's clock, which in a rehearsal is not the queue's.
        """
        wait = not_before - self._clock.now() if not_before is not None else timedelta(0)
        seconds = max(round(wait.total_seconds()), 0)
        try:
            with session.begin_nested():
                self._queue.configure_task(
                    CARRY,
                    queue=QUEUE,
                    queueing_lock=job_id,
                    schedule_in={"seconds": seconds} if seconds else None,
                    connection=session.connection().connection.driver_connection,
                ).defer(job_id=job_id)
        except AlreadyEnqueued:
            return False
        return True


def rouse(office: Office) -> int:
    """Call for what is due and has no call: retries, and what was lost; return how many.

    What is claimed without a call is nobody's any more, and is freed first.

    Any node may do it at any time; a job with two calls is carried once.
    """
    jobs = office.jobs
    if not isinstance(jobs, QueuedJobs):
        raise TypeError("this office has no queue")
    before = office.clock.now() - GRACE
    with office.database.reading() as session:
        orphaned = orphaned_jobs(session, before, BATCH)
    if orphaned:
        with office.database.begin() as session:
            free_orphans(session, orphaned)
    with office.database.reading() as session:
        waiting = uncalled_jobs(session, before, BATCH)
    if not waiting:
        return 0
    with office.database.begin() as session:
        return sum(jobs.call(session, job_id) for job_id in waiting)
