"""Side effects leave after the commit, at least once, and happen once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.store.database import Database
from engine.store.outbox import (
    LEASE,
    MAX_ATTEMPTS,
    OutboxJobs,
    claim_jobs,
    effect_done,
    fail_job,
    finish_job,
)
from engine.store.tables import OutboxJob

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def enqueue(database: Database, key: str, not_before: datetime | None = None) -> None:
    with database.begin() as session:
        OutboxJobs(SetClock(AT)).enqueue(session, "mail", key, {"to": "p"}, not_before=not_before)


def job(database: Database, key: str) -> OutboxJob:
    with database.reading() as session:
        return session.scalars(sa.select(OutboxJob).where(OutboxJob.key == key)).one()


class TestEnqueuing:
    """A job is part of its command: it is there if the command is, and once."""

    def test_a_second_job_of_the_same_key_is_dropped(self, database: Database) -> None:
        enqueue(database, "k")
        enqueue(database, "k")
        assert [one.key for one in claim_jobs(database, AT, 10)] == ["k"]

    def test_a_command_that_is_rolled_back_leaves_no_job(self, database: Database) -> None:
        with pytest.raises(RuntimeError), database.begin() as session:
            OutboxJobs(SetClock(AT)).enqueue(session, "mail", "k", {})
            raise RuntimeError
        assert claim_jobs(database, AT, 10) == []


class TestClaiming:
    """A claimed job is nobody else's for five minutes."""

    def test_the_oldest_come_first_and_only_so_many(self, database: Database) -> None:
        for key, minutes in (("b", 2), ("a", 1), ("later", -1)):
            enqueue(database, key, AT - timedelta(minutes=minutes))
        assert [one.key for one in claim_jobs(database, AT, 1)] == ["b"]
        assert [one.key for one in claim_jobs(database, AT, 9)] == ["a"]

    def test_what_its_worker_left_is_free_after_the_lease(self, database: Database) -> None:
        enqueue(database, "k")
        (first,) = claim_jobs(database, AT, 1)
        assert (first.attempts, first.payload) == (1, {"to": "p"})
        assert claim_jobs(database, AT + LEASE - timedelta(seconds=1), 1) == []
        (second,) = claim_jobs(database, AT + LEASE, 1)
        assert (second.id, second.attempts) == (first.id, 2)

    def test_a_job_that_takes_its_worker_with_it_each_time_is_buried(
        self, database: Database
    ) -> None:
        enqueue(database, "k")
        now = AT
        for _ in range(MAX_ATTEMPTS):
            assert len(claim_jobs(database, now, 1)) == 1
            now += LEASE
        assert claim_jobs(database, now, 1) == []
        assert (job(database, "k").state, job(database, "k").attempts) == ("dead", MAX_ATTEMPTS)

    def test_a_job_that_is_done_stays_done(self, database: Database) -> None:
        enqueue(database, "k")
        (claimed,) = claim_jobs(database, AT, 1)
        with database.begin() as session:
            finish_job(session, claimed.id, AT)
        assert claim_jobs(database, AT + LEASE, 1) == []
        assert job(database, "k").done_at == AT


class TestFailing:
    """A job that failed is tried again, twice as late each time, and given up after eight."""

    def test_it_comes_back_later_with_its_error_kept_short(self, database: Database) -> None:
        enqueue(database, "k")
        (claimed,) = claim_jobs(database, AT, 1)
        with database.begin() as session:
            assert not fail_job(session, claimed.id, AT, "x" * 500)
        row = job(database, "k")
        assert row.not_before == AT + timedelta(seconds=2)
        assert row.last_error == "x" * 400
        assert [one.attempts for one in claim_jobs(database, AT + timedelta(seconds=2), 1)] == [2]

    def test_the_eighth_failure_makes_a_dead_letter(self, database: Database) -> None:
        enqueue(database, "k")
        now = AT
        outcomes = []
        for _ in range(MAX_ATTEMPTS):
            (claimed,) = claim_jobs(database, now, 1)
            with database.begin() as session:
                outcomes.append(fail_job(session, claimed.id, now, "no route"))
            now += timedelta(hours=1)
        assert outcomes == [False] * 7 + [True]
        assert claim_jobs(database, now, 1) == []


class TestEffects:
    """`effect_done` stands in the transaction of the effect: the second delivery finds it."""

    def test_an_effect_is_noted_with_it(self, database: Database) -> None:
        with database.begin() as session:
            assert not effect_done(session, "k", "mail", AT)
            assert effect_done(session, "k", "mail", AT)
        with database.begin() as session:
            assert effect_done(session, "k", "mail", AT)

    def test_an_effect_that_was_rolled_back_has_not_happened(self, database: Database) -> None:
        with pytest.raises(RuntimeError), database.begin() as session:
            effect_done(session, "k", "mail", AT)
            raise RuntimeError
        with database.begin() as session:
            assert not effect_done(session, "k", "mail", AT)
