"""关注、标签、跟进与保存的筛选：办案人自己的。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.own_notes import follow_up, tag_case, watch_case
from engine.commands.recuse import declare_interest
from engine.commands.saved_filters import drop_filter, save_filter
from engine.desk.views.accompanying import follow_ups, saved_filters
from engine.desk.views.boxes import watched_cases
from engine.errors import NotAllowed, NotFound
from engine.store.tables import SavedFilter
from tests.engine.boardroom import Boardroom, refused


class TestOwnNotes:
    """关注、标签、跟进日期：自己的，不入案件记录。"""

    def test_watched_tagged_and_followed_up_on_the_day(self, room: Boardroom) -> None:
        case = room.open()
        facts = room.facts(case)
        room.give("主席", watch_case, case.id, watched=True)
        room.give("主席", tag_case, case.id, ["重点", " 重点 ", "停产", ""])
        room.give("主席", follow_up, case.id, date(2026, 2, 11), what="问进展")

        assert room.facts(case) == facts
        chair = room.actor("主席")
        assert [one.tags for one in room.office.ask(chair, watched_cases).lines] == [
            ("重点", "停产")
        ]
        assert room.office.ask(chair, follow_ups) == ()
        room.at(2026, 2, 11)
        assert [one.follow_up for one in room.office.ask(chair, follow_ups)] == ["问进展"]
        room.give("主席", follow_up, case.id, None)
        assert room.office.ask(chair, follow_ups) == ()
        room.give("主席", watch_case, case.id, watched=False)
        assert room.office.ask(chair, watched_cases).lines == ()

    def test_what_one_may_not_see_one_does_not_watch(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotFound):
            room.give("举报人", watch_case, case.id, watched=True)
        with pytest.raises(NotFound):
            room.give("主席", watch_case, "none", watched=True)

    def test_a_case_that_is_closed_to_one_by_now_is_listed_no_more(self, room: Boardroom) -> None:
        case = room.open()
        room.give("承办甲", watch_case, case.id, watched=True)
        room.give("承办甲", follow_up, case.id, date(2026, 2, 9))
        room.give("承办甲", declare_interest, case.id, reasons="同学。")

        assert room.office.ask(room.actor("承办甲"), watched_cases).lines == ()
        assert room.office.ask(room.actor("承办甲"), follow_ups) == ()

    def test_limits(self, room: Boardroom) -> None:
        case = room.open()
        many = [str(number) for number in range(11)]
        refused(lambda: room.give("主席", tag_case, case.id, many), "note.tags")
        refused(lambda: room.give("主席", tag_case, case.id, ["长" * 21]), "note.tags")
        past = date(2026, 2, 8)
        refused(lambda: room.give("主席", follow_up, case.id, past), "note.past")


class TestFilters:
    """保存的筛选：自己的，或与同岗位的人共享。"""

    def test_shared_with_a_role_and_replaced_by_name(self, room: Boardroom) -> None:
        room.give("承办甲", save_filter, "红牌", {"lamp": "red", "evil": "x"}, role="verifier")
        row = room.give("承办甲", save_filter, "红牌", {"lamp": "yellow"}, role="verifier")

        assert len(room.all(sa.select(SavedFilter))) == 1

        def names(by: str) -> list[tuple[str, object, bool]]:
            found = room.office.ask(room.actor(by), saved_filters)
            return [(one.name, one.chosen, one.is_own) for one in found]

        assert names("承办乙") == [("红牌", {"lamp": "yellow"}, False)]
        assert names("主席") == []
        room.give("承办甲", drop_filter, row.id)
        assert names("承办甲") == []

    def test_refusals(self, room: Boardroom) -> None:
        give = room.give
        refused(lambda: give("承办甲", save_filter, " ", {"lamp": "red"}), "filter.empty")
        refused(lambda: give("承办甲", save_filter, "x", {"evil": "red"}), "filter.empty")
        refused(
            lambda: give("承办甲", save_filter, "x", {"lamp": "red"}, role="supervisory_board"),
            "filter.role",
            NotAllowed,
        )
        row = give("承办甲", save_filter, "x", {"lamp": "red"}, role="verifier")
        with pytest.raises(NotFound):
            give("承办乙", drop_filter, row.id)
        for number in range(29):
            give("承办甲", save_filter, f"f{number}", {"lamp": "red"})
        refused(lambda: give("承办甲", save_filter, "more", {"lamp": "red"}), "filter.too_many")
