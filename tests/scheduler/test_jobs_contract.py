"""Both carriers of jobs keep one contract: the outbox alone on SQLite, the queue on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.desk import Desk, Office, system_actor
from engine.desk.furnishing import open_office
from engine.store.outbox import MAX_ATTEMPTS, Job, OutboxJobs, free_orphans
from engine.store.tables import OutboxJob
from engine.vault import Vault
from scheduler import Clockwork, drain
from scheduler.jobs import Worker
from scheduler.queue_worker import QueueWorker
from scheduler.queueing import GRACE, QueuedJobs, rouse
from tests.postgres import fresh_database

AT = datetime(2026, 2, 9, 1, tzinfo=UTC)
SYSTEM = system_actor("")
PATIENCE = 20.0
EVERY_SECOND = "* * * * * */1"


@dataclass
class Works:
    """An office with a carrier of jobs, and what it carried."""

    office: Office
    clock: SetClock
    is_queued: bool

    def enqueue(self, key: str, **options: Any) -> None:
        self.office.give(SYSTEM, _enqueue, key, **options)

    def carry(self, worker: Worker, *, nodes: int = 1) -> None:
        """Have what is due carried by as many nodes, until nothing due is left."""
        if not self.is_queued:
            threads = [
                threading.Thread(target=drain, args=(self.office, {"mail": worker}))
                for _ in range(nodes)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return
        rouse(self.office)
        with working(self.office, worker, nodes=nodes):
            wait_until(lambda: not self.due())

    def due(self) -> list[str]:
        with self.office.database.reading() as session:
            return list(
                session.scalars(
                    sa.select(OutboxJob.key).where(
                        OutboxJob.state == "todo", OutboxJob.not_before <= self.clock.now()
                    )
                )
            )

    def row(self, key: str) -> OutboxJob:
        with self.office.database.reading() as session:
            found = session.scalars(sa.select(OutboxJob).where(OutboxJob.key == key)).one()
            session.expunge_all()
            return found

    def calls(self) -> int:
        with self.office.database.reading() as session:
            return session.scalar(sa.text("SELECT count(*) FROM procrastinate_jobs")) or 0


def _enqueue(desk: Desk, /, key: str, **options: Any) -> None:
    desk.office.jobs.enqueue(desk.session, "mail", key, {"to": "p"}, **options)


def wait_until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if holds():
            return
        pause.wait(0.05)
    raise AssertionError(f"it does not hold after {PATIENCE} s")


@contextmanager
def working(office: Office, worker: Worker, *, nodes: int = 1, **options: Any) -> Iterator[None]:
    workers = [QueueWorker(office, {"mail": worker}, **options) for _ in range(nodes)]
    for one in workers:
        one.start()
    try:
        yield
    finally:
        for one in workers:
            one.stop()


def office_with(url: str, home: Path, clock: SetClock, jobs: Any) -> Office:
    return open_office(url, home, Vault({"k": b"k" * 32}, "k"), clock=clock, jobs=jobs)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An empty office's file, made once: bringing its schema up takes longer than a test."""
    home = tmp_path_factory.mktemp("migrated")
    office = office_with(f"sqlite:///{home}/w.db", home, SetClock(AT), OutboxJobs)
    connection = office.database.engine.raw_connection()
    content: bytes = connection.driver_connection.serialize()  # type: ignore[union-attr]
    connection.close()
    office.database.close()
    return content


@pytest.fixture(params=["outbox", pytest.param("queue", marks=pytest.mark.postgres)])
def works(request: pytest.FixtureRequest, migrated: bytes, tmp_path: Path) -> Iterator[Works]:
    clock = SetClock(AT)
    if request.param == "outbox":
        (tmp_path / "w.db").write_bytes(migrated)
        office = office_with(f"sqlite:///{tmp_path}/w.db", tmp_path, clock, OutboxJobs)
        yield Works(office, clock, is_queued=False)
        office.database.close()
        return
    with fresh_database() as url:
        office = office_with(url, tmp_path, clock, QueuedJobs)
        yield Works(office, clock, is_queued=True)
        office.database.close()


@pytest.fixture
def queued(tmp_path: Path) -> Iterator[Works]:
    clock = SetClock(AT)
    with fresh_database() as url:
        office = office_with(url, tmp_path, clock, QueuedJobs)
        yield Works(office, clock, is_queued=True)
        office.database.close()


