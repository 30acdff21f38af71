"""Carries jobs from the outbox to the functions that do them."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Protocol

import structlog

from engine.commands import batches, depart, exports, let_papers_go, retire
from engine.store.outbox import claim_job, claim_jobs, fail_job, finish_job

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.desk import Office
    from engine.store.outbox import Job

log = structlog.get_logger(__name__)

BATCH = 20
LONG = frozenset({batches.KIND, exports.KIND, depart.JOB, retire.KIND, let_papers_go.KIND})
"""Kinds whose jobs take a second and more."""


class Worker(Protocol):
    """Does the jobs of one kind.

    It may be called again for a job whose first call died half-way; what must not
    happen twice is kept apart by the job's key.
    """

    def __call__(self, office: Office, job: Job) -> None:
        """Do `job`."""
        ...


def drain(office: Office, workers: Mapping[str, Worker]) -> int:
    """Do every job that was due when it began; return how many succeeded.

    What falls due meanwhile, such as the rest of a long batch, is for the next time: whoever
    stops a node waits for no more than what has begun. Before each long job the short ones that
    have fallen due by then go first, so that a mail waits for one slice of one batch at most.
    """
    began = office.clock.now()
    done = 0
    while True:
        now = office.clock.now()
        while jobs := claim_jobs(office.database, now, BATCH, but=LONG):
            for job in jobs:
                done += _do(office, workers, job)
        long = claim_jobs(office.database, began, 1, only=LONG)
        if not long:
            return done
        done += _do(office, workers, long[0])


def carry(office: Office, workers: Mapping[str, Worker], job_id: str) -> bool:
    """Do the one job of this id unless it is done or somebody else does it; say whether."""
    job = claim_job(office.database, job_id, office.clock.now())
    return job is not None and bool(_do(office, workers, job))


def _do(office: Office, workers: Mapping[str, Worker], job: Job) -> int:
    """Do one job; one of the two doors at which every exception is caught."""
    error = f"no worker takes {job.kind}"
    try:
        if job.kind in workers:
            with office.tracer.span("job", job.kind) if office.tracer else nullcontext():
                workers[job.kind](office, job)
            error = ""
    except Exception as raised:
        log.exception("job.failed", kind=job.kind, key=job.key)
        error = f"{type(raised).__name__}: {raised}"
    with office.database.begin() as session:
        if not error:
            finish_job(session, job.id, office.clock.now())
            return 1
        now, lasts = office.clock.now(), office.retries_last
        if fail_job(session, job.id, now, error, lasts=lasts):
            log.error("job.dead", kind=job.kind, key=job.key, error=error)
    return 0
