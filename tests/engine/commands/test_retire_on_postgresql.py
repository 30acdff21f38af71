"""期满移出，在 PostgreSQL 上：与内嵌数据库同一结果；两个节点办同一批，每件只移出一次。"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.retire import KIND, open_archive, run_retirement
from engine.desk.retiring import retirable
from engine.store.outbox import claim_jobs
from engine.store.tables import DueRow, Retirement, RetirementItem
from tests.engine.boardroom import Boardroom
from tests.engine.commands.test_retire import approved, closed, retired
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
