"""计时：一项任务的耗时分为语言、规则、存储，与同样语句的下限相比。"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.publishing.bench import growth, office_figures, times
from engine.publishing.bench.timing import NAMES, WARM, _as_they_are, _databases, _split
from engine.store.database import open_database
from engine.store.replay import Split, replayed
from engine.store.tables import AuditEntry, WorkItemRow
from tests.postgres import VARIABLE


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
        assert found.ratio > 1

    def test_a_completion_says_no_more_than_it_must(self) -> None:
        """docs/performance.md lists them; a statement more is a round trip more for everybody."""
        found = times(completed=2, rounds=2)

        assert found.statements <= 27

    def test_a_completion_reads_first_and_writes_at_its_end(self, tmp_path: Path) -> None:
        """All that it writes is then one round trip on PostgreSQL; see `engine.store.waiting`."""
        with _databases("", tmp_path, 2) as (_, splitting, _floor):
            _, groups = _split(splitting, tmp_path, 1)
        said = [one.sql.split()[0] for one in groups[-1] if one.parameters]
        first = next(number for number, word in enumerate(said) if word != "SELECT")

        assert "SELECT" not in said[first:]
        assert (first, len(said)) == (12, 27)

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

    def test_the_first_ones_are_not_timed(self, tmp_path: Path) -> None:
        with _databases("", tmp_path, 1) as (plain, _, _):
            assert len(_as_they_are(plain, tmp_path, 2)) == WARM + 2


class TestGrowth:
    """状态不随已办任务数增长。"""

    def test_neither_tasks_nor_bytes_grow(self) -> None:
        few, many = growth(5, 200, rounds=3)

        assert few.held == many.held
        assert many.state - few.state < 16  # the counters have more digits


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.timeout(300)  # starts eleven processes
class TestAnOffice:
    """吞吐量与其下限一同给出；堆积的案件不改变办理的结果。"""

    def test_every_figure_is_measured(self) -> None:
        found = office_figures(
            os.environ[VARIABLE], cases=20, seconds=0.5, timers=20, clients=(1, 2)
        )

        assert [(one.what, one.clients) for one in found.rates] == [
            (what, clients) for clients in (1, 2) for what in ("bare", "completions", "starts")
        ]
        assert all(0 < one.p50 <= one.p95 <= one.p99 for one in found.rates)
        assert all(one.rate > 0 for one in found.rates)
        assert (found.cases, found.drain.timers) == (20, 20)
        assert 0 < found.lateness.p50 <= found.lateness.p99
