"""已办、我发起的、抄送我的、草稿、关注：各人只见自己的，按索引翻页；看不到的案件不因此可见。"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.commands.copies import send_copies
from engine.commands.own_notes import follow_up, watch_case
from engine.commands.recuse import declare_interest
from engine.commands.save_draft import save_draft
from engine.desk.views.boxes import (
    Box,
    BoxCounts,
    box_counts,
    copied_cases,
    done_work,
    own_drafts,
    started_cases,
    watched_cases,
)
from engine.store.tables import CaseRow
from tests.engine.boardroom import INQUIRY, Boardroom

NOTHING = BoxCounts(done=0, started=0, unread=0, drafts=0, watched=0)


def ask(room: Boardroom, name: str, query: Callable[..., Any], **given: Any) -> Any:
    return room.office.ask(room.actor(name), query, **given)


def busy(room: Boardroom) -> list[CaseRow]:
    """Return three cases, a working day apart, in which 承办甲 has something in each box."""
    cases = []
    for day in (9, 10, 11):
        room.at(2026, 2, day)
        case = room.open(facts=f"第{day}日")
        room.give("受理员", watch_case, case.id, watched=True)
        room.do("承办甲", case, "ut_inquire", **INQUIRY)
        room.give("承办甲", send_copies, case.id, [room.people["主席"]])
        room.give("承办乙", save_draft, room.item(room.open(), "ut_inquire").id, {})
        cases.append(case)
    return cases


BOXES: dict[str, tuple[str, Callable[..., Box[Any]], Callable[[Any], str]]] = {
    "已办": ("承办甲", done_work, lambda line: line.case_number),
    "我发起的": ("受理员", started_cases, lambda line: line.number),
    "抄送我的": ("主席", copied_cases, lambda line: line.case_number),
    "草稿": ("承办乙", own_drafts, lambda line: line.case_number),
    "关注": ("受理员", watched_cases, lambda line: line.case_number),
}


class TestEachBox:
    """翻到底，每一条出现一次，先后不乱。"""

    @pytest.mark.parametrize("name", BOXES)
    def test_page_by_page_each_line_once(self, room: Boardroom, name: str) -> None:
        busy(room)
        who, query, number = BOXES[name]
        whole = [number(line) for line in ask(room, who, query, limit=200).lines]
        assert len(whole) == len(set(whole)) >= 3
        after, seen = "", []
        while True:
            page = ask(room, who, query, after=after, limit=1)
            seen += [number(line) for line in page.lines]
            after = page.after
            if not after:
                break
        assert seen == whole

    @pytest.mark.parametrize("name", [one for one in BOXES if one != "关注"])
    def test_oldest_first_is_newest_first_turned_round(self, room: Boardroom, name: str) -> None:
        busy(room)
        who, query, number = BOXES[name]
        newest = [number(line) for line in ask(room, who, query, limit=200).lines]
        oldest = [number(line) for line in ask(room, who, query, sort="oldest", limit=200).lines]
        assert oldest == newest[::-1]

    @pytest.mark.parametrize("name", BOXES)
    def test_is_searched_by_number_and_by_nothing_that_is_not_there(
        self, room: Boardroom, name: str
    ) -> None:
        busy(room)
        who, query, number = BOXES[name]
        first = number(ask(room, who, query).lines[0])
        found = ask(room, who, query, search=first).lines
        assert {number(line) for line in found} == {first}
        assert ask(room, who, query, search="没有这样的").lines == ()

    @pytest.mark.parametrize("name", BOXES)
    def test_a_sort_or_a_cursor_that_somebody_typed_is_refused(
        self, room: Boardroom, name: str
    ) -> None:
        who, query, _ = BOXES[name]
        for given in ({"sort": "colour"}, {"after": "x"}, {"after": "WzEsMiwzXQ=="}):
            with pytest.raises(ValueError, match=r"box|cursor"):
                ask(room, who, query, **given)

    def test_of_another_person_is_nothing_here(self, room: Boardroom) -> None:
        busy(room)
        for _, query, _ in BOXES.values():
            assert ask(room, "外人", query).lines == ()
        assert ask(room, "外人", box_counts) == NOTHING


class TestCounts:
    """数字与内容一致；抄送数未阅的。"""

    def test_are_those_of_the_boxes(self, room: Boardroom) -> None:
        busy(room)
        assert ask(room, "承办甲", box_counts).done == 3
        assert ask(room, "受理员", box_counts).started == 6
        assert ask(room, "受理员", box_counts).watched == 3
        assert ask(room, "主席", box_counts).unread == 3
        assert ask(room, "承办乙", box_counts).drafts == 3


class TestDrafts:
    """交了就不再是草稿。"""

    def test_what_was_handed_in_is_a_draft_no_more(self, room: Boardroom) -> None:
        case = room.open()
        room.give("承办甲", save_draft, room.item(case, "ut_inquire").id, {})
        assert len(ask(room, "承办甲", own_drafts).lines) == 1
        room.do("承办甲", case, "ut_inquire", **INQUIRY)
        assert ask(room, "承办甲", own_drafts).lines == ()


class TestWatched:
    """有跟进日期的在前，按日期；没有的在后。"""

    def test_what_comes_up_first_stands_first(self, room: Boardroom) -> None:
        late, none, soon = (room.open() for _ in range(3))
        room.give("主席", follow_up, late.id, date(2026, 3, 9))
        room.give("主席", watch_case, none.id, watched=True)
        room.give("主席", follow_up, soon.id, date(2026, 2, 13))
        by_day = [one.case_id for one in ask(room, "主席", watched_cases).lines]
        assert by_day == [soon.id, late.id, none.id]
        by_number = [one.case_id for one in ask(room, "主席", watched_cases, sort="number").lines]
        assert by_number == [late.id, none.id, soon.id]


class TestClosedToOne:
    """SUP-013、回避：箱子不给任何权利。"""

    def test_a_recusal_takes_the_case_out_of_every_box(self, room: Boardroom) -> None:
        case = room.open()
        room.give("承办甲", save_draft, room.item(case, "ut_inquire").id, {})
        room.give("承办甲", watch_case, case.id, watched=True)
        room.give("承办甲", declare_interest, case.id, reasons="同学。")
        for query in (done_work, own_drafts, watched_cases, copied_cases, started_cases):
            assert ask(room, "承办甲", query).lines == ()
        assert ask(room, "承办甲", box_counts) == NOTHING
