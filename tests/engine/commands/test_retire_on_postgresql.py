"""期满移出，在 PostgreSQL 上：与内嵌数据库同一结果；两个节点办同一批，每件只移出一次。"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands import let_papers_go as papers
from engine.commands.retire import KIND, open_archive, run_retirement
from engine.desk.retiring import retirable
from engine.store.outbox import claim_jobs
from engine.store.tables import DueRow, PackedPaper, Retirement, RetirementItem
from tests.engine.boardroom import Boardroom
from tests.engine.commands.leaving import approved, closed, retired
from tests.engine.commands.test_let_papers_go import place_of, read, with_notes, withdrawn
from tests.engine.on_postgresql import boardroom_on_postgresql

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom on PostgreSQL."""
    with boardroom_on_postgresql(tmp_path) as found:
        yield found


class TestOnPostgresql:
    """移出的与留下的，同内嵌数据库一样。"""

    def test_a_case_leaves_and_its_package_opens(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = retired(room)
        item, content = room.give("system", open_archive, case.id, reason="多年后有人询问。")

        assert (row.state, row.done) == ("done", 1)
        assert hashlib.sha256(content).hexdigest() == item.digest
        assert room.all(sa.select(DueRow).where(DueRow.case_id == case.id)) == []
        assert room.office.ask(room.actor("管理员"), retirable) == []
        assert room.breaches() == []

    def test_two_nodes_at_one_round_remove_each_case_once(self, room: Boardroom) -> None:
        cases = [closed(room) for _ in range(6)]
        room.at(2036, 2, 11)
        approved(room)
        jobs = claim_jobs(room.office.database, room.clock.now(), 20)
        (job,) = [one for one in jobs if one.kind == KIND]
        with ThreadPoolExecutor(2) as nodes:
            for done in [nodes.submit(run_retirement, room.office, job) for _ in range(2)]:
                done.result()

        assert [room.facts(case).count("case_retired") for case in cases] == [1] * 6
        assert {one.state for one in room.all(sa.select(RetirementItem))} == {"retired"}
        row = room.one(sa.select(Retirement))
        assert (row.state, row.done, row.kept) == ("done", 6, 0)
        assert room.breaches() == []

    def test_two_nodes_let_papers_go_that_cases_share_and_each_tells_of_it_once(
        self, room: Boardroom
    ) -> None:
        cases = [withdrawn(room, with_notes(room)) for _ in range(4)]
        room.at(2036, 2, 11)
        retired(room)
        for day, kind, worker in (
            (11, papers.KIND, papers.let_papers_go),
            (12, papers.END, papers.end_papers),
        ):
            room.at(2036, 2, day, hour=12)
            jobs = [
                job
                for job in claim_jobs(room.office.database, room.clock.now(), 20)
                if job.kind == kind
            ]
            assert jobs
            with ThreadPoolExecutor(2) as nodes:
                for done in [nodes.submit(worker, room.office, job) for job in jobs * 2]:
                    done.result()

        assert place_of(room) == "nowhere"
        assert len(room.all(sa.select(PackedPaper))) == 4
        assert all(read(room, case) for case in cases)
        told = [room.facts(case).count("case_papers_removed") for case in cases]
        assert set(told) <= {0, 1}
        assert sum(told) >= 1
        assert room.breaches() == []
