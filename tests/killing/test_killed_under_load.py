"""Nodes, clients and the database die at random under load; nothing is lost or doubled.

Two minutes by default, longer where a busy machine accepts too little in them;
WENZE_TEST_KILL_SECONDS says otherwise (600 for the long run).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import sqlalchemy as sa

from engine.clock import SystemClock
from engine.commands.publish_version import approve_version
from engine.desk.furnishing import open_office
from engine.store.record import verify
from engine.store.tables import AuditEntry, CaseRow, DueRow, OutboxJob, WorkItemRow
from engine.vault import Vault
from scheduler.queueing import QueuedJobs
from tests.engine.boardroom import KEY, Boardroom, boardroom_in, draft_of, settle
from tests.postgres import VARIABLE
from tools.postgres import Server, binaries

ROOT = Path(__file__).parents[2]
SEED = 20260822
SECONDS = int(os.environ.get("WENZE_TEST_KILL_SECONDS", "120"))
ROLES = ("client", "client", "worker", "worker", "scheduler")
CRASH_EVERY = 15.0
QUIET = 120.0
LEAST = SECONDS // 6
SLOW = 240.0

NOTED = (
    (
        '<sequenceFlow id="f1" sourceRef="start_clue" targetRef="ut_inquire"/>',
        """<sequenceFlow id="f1" sourceRef="start_clue" targetRef="gw_fork"/>
        <parallelGateway id="gw_fork"/>
        <sequenceFlow id="g1" sourceRef="gw_fork" targetRef="ut_inquire"/>
        <sequenceFlow id="g2" sourceRef="gw_fork" targetRef="ev_wait"/>
        <intermediateCatchEvent id="ev_wait"><timerEventDefinition id="t1">
        <timeDuration xsi:type="tFormalExpression">PT2S</timeDuration>
        </timerEventDefinition></intermediateCatchEvent>
        <sequenceFlow id="g3" sourceRef="ev_wait" targetRef="th_noted"/>
        <intermediateThrowEvent id="th_noted"><messageEventDefinition id="d9" messageRef="m_noted"/>
        </intermediateThrowEvent>
        <sequenceFlow id="g4" sourceRef="th_noted" targetRef="end_noted"/>
        <endEvent id="end_noted"/>""",
    ),
    (
        '<message id="m_appeal"',
        '<message id="m_noted" name="case_noted"/><message id="m_appeal"',
    ),
)
"""Beside its inquiry, each case waits two seconds and sends a message: one timer, one job."""


@dataclass
class Nodes:
    """The processes of one office; each that dies is started again.

    Attributes:
        accepted: What clients said was accepted: ``opened`` or ``done``, and its id.
        kills: How often each role was killed.
    """

    address: str
    home: Path
    accepted: list[list[str]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)
    _running: list[tuple[str, subprocess.Popen[str], threading.Thread]] = field(
        default_factory=list
    )
    _started: int = 0

    def start(self, role: str) -> None:
        self._started += 1
        path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), "."]))
        with (self.home / f"{role}-{self._started}.log").open("w") as log:
            process = subprocess.Popen(  # noqa: S603 -- our own script
                [
                    sys.executable,
                    "-m",
                    "tests.killing.node",
                    role,
                    self.address,
                    str(self.home),
                    str(self._started),
                ],
                cwd=ROOT,
                stdout=subprocess.PIPE if role == "client" else log,
                stderr=log,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
            )
        listener = threading.Thread(target=self._listen, args=(process,))
        listener.start()
        self._running.append((role, process, listener))

    def _listen(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line.endswith("\n") and len(line.split()) == 2:
                self.accepted.append(line.split())

    def least(self) -> int:
        """Return how many commands of the kind that was accepted less often there were."""
        kinds = Counter(what for what, _which in tuple(self.accepted))
        return min(kinds["opened"], kinds["done"])

    def kill(self, at: int) -> str:
        """Kill a process for good; return its role."""
        role, process, listener = self._running.pop(at)
        process.send_signal(signal.SIGKILL)
        process.wait()
        listener.join()
        if process.stdout is not None:
            process.stdout.close()
        return role

    def kill_and_replace(self, chance: random.Random) -> None:
        role = self.kill(chance.randrange(len(self._running)))
        self.kills[role] += 1
        self.start(role)

    def replace_dead(self) -> None:
        """Start again what ended because the database was away."""
        for at in reversed(range(len(self._running))):
            if self._running[at][1].poll() is not None:
                self.start(self.kill(at))

    def end(self, *roles: str) -> None:
        for at in reversed(range(len(self._running))):
            if self._running[at][0] in roles:
                self.kill(at)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of our own, which may lose power."""
    folder = binaries()
    if folder is None or not os.environ.get(VARIABLE):
        pytest.skip(f"{VARIABLE} names no server; see tools/postgres.py")
    made = Server(folder)
    made.start()
    yield made
    made.remove()


def room_at(server: Server, home: Path) -> Boardroom:
    office = open_office(server.address, home, Vault({"k1": KEY}, "k1"), jobs=QueuedJobs)
    return boardroom_in(office, SystemClock())  # type: ignore[arg-type]


def edited(path: str, text: str) -> str:
    if path.endswith(".bpmn"):
        for old, new in NOTED:
            assert old in text
            text = text.replace(old, new)
    return text


