"""驳回、撤回、跳转：退到已办的环节，必经环节不得越过，已发出的文书不得绕开。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.assign_work import assignable_to
from engine.commands.jump_work import jump_targets, jump_work
from engine.commands.look_at_work import look_at_work
from engine.commands.organise import end_post, relate
from engine.commands.return_work import places_for, return_places, return_work
from engine.commands.take_back_work import take_back_work
from engine.desk import Desk, Right
from engine.desk.moving import NotMovable, go_to
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, DeadlineRow, InboxRow, PostRow, WorkItemRow
from tests.engine.boardroom import Boardroom, published, refused

DRAFTED = {"letter_reasons": "推诿扯皮。"}


def short(path: str, text: str) -> str:
    """Let the draft follow upon the inquiry: three people's steps one after the other."""
    if path.endswith(".bpmn"):
        return text.replace(
            'sourceRef="ut_inquire" targetRef="st_count"',
            'sourceRef="ut_inquire" targetRef="ut_draft"',
        )
    return text


def with_defence(path: str, text: str) -> str:
    """Make the draft a mandatory step."""
    return short(path, text).replace(
        '<camunda:property name="act" value="draft_document"/>',
        '<camunda:property name="mandatory" value="defence"/>'
        '<camunda:property name="act" value="draft_document"/>',
    )


def restricted(policy: str) -> Any:
    def edit(path: str, text: str) -> str:
        return short(path, text).replace(
            '<camunda:property name="act" value="issue_document"/>',
            f'<camunda:property name="return" value="{policy}"/>'
            '<camunda:property name="act" value="issue_document"/>',
        )

    return edit


def governed(room: Boardroom, edit: Any) -> Boardroom:
    published(room, edit)
    return room


@pytest.fixture
def room(room: Boardroom) -> Boardroom:
    """The boardroom under a procedure of three steps: inquire, draft, issue."""
    return governed(room, short)


def at_issue(room: Boardroom) -> CaseRow:
    """Return a case that 承办甲 inquired, 承办乙 drafted, and the chair is to sign."""
    case = room.inquired()
    room.do("承办乙", case, "ut_draft", **DRAFTED)
    return case


def not_moved(given: Any, message: str) -> None:
    refused(given, message, NotMovable)


def send_back(room: Boardroom, case: CaseRow, to: str, by: str = "主席", **changed: Any) -> Any:
    item = room.item(case, "ut_issue")
    return room.give(by, return_work, item.id, to, **{"reasons": "事实不清。", **changed})


