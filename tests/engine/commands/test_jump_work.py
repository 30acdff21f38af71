"""跳转：由授权人员说明理由后转到另一环节。"""

from __future__ import annotations

from functools import partial

import pytest

from engine.commands.jump_work import jump_work
from engine.desk import Desk
from engine.desk.jumping import targets_of
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, WorkItemRow
from tests.engine.boardroom import Boardroom, refused
from tests.engine.commands.test_moving import at_issue, governed, short


@pytest.fixture
def room(room: Boardroom) -> Boardroom:
    """The boardroom under a procedure of three steps: inquire, draft, issue."""
    return governed(room, short)


class TestJumping:
    """跳转：由授权人员说明理由后转到另一环节。"""

    def test_forward_with_reasons_on_the_record(self, room: Boardroom) -> None:
        case = room.open()
        item = room.claim("承办甲", case, "ut_inquire")

        room.give("主席", jump_work, item.id, "ut_issue", reasons="事实已由上级查清。")

        assert room.waits_for(case) == ["ut_issue"]
        assert room.item(case, "ut_inquire").state == "withdrawn"
        assert room.last(case, "work_jumped")["to_name"] == "签发"
        assert room.told("承办甲") == ["work.jumped"]

    def test_only_the_roles_that_the_procedure_names(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        for name in ("承办甲", "监事甲"):
            refused(
                partial(room.give, name, jump_work, item, "ut_draft", reasons="急。"),
                "jump.not_allowed",
                NotAllowed,
            )
        with pytest.raises(NotFound):
            room.give("外人", jump_work, item, "ut_draft", reasons="急。")

    def test_not_where_no_end_could_be_reached_or_no_step_is(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire").id
        refused(
            lambda: room.give("主席", jump_work, item, "evg", reasons="急。"), "moving.not_there"
        )
        refused(
            lambda: room.give("主席", jump_work, item, "ut_draft", reasons=""),
            "reasons.missing",
            Refusal,
        )

    def test_not_from_a_step_that_waits_no_longer(self, room: Boardroom) -> None:
        item = room.item(room.inquired(), "ut_inquire").id
        refused(
            lambda: room.give("主席", jump_work, item, "ut_issue", reasons="急。"),
            "item.withdrawn",
        )

    def test_not_back_before_a_document_that_went_out(self, room: Boardroom) -> None:
        case = room.issued(at_issue(room))
        item = room.item(case, "ut_serve").id
        refused(
            lambda: room.give("主席", jump_work, item, "ut_draft", reasons="误。"), "moving.papers"
        )

    def test_the_steps_of_the_diagram_are_the_targets(self, room: Boardroom) -> None:
        case = room.open()

        def targets(desk: Desk) -> set[str]:
            item = desk.session.get_one(WorkItemRow, room.item(case, "ut_inquire").id)
            return set(targets_of(desk, desk.session.get_one(CaseRow, case.id), item))

        assert room.office.ask(room.actor("主席"), targets) == {
            "ut_decide",
            "ut_approve",
            "ut_draft",
            "ut_issue",
            "ut_serve",
            "ut_review",
        }