class TestWhatEveryCarrierKeeps:
    """A job is part of its command, is done after it, and its key is done once."""

    def test_what_was_committed_is_carried_with_its_payload(self, works: Works) -> None:
        seen: list[tuple[str, dict[str, Any], int]] = []
        works.enqueue("k")
        works.carry(lambda _, job: seen.append((job.key, dict(job.payload), job.attempts)))
        assert seen == [("k", {"to": "p"}, 1)]
        assert works.row("k").done_at == AT

    def test_what_was_rolled_back_leaves_nothing(self, works: Works) -> None:
        with pytest.raises(RuntimeError), works.office.database.begin() as session:
            works.office.jobs.enqueue(session, "mail", "k", {})
            raise RuntimeError
        assert works.due() == []
        if works.is_queued:
            assert works.calls() == 0

    def test_a_second_of_the_same_key_is_dropped_and_its_command_lives(self, works: Works) -> None:
        seen: list[str] = []

        def twice(desk: Desk) -> None:
            _enqueue(desk, "k")
            _enqueue(desk, "k")
            _enqueue(desk, "other")

        works.office.give(SYSTEM, twice)
        works.enqueue("k")
        works.carry(lambda _, job: seen.append(job.key))
        assert sorted(seen) == ["k", "other"]

    def test_what_is_done_is_not_done_again(self, works: Works) -> None:
        seen: list[str] = []
        works.enqueue("k")
        for _ in range(2):
            works.carry(lambda _, job: seen.append(job.key))
        assert seen == ["k"]

    def test_what_must_wait_waits(self, works: Works) -> None:
        seen: list[str] = []
        works.enqueue("later", not_before=AT + timedelta(hours=1))
        works.enqueue("now")
        works.carry(lambda _, job: seen.append(job.key))
        assert seen == ["now"]
        if not works.is_queued:  # the queue waits by the machine's clock
            works.clock.move_to(AT + timedelta(hours=1))
            works.carry(lambda _, job: seen.append(job.key))
            assert seen == ["now", "later"]

    def test_what_fails_is_tried_again_and_given_up_after_eight(self, works: Works) -> None:
        def fails(office: Office, job: Job) -> None:
            raise OSError(f"no route for {job.key}")

        works.enqueue("k")
        for _ in range(MAX_ATTEMPTS):
            works.carry(fails)
            works.clock.move_to(works.clock.now() + timedelta(hours=1))
        row = works.row("k")
        assert (row.state, row.attempts) == ("dead", MAX_ATTEMPTS)
        assert row.last_error == "OSError: no route for k"

    def test_two_nodes_carry_each_job_once(self, works: Works) -> None:
        seen: list[str] = []
        for number in range(20):
            works.enqueue(f"k{number}")
        works.carry(lambda _, job: seen.append(job.key), nodes=2)
        assert sorted(seen) == sorted(f"k{number}" for number in range(20))