class TestReturning:
    """驳回：退到上一步、第一步或任一已办环节，从那里重新办。"""

    @pytest.mark.parametrize(
        ("to", "reached", "whose"),
        [
            ("previous", "ut_draft", "承办乙"),
            ("first", "ut_inquire", "承办甲"),
            ("ut_inquire", "ut_inquire", "承办甲"),
        ],
    )
    def test_the_step_waits_again_for_whoever_did_it(
        self, room: Boardroom, to: str, reached: str, whose: str
    ) -> None:
        case = at_issue(room)

        send_back(room, case, to)

        item = room.item(case, reached)
        assert room.waits_for(case) == [reached]
        assert (item.state, item.claimed_by) == ("claimed", room.people[whose])
        assert "work.returned" in room.told(whose)

    def test_the_reasons_and_both_steps_are_on_the_record(self, room: Boardroom) -> None:
        case = at_issue(room)
        send_back(room, case, "previous")

        details = room.last(case, "work_sent_back")

        assert (details["element"], details["to"], details["reasons"], details["straight"]) == (
            "ut_issue",
            "ut_draft",
            "事实不清。",
            False,
        )
        assert room.breaches() == []

    def test_in_order_every_step_is_done_again(self, room: Boardroom) -> None:
        case = at_issue(room)
        send_back(room, case, "first")

        room.do("承办甲", case, "ut_inquire", facts_found="停产六日。", allowed_measures=[])

        assert room.waits_for(case) == ["ut_draft"]

    def test_straight_the_case_comes_back_to_whoever_sent_it(self, room: Boardroom) -> None:
        case = at_issue(room)
        send_back(room, case, "first", straight=True)

        room.do("承办甲", case, "ut_inquire", facts_found="停产六日。", allowed_measures=[])

        assert room.waits_for(case) == ["ut_issue"]
        assert room.case(case).variables["facts_found"] == "停产六日。"

    def test_whoever_has_left_the_post_does_not_get_it(self, room: Boardroom) -> None:
        case = at_issue(room)
        post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办乙"]))
        room.give("管理员", end_post, post.id, last_day=date(2026, 2, 8))

        send_back(room, case, "previous")

        item = room.item(case, "ut_draft")
        assert (item.state, item.claimed_by) == ("open", None)

    def test_whoever_has_a_conflict_by_now_does_not_get_it(self, room: Boardroom) -> None:
        case = at_issue(room)
        pair = room.people["承办乙"], room.people["陈某"]
        room.give("管理员", relate, *pair, kind="kin")

        send_back(room, case, "previous")

        assert room.item(case, "ut_draft").claimed_by is None

    def test_without_reasons_it_is_refused(self, room: Boardroom) -> None:
        case = at_issue(room)
        refused(lambda: send_back(room, case, "first", reasons=" "), "reasons.missing", Refusal)

    def test_only_who_may_do_the_step_may_send_it_back(self, room: Boardroom) -> None:
        case = at_issue(room)
        refused(lambda: send_back(room, case, "first", by="承办甲"), "item.not_yours", NotAllowed)
        with pytest.raises(NotFound):
            send_back(room, case, "first", by="外人")

    def test_a_step_that_was_not_done_is_refused(self, room: Boardroom) -> None:
        case = at_issue(room)
        refusal = refused(lambda: send_back(room, case, "ut_serve"), "moving.not_there")
        assert refusal.params["steps"] == ["调查", "拟稿"]

    def test_at_the_first_step_there_is_nothing_to_send_back_to(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire")
        refused(
            lambda: room.give("承办甲", return_work, item.id, "previous", reasons="不清。"),
            "moving.nowhere",
        )


class TestPolicy:
    """流程可以限定退回到哪里（元素属性 return）。"""

    @pytest.mark.parametrize(
        ("policy", "allowed"),
        [
            ("any", ["ut_inquire", "ut_draft"]),
            ("previous", ["ut_draft"]),
            ("first", ["ut_inquire"]),
            ("none", []),
            ("nonsense", []),
        ],
    )
    def test_the_element_says_how_far(
        self, room: Boardroom, policy: str, allowed: list[str]
    ) -> None:
        case = at_issue(governed(room, restricted(policy)))

        def places(desk: Desk) -> list[str]:
            item = desk.session.get_one(WorkItemRow, room.item(case, "ut_issue").id)
            row = desk.session.get_one(CaseRow, case.id)
            return [place.element for place in places_for(desk, row, item)]

        assert room.office.ask(room.actor("主席"), places) == allowed


class TestClocks:
    """退回时，离开的环节本轮期限终止；重新进入的环节期限重新起算。"""

    def rounds(self, room: Boardroom, case: CaseRow, key: str) -> list[tuple[str, str]]:
        query = sa.select(DeadlineRow).where(DeadlineRow.case_id == case.id, DeadlineRow.key == key)
        rows = room.all(query.order_by(DeadlineRow.round))
        return [(row.state, row.last_day.isoformat()) for row in rows]

    def test_the_inquiry_done_again_has_its_fifteen_working_days(self, room: Boardroom) -> None:
        room.at(2026, 2, 9)
        case = at_issue(room)
        assert self.rounds(room, case, "DL-B-1") == [("met", "2026-03-06")]
        room.at(2026, 2, 11)

        send_back(room, case, "first")

        # Wednesday 11 February: 12, 13, 14 (made up), 24 … 27, 28 (made up), 2 … 6, 9, 10 March
        assert self.rounds(room, case, "DL-B-1") == [
            ("met", "2026-03-06"),
            ("running", "2026-03-10"),
        ]
        item = room.item(case, "ut_inquire")
        line = room.one(sa.select(InboxRow).where(InboxRow.work_item_id == item.id))
        assert line.due_at == room.deadline(case, "DL-B-1").expires_at

    def test_what_was_left_ends_its_round(self, room: Boardroom) -> None:
        def under(path: str, text: str) -> str:
            return short(path, text).replace(
                '<camunda:property name="act" value="issue_document"/>',
                '<camunda:property name="deadline" value="DL-B-5"/>'
                '<camunda:property name="act" value="issue_document"/>',
            )

        case = at_issue(governed(room, under))
        assert self.rounds(room, case, "DL-B-5")[0][0] == "running"

        send_back(room, case, "first")

        assert [state for state, _ in self.rounds(room, case, "DL-B-5")] == ["withdrawn"]


class TestMandatory:
    """必经环节不得越过（procedures §0.9）。"""

    def test_no_straight_way_back_past_one(self, room: Boardroom) -> None:
        case = at_issue(governed(room, with_defence))
        refusal = refused(lambda: send_back(room, case, "first", straight=True), "moving.mandatory")
        assert refusal.params["steps"] == ["defence"]
        send_back(room, case, "first")
        assert room.waits_for(case) == ["ut_inquire"]

    def test_no_jump_past_one_but_onto_it(self, room: Boardroom) -> None:
        governed(room, with_defence)
        case = room.open()
        item = room.item(case, "ut_inquire").id
        refused(
            lambda: room.give("主席", jump_work, item, "ut_issue", reasons="急。"),
            "moving.mandatory",
        )
        room.give("主席", jump_work, item, "ut_draft", reasons="急。")
        assert room.waits_for(case) == ["ut_draft"]
        draft = room.item(case, "ut_draft").id
        refused(
            lambda: room.give("主席", jump_work, draft, "ut_issue", reasons="急。"),
            "moving.mandatory",
        )


class TestPapers:
    """文书已发出、决定已作出的，不得退回到其前：应更正或撤销。"""

    def test_not_back_before_a_document_that_went_out(self, room: Boardroom) -> None:
        case = room.issued(at_issue(room))
        item = room.item(case, "ut_serve").id
        refusal = refused(
            lambda: room.give("承办乙", return_work, item, "ut_draft", reasons="有误。"),
            "moving.papers",
        )
        assert refusal.params["documents"] == ["问责决定书"]

    def test_not_back_before_a_decision(self, room: Boardroom) -> None:
        governed(room, lambda _path, text: text)
        case = room.drafted()
        item = room.item(case, "ut_issue").id
        refused(
            lambda: room.give("主席", return_work, item, "ut_inquire", reasons="有误。"),
            "moving.decided",
        )

    def test_a_body_decides_by_motion_and_does_not_send_back(self, room: Boardroom) -> None:
        governed(room, lambda _path, text: text)
        item = room.item(room.inquired(), "ut_decide").id
        refused(
            lambda: room.give("主席", return_work, item, "previous", reasons="有误。"),
            "moving.collective",
        )


def edited(old: str, new: str) -> Any:
    return lambda path, text: short(path, text).replace(old, new)


TWICE = (
    '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>2</loopCardinality>'
    "</multiInstanceLoopCharacteristics></userTask>"
    '\n    <sequenceFlow id="f7"'
)


class TestWhoseStep:
    """由当事人办理的、多人同时办理的，不能单独移动。"""

    def test_not_what_somebody_outside_does(self, room: Boardroom) -> None:
        governed(room, edited('"supervisory_chair"><extension', '"subject"><extension'))
        case = at_issue(room)
        refused(lambda: send_back(room, case, "first", by="陈某"), "moving.outside")

    def test_not_one_of_several_at_once_nor_taken_back_from_them(self, room: Boardroom) -> None:
        governed(room, edited('</userTask>\n    <sequenceFlow id="f7"', TWICE))
        case = at_issue(room)
        assert room.waits_for(case) == ["ut_issue", "ut_issue"]
        refused(lambda: send_back(room, case, "first"), "moving.several")
        item = room.item(case, "ut_draft").id
        refused(lambda: room.give("承办乙", take_back_work, item), "take_back.forked")

    def test_not_where_no_token_can_stand(self, room: Boardroom) -> None:
        case = room.open()
        key = room.item(case, "ut_inquire").id

        def go(desk: Desk) -> None:
            row = desk.case_of_item(key, may=Right.WORK)
            go_to(desk, row, desk.session.get_one(WorkItemRow, key), "start_clue")

        refused(lambda: room.office.give(room.actor("承办甲"), go), "moving.not_safe")

    def test_what_one_may_not_do_one_is_not_offered(self, room: Boardroom) -> None:
        case = at_issue(room)
        item = room.item(case, "ut_issue").id
        ask = room.office.ask
        assert [one.element for one in ask(room.actor("主席"), return_places, item)] == [
            "ut_inquire",
            "ut_draft",
        ]
        assert ask(room.actor("承办甲"), return_places, item) == ()
        assert ask(room.actor("承办甲"), jump_targets, item) == {}
        assert "ut_draft" in ask(room.actor("主席"), jump_targets, item)
        for query in (return_places, jump_targets, assignable_to):
            with pytest.raises(NotFound):
                ask(room.actor("主席"), query, "none")
        assert set(ask(room.actor("主席"), assignable_to, item).values()) == {"主席", "副主席"}
        assert ask(room.actor("监事甲"), assignable_to, item) == {}


class TestLooking:
    """第一次打开待办事项，记入查看记录。"""

    def test_once_for_each_person(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        assert room.give("承办甲", look_at_work, item) is True
        assert room.give("承办甲", look_at_work, item) is False
        assert room.give("承办乙", look_at_work, item) is True
        with pytest.raises(NotFound):
            room.give("承办甲", look_at_work, "none")
        with pytest.raises(NotFound):
            room.give("外人", look_at_work, item)
