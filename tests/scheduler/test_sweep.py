"""Time: what is due happens once, late but never lost; jobs are carried after the commit."""

from __future__ import annotations

import threading
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.look import open_document
from engine.desk import Office
from engine.store.outbox import LEASE, Job, effect_done
from engine.store.tables import AccessEntry, Card, DueRow, Notice, OutboxJob
from scheduler import Clockwork, drain, seal, sweep
from tests.engine.boardroom import Boardroom


def late(room: Boardroom) -> None:
    """Let the inquiry's last day, Friday 6 March 2026, pass unnoticed."""
    room.open()
    room.clock.move_to(room.clock.now().replace(month=3, day=9))


def the_job(room: Boardroom) -> OutboxJob:
    row: OutboxJob = room.one(sa.select(OutboxJob))
    return row


def enqueue(room: Boardroom, key: str = "k", kind: str = "letter") -> None:
    room.give("system", lambda desk: desk.enqueue(kind, key, {"to": room.people["陈某"]}))


class TestSweeping:
    """A sweep that did not run is late, never lost, and tells once (SUP-053)."""

    def test_what_fell_due_while_nothing_ran_happens_at_the_next_sweep(
        self, room: Boardroom
    ) -> None:
        late(room)
        assert sweep(room.office) >= 1
        assert [card.colour for card in room.all(sa.select(Card))] == ["yellow"]
        assert sweep(room.office) == 0
        assert len(room.all(sa.select(Card))) == 1

    def test_what_fails_is_put_off_and_holds_up_nothing_else(self, room: Boardroom) -> None:
        late(room)
        with room.office.database.begin() as session:
            session.add(
                DueRow(
                    authority_id=room.authority_id,
                    case_id=session.scalars(sa.select(DueRow.case_id)).first(),
                    kind="unheard-of",
                    ref="x",
                    due_at=room.clock.now() - timedelta(days=30),
                )
            )
        sweep(room.office)
        odd = room.one(sa.select(DueRow).where(DueRow.kind == "unheard-of"))
        assert (odd.state, odd.failures) == ("armed", 1)
        assert odd.not_before == room.clock.now() + timedelta(seconds=2)
        assert len(room.all(sa.select(Card))) == 1

    def test_a_defect_of_ours_is_put_off_as_well(self, room: Boardroom) -> None:
        late(room)

        def hook(moment: str, command: str) -> None:
            if (moment, command) == ("before_commit", "fire_due"):
                raise ZeroDivisionError

        room.office.hook = hook
        assert sweep(room.office) == 0
        room.office.hook = None
        assert room.all(sa.select(Card)) == []
        room.clock.move_to(room.clock.now() + timedelta(seconds=2))
        sweep(room.office)
        assert len(room.all(sa.select(Card))) == 1


class TestReminders:
    """Reminders that fall due together fire together; one that fails holds up none."""

    def near(self, room: Boardroom) -> list[str]:
        """Let the first reminders of three cases fall due; return the rows, oldest first."""
        for _ in range(3):
            room.open()
        query = sa.select(DueRow).where(DueRow.kind == "remind").order_by(DueRow.due_at, DueRow.id)
        rows = room.all(query)[:3]
        room.clock.move_to(rows[-1].due_at)
        return [row.id for row in rows]

    def seen(self, room: Boardroom) -> list[str]:
        """Note the commands that succeed from now on."""
        commands: list[str] = []

        def hook(moment: str, command: str) -> None:
            if moment == "after_commit":
                commands.append(command)

        room.office.hook = hook
        return commands

    def test_those_of_one_authority_take_one_transaction(self, room: Boardroom) -> None:
        self.near(room)
        seen = self.seen(room)
        assert sweep(room.office) == 3
        assert seen == ["fire_reminders"]

    def test_one_that_fails_is_put_off_and_the_others_fire(self, room: Boardroom) -> None:
        broken, *others = self.near(room)
        with room.office.database.begin() as session:
            session.get_one(DueRow, broken).ref = "no such deadline"
        assert sweep(room.office) == 2
        states = {row.id: (row.state, row.failures) for row in room.all(sa.select(DueRow))}
        assert states[broken] == ("armed", 1)
        assert [states[one] for one in others] == [("fired", 0)] * 2


