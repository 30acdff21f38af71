"""查重并案（C01 ②）：后登记的并入先登记的，期限不重新起算，举报人随之转入。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.copies import send_copies
from engine.commands.merge_clues import KIND, carry_merger, merge_clue, receive_merged
from engine.commands.organise import give_post
from engine.desk import Desk
from engine.desk.holders import add_participant
from engine.desk.views.merging import likely_duplicates, mergers
from engine.errors import Fault, NotAllowed, NotFound, Recused
from engine.store.tables import CaseRow, OutboxJob, Participant
from scheduler.jobs import drain
from tests.engine.boardroom import INQUIRY, Boardroom, refused

REASONS = "同一事项的重复举报。"


def two(room: Boardroom) -> tuple[CaseRow, CaseRow]:
    """Return an earlier and a later clue on the same person, a day apart."""
    first = room.open()
    room.at(2026, 2, 10)
    return first, room.open()


def merge(room: Boardroom, case: CaseRow, into: CaseRow, by: str = "受理员") -> None:
    room.give(by, merge_clue, case.id, into.id, reasons=REASONS)


def take_part(room: Boardroom, case: CaseRow, name: str, role: str) -> None:
    def join(desk: Desk) -> None:
        add_participant(desk, desk.session.get_one(CaseRow, case.id), room.people[name], role)

    room.give("system", join)


def reporters(room: Boardroom, case: CaseRow) -> list[str]:
    rows = room.all(
        sa.select(Participant).where(Participant.case_id == case.id, Participant.role == "reporter")
    )
    return [row.person_id for row in rows]


class TestMerged:
    """并入后：后案办结并留下链接，前案照常。"""

    def test_the_later_is_closed_and_linked_and_the_earlier_goes_on(self, room: Boardroom) -> None:
        first, second = two(room)
        before = room.deadline(first, "DL-B-1").last_day
        merge(room, second, first)
        drain(room.office, {KIND: carry_merger})
        closed = room.case(second)
        assert (closed.status, closed.outcome, closed.merged_into_id) == (
            "closed",
            "merged",
            first.id,
        )
        assert room.waits_for(second) == []
        assert room.deadline(second, "DL-B-1").state == "withdrawn"
        assert room.waits_for(first) == ["ut_inquire"]
        assert room.deadline(first, "DL-B-1").last_day == before
        assert room.last(second, "case_merged") == {"into": first.number, "reasons": REASONS}
        assert room.last(first, "case_merged") == {"of_case": second.number}
        assert room.breaches() == []

    def test_who_reported_the_later_is_told_and_hears_of_the_earlier_from_then_on(
        self, room: Boardroom
    ) -> None:
        first, second = two(room)
        take_part(room, second, "举报人", "reporter")
        room.claim("承办甲", first, "ut_inquire")
        merge(room, second, first)
        payload = room.one(sa.select(OutboxJob).where(OutboxJob.kind == KIND)).payload
        assert room.people["举报人"] not in str(payload)
        drain(room.office, {KIND: carry_merger})
        assert reporters(room, first) == [room.people["举报人"]]
        assert room.told("举报人") == ["case.merged"]
        assert "case.took" in room.told("承办甲")

    def test_a_job_that_comes_twice_does_it_once(self, room: Boardroom) -> None:
        first, second = two(room)
        merge(room, second, first)
        for _ in range(2):
            room.give("system", receive_merged, first.id, second.id)
        assert room.facts(first).count("case_merged") == 1

    def test_what_was_not_merged_is_not_received(self, room: Boardroom) -> None:
        first, second = two(room)
        with pytest.raises(Fault):
            room.give("system", receive_merged, first.id, second.id)
        with pytest.raises(NotAllowed):
            room.give("受理员", receive_merged, first.id, second.id)

    def test_both_show_it_to_who_may_see_both(self, room: Boardroom) -> None:
        first, second = two(room)
        merge(room, second, first)
        ask, actor = room.office.ask, room.actor("受理员")
        found = ask(actor, mergers, second.id)
        assert found.into is not None
        assert found.into.id == first.id
        assert [one.id for one in ask(actor, mergers, first.id).merged] == [second.id]
        assert ask(actor, likely_duplicates, second.id) == ()


class TestLikely:
    """提示可能重复的案件：同一对象、同一流程、在办。"""

    def test_the_same_person_s_open_cases_earliest_first(self, room: Boardroom) -> None:
        first, second = two(room)
        third = room.open()
        ask, actor = room.office.ask, room.actor("受理员")
        assert [one.id for one in ask(actor, likely_duplicates, second.id)] == [first.id, third.id]

    def test_nobody_else_s(self, room: Boardroom) -> None:
        first = room.open()
        room.open(subject_id=room.people["监事甲"])
        actor = room.actor("受理员")
        assert room.office.ask(actor, likely_duplicates, first.id) == ()


class TestRefused:
    """不是同一事项的、已有结论的、方向反了的，都不并。"""

    def test_the_earlier_is_not_merged_into_the_later(self, room: Boardroom) -> None:
        first, second = two(room)
        refused(lambda: merge(room, first, second), "merge.later")

    def test_into_itself(self, room: Boardroom) -> None:
        case = room.open()
        refused(lambda: merge(room, case, case), "merge.same")

    def test_of_another_subject(self, room: Boardroom) -> None:
        first = room.open(subject_id=room.people["监事甲"])
        second = room.open()
        refused(lambda: merge(room, second, first), "merge.other_subject")

    def test_of_another_procedure(self, room: Boardroom) -> None:
        first, second = two(room)
        with room.office.database.begin() as session:
            session.get_one(CaseRow, first.id).procedure = "other"
        refused(lambda: merge(room, second, first), "merge.other_procedure")

    def test_once_something_was_decided(self, room: Boardroom) -> None:
        first, second = two(room)
        room.do("承办甲", first, "ut_inquire", **INQUIRY)
        room.decided(first)
        refused(lambda: merge(room, second, first), "merge.too_late")

    def test_a_closed_one(self, room: Boardroom) -> None:
        first, second = two(room)
        third = room.open()
        merge(room, second, first)
        refused(lambda: merge(room, third, second), "merge.not_open")
        refused(lambda: merge(room, second, first), "merge.not_open")

    def test_without_reasons(self, room: Boardroom) -> None:
        first, second = two(room)
        refused(
            lambda: room.give("受理员", merge_clue, second.id, first.id, reasons=" "),
            "reasons.missing",
        )

    def test_by_anybody_but_who_receives_clues(self, room: Boardroom) -> None:
        first, second = two(room)
        with pytest.raises(NotAllowed):
            merge(room, second, first, by="承办甲")
        with pytest.raises(NotFound):
            merge(room, second, first, by="外人")
        with pytest.raises(NotFound):
            room.give("受理员", merge_clue, second.id, "none", reasons=REASONS)

    def test_by_who_reported_one_of_them(self, room: Boardroom) -> None:
        first, second = two(room)
        take_part(room, second, "受理员", "reporter")
        refused(lambda: merge(room, second, first), "merge.outsider")

    def test_by_who_has_an_interest(self, room: Boardroom) -> None:
        first, second = two(room)
        since = date(2020, 1, 1)
        room.give("管理员", give_post, room.people["承办丙"], "intake_clerk", valid_from=since)
        with pytest.raises(Recused):
            merge(room, second, first, by="承办丙")

    def test_a_copy_gives_no_right_to_it(self, room: Boardroom) -> None:
        first, second = two(room)
        room.give("承办甲", send_copies, second.id, [room.people["主席"]])
        with pytest.raises(NotAllowed):
            merge(room, second, first, by="主席")
