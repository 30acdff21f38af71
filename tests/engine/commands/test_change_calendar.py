"""工作日历 (procedures §0.3): a year's arrangement, a mended day, and what moves by it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.change_calendar import (
    CalendarWrong,
    SpecialDay,
    change_day,
    moves_by,
    national_days,
    publish_year,
)
from engine.errors import NotAllowed
from engine.store.tables import CalendarDay, CalendarYear
from tests.engine.boardroom import Boardroom

WEDNESDAY = SpecialDay(date(2026, 3, 4), is_workday=False, name="临时放假")
LAST_DAY = date(2026, 3, 6)  # a Friday; worked out in test_extend_deadline.py
NEXT = date(2026, 3, 9)  # the Monday after it


def days(room: Boardroom) -> list[SpecialDay]:
    return [
        SpecialDay(row.day, row.is_workday, row.name)
        for row in room.all(sa.select(CalendarDay).order_by(CalendarDay.day))
    ]


class TestNationalDays:
    """国务院办公厅的放假安排。"""

    def test_a_published_year_says_what_differs_from_monday_to_friday(self) -> None:
        by_day = {special.day: special for special in national_days(2026)}
        assert not by_day[date(2026, 2, 17)].is_workday  # Spring Festival, a Tuesday
        assert by_day[date(2026, 2, 14)].is_workday  # a Saturday, made up
        assert date(2026, 2, 15) not in by_day  # a Sunday off is nothing new
        assert by_day[date(2026, 2, 17)].name

    def test_a_year_not_published_yet_is_said_to_be_unknown(self) -> None:
        with pytest.raises(CalendarWrong) as refused:
            national_days(2090)
        assert refused.value.message_id == "calendar.unknown_year"


class TestPublishing:
    """管理员录入一年的安排；进行中的期限重新计算。"""

    def test_running_deadlines_are_counted_again_and_their_holders_told(
        self, room: Boardroom
    ) -> None:
        case = room.open()
        room.give("管理员", publish_year, 2026, [*days(room), WEDNESDAY], source="补充通知")
        assert room.last(None, "calendar_changed")["version"] == 2
        room.at(2026, 2, 9)  # the sweep
        assert room.deadline(case, "DL-B-1").last_day == NEXT
        assert room.last(case, "deadline_recounted")["before"] == "2026-03-06"
        assert "deadline.recounted" in room.told("承办甲")

    def test_a_right_s_told_last_day_never_comes_forward(self, room: Boardroom) -> None:
        case = room.served()
        assert room.deadline(case, "DL-B-6").last_day == LAST_DAY
        made_up = SpecialDay(date(2026, 2, 21), is_workday=True)  # a Saturday
        room.give("管理员", change_day, made_up, source="通知")
        room.at(2026, 2, 9)
        assert room.deadline(case, "DL-B-6").last_day == LAST_DAY

    def test_a_new_year_is_added(self, room: Boardroom) -> None:
        row = room.give("管理员", publish_year, 2025, national_days(2025), source="国办")
        assert (row.year, row.version, row.source) == (2025, 2, "国办")
        assert row.changed_by == room.people["管理员"]
        assert len(room.all(sa.select(CalendarYear))) == 2

    @pytest.mark.parametrize(
        ("year", "given", "said"),
        [
            (2003, [], "calendar.year"),
            (2101, [], "calendar.year"),
            (2026, [SpecialDay(date(2025, 3, 4), is_workday=False)], "calendar.other_year"),
            (2026, [WEDNESDAY, WEDNESDAY], "calendar.twice"),
            (2026, [SpecialDay(date(2026, 3, 4), is_workday=True)], "calendar.nothing_new"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, room: Boardroom, year: int, given: list[SpecialDay], said: str
    ) -> None:
        before = days(room)
        with pytest.raises(CalendarWrong) as refused:
            room.give("管理员", publish_year, year, given, source="x")
        assert refused.value.message_id == said
        assert days(room) == before

    def test_only_an_administrator_does(self, room: Boardroom) -> None:
        for command, given in ((publish_year, (2026, ())), (change_day, (WEDNESDAY,))):
            with pytest.raises(NotAllowed):
                room.give("主席", command, *given, source="x")


class TestMendingADay:
    """个别日期可以更正；与通常相同的，从表中去掉。"""

    def test_a_day_is_put_in_and_taken_out_again(self, room: Boardroom) -> None:
        before = days(room)
        room.give("管理员", change_day, WEDNESDAY, source="通知")
        assert WEDNESDAY in days(room)
        usual = SpecialDay(WEDNESDAY.day, is_workday=True)
        row = room.give("管理员", change_day, usual, source="撤销通知")
        assert days(room) == before
        assert row.version == 3

    def test_a_year_that_is_not_published_is_not_mended(self, room: Boardroom) -> None:
        with pytest.raises(CalendarWrong) as refused:
            room.give(
                "管理员", change_day, SpecialDay(date(2030, 3, 4), is_workday=False), source="x"
            )
        assert refused.value.message_id == "calendar.not_published"


class TestMoves:
    """录入前先看哪些期限会变。"""

    def moves(self, room: Boardroom, *special: SpecialDay) -> list[Any]:
        given = [*days(room), *special]
        found: list[Any] = room.office.ask(room.actor("管理员"), moves_by, 2026, given)
        return found

    def test_what_would_move_is_listed_and_nothing_changes(self, room: Boardroom) -> None:
        case = room.open()
        (move,) = self.moves(room, WEDNESDAY)
        assert (move.case_number, move.key, move.kept) == (case.number, "DL-B-1", False)
        assert (move.before, move.after) == (LAST_DAY, NEXT)
        assert room.deadline(case, "DL-B-1").last_day == LAST_DAY

    def test_what_stays_is_not_listed(self, room: Boardroom) -> None:
        room.open()
        assert self.moves(room) == []

    def test_a_right_that_is_kept_is_listed_as_kept(self, room: Boardroom) -> None:
        room.served()
        moves = self.moves(room, SpecialDay(date(2026, 2, 21), is_workday=True))
        (kept,) = [move for move in moves if move.key == "DL-B-6"]
        assert (kept.before, kept.after, kept.kept) == (LAST_DAY, LAST_DAY, True)