class TestCarrying:
    """Side effects leave after the commit, and happen once however often a job is carried."""

    def test_a_job_is_done_and_done_with(self, room: Boardroom) -> None:
        enqueue(room)
        done: list[str] = []
        workers = {"letter": lambda _office, one: done.append(one.key)}
        assert drain(room.office, workers) == 1
        assert drain(room.office, workers) == 0
        assert (done, the_job(room).state) == (["k"], "done")

    def test_a_worker_that_dies_between_claim_and_effect_is_followed_by_one_that_does_it_once(
        self, room: Boardroom
    ) -> None:
        enqueue(room)
        dies = {"before": True, "after": False}

        def tell(office: Office, job: Job) -> None:
            if dies["before"]:
                raise SystemExit
            with office.database.begin() as session:
                if not effect_done(session, job.key, job.kind, office.clock.now()):
                    session.add(
                        Notice(
                            authority_id=room.authority_id,
                            person_id=str(job.payload["to"]),
                            key="letter",
                            text={"zh": "信", "en": "letter"},
                            sent_at=office.clock.now(),
                        )
                    )
            if dies["after"]:
                raise SystemExit

        def carry() -> int:
            return drain(room.office, {"letter": tell})

        with pytest.raises(SystemExit):  # claimed, and gone before the effect
            carry()
        assert carry() == 0, "the lease holds"
        room.clock.move_to(room.clock.now() + LEASE)
        dies.update(before=False, after=True)
        with pytest.raises(SystemExit):  # the effect is there, the job not yet finished
            carry()
        room.clock.move_to(room.clock.now() + LEASE)
        dies.update(after=False)
        assert carry() == 1
        assert (the_job(room).state, the_job(room).attempts) == ("done", 3)
        assert room.told("陈某").count("letter") == 1

    def test_a_job_that_fails_is_tried_again_and_given_up_after_eight(
        self, room: Boardroom
    ) -> None:
        enqueue(room)

        def fails(office: Office, job: Job) -> None:
            raise OSError(f"no route for {job.key}")

        for _ in range(8):
            assert drain(room.office, {"letter": fails}) == 0
            room.clock.move_to(room.clock.now() + timedelta(hours=1))
        assert (the_job(room).state, the_job(room).last_error) == (
            "dead",
            "OSError: no route for k",
        )

    def test_a_kind_that_nobody_takes_says_so(self, room: Boardroom) -> None:
        enqueue(room, kind="pigeon")
        drain(room.office, {})
        assert the_job(room).last_error == "no worker takes pigeon"

    def test_what_falls_due_meanwhile_waits_for_the_next_time(self, room: Boardroom) -> None:
        enqueue(room)

        def goes_on(office: Office, _job: Job) -> None:
            room.clock.move_to(room.clock.now() + timedelta(seconds=1))
            with office.database.begin() as session:
                office.jobs.enqueue(session, "end", "rest", {})

        workers = {"letter": goes_on, "end": lambda _office, _job: None}
        assert drain(room.office, workers) == 1
        assert drain(room.office, workers) == 1


class TestClockwork:
    """The clock only triggers: it holds no job of its own, and drops no tick for being late."""

    def test_it_ticks_from_the_moment_it_starts(self, room: Boardroom) -> None:
        late(room)
        enqueue(room)
        carried = threading.Event()
        clockwork = Clockwork(
            room.office, {"letter": lambda _office, _job: carried.set()}, seconds=0.01
        )
        clockwork.start()
        assert carried.wait(10)
        clockwork.stop()
        assert len(room.all(sa.select(Card))) == 1

    def test_no_deadline_waits_for_a_slow_job(self, room: Boardroom) -> None:
        enqueue(room)
        begun, goes_on = threading.Event(), threading.Event()

        def slow(_office: Office, _job: Job) -> None:
            begun.set()
            goes_on.wait(10)

        workers: Any = {"letter": slow}
        clockwork = Clockwork(room.office, workers, seconds=0.01)
        clockwork.start()
        try:
            assert begun.wait(10)
            late(room)
            until = monotonic() + 10
            while not room.all(sa.select(Card)) and monotonic() < until:
                sleep(0.01)
            assert len(room.all(sa.select(Card))) == 1
        finally:
            goes_on.set()
            clockwork.stop()

    def test_looks_are_sealed_where_there_are_any(self, room: Boardroom) -> None:
        assert seal(room.office) == 0
        room.give("陈某", open_document, room.document(room.served()).id)
        assert seal(room.office) == 1
        assert [row.batch for row in room.all(sa.select(AccessEntry))] == [1]

    def test_the_record_is_kept_beside_the_ticks(self, room: Boardroom) -> None:
        room.give("陈某", open_document, room.document(room.served()).id)
        late(room)
        clockwork = Clockwork(room.office, {}, seconds=0.01)
        clockwork.tick()
        assert [row.batch for row in room.all(sa.select(AccessEntry))] == [None]
        clockwork.start()
        until = monotonic() + 10
        while room.all(sa.select(AccessEntry))[0].batch is None and monotonic() < until:
            sleep(0.01)
        clockwork.stop()
        assert [row.batch for row in room.all(sa.select(AccessEntry))] == [1]

    def test_its_ticks_are_coalesced_single_and_never_dropped(self, room: Boardroom) -> None:
        settings: Any = Clockwork(room.office, {})._scheduler._job_defaults  # noqa: SLF001 -- scale.md §1.3
        assert settings["coalesce"] is True
        assert settings["max_instances"] == 1
        assert settings["misfire_grace_time"] is None
