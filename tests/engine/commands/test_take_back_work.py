"""撤回：交出的环节，下一人未动之前可以取回。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.look_at_work import look_at_work
from engine.commands.organise import relate
from engine.commands.release_work import release_work
from engine.commands.take_back_work import take_back_work
from engine.errors import NotAllowed, Recused
from engine.store.tables import Draft
from tests.engine.boardroom import Boardroom, refused
from tests.engine.commands.test_moving import governed, short


@pytest.fixture
def room(room: Boardroom) -> Boardroom:
    """The boardroom under a procedure of three steps: inquire, draft, issue."""
    return governed(room, short)


class TestTakingBack:
    """撤回：下一步未办、未看，交出的人可以撤回；期限照旧计算。"""

    def test_it_waits_again_with_what_was_answered(self, room: Boardroom) -> None:
        case = room.inquired()

        item = room.give("承办甲", take_back_work, room.item(case, "ut_inquire").id)

        assert room.waits_for(case) == ["ut_inquire"]
        assert (item.state, item.claimed_by) == ("claimed", room.people["承办甲"])
        draft = room.one(sa.select(Draft).where(Draft.work_item_id == item.id))
        assert draft.data["facts_found"] == "停产五日。"
        assert room.last(case, "work_taken_back")["following"] == "ut_draft"

    def test_no_time_is_gained(self, room: Boardroom) -> None:
        case = room.open()
        room.at(2026, 2, 12)
        room.do("承办甲", case, "ut_inquire", facts_found="x", allowed_measures=[])

        room.give("承办甲", take_back_work, room.item(case, "ut_inquire").id)

        now = room.deadline(case, "DL-B-1")
        assert (now.round, now.state, now.last_day) == (2, "running", date(2026, 3, 6))

    def test_after_it_is_done_again_the_case_goes_on(self, room: Boardroom) -> None:
        case = room.inquired()
        item = room.give("承办甲", take_back_work, room.item(case, "ut_inquire").id)
        room.give("承办甲", complete_work, item.id, {"facts_found": "y", "allowed_measures": []})
        assert room.waits_for(case) == ["ut_draft"]
        assert room.breaches() == []

    def test_not_by_another(self, room: Boardroom) -> None:
        item = room.item(room.inquired(), "ut_inquire").id
        refused(
            lambda: room.give("承办乙", take_back_work, item), "take_back.not_yours", NotAllowed
        )

    def test_not_while_it_still_waits(self, room: Boardroom) -> None:
        case = room.open()
        item = room.claim("承办甲", case, "ut_inquire").id
        refused(
            lambda: room.give("承办甲", take_back_work, item), "take_back.not_yours", NotAllowed
        )

    def test_not_once_the_next_has_taken_it_even_if_given_back(self, room: Boardroom) -> None:
        case = room.inquired()
        item = room.item(case, "ut_inquire").id
        room.claim("承办乙", case, "ut_draft")
        refused(lambda: room.give("承办甲", take_back_work, item), "take_back.acted")
        room.give("承办乙", release_work, room.item(case, "ut_draft").id)
        refused(lambda: room.give("承办甲", take_back_work, item), "take_back.acted")

    def test_not_once_the_next_has_looked(self, room: Boardroom) -> None:
        case = room.inquired()
        room.give("承办乙", look_at_work, room.item(case, "ut_draft").id)
        item = room.item(case, "ut_inquire").id
        refused(lambda: room.give("承办甲", take_back_work, item), "take_back.looked")

    def test_ones_own_look_does_not_count(self, room: Boardroom) -> None:
        case = room.inquired()
        room.give("承办甲", look_at_work, room.item(case, "ut_draft").id)
        room.give("承办甲", take_back_work, room.item(case, "ut_inquire").id)
        assert room.waits_for(case) == ["ut_inquire"]

    def test_not_with_a_conflict_by_now(self, room: Boardroom) -> None:
        item = room.item(room.inquired(), "ut_inquire").id
        pair = room.people["承办甲"], room.people["陈某"]
        room.give("管理员", relate, *pair, kind="kin")
        refused(lambda: room.give("承办甲", take_back_work, item), "conflict.relation", Recused)
