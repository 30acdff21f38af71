"""随办理一起的事，在 PostgreSQL 上：与内嵌数据库同一结果；两个节点办同一批，每件只办一次。"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.batches import KIND, run_batch, start_batch
from engine.commands.comment_case import comment_case
from engine.commands.copies import read_copy, send_copies
from engine.commands.interference import record_interference
from engine.commands.own_notes import follow_up, watch_case
from engine.commands.return_work import return_work
from engine.commands.saved_filters import drop_filter, save_filter
from engine.commands.take_back_work import take_back_work
from engine.desk.views.accompanying import (
    batch_view,
    companions,
    follow_ups,
    interferences,
    saved_filters,
)
from engine.desk.views.boxes import copied_cases, watched_cases
from engine.desk.views.inbox import inbox_numbers
from engine.errors import Refusal
from engine.store.outbox import claim_jobs
from engine.store.tables import CopyRow, WorkItemRow
from tests.engine.boardroom import Boardroom
from tests.engine.on_postgresql import boardroom_on_postgresql

pytestmark = pytest.mark.postgres


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom on PostgreSQL."""
    with boardroom_on_postgresql(tmp_path) as found:
        yield found


class TestEverything:
    """What is kept comes back, for whom it is."""

    def test_kept_and_listed(self, room: Boardroom) -> None:
        case = room.open()
        room.give("承办甲", comment_case, case.id, "看", mentions=[room.people["承办乙"]])
        room.give("承办甲", send_copies, case.id, [room.people["主席"]])
        room.give("主席", read_copy, room.one(sa.select(CopyRow)).id)
        room.give("主席", watch_case, case.id, watched=True)
        room.give("主席", follow_up, case.id, date(2026, 2, 9), what="问")
        kept = room.give("主席", save_filter, "红", {"lamp": "red"}, role="supervisory_chair")
        said = {"who": "甲", "whom": "乙", "what": "从轻", "happened_on": date(2026, 2, 9)}
        room.give("外人", record_interference, **said)

        ask, chair = room.office.ask, room.actor("主席")
        assert [one.text for one in ask(room.actor("承办乙"), companions, case.id).comments] == [
            "看"
        ]
        assert [one.read_at is not None for one in ask(chair, copied_cases).lines] == [True]
        assert len(ask(chair, watched_cases).lines) == len(ask(chair, follow_ups)) == 1
        assert [one.name for one in ask(room.actor("副主席"), saved_filters)] == ["红"]
        assert len(ask(room.actor("外人"), interferences)) == 1
        assert ask(room.actor("承办甲"), inbox_numbers).total == 1
        assert ask(room.actor("陈某"), inbox_numbers).total == 0
        room.give("主席", drop_filter, kept.id)
        assert room.breaches() == []

    def test_sent_back_and_taken_back(self, room: Boardroom) -> None:
        case = room.decided()
        room.at(2026, 2, 10)
        room.drafted(case)
        item = room.item(case, "ut_issue").id
        room.give("主席", return_work, item, "previous", reasons="有误。")
        assert room.waits_for(case) == ["ut_draft"]
        other = room.open()
        with pytest.raises(Refusal):
            room.give("承办甲", take_back_work, room.item(other, "ut_inquire").id)


class TestTwoNodes:
    """Two workers have the same job: each item is done by one of them."""

    def test_each_item_once(self, room: Boardroom) -> None:
        items = [room.item(room.open(), "ut_inquire").id for _ in range(6)]
        batch = room.give("承办甲", start_batch, "claim", items)
        [job] = [
            one for one in claim_jobs(room.office.database, room.clock.now(), 9) if one.kind == KIND
        ]

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: run_batch(room.office, job), range(2)))

        found = room.office.ask(room.actor("承办甲"), batch_view, batch.id)
        assert (found.row.state, found.row.done, found.row.refused) == ("done", 6, 0)
        taken = room.all(sa.select(WorkItemRow).where(WorkItemRow.state == "claimed"))
        assert len(taken) == 6
        assert room.facts().count("batch_done") == 1
        assert room.breaches() == []
