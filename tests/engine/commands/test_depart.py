"""离职转办：离岗人员的全部事项逐件转给接收人，每件有结果，可以中途停止。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.countersign import ask_signature
from engine.commands.depart import (
    JOB,
    begin_departure,
    carry_departure,
    end_departure,
    hand_over_departing,
    stop_departure,
)
from engine.commands.hand_over import delegate_work, return_delegated
from engine.commands.organise import relate
from engine.desk.views.handing import departure_view, departures
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, Departure, DepartureItem, WorkItemRow
from scheduler.jobs import drain
from tests.engine.boardroom import INQUIRY, Boardroom, held, now


def begin(
    room: Boardroom, who: str = "承办甲", to: str = "承办乙", by: str = "管理员", **given: Any
) -> Departure:
    row: Departure = room.give(
        by, begin_departure, room.people[who], room.people[to], **{"reasons": "调离。", **given}
    )
    return row


def carry(room: Boardroom) -> None:
    drain(room.office, {JOB: carry_departure})


def results(room: Boardroom) -> Mapping[str, tuple[str, str]]:
    names = {row.id: row.number for row in room.all(sa.select(CaseRow))}
    rows = room.all(sa.select(DepartureItem))
    return {names[row.case_id]: (row.result, row.message) for row in rows}


class TestAllOfThePersonsWork:
    """手中的、只派给本人的、委派在外的，都转；他人的和本组的不动。"""

    def test_everything_that_is_held_goes_over_with_its_reason(self, room: Boardroom) -> None:
        items = [held(room) for _ in range(3)]
        other = held(room, "承办乙")
        room.open()  # nobody's yet
        begin(room)
        carry(room)

        assert {now(room, item).claimed_by for item in items} == {room.people["承办乙"]}
        assert now(room, other).claimed_by == room.people["承办乙"]
        assert [result for result, _ in results(room).values()] == ["handed"] * 3
        assert room.one(sa.select(Departure)).state == "done"
        entry = room.last(None, "work_transferred")
        assert (entry["kind"], entry["by"], entry["reasons"]) == (
            "departed",
            room.people["管理员"],
            "调离。",
        )
        assert room.told("承办乙").count("departure.done") == 1
        assert room.breaches() == []
        room.give("承办乙", complete_work, items[0].id, INQUIRY)

    def test_what_is_offered_to_this_person_alone_goes_over(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire")
        room.claim("承办甲", room.one(sa.select(CaseRow)), "ut_inquire")
        with room.office.database.begin() as session:
            row = session.get_one(WorkItemRow, item.id)
            row.state, row.claimed_by = "open", None
            row.candidates = [f"p:{room.people['承办甲']}", f"r:{room.authority_id}:verifier"]
        begin(room)
        carry(room)
        assert results(room) == {}  # the role may take it, too

        with room.office.database.begin() as session:
            session.get_one(WorkItemRow, item.id).candidates = [f"p:{room.people['承办甲']}"]
        begin(room, to="保护员")
        carry(room)
        assert now(room, item).claimed_by == room.people["保护员"]

    def test_what_was_delegated_comes_back_to_who_takes_over(self, room: Boardroom) -> None:
        item = held(room)
        room.give("承办甲", delegate_work, item.id, room.people["保护员"], reasons="派。")
        begin(room)
        carry(room)
        room.give("保护员", return_delegated, item.id)

        assert now(room, item).claimed_by == room.people["承办乙"]


class TestEachItemHasItsResult:
    """接收人不宜接的，逐件说明原因，其余照转。"""

    def test_a_conflict_of_the_receiver_is_named_at_the_item(self, room: Boardroom) -> None:
        barred = held(room)
        other = held(room, subject_id=room.people["主席"])
        pair = (room.people["承办乙"], room.people["陈某"])
        room.give("管理员", relate, *pair, kind="kin")
        begin(room)
        carry(room)

        assert now(room, barred).claimed_by == room.people["承办甲"]
        assert sorted(results(room).values()) == [("handed", ""), ("refused", "handing.conflict")]
        assert now(room, other).claimed_by == room.people["承办乙"]

    def test_what_waits_for_signatures_and_what_was_only_delegated_to_one_stay(
        self, room: Boardroom
    ) -> None:
        waiting = held(room)
        room.give(
            "承办甲",
            ask_signature,
            waiting.id,
            room.people["主席"],
            place="after",
            reasons="签。",
        )
        room.give("承办甲", complete_work, waiting.id, INQUIRY)
        lent = held(room, "承办乙")
        room.give("承办乙", delegate_work, lent.id, room.people["承办甲"], reasons="派。")
        begin(room, to="保护员")
        carry(room)

        assert sorted(results(room).values()) == [
            ("refused", "departure.delegate"),
            ("refused", "departure.signing"),
        ]

    def test_what_was_done_meanwhile_is_gone(self, room: Boardroom) -> None:
        item = held(room)
        begin(room)
        room.give("承办甲", complete_work, item.id, INQUIRY)
        carry(room)

        assert list(results(room).values()) == [("gone", "")]

    def test_an_item_is_tried_once(self, room: Boardroom) -> None:
        item = held(room)
        row = begin(room)
        carry(room)
        facts = room.facts(room.one(sa.select(CaseRow)))
        room.give("system", hand_over_departing, item.id, row.id)
        room.give("system", end_departure, row.id)
        assert room.facts(room.one(sa.select(CaseRow))) == facts
        with pytest.raises(NotFound):
            room.give("system", hand_over_departing, "none", row.id)

    def test_the_page_shows_progress_and_each_result(self, room: Boardroom) -> None:
        held(room)
        held(room)
        row = begin(room)
        asked = room.office.ask(room.actor("管理员"), departures)
        assert (asked[0].total, asked[0].counts) == (2, {"waiting": 2})
        carry(room)

        line, items = room.office.ask(room.actor("管理员"), departure_view, row.id)
        assert (line.person, line.to, line.counts) == ("承办甲", "承办乙", {"handed": 2})
        assert [(name, item.result) for item, name, _ in items] == [("调查", "handed")] * 2
        with pytest.raises(NotFound):
            room.office.ask(room.actor("管理员"), departure_view, "none")
        with pytest.raises(NotAllowed):
            room.office.ask(room.actor("承办甲"), departures)


class TestStopping:
    """停止后不再转，已转的不退。"""

    def test_what_was_not_reached_stays(self, room: Boardroom) -> None:
        items = [held(room) for _ in range(2)]
        row = begin(room)
        first = room.one(sa.select(DepartureItem.work_item_id).order_by(DepartureItem.work_item_id))
        room.give("system", hand_over_departing, first, row.id)
        room.give("管理员", stop_departure, row.id)
        carry(room)

        holders = sorted(str(now(room, item).claimed_by) for item in items)
        assert holders == sorted([room.people["承办甲"], room.people["承办乙"]])
        assert room.one(sa.select(Departure)).state == "stopped"
        with pytest.raises(Refusal, match=r"departure\.over"):
            room.give("管理员", stop_departure, row.id)

    def test_only_an_administrator_stops_it(self, room: Boardroom) -> None:
        row = begin(room)
        with pytest.raises(NotAllowed):
            room.give("承办甲", stop_departure, row.id)
        with pytest.raises(NotFound):
            room.give("管理员", stop_departure, "none")


class TestBeginning:
    """由管理员发起，须有理由；同一人同时只有一次。"""

    def test_what_does_not_fit_is_refused(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed, match=r"platform\.not_admin"):
            begin(room, by="承办甲")
        with pytest.raises(Refusal, match=r"departure\.oneself"):
            begin(room, to="承办甲")
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            begin(room, reasons=" ")
        with pytest.raises(NotFound):
            room.give("管理员", begin_departure, "none", room.people["承办乙"], reasons="调离。")
        begin(room)
        with pytest.raises(Refusal, match=r"departure\.running"):
            begin(room, to="保护员")
