"""A process killed in mid-case and started again: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import SetClock
from engine.store.record import verify
from engine.store.tables import AuditEntry, CaseRow, DecisionRow, DocumentRow, WorkItemRow
from tests.engine.boardroom import MONDAY, boardroom_in, office_at
from tests.engine.conftest import Built

ROOT = Path(__file__).parents[2]
SEED = 20260301
KILLS = 6
ID_LENGTH = 36


def run_until_killed(home: Path, seconds: float) -> list[list[str]]:
    """Start the process, kill it `seconds` after it is ready, return what it said was accepted."""
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH", ""), "."]))
    with (home / "errors.txt").open("w") as errors:
        process = subprocess.Popen(  # noqa: S603 -- our own script
            [sys.executable, "-m", "tests.engine.working_until_killed", str(home)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
    assert process.stdout is not None
    while (line := process.stdout.readline()) and line != "ready \n":
        pass
    timer = threading.Timer(seconds, process.send_signal, [signal.SIGKILL])
    timer.start()
    said, _ = process.communicate()
    timer.join()
    assert process.returncode == -signal.SIGKILL, (home / "errors.txt").read_text()
    words = [line.split() for line in said.splitlines()]
    return [word for word in words if len(word) == 2 and len(word[1]) == ID_LENGTH]


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_what_was_accepted_is_there_once_and_every_case_stands_in_one_place(
    built_boardroom: Built, tmp_path: Path
) -> None:
    (tmp_path / "w.db").write_bytes(built_boardroom.content)
    moments = random.Random(SEED)  # noqa: S311 -- when to kill, no secret
    accepted: list[list[str]] = []
    for _ in range(KILLS):
        accepted += run_until_killed(tmp_path, moments.uniform(0.3, 1.8))

    office = office_at(f"sqlite:///{tmp_path}/w.db", tmp_path, SetClock(MONDAY))
    room = boardroom_in(office, SetClock(MONDAY))
    opened = [which for what, which in accepted if what == "opened"]
    done = [which for what, which in accepted if what == "done"]
    assert len(opened) >= KILLS
    assert len(done) >= KILLS
    cases = {row.id: row for row in room.all(sa.select(CaseRow))}
    items = {row.id: row for row in room.all(sa.select(WorkItemRow))}
    assert set(opened) <= set(cases)
    assert {items[which].state for which in done} == {"done"}

    entries = room.all(sa.select(AuditEntry).where(AuditEntry.fact == "work_completed"))
    times = Counter(str(entry.details["item"]) for entry in entries)
    assert set(times.values()) == {1}
    assert {row.id for row in items.values() if row.state == "done"} == set(times)

    for case_id in cases:
        elements = [row.element for row in items.values() if row.case_id == case_id]
        waiting = [row for row in items.values() if row.case_id == case_id and row.state != "done"]
        assert len(waiting) == 1, (case_id, elements)
        assert len(elements) == len(set(elements))
    numbers = sorted(int(row.number.split("〕")[1].removesuffix("号")) for row in cases.values())
    assert numbers == list(range(1, len(cases) + 1))
    for table in (DecisionRow, DocumentRow):
        assert set(Counter(room.all(sa.select(table.case_id))).values()) <= {1}
    with office.database.reading() as session:
        assert list(verify(session)) == []
    office.database.close()
