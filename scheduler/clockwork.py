"""The clock on a node: APScheduler in memory, which only triggers sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from engine.commands.anchor_record import STAMP
from scheduler.jobs import drain
from scheduler.sweep import anchor, seal, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.desk import Office
    from scheduler.jobs import Worker

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 1.0


class Clockwork:
    """Ticks while the process lives and holds no job state of its own.

    Every tick is coalesced, runs in one instance and is never dropped for being
    late (scale.md §1.3: the default grace of one second loses jobs silently). Jobs are
    carried, and the record is kept, beside the ticks: no deadline waits for a long batch, a slow
    mail server, or the day's anchor over a hundred thousand chains.
    """

    def __init__(
        self,
        office: Office,
        workers: Mapping[str, Worker],
        *,
        seconds: float = SWEEP_SECONDS,
        rouse: Callable[[Office], int] | None = None,
    ) -> None:
        """Tick every `seconds` for `office`.

        Args:
            office: Whose time it is.
            workers: What carries each kind of job.
            seconds: From tick to tick; above 0.
            rouse: Calls workers of a queue for what nobody was called for; without it the
                jobs are carried here.
        """
        self._office = office
        self._rouse = rouse
        self._workers = workers
        self._seconds = seconds
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to tick, with what fell due while nothing ran."""
        for work in (self.tick, self.carry, self.keep):
            self._scheduler.add_job(work, "interval", seconds=self._seconds, id=work.__name__)
        self._scheduler.start()
        log.info("clockwork.started", seconds=self._seconds)

    def stop(self) -> None:
        """Stop after the tick and the jobs that are running."""
        self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """Fire what is due."""
        sweep(self._office)

    def carry(self) -> None:
        """Carry the jobs that are due, or call workers of the queue for them."""
        if self._rouse is None:
            drain(self._office, self._workers)
        else:
            self._rouse(self._office)

    def keep(self) -> None:
        """Seal the looks of the record, and anchor the day where that is still to be done."""
        seal(self._office)
        anchor(self._office, stamped=STAMP in self._workers)
