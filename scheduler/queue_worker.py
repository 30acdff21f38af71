"""A worker of the queue: carries jobs on this node until it is told to stop."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import structlog
from procrastinate.jobs import Status
from procrastinate.worker import Worker as QueueReader

from engine.store.outbox import free_job
from scheduler.jobs import carry
from scheduler.queueing import CARRY, QUEUE, queue_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from procrastinate import App, JobContext

    from engine.desk import Office
    from scheduler.jobs import Worker

log = structlog.get_logger(__name__)

EVERY_MINUTE = "* * * * *"
STALLED_SECONDS = 30.0
"""A worker whose heart, which beats every ten seconds, has been silent that long is dead."""
POLL_SECONDS = 5.0
"""How often the queue is looked at; a notification comes sooner, but is never relied on."""
RETRY_SECONDS = 1.0
WATCH_SECONDS = 0.1


class QueueWorker:
    """Carries jobs from the queue in threads of this process.

    Every worker also looks, once a minute among all of them, for jobs whose worker died,
    and gives them back.
    """

    def __init__(
        self,
        office: Office,
        workers: Mapping[str, Worker],
        *,
        threads: int = 4,
        sweep: str = EVERY_MINUTE,
        stalled_seconds: float = STALLED_SECONDS,
    ) -> None:
        """Carry jobs of `office` to `workers`.

        Args:
            office: On PostgreSQL.
            workers: What does each kind of job.
            threads: How many jobs are done at once, 1 or more.
            sweep: When jobs of dead workers are looked for, as cron writes it.
            stalled_seconds: After how many silent seconds a worker counts as dead.
        """
        self._office = office
        self._workers = workers
        self._threads = threads
        self._sweep = sweep
        self._stalled_seconds = stalled_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="queue-worker")

    def start(self) -> None:
        """Begin to work in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the jobs that are being done."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def run(self) -> None:
        """Work until told to stop; a database that went away is waited for."""
        log.info("worker.started", threads=self._threads)
        while not self._stopping.is_set():
            try:
                asyncio.run(self._work())
            except Exception:
                log.exception("worker.interrupted")
                self._stopping.wait(RETRY_SECONDS)
        log.info("worker.stopped")

    async def _work(self) -> None:
        queue = queue_at(self._office.database.conninfo())
        self._furnish(queue)
        async with queue.open_async():
            reader = QueueReader(
                queue,
                concurrency=self._threads,
                fetch_job_polling_interval=POLL_SECONDS,
                stalled_worker_timeout=self._stalled_seconds,
                update_heartbeat_interval=self._stalled_seconds / 3,
                delete_jobs="always",
                install_signal_handlers=False,
            )
            watch = asyncio.create_task(self._watch(reader))
            try:
                await reader.run()  # type: ignore[no-untyped-call]
            finally:
                watch.cancel()

    async def _watch(self, reader: QueueReader) -> None:
        """Tell the reader to stop, from its own loop and until it does.

        A cancellation hangs while connections are made, and what it is told before it runs
        it forgets (procrastinate 3.10).
        """
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self._stopping.is_set():
                reader.stop()  # type: ignore[no-untyped-call]

    def _furnish(self, queue: App) -> None:
        """Give the queue its two tasks."""

        @queue.task(name=CARRY, queue=QUEUE)
        def carry_one(job_id: str) -> None:
            carry(self._office, self._workers, job_id)

        @queue.periodic(cron=self._sweep)
        @queue.task(
            name="wenze.give_back", queue=QUEUE, queueing_lock="give_back", pass_context=True
        )
        async def give_back(context: JobContext, timestamp: int) -> None:
            await self._give_back(context.app)

    async def _give_back(self, queue: App) -> None:
        """Give back the jobs of workers that died: at once, not when their lease ends."""
        stalled = await queue.job_manager.get_stalled_jobs(
            seconds_since_heartbeat=self._stalled_seconds
        )
        for call in stalled:
            job_id = call.task_kwargs.get("job_id")
            log.warning("job.stalled", job=job_id)
            if isinstance(job_id, str):
                await asyncio.to_thread(self._free, job_id)
            if call.id is not None:
                await queue.job_manager.finish_job_by_id_async(
                    job_id=call.id, status=Status.FAILED, delete_job=True
                )

    def _free(self, job_id: str) -> None:
        with self._office.database.begin() as session:
            free_job(session, job_id)
