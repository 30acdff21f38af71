"""重试：内部任务几分钟内八次；发往外部的十二次、约一天，间隔渐长并错开，然后列为未送达。"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store.database import Database
from engine.store.outbox import LEASE, claim_job, claim_jobs, fail_job
from engine.store.retrying import (
    INWARD_ATTEMPTS,
    OUTWARD_ATTEMPTS,
    OUTWARD_LASTS,
    attempts_of,
    wait_after,
)
from engine.store.tables import OutboxJob

AT = datetime(2026, 2, 9, 1, tzinfo=UTC)
MAIL = "deliver_notices"
KEYS = st.text(max_size=30)


def put(database: Database, key: str) -> str:
    with database.begin() as session:
        row = OutboxJob(kind=MAIL, key=key, payload={}, not_before=AT)
        session.add(row)
        return row.id


class TestWaits:
    """What is inside comes back in seconds; what is outside over a day."""

    def test_inside_two_four_eight_seconds(self) -> None:
        seconds = [wait_after("preview", one, "k").total_seconds() for one in (1, 2, 3, 7)]
        assert seconds == [2, 4, 8, 128]

    def test_outside_from_under_a_minute_to_half_a_day(self) -> None:
        waits = [wait_after(MAIL, one, "k") for one in range(1, OUTWARD_ATTEMPTS)]
        # a day in 2047 parts of 42.2 s; the first wait is one of them, the last 1024
        assert timedelta(seconds=33) <= waits[0] <= timedelta(seconds=51)
        assert timedelta(hours=9.6) <= waits[-1] <= timedelta(hours=14.5)

    @given(KEYS)
    def test_all_of_them_take_a_day_by_a_fifth(self, key: str) -> None:
        whole = sum(
            (wait_after(MAIL, one, key) for one in range(1, OUTWARD_ATTEMPTS)), timedelta(0)
        )
        assert OUTWARD_LASTS * 0.8 <= whole <= OUTWARD_LASTS * 1.2

    @given(KEYS, st.integers(1, OUTWARD_ATTEMPTS - 2))
    def test_each_is_longer_than_the_one_before(self, key: str, attempt: int) -> None:
        assert wait_after(MAIL, attempt + 1, key) > wait_after(MAIL, attempt, key)

    def test_two_jobs_of_one_minute_come_apart(self) -> None:
        assert len({wait_after(MAIL, 5, f"k{one}") for one in range(20)}) == 20

    def test_every_node_waits_the_same(self) -> None:
        assert wait_after(MAIL, 5, "k") == wait_after(MAIL, 5, "k")

    def test_how_long_is_set(self) -> None:
        hour = timedelta(hours=1)
        assert wait_after(MAIL, 3, "k", lasts=hour) == wait_after(MAIL, 3, "k") / 24

    @pytest.mark.parametrize(("attempts", "hours"), [(0, 1), (1, 0)])
    def test_what_is_no_wait(self, attempts: int, hours: int) -> None:
        with pytest.raises(ValueError, match="wait"):
            wait_after(MAIL, attempts, "k", lasts=timedelta(hours=hours))

    def test_when_a_job_is_given_up(self) -> None:
        assert (attempts_of("preview"), attempts_of(MAIL)) == (INWARD_ATTEMPTS, OUTWARD_ATTEMPTS)
        assert (INWARD_ATTEMPTS, OUTWARD_ATTEMPTS) == (8, 12)


class TestAMailServerThatIsDown:
    """A server that is down for hours loses nothing; after a day somebody is told."""

    def test_twelve_attempts_over_a_day_then_a_dead_letter(self, database: Database) -> None:
        job_id, now, outcomes = put(database, "k"), AT, []
        for _attempt in range(OUTWARD_ATTEMPTS):
            (claimed,) = claim_jobs(database, now, 1)
            with database.begin() as session:
                outcomes.append(fail_job(session, claimed.id, now, "no route"))
            with database.reading() as session:
                now = max(now, session.get_one(OutboxJob, job_id).not_before)
        assert outcomes == [False] * 11 + [True]
        assert timedelta(hours=19) < now - AT < timedelta(hours=29)

    def test_one_that_kills_its_worker_is_buried_after_twelve(self, database: Database) -> None:
        job_id, now = put(database, "k"), AT
        for _attempt in range(OUTWARD_ATTEMPTS):
            assert claim_job(database, job_id, now) is not None
            now += LEASE
        assert claim_job(database, job_id, now) is None
        with database.reading() as session:
            assert session.get_one(OutboxJob, job_id).state == "dead"

    def test_by_the_batch_too(self, database: Database) -> None:
        put(database, "k")
        now = AT
        for _attempt in range(OUTWARD_ATTEMPTS):
            assert len(claim_jobs(database, now, 1)) == 1
            now += LEASE
        assert claim_jobs(database, now, 1) == []
