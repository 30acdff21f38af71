"""批量办理：后台逐件办理，有进度、逐件结果，可以停止；每件只办一次。"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands import batches as module
from engine.commands.accounts import lock_account
from engine.commands.batches import (
    KIND,
    do_batch_item,
    note_batch_refusal,
    run_batch,
    start_batch,
    stop_batch,
)
from engine.desk.views.accompanying import batch_view, batches
from engine.errors import NotFound
from engine.store.outbox import Job, claim_jobs
from engine.store.tables import Batch, BatchItem, CaseRow, OutboxJob, WorkItemRow
from scheduler.jobs import drain
from tests.engine.boardroom import INQUIRY, Boardroom, refused

WORKERS = {KIND: run_batch}


def inquiries(room: Boardroom, count: int) -> tuple[list[CaseRow], list[str]]:
    cases = [room.open() for _ in range(count)]
    return cases, [room.item(case, "ut_inquire").id for case in cases]


def states(room: Boardroom, batch: Batch) -> list[str]:
    query = sa.select(BatchItem).where(BatchItem.batch_id == batch.id).order_by(BatchItem.number)
    return [row.state for row in room.all(query)]


def again(room: Boardroom, batch: Batch) -> Batch:
    row: Batch = room.one(sa.select(Batch).where(Batch.id == batch.id))
    return row


def claimed(room: Boardroom) -> Job:
    [job] = claim_jobs(room.office.database, room.clock.now(), 1)
    return job


class TestABatch:
    """逐件办理，一件被拒绝不影响其余。"""

    def test_each_item_has_its_own_result(self, room: Boardroom) -> None:
        cases, items = inquiries(room, 3)
        room.claim("承办乙", cases[1], "ut_inquire")

        batch = room.give("承办甲", start_batch, "claim", items)
        assert (batch.state, batch.total) == ("running", 3)
        drain(room.office, WORKERS)

        assert states(room, batch) == ["done", "refused", "done"]
        done = again(room, batch)
        assert (done.state, done.done, done.refused) == ("done", 2, 1)
        view = room.office.ask(room.actor("承办甲"), batch_view, batch.id)
        assert (view.items[1].message, view.items[1].params["by"]) == ("item.taken", "承办乙")
        assert view.items[0].label == f"{cases[0].number} 调查"
        assert room.facts().count("batch_done") == 1
        assert room.breaches() == []

    def test_assigned_and_reminded_and_transferred(self, room: Boardroom) -> None:
        cases, items = inquiries(room, 2)
        to = room.people["承办乙"]
        room.give("承办甲", start_batch, "assign", items, {"to": room.people["承办甲"]})
        drain(room.office, WORKERS)
        room.give("主席", start_batch, "remind", items)
        drain(room.office, WORKERS)
        given = {"to": to, "reasons": "调岗。"}
        room.give("承办甲", start_batch, "transfer", items, given)
        drain(room.office, WORKERS)

        assert [room.item(case, "ut_inquire").claimed_by for case in cases] == [to, to]
        assert room.told("承办甲").count("work.reminded") == 2
        orders = room.office.ask(room.actor("承办甲"), batches)
        assert {one.kind for one in orders} == {"assign", "transfer"}

    def test_completed_alike_with_the_same_answers(self, room: Boardroom) -> None:
        cases, items = inquiries(room, 2)
        room.give("承办甲", start_batch, "complete", items, {"answers": dict(INQUIRY)})
        drain(room.office, WORKERS)
        assert [room.waits_for(case) for case in cases] == [["ut_decide"], ["ut_decide"]]

    def test_answers_that_do_not_fit_are_refused_item_by_item(self, room: Boardroom) -> None:
        cases, items = inquiries(room, 2)
        batch = room.give("承办甲", start_batch, "complete", items, {"answers": None})
        drain(room.office, WORKERS)
        assert states(room, batch) == ["refused", "refused"]
        assert room.waits_for(cases[0]) == ["ut_inquire"]


class TestOrdering:
    """不能批量的，当场拒绝。"""

    def test_refusals(self, room: Boardroom) -> None:
        cases, items = inquiries(room, 2)
        give = room.give
        refused(lambda: give("承办甲", start_batch, "decide", items), "batch.kind")
        refused(lambda: give("承办甲", start_batch, "claim", []), "batch.how_many")
        many = [str(number) for number in range(2001)]
        refused(lambda: give("承办甲", start_batch, "claim", many), "batch.how_many")
        with pytest.raises(NotFound):
            give("承办甲", start_batch, "claim", [items[0], "none"])
        room.do("承办甲", cases[0], "ut_inquire", **INQUIRY)
        body = room.item(cases[0], "ut_decide").id
        refused(lambda: give("主席", start_batch, "complete", [items[1], body]), "batch.not_alike")
        refused(lambda: give("主席", start_batch, "complete", [body]), "batch.one_by_one")


class TestStopping:
    """停止后，已办的保留，其余不动；停止的人须是发起的人。"""

    def test_stopped_in_the_middle(self, room: Boardroom, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "AT_ONCE", 2)
        cases, items = inquiries(room, 5)
        batch = room.give("承办甲", start_batch, "claim", items)
        job = claimed(room)
        run_batch(room.office, job)  # the first two; the rest is another job

        assert again(room, batch).done == 2
        room.give("承办甲", stop_batch, batch.id)
        drain(room.office, WORKERS)

        assert states(room, batch) == ["done", "done", "todo", "todo", "todo"]
        assert room.item(cases[4], "ut_inquire").state == "open"
        assert room.facts().count("batch_stopped") == 1
        refused(lambda: room.give("承办甲", stop_batch, batch.id), "batch.over")

    def test_stopped_while_a_job_runs(self, room: Boardroom) -> None:
        _, items = inquiries(room, 3)
        batch = room.give("承办甲", start_batch, "claim", items)

        def stop(moment: str, command: str) -> None:
            if (moment, command) == ("after_commit", "do_batch_item"):
                room.office.hook = None
                room.give("承办甲", stop_batch, batch.id)

        room.office.hook = stop
        drain(room.office, WORKERS)

        assert states(room, batch) == ["done", "todo", "todo"]

    def test_not_by_another(self, room: Boardroom) -> None:
        _, items = inquiries(room, 1)
        batch = room.give("承办甲", start_batch, "claim", items)
        with pytest.raises(NotFound):
            room.give("承办乙", stop_batch, batch.id)
        for name, number in (("承办乙", 1), ("承办甲", 9)):
            with pytest.raises(NotFound):
                room.give(name, do_batch_item, batch.id, number)


class TestOnce:
    """同一件只办一次，进程中断后接着办。"""

    def test_a_job_done_twice_does_nothing_twice(self, room: Boardroom) -> None:
        _, items = inquiries(room, 2)
        batch = room.give("承办甲", start_batch, "claim", items)
        job = claimed(room)
        assert room.give("承办甲", do_batch_item, batch.id, 1) is True
        assert room.give("承办甲", do_batch_item, batch.id, 1) is False
        room.give("承办甲", note_batch_refusal, batch.id, 1, "x", {})
        run_batch(room.office, job)
        run_batch(room.office, job)

        assert (again(room, batch).done, again(room, batch).refused) == (2, 0)
        taken = room.all(sa.select(WorkItemRow).where(WorkItemRow.state == "claimed"))
        assert len(taken) == 2

    def test_a_closed_account_does_nothing_more(self, room: Boardroom) -> None:
        _, items = inquiries(room, 1)
        batch = room.give("承办甲", start_batch, "claim", items)
        room.give("管理员", lock_account, "u1")
        drain(room.office, WORKERS)
        assert states(room, batch) == ["todo"]

    def test_an_item_that_is_gone_for_the_actor_is_refused(self, room: Boardroom) -> None:
        _, items = inquiries(room, 1)
        batch = room.give("外人", start_batch, "claim", items)
        drain(room.office, WORKERS)
        assert states(room, batch) == ["refused"]
        assert room.one(sa.select(BatchItem)).message == "batch.not_found"

    def test_many_go_on_in_further_jobs(
        self, room: Boardroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "AT_ONCE", 50)
        monkeypatch.setattr(module, "SLICE_SECONDS", 60.0)
        _, items = inquiries(room, 51)
        batch = room.give("承办甲", start_batch, "claim", items)
        drain(room.office, WORKERS)
        assert again(room, batch).done == 51
        jobs = room.all(sa.select(OutboxJob).where(OutboxJob.kind == KIND))
        assert [job.key.rpartition(":")[2] for job in jobs] == ["1", "51"]
