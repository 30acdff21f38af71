"""随办理一起的事：提醒、抄送、讨论、干预登记、分派。"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.assign_work import assign_work
from engine.commands.claim_work import claim_work
from engine.commands.comment_case import comment_case
from engine.commands.copies import read_copy, send_copies
from engine.commands.interference import acknowledge_interference, record_interference
from engine.commands.open_case import open_case
from engine.commands.organise import give_post
from engine.commands.own_notes import watch_case
from engine.commands.remind_work import remind_work
from engine.commands.submit_work import Upload
from engine.desk import Desk
from engine.desk.reported import must_not_reach_unit
from engine.desk.views.accompanying import batch_view, batches, companions, interferences
from engine.desk.views.boxes import copied_cases
from engine.desk.views.inbox import inbox_numbers
from engine.errors import AlreadyTaken, NotAllowed, NotFound, Refusal
from engine.store.record import verify
from engine.store.tables import CaseRow, CommentRow, CopyRow, Interference, ReminderRow
from tests.engine.boardroom import Boardroom, refused


@pytest.fixture
def room(room: Boardroom) -> Boardroom:
    """The boardroom with a supervision officer."""
    room.give(
        "管理员", give_post, room.people["外人"], "supervision_officer", valid_from=date(2026, 1, 1)
    )
    return room


class TestReminding:
    """提醒：免费，每人对同一事项四小时一次，与催办无关。"""

    def test_whoever_has_it_is_told(self, room: Boardroom) -> None:
        case = room.open()
        item = room.claim("承办甲", case, "ut_inquire")

        row = room.give("主席", remind_work, item.id)

        assert row.told == [room.people["承办甲"]]
        assert room.told("承办甲") == ["work.reminded"]
        assert room.last(case, "item_reminded")["element"] == "ut_inquire"
        assert room.breaches() == []

    def test_while_nobody_has_it_its_group_is_told(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire")
        row = room.give("主席", remind_work, item.id)
        assert set(row.told) == {room.people[name] for name in ("承办甲", "承办乙", "承办丙")}

    def test_again_after_four_hours_only(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        room.give("主席", remind_work, item)

        refusal = refused(lambda: room.give("主席", remind_work, item), "remind.too_soon")
        assert refusal.params["again"] == "2026-02-09 13:00"
        room.give("监事甲", remind_work, item)
        room.at(2026, 2, 9, 13)
        room.give("主席", remind_work, item)

        assert len(room.all(sa.select(ReminderRow))) == 3

    def test_not_oneself_nor_what_is_done(self, room: Boardroom) -> None:
        case = room.open()
        item = room.claim("承办甲", case, "ut_inquire").id
        refused(lambda: room.give("承办甲", remind_work, item), "remind.nobody")
        done = room.item(room.inquired(), "ut_inquire").id
        refused(lambda: room.give("主席", remind_work, done), "item.withdrawn")
        with pytest.raises(NotFound):
            room.give("举报人", remind_work, item)


class TestCopies:
    """抄送：只送给本可查看案件的人，阅后回执。"""

    def test_the_reader_confirms_once(self, room: Boardroom) -> None:
        case = room.open()
        to = room.people["监事甲"]

        assert room.give("承办甲", send_copies, case.id, [to], note="请阅。") == 1
        assert room.give("承办甲", send_copies, case.id, [to]) == 0
        row = room.one(sa.select(CopyRow))
        assert room.office.ask(room.actor("监事甲"), copied_cases).lines[0].read_at is None
        room.give("监事甲", read_copy, row.id)
        room.give("监事甲", read_copy, row.id)

        assert room.told("监事甲") == ["copy.sent"]
        assert room.facts(case).count("copy_read") == 1
        shown = room.office.ask(room.actor("承办甲"), companions, case.id)
        assert [(one.name, one.read_at is not None) for one in shown.copies] == [("监事甲", True)]

    def test_never_to_the_reported_nor_to_that_unit(self, room: Boardroom) -> None:
        """SUP-013：举报材料不得转给被举报人或其所在单位。"""
        case = room.open()
        for name, message in (("陈某", "reported.person"), ("承办丙", "reported.unit")):
            to = [room.people[name]]
            refused(partial(room.give, "承办甲", send_copies, case.id, to), message, NotAllowed)
        assert room.all(sa.select(CopyRow)) == []

    def test_a_copy_gives_no_right_to_see(self, room: Boardroom) -> None:
        case = room.open()
        to = room.people["设计员"]
        refusal = refused(
            lambda: room.give("承办甲", send_copies, case.id, [to]), "copy.may_not_see"
        )
        assert refusal.params["name"] == "设计员"

    def test_only_handlers_send_and_to_somebody(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotAllowed):
            room.give("监事甲", send_copies, case.id, [room.people["主席"]])
        refused(lambda: room.give("承办甲", send_copies, case.id, []), "copy.how_many")
        with pytest.raises(NotFound):
            room.give("承办甲", send_copies, case.id, ["nobody"])

    def test_nobody_confirms_anothers(self, room: Boardroom) -> None:
        case = room.open()
        room.give("承办甲", send_copies, case.id, [room.people["监事甲"]])
        with pytest.raises(NotFound):
            room.give("主席", read_copy, room.one(sa.select(CopyRow)).id)


class TestReported:
    """SUP-013：举报材料不得退回、转给被举报人或其所在单位，无论其担任何职。"""

    def test_a_post_shows_the_subject_nothing_of_the_own_case(self, room: Boardroom) -> None:
        room.give("管理员", give_post, room.people["陈某"], "verifier", valid_from=date(2026, 1, 1))
        case = room.open()

        item = room.item(case, "ut_inquire").id
        with pytest.raises(NotAllowed):
            room.give("陈某", claim_work, item)
        assert room.office.ask(room.actor("陈某"), inbox_numbers).total == 0
        assert room.office.ask(room.actor("承办甲"), inbox_numbers).total == 1

    def test_nobody_registers_what_is_reported_of_oneself(self, room: Boardroom) -> None:
        given = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["受理员"]}
        refused(
            lambda: room.give("受理员", open_case, "board", given),
            "reported.registering",
            NotAllowed,
        )

    def test_the_own_unit_is_no_receiver(self, room: Boardroom) -> None:
        case = room.open()

        def send(desk: Desk, name: str) -> None:
            must_not_reach_unit(desk, desk.session.get_one(CaseRow, case.id), name)

        refused(
            lambda: room.office.ask(room.actor("承办甲"), send, "二车间"),
            "reported.unit",
            NotAllowed,
        )
        room.office.ask(room.actor("承办甲"), send, "检察院")


class TestComments:
    """讨论：案卷可见者之间；被提及者须可看案卷；一经发出不再修改。"""

    def test_whoever_is_mentioned_is_told_and_the_record_has_no_words(
        self, room: Boardroom
    ) -> None:
        case = room.open()
        upload = Upload("note.txt", b"hello")

        row = room.give(
            "承办甲",
            comment_case,
            case.id,
            " 请核对日期。 ",
            mentions=[room.people["承办乙"]],
            files=[upload],
        )

        assert (row.text, len(row.attachments)) == ("请核对日期。", 1)
        assert room.told("承办乙") == ["comment.mentioned"]
        details = room.last(case, "commented")
        assert str(details["digest"]).startswith("sha256:")
        assert "核对" not in str(details)
        shown = room.office.ask(room.actor("承办乙"), companions, case.id)
        assert [one.text for one in shown.comments] == ["请核对日期。"]

    @pytest.mark.parametrize("name", ["监事甲", "陈某", "承办丙", "外人"])
    def test_nobody_is_mentioned_into_a_file_they_may_not_see(
        self, room: Boardroom, name: str
    ) -> None:
        case = room.open()
        who = room.people[name]
        refused(
            lambda: room.give("承办甲", comment_case, case.id, "看", mentions=[who]),
            "comment.may_not_see",
        )
        assert room.all(sa.select(CommentRow)) == []

    def test_those_who_watch_the_case_are_told(self, room: Boardroom) -> None:
        case = room.open()
        room.give("承办乙", watch_case, case.id, watched=True)
        room.give("主席", watch_case, case.id, watched=True)

        room.give("承办甲", comment_case, case.id, "有进展。")

        assert room.told("承办乙") == ["watched.changed"]
        assert room.told("主席") == []  # sees the case, not its file

    def test_empty_or_too_long_or_too_many(self, room: Boardroom) -> None:
        case = room.open()
        refused(lambda: room.give("承办甲", comment_case, case.id, " "), "comment.length")
        refused(lambda: room.give("承办甲", comment_case, case.id, "长" * 4001), "comment.length")
        many = [str(number) for number in range(21)]
        refused(
            lambda: room.give("承办甲", comment_case, case.id, "看", mentions=many),
            "comment.too_many",
        )

    def test_who_does_not_see_the_file_neither_writes_nor_reads(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotAllowed):
            room.give("监事甲", comment_case, case.id, "看")
        room.give("承办甲", comment_case, case.id, "内部")
        assert room.office.ask(room.actor("监事甲"), companions, case.id).comments == ()


class TestInterference:
    """SUP-012：任何人可登记干预事件，独立于案件承办人可见，自动通报督办专员。"""

    def record(self, room: Boardroom, by: str = "举报人", **changed: Any) -> Interference:
        case = room.open()
        given = {
            "who": "某副总",
            "whom": "承办甲",
            "what": "要求从轻",
            "happened_on": date(2026, 2, 8),
            "case_number": case.number,
        }
        row: Interference = room.give(by, record_interference, **{**given, **changed})
        return row

    def test_supervision_is_told_and_handlers_are_not(self, room: Boardroom) -> None:
        row = self.record(room)

        assert row.case_id is not None
        assert room.told("外人") == ["interference.recorded"]
        assert room.told("承办甲") == []
        seen = {
            name: len(room.office.ask(room.actor(name), interferences))
            for name in ("外人", "举报人", "承办甲", "管理员")
        }
        assert seen == {"外人": 1, "举报人": 1, "承办甲": 0, "管理员": 0}
        case = room.one(sa.select(CaseRow))
        assert "interference_recorded" not in room.facts(case)
        assert "从轻" not in str(room.last(None, "interference_recorded"))

    def test_a_supervision_officer_takes_note_once(self, room: Boardroom) -> None:
        row = self.record(room)
        with pytest.raises(NotFound):
            room.give("承办甲", acknowledge_interference, row.id, followed="x")
        refused(
            lambda: room.give("外人", acknowledge_interference, row.id, followed=" "),
            "reasons.missing",
        )
        room.give("外人", acknowledge_interference, row.id, followed="已约谈。")
        refused(
            lambda: room.give("外人", acknowledge_interference, row.id, followed="再"),
            "interference.acknowledged",
        )
        with room.office.database.reading() as session:
            assert list(verify(session)) == []

    def test_not_the_own_entry(self, room: Boardroom) -> None:
        row = self.record(room, by="外人")
        refused(
            lambda: room.give("外人", acknowledge_interference, row.id, followed="x"),
            "interference.own",
            NotAllowed,
        )

    def test_it_says_who_what_and_a_day_that_has_come(self, room: Boardroom) -> None:
        refused(lambda: self.record(room, who=" "), "interference.incomplete")
        refused(lambda: self.record(room, what="长" * 4001), "interference.incomplete")
        refused(lambda: self.record(room, happened_on=date(2026, 2, 10)), "fact.in_future")
        assert self.record(room, case_number="无此案").case_id is None


class TestAssigning:
    """分派：本组成员把无人领取的事项分给有此岗位的同事。"""

    def test_the_colleague_has_it_then(self, room: Boardroom) -> None:
        case = room.open()
        item = room.item(case, "ut_inquire").id

        room.give("承办甲", assign_work, item, room.people["承办乙"])

        row = room.item(case, "ut_inquire")
        assert (row.state, row.claimed_by) == ("claimed", room.people["承办乙"])
        assert room.told("承办乙") == ["work.assigned"]
        assert room.last(case, "work_assigned")["to"] == room.people["承办乙"]

    def test_not_to_whom_it_could_not_go(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        for name in ("主席", "承办丙"):
            with pytest.raises(Refusal):
                room.give("承办甲", assign_work, item, room.people[name])
        with pytest.raises(NotFound):
            room.give("承办甲", assign_work, item, "nobody")

    def test_not_by_others_nor_what_somebody_has_nor_a_bodys(self, room: Boardroom) -> None:
        case = room.open()
        item = room.item(case, "ut_inquire").id
        to = room.people["承办乙"]
        with pytest.raises(NotAllowed):
            room.give("主席", assign_work, item, to)
        room.claim("承办甲", case, "ut_inquire")
        refused(lambda: room.give("承办甲", assign_work, item, to), "assign.taken", AlreadyTaken)
        body = room.item(room.inquired(), "ut_decide").id
        refused(
            lambda: room.give("主席", assign_work, body, room.people["监事甲"]), "item.collective"
        )


class TestLeftovers:
    """What views say of somebody without anything."""

    def test_nothing_is_nothing(self, room: Boardroom) -> None:
        stranger = room.actor("举报人")
        assert room.office.ask(stranger, copied_cases).lines == ()
        assert room.office.ask(stranger, batches) == ()
        with pytest.raises(NotFound):
            room.office.ask(stranger, batch_view, "none")
