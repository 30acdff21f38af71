"""连接中断、磁盘写满、时钟跳动：已受理的不丢，也不重复（issue 8）。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError

from engine.clock import SetClock
from engine.commands.complete_work import complete_work
from engine.errors import AlreadyTaken
from engine.store.tables import Card, CaseRow, DeadlineRow, DueRow, WorkItemRow
from scheduler import sweep
from tests.engine.boardroom import (
    INQUIRY,
    MONDAY,
    Boardroom,
    boardroom_in,
    office_at,
    settle,
)
from tests.engine.dropping import Wire, wire_to
from tests.postgres import fresh_database


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[tuple[Boardroom, Wire]]:
    """The boardroom on PostgreSQL, behind a wire that can be cut."""
    with fresh_database() as url, wire_to(url) as wire:
        clock = SetClock(MONDAY)
        office = office_at(wire.address, tmp_path, clock)
        settle(office)
        yield boardroom_in(office, clock), wire
        office.database.close()


def inquire(room: Boardroom, item: WorkItemRow, by: str = "承办甲") -> WorkItemRow:
    done: WorkItemRow = room.give(by, complete_work, item.id, dict(INQUIRY))
    return done


@pytest.mark.postgres
class TestALostConnection:
    """提交前中断的，自动重来；提交已发出而回音丢失的，由人查看后再办。"""

    @pytest.mark.parametrize("word", ["停产五日", "work_completed", "FOR UPDATE"])
    def test_before_the_commit_was_said_the_command_is_given_again(
        self, wired: tuple[Boardroom, Wire], word: str
    ) -> None:
        room, wire = wired
        case = room.open()
        item = room.item(case, "ut_inquire")
        wire.cut(word, is_sent=False)
        assert inquire(room, item).state == "done"
        assert wire.cuts == 1
        assert room.facts(case).count("work_completed") == 1
        assert room.breaches() == []

    def test_a_commit_whose_answer_was_lost_is_not_given_again(
        self, wired: tuple[Boardroom, Wire]
    ) -> None:
        room, wire = wired
        case = room.open()
        item = room.item(case, "ut_inquire")
        wire.cut("COMMIT", is_sent=True)
        with pytest.raises(DBAPIError):
            inquire(room, item)
        assert wire.cuts == 1
        with pytest.raises(AlreadyTaken) as told:
            inquire(room, item)
        assert told.value.params["by"] == "承办甲"
        assert room.waits_for(case) == ["ut_decide"]
        assert room.facts(case).count("work_completed") == 1
        assert room.breaches() == []

    def test_a_commit_that_never_arrived_left_nothing(self, wired: tuple[Boardroom, Wire]) -> None:
        room, wire = wired
        case = room.open()
        item = room.item(case, "ut_inquire")
        wire.cut("COMMIT", is_sent=False)
        with pytest.raises(DBAPIError):
            inquire(room, item)
        assert room.waits_for(case) == ["ut_inquire"]
        assert inquire(room, item).state == "done"
        assert room.facts(case).count("work_completed") == 1


class TestAFullDisk:
    """磁盘写满时拒绝办理，原样不动；腾出空间后照常办理。"""

    def test_nothing_is_half_written(self, room: Boardroom) -> None:
        case = room.open()
        item = room.item(case, "ut_inquire")
        engine = room.office.database.engine
        with engine.connect() as connection:
            used = connection.exec_driver_sql("PRAGMA page_count").scalar()
        most = {"pages": used}

        def bound(connection: sa.Connection) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count={most['pages']}")

        sa.event.listen(engine, "begin", bound)

        def fill() -> None:
            for _ in range(200):  # what is free within the file is used up first
                room.open(facts="推诿" * 400)

        with pytest.raises(OperationalError, match="full"):
            fill()
        assert room.breaches() == []
        cases = room.all(sa.select(CaseRow.number).order_by(CaseRow.opened_at, CaseRow.id))
        most["pages"] = 1_000_000
        assert inquire(room, item).state == "done"
        assert room.open().number == f"某集问〔2026〕{len(cases) + 1}号"
        assert room.breaches() == []


class TestAClockThatJumps:
    """时钟倒退，不重复触发；时钟前跳，补发一次，记录仍然连贯。"""

    def test_what_fired_does_not_fire_again_when_the_clock_goes_back(self, room: Boardroom) -> None:
        case = room.open()
        room.clock.move_to(MONDAY + timedelta(days=30))
        sweep(room.office)
        late = (
            sa.select(Card.colour)
            .join(DeadlineRow, DeadlineRow.id == Card.deadline_id)
            .where(DeadlineRow.key == "DL-B-1")
        )
        assert room.all(late) == ["yellow"]

        room.office.clock = SetClock(MONDAY - timedelta(days=1))
        assert sweep(room.office) == 0
        inquire(room, room.item(case, "ut_inquire"))
        room.office.clock = SetClock(MONDAY + timedelta(days=31))
        sweep(room.office)

        assert room.all(late) == ["yellow"]
        assert room.breaches() == []

    def test_a_jump_over_a_year_fires_each_once(self, room: Boardroom) -> None:
        room.open()
        armed = room.all(sa.select(DueRow.id).where(DueRow.state == "armed"))
        room.clock.move_to(MONDAY + timedelta(days=400))
        assert sweep(room.office) >= len(armed)
        assert sweep(room.office) == 0
        assert [card.colour for card in room.all(sa.select(Card))] == ["yellow"]
        assert room.breaches() == []