@pytest.mark.postgres
class TestTheQueueIsNotTheTruth:
    """The outbox says what is to be done; a call that is lost or doubled changes nothing."""

    def test_a_call_that_was_lost_is_made_again(self, queued: Works) -> None:
        queued.enqueue("k")
        with queued.office.database.begin() as session:
            session.execute(sa.text("DELETE FROM procrastinate_jobs"))
        assert rouse(queued.office) == 0  # it is not late yet
        queued.clock.move_to(AT + GRACE)
        assert rouse(queued.office) == 1
        assert rouse(queued.office) == 0  # the call waits
        queued.carry(lambda _office, _job: None)
        assert queued.row("k").state == "done"
        wait_until(lambda: queued.calls() <= 1)  # at most the sweep of this minute

    def test_a_second_call_is_refused_and_the_command_goes_on(self, queued: Works) -> None:
        queued.enqueue("k")
        job_id = queued.row("k").id
        with queued.office.database.begin() as session:
            jobs = queued.office.jobs
            assert isinstance(jobs, QueuedJobs)
            assert not jobs.call(session, job_id)
            jobs.enqueue(session, "mail", "next", {})
        assert queued.row("next").state == "todo"
        assert queued.calls() == 2

    def test_a_call_for_what_is_done_does_nothing(self, queued: Works) -> None:
        seen: list[str] = []
        queued.enqueue("k")
        queued.carry(lambda _, job: seen.append(job.key))
        jobs = queued.office.jobs
        assert isinstance(jobs, QueuedJobs)
        with queued.office.database.begin() as session:
            assert jobs.call(session, queued.row("k").id)
        queued.enqueue("k2")
        queued.carry(lambda _, job: seen.append(job.key))
        assert seen == ["k", "k2"]

    def test_the_job_of_a_worker_that_died_is_done_by_another(self, queued: Works) -> None:
        seen: list[str] = []
        queued.enqueue("k")
        with queued.office.database.begin() as session:  # as kill -9 leaves it
            session.execute(
                sa.text(
                    "INSERT INTO procrastinate_workers (last_heartbeat)"
                    " VALUES (now() - interval '1 minute')"
                )
            )
            session.execute(
                sa.text(
                    "UPDATE procrastinate_jobs SET status = 'doing',"
                    " worker_id = (SELECT max(id) FROM procrastinate_workers)"
                )
            )
            row = session.scalars(sa.select(OutboxJob)).one()
            row.claimed_until, row.attempts = AT + timedelta(minutes=5), 1
        queued.clock.move_to(AT + GRACE)
        assert rouse(queued.office) == 0  # the lease holds
        with working(queued.office, lambda _, job: seen.append(job.key), sweep=EVERY_SECOND):
            wait_until(lambda: queued.row("k").claimed_until is None)
            assert rouse(queued.office) == 1
            wait_until(lambda: queued.row("k").state == "done")
        assert seen == ["k"]
        assert queued.row("k").attempts == 2

    def test_what_a_living_worker_could_not_write_down_is_done_again_without_its_lease(
        self, queued: Works
    ) -> None:
        """The database was away when the job ended: its call is gone, its claim is not."""
        seen: list[str] = []
        queued.enqueue("k")
        with queued.office.database.begin() as session:
            session.execute(sa.text("DELETE FROM procrastinate_jobs"))
            row = session.scalars(sa.select(OutboxJob)).one()
            row.claimed_until, row.attempts = AT + timedelta(minutes=5), 1
        queued.clock.move_to(AT + GRACE)
        queued.carry(lambda _, job: seen.append(job.key))

        assert seen == ["k"]
        row = queued.row("k")
        assert (row.state, row.attempts) == ("done", 2)

    def test_what_somebody_took_up_meanwhile_stays_theirs(self, queued: Works) -> None:
        queued.enqueue("k")  # with its call
        with queued.office.database.begin() as session:
            row = session.scalars(sa.select(OutboxJob)).one()
            row.claimed_until = lease = AT + timedelta(minutes=5)
            session.flush()
            free_orphans(session, [row.id])
        assert queued.row("k").claimed_until == lease

    def test_one_that_took_each_worker_with_it_is_buried(self, queued: Works) -> None:
        queued.enqueue("k")
        with queued.office.database.begin() as session:
            session.scalars(sa.select(OutboxJob)).one().attempts = MAX_ATTEMPTS
        queued.carry(lambda _office, _job: None)
        assert queued.row("k").last_error == "its worker died each time"

    def test_a_worker_outlives_its_connections(self, queued: Works) -> None:
        seen: list[str] = []
        with working(queued.office, lambda _, job: seen.append(job.key)):
            queued.enqueue("before")
            wait_until(lambda: seen == ["before"])
            with queued.office.database.begin() as session:
                session.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
            queued.office.database.close()  # ours are replaced as well
            queued.enqueue("after")
            wait_until(lambda: seen == ["before", "after"])

    def test_an_office_without_a_queue_has_nothing_to_rouse(self, tmp_path: Path) -> None:
        office = office_with(f"sqlite:///{tmp_path}/w.db", tmp_path, SetClock(AT), OutboxJobs)
        with pytest.raises(TypeError, match="no queue"):
            rouse(office)
        office.database.close()


class TestTheClockOfANodeWithAQueue:
    """Where there is a queue the clock carries nothing itself: it calls for workers."""

    def test_it_rouses_and_does_not_carry(self, works: Works) -> None:
        seen: list[str] = []
        roused: list[Office] = []

        def note(office: Office) -> int:
            roused.append(office)
            return 0

        works.enqueue("k")
        workers = {"mail": lambda _office, job: seen.append(job.key)}
        Clockwork(works.office, workers, rouse=note).carry()
        assert (roused, seen) == ([works.office], [])
        assert works.due() == ["k"]
