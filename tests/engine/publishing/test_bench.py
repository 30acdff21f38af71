"""计时：一项任务的耗时分为语言、规则、存储，与同样语句的下限相比。"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.fire_due import fire_due
from engine.desk import Office, system_actor
from engine.publishing.bench import Place, drain, furnish, growth, lateness, rate_of, times
from engine.publishing.bench.office import (
    Job,
    bare,
    claiming,
    completing,
    percentiles,
    starting,
    waiting_in,
)
from engine.publishing.bench.place import worked_cases
from engine.publishing.bench.timing import NAMES, WARM, _databases, _in_turn, _split
from engine.store.database import open_database
from engine.store.due import due_now
from engine.store.replay import Split, replayed
from engine.store.tables import AuditEntry, WorkItemRow
from tests.postgres import fresh_database


class TestSplit:
    """时间只计给正在最里层运行的部分。"""

    def test_what_is_inside_counts_for_itself(self) -> None:
        split = Split()
        inner = split.timed("store", lambda: 1)
        with split.of("rules"):
            assert inner() == 1
        with pytest.raises(ZeroDivisionError):
            split.timed("language", lambda: 1 / 0)()

        assert set(split.spent) == {"rules", "store", "language"}
        assert all(seconds >= 0 for seconds in split.spent.values())


class TestTimes:
    """在同一状态的数据库上：照常办、分项记录办、按原语句重放。"""

    def test_the_parts_make_up_the_whole(self) -> None:
        found = times(completed=2, rounds=3)

        assert found.language + found.rules + found.store == pytest.approx(found.total)
        assert found.statements > 10
        assert found.ratio == pytest.approx(found.total / found.floor)

    def test_a_completion_says_no_more_than_it_must(self) -> None:
        """docs/performance.md lists them; a statement more is a round trip more for everybody."""
        found = times(completed=2, rounds=2)

        assert found.statements <= 24

    def test_a_completion_reads_first_and_writes_at_its_end(self, tmp_path: Path) -> None:
        """All that it writes is then one round trip on PostgreSQL; see `engine.store.waiting`."""
        with _databases("", tmp_path, 2) as (_, splitting, _floor):
            _, groups = _split(splitting, tmp_path, 1)
        said = [one.sql.split()[0] for one in groups[-1] if one.parameters]
        first = next(number for number, word in enumerate(said) if word != "SELECT")

        assert "SELECT" not in said[first:]
        assert (first, len(said)) == (9, 24)

    def test_a_replay_leaves_what_the_command_left(self, tmp_path: Path) -> None:
        with _databases("", tmp_path, 2) as (_, splitting, floor):
            _, groups = _split(splitting, tmp_path, 1)
            replay = open_database(floor)
            for said in groups:
                replayed(replay, said)
            recorded = open_database(splitting)
            counts = []
            for database in (recorded, replay):
                with database.reading() as session:
                    counts.append(
                        [
                            session.scalar(sa.select(sa.func.count()).select_from(table))
                            for table in (AuditEntry, WorkItemRow)
                        ]
                    )
                database.close()

        assert counts[0] == counts[1]
        assert counts[0][1] == 2 + WARM + 1 + 1  # those before, those recorded, the one that waits

    @pytest.mark.postgres
    def test_on_postgresql_too(self) -> None:
        server = os.environ.get("WENZE_TEST_POSTGRES")
        if not server:
            pytest.skip("WENZE_TEST_POSTGRES names no server; see tools/postgres.py")
        found = times(server, completed=2, rounds=3)

        assert (found.backend, found.ratio > 1) == ("postgresql", True)
        database = open_database(server)
        with database.engine.connect() as connection:
            names = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
        database.close()
        assert set(NAMES).isdisjoint(names)

    def test_each_completion_is_followed_by_its_floor(self, tmp_path: Path) -> None:
        with _databases("", tmp_path, 1) as (plain, splitting, floor):
            _, groups = _split(splitting, tmp_path, 2)
            durations, floors = _in_turn(plain, floor, tmp_path, groups)

        assert len(durations) == len(floors) == WARM + 2


class TestGrowth:
    """状态不随已办任务数增长。"""

    def test_neither_tasks_nor_bytes_grow(self) -> None:
        few, many = growth(5, 200, rounds=3)

        assert few.held == many.held
        assert many.state - few.state < 16  # the counters have more digits


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(300)  # starts five processes
class TestAnOffice:
    """吞吐量与其下限一同给出；堆积的案件不改变办理的结果。"""

    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        with fresh_database() as url:
            place = Place(url, tmp_path, b"k" * 32)
            furnish(place, cases=20, worked=4)
            yield place

    @pytest.mark.parametrize("job", [bare, claiming, completing, starting])
    def test_each_thing_is_timed(self, place: Place, job: Job) -> None:
        found = rate_of("this", job, place, clients=1, seconds=0.3)

        assert (found.what, found.clients) == ("this", 1)
        assert found.rate > 0
        assert 0 < found.p50 <= found.p95 <= found.p99

    @pytest.mark.parametrize("job", [bare, claiming, completing, starting])
    def test_each_thing_is_done_each_time(self, place: Place, job: Job) -> None:
        office = place.open()
        act = job(office, 0, 1)
        done = [act() for _ in range(3)]
        del act
        office.database.close()

        assert done == [True, True, True]

    def test_two_clients_work_on_cases_of_their_own(self, place: Place) -> None:
        office = place.open()
        with office.database.reading() as session:
            cases = worked_cases(session)
            items = {
                session.get_one(WorkItemRow, waiting_in(office, number, 2)()).case_id
                for number in (0, 1)
                for _ in range(8)
            }
            second = session.get_one(WorkItemRow, waiting_in(office, 1, 2)()).case_id
        office.database.close()

        assert len(cases) == 4
        assert items <= set(cases)
        assert second in cases[1::2]

    def test_timers_that_a_sweep_fires_are_counted_and_their_lateness_too(
        self, place: Place
    ) -> None:
        office = place.open()
        with firing(office):
            late = lateness(office, a_second=50, seconds=0.2, longest=30)
            drained = drain(office, 10, pages=3, longest=60)
        office.database.close()

        assert (late.timers, late.fired) == (10, 10)
        assert 0 < late.p50 <= late.p99
        assert (drained.timers, drained.fired) == (10, 10)
        assert drained.rate > 0
        assert drained.inbox_idle > 0

    def test_what_nobody_fires_is_withdrawn_and_told(self, place: Place) -> None:
        office = place.open()
        drained = drain(office, 5, pages=2, longest=0.1)
        late = lateness(office, a_second=50, seconds=0.1, longest=0)
        office.database.close()

        assert (drained.timers, drained.fired, drained.rate) == (5, 0, 0)
        assert (late.timers, late.fired) == (5, 0)


@contextmanager
def firing(office: Office) -> Iterator[None]:
    """A sweep that looks again and again, until the end of the block."""
    over = threading.Event()

    def sweep() -> None:
        while not over.wait(0.02):
            with office.database.reading() as session:
                due = due_now(session, office.clock.now(), 50)
            for row in due:
                office.give(system_actor(row.authority_id), fire_due, row.id)

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class TestPercentiles:
    """The median, the 95th and the 99th of a hundred, in milliseconds."""

    def test_of_a_hundred_and_one_even_durations(self) -> None:
        found = percentiles([number / 1000 for number in range(101)])

        assert found == pytest.approx((50, 95, 99))

    @pytest.mark.parametrize(("durations", "only"), [([], 0.0), ([0.25], 250.0)])
    def test_of_fewer_than_two(self, durations: list[float], only: float) -> None:
        assert percentiles(durations) == (only, only, only)
