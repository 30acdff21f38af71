"""长任务让路：批量办理、导出一次只占一片时间，到期的消息先走。"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands import batches as module
from engine.commands.batches import KIND, run_batch, start_batch
from engine.desk import Desk, Office, system_actor
from engine.store.outbox import Job
from engine.store.tables import Batch, BatchItem, OutboxJob
from scheduler import drain
from tests.engine.boardroom import Boardroom

SYSTEM = system_actor("")


def enqueue(desk: Desk, kind: str, key: str) -> None:
    desk.enqueue(kind, key, {})


class TestShortJobsGoFirst:
    """Between two slices of long work, what is short and due is done."""

    def test_a_mail_does_not_wait_behind_batches_that_were_due_before(
        self, room: Boardroom
    ) -> None:
        order: list[str] = []
        for number in range(3):
            room.office.give(SYSTEM, enqueue, KIND, f"batch:{number}")
        room.office.give(SYSTEM, enqueue, "mail", "mail")

        def note(office: Office, job: Job) -> None:
            assert office is room.office
            order.append(job.key)

        assert drain(room.office, {KIND: note, "mail": note}) == 4
        assert order == ["mail", "batch:0", "batch:1", "batch:2"]

    def test_one_that_falls_due_meanwhile_goes_before_the_next_batch(self, room: Boardroom) -> None:
        order: list[str] = []
        for number in range(2):
            room.office.give(SYSTEM, enqueue, KIND, f"batch:{number}")

        def note(office: Office, job: Job) -> None:
            order.append(job.key)
            if job.key == "batch:0":
                office.give(SYSTEM, enqueue, "mail", "mail")

        drain(room.office, {KIND: note, "mail": note})
        assert order == ["batch:0", "mail", "batch:1"]

    def test_the_rest_of_a_long_one_is_for_the_next_round(self, room: Boardroom) -> None:
        """Whoever stops a node waits for what has begun, not for a whole batch."""
        room.office.give(SYSTEM, enqueue, KIND, "batch:0")

        def take_a_second(office: Office, job: Job) -> None:
            room.clock.move_to(room.clock.now() + timedelta(seconds=1))
            office.give(SYSTEM, enqueue, KIND, f"{job.key}+")

        assert drain(room.office, {KIND: take_a_second}) == 1
        assert drain(room.office, {KIND: take_a_second}) == 1


class TestSlices:
    """A batch gives way after a second, however few items that was; it loses none and does none
    twice."""

    @pytest.mark.parametrize(("seconds", "jobs"), [(0.0, 4), (60.0, 1)])
    def test_it_goes_on_where_the_slice_ended(
        self, room: Boardroom, monkeypatch: pytest.MonkeyPatch, seconds: float, jobs: int
    ) -> None:
        monkeypatch.setattr(module, "SLICE_SECONDS", seconds)
        items: list[Any] = [room.item(room.open(), "ut_inquire").id for _ in range(4)]
        batch = room.give("承办甲", start_batch, "claim", items)

        drain(room.office, {KIND: run_batch})

        row = room.one(sa.select(Batch).where(Batch.id == batch.id))
        assert (row.state, row.done) == ("done", 4)
        states = room.all(sa.select(BatchItem.state).where(BatchItem.batch_id == batch.id))
        assert states == ["done"] * 4
        carried = room.all(sa.select(OutboxJob.key).where(OutboxJob.kind == KIND))
        assert len(carried) == jobs