def furnish(server: Server, home: Path) -> None:
    """Settle the office, with the procedure that sends a message two seconds after opening."""
    office = open_office(server.address, home, Vault({"k1": KEY}, "k1"), jobs=QueuedJobs)
    settle(office)
    with office.database.begin() as session:
        session.execute(sa.text("CREATE TABLE told (key text NOT NULL)"))
    room = boardroom_in(office, SystemClock())  # type: ignore[arg-type]
    version = draft_of(office, room.actor("设计员"), edited)
    room.give("管理员", approve_version, version.id, effective_on=date(2026, 1, 1))
    office.database.close()


def stuck(room: Boardroom) -> tuple[dict[str, int], list[str]]:
    """Say what is pending, and of each job how it stands."""
    jobs = room.all(sa.select(OutboxJob).where(OutboxJob.state == "todo").limit(20))
    now = room.office.clock.now()
    said = [
        f"{job.kind}: tried {job.attempts}, due {job.not_before - now}, "
        f"claimed {job.claimed_until and job.claimed_until - now}, {job.last_error}"
        for job in jobs
    ]
    return pending(room), said


def wait_until(holds: Callable[[], bool], told: Callable[[], Any]) -> None:
    end = monotonic() + QUIET
    pause = threading.Event()
    while not holds():
        assert monotonic() < end, told()
        pause.wait(0.5)


def pending(room: Boardroom) -> dict[str, int]:
    """Count what is due and has not happened, in the office and in its queue."""
    with room.office.database.reading() as session:
        now = room.office.clock.now()
        due = sa.select(sa.func.count()).where(DueRow.state == "armed", DueRow.due_at <= now)
        return {
            "due": session.scalar(due.select_from(DueRow)) or 0,
            "timers": session.scalar(
                sa.select(sa.func.count())
                .select_from(DueRow)
                .where(DueRow.state == "armed", DueRow.kind == "timer")
            )
            or 0,
            "jobs": session.scalar(
                sa.select(sa.func.count()).select_from(OutboxJob).where(OutboxJob.state == "todo")
            )
            or 0,
            "calls": session.scalar(
                sa.text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'wenze.carry'")
            )
            or 0,
        }


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(SECONDS + 600)
def test_nothing_is_lost_or_done_twice(server: Server, tmp_path: Path) -> None:
    furnish(server, tmp_path)
    chance = random.Random(SEED)  # noqa: S311 -- when to kill, no secret
    nodes = Nodes(server.address, tmp_path)
    crashes = 0
    pause = threading.Event()
    for role in ROLES:
        nodes.start(role)
    try:
        end = monotonic() + SECONDS
        crash_at = monotonic() + CRASH_EVERY
        while monotonic() < end or (nodes.least() <= LEAST and monotonic() < end + SLOW):
            pause.wait(chance.uniform(1.0, 4.0))
            if monotonic() >= crash_at:
                server.crash()
                pause.wait(chance.uniform(0.0, 1.0))
                server.start()
                crashes += 1
                crash_at = monotonic() + CRASH_EVERY
            else:
                nodes.kill_and_replace(chance)
            nodes.replace_dead()
        nodes.end("client")
        room = room_at(server, tmp_path)

        def is_quiet() -> bool:
            nodes.replace_dead()
            return not any(pending(room).values())

        wait_until(is_quiet, lambda: stuck(room))
    finally:
        nodes.end(*ROLES)

    hold(room, nodes.accepted)
    assert crashes >= SECONDS // 30
    assert set(nodes.kills) == set(ROLES)
    print(f"\n{len(nodes.accepted)} commands, {dict(nodes.kills)} kills, {crashes} crashes")  # noqa: T201 -- with -s
    room.office.database.close()


def hold(room: Boardroom, accepted: list[list[str]]) -> None:
    """Hold every invariant over what the database has in the end."""
    cases = {row.id: row for row in room.all(sa.select(CaseRow))}
    items = {row.id: row for row in room.all(sa.select(WorkItemRow))}
    opened = [which for what, which in accepted if what == "opened"]
    done = [which for what, which in accepted if what == "done"]
    assert len(opened) > LEAST
    assert len(done) > LEAST

    # every accepted command is there, exactly once
    assert len(opened) == len(set(opened))
    assert len(done) == len(set(done))
    assert set(opened) <= set(cases)
    assert {items[which].state for which in done} == {"done"}
    completed = _facts(room, "work_completed")
    times = Counter(str(entry.details["item"]) for entry in completed)
    assert set(times.values()) == {1}
    assert set(times) == {row.id for row in items.values() if row.state == "done"}

    # every case has one live state
    for case_id in cases:
        of = [row for row in items.values() if row.case_id == case_id]
        assert sum(row.state != "done" for row in of) == 1, [row.element for row in of]
        assert len(of) == len({row.element for row in of})
    numbers = sorted(int(row.number.split("〕")[1].removesuffix("号")) for row in cases.values())
    assert numbers == list(range(1, len(cases) + 1))

    # no timer was lost, and none fired twice
    fired = Counter(entry.case_id for entry in _facts(room, "timer_fired"))
    assert fired == dict.fromkeys(cases, 1)

    # no side effect twice by its key, and no job stuck
    jobs = room.all(sa.select(OutboxJob))
    assert {job.state for job in jobs} == {"done"}
    routed = [job.key for job in jobs if job.kind == "route_message"]
    assert len(routed) == len(cases)
    assert Counter(room.all(sa.text("SELECT key FROM told"))) == dict.fromkeys(routed, 1)

    # the chains verify
    with room.office.database.reading() as session:
        assert list(verify(session)) == []


def _facts(room: Boardroom, fact: str) -> list[AuditEntry]:
    return room.all(sa.select(AuditEntry).where(AuditEntry.fact == fact))
