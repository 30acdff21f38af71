"""期限重复：定期督促检查直至纠正（S0篇5§15-4）；权利届满前的提醒。"""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.desk import Desk, Right
from engine.desk.deadlines import state_fact
from engine.store.tables import Card, CaseRow, DeadlineRow, DueRow, InboxRow, Notice
from tests.bpmn.diagrams import a_process, bpmn, chain, end, start
from tests.engine.commands.conftest import ZONE, Town
from tests.engine.commands.kin import field, publish, task

KEY = "DL-RD-1"


def inspected_monthly(town: Town, *, until: bool = True) -> CaseRow:
    """Open a case on 9 February in which somebody inspects month by month."""
    repeat = {"every": {"value": 1, "unit": "months"}}
    body = (start(), task("ut_inspect", deadline=KEY), end(), chain("s", "ut_inspect", "e"))
    publish(
        town,
        "monthly",
        bpmn(a_process(*body, process="monthly")),
        forms={"start": [field("facts")]},
        start={"form": "start", "roles": ["intake_clerk"], "fact": "ordered"},
        deadlines={
            KEY: {
                "title": "定期督促",
                "value": 1,
                "unit": "months",
                "starts": "ordered",
                "ends": "inspected",
                "repeat": {**repeat, "until": "rectified"} if until else repeat,
                "on_expiry": ["yellow_card"],
                "proposed": True,
            }
        },
    )
    case: CaseRow = town.give("受理甲", open_case, "monthly", {})
    return case


def happens(town: Town, case: CaseRow, name: str, day: date) -> None:
    """State a fact of the case."""

    def say(desk: Desk) -> None:
        state_fact(desk, desk.case(case.id, may=Right.ADVANCE), name, happened_on=day)

    town.give("system", say)


def rounds(town: Town, case: CaseRow) -> list[tuple[str, str, str]]:
    """Return day of the event, last day and state of each round."""
    rows = town.all(
        sa.select(DeadlineRow)
        .where(DeadlineRow.case_id == case.id, DeadlineRow.key == KEY)
        .order_by(DeadlineRow.round)
    )
    return [(f"{row.event_on:%m-%d}", f"{row.last_day:%m-%d}", row.state) for row in rows]


def armed(town: Town, case: CaseRow) -> list[datetime]:
    return town.all(
        sa.select(DueRow.due_at).where(
            DueRow.case_id == case.id, DueRow.kind == "repeat", DueRow.state == "armed"
        )
    )


class TestRounds:
    """每月一轮；上一轮没有办的，仍要办。"""

    def test_the_next_round_begins_on_the_morning_after(self, town: Town) -> None:
        """2 月 9 日起，第一轮至 3 月 9 日（一）；第二轮自 3 月 9 日起算，10 日零时开始。"""
        case = inspected_monthly(town)
        town.at(2026, 3, 9, 23, 59)
        assert rounds(town, case) == [("02-09", "03-09", "running")]

        town.at(2026, 3, 10, 0, 0)

        assert rounds(town, case) == [("02-09", "03-09", "running"), ("03-09", "04-09", "running")]
        assert armed(town, case) == [datetime(2026, 4, 10, tzinfo=ZONE).astimezone(UTC)]

    def test_what_is_done_in_time_leaves_the_next_round_its_own(self, town: Town) -> None:
        case = inspected_monthly(town)
        town.at(2026, 2, 20)
        happens(town, case, "inspected", date(2026, 2, 20))
        town.at(2026, 3, 12)

        assert rounds(town, case) == [("02-09", "03-09", "met"), ("03-09", "04-09", "running")]
        assert town.all(sa.select(Card)) == []

    def test_a_missed_round_keeps_its_card_and_is_closed_with_the_next(self, town: Town) -> None:
        case = inspected_monthly(town)
        town.at(2026, 3, 20)
        (card,) = town.all(sa.select(Card))
        assert (card.colour, card.given_on) == ("yellow", date(2026, 3, 10))

        happens(town, case, "inspected", date(2026, 3, 20))

        assert [state for _, _, state in rounds(town, case)] == ["met", "met"]
        town.at(2026, 4, 10)
        assert [state for _, _, state in rounds(town, case)] == ["met", "met", "running"]

    def test_the_last_day_meets_its_own_round_alone(self, town: Town) -> None:
        """8 月 9 日是周日，第六轮顺延到 10 日；当日办结只算这一轮，第七轮另有其时。"""
        case = inspected_monthly(town)
        for month in (3, 4, 5, 6, 7):
            town.at(2026, month, 9)
            happens(town, case, "inspected", date(2026, month, 9))
        town.at(2026, 8, 10)
        assert rounds(town, case)[-2:] == [
            ("07-09", "08-10", "running"),
            ("08-09", "09-09", "running"),
        ]

        happens(town, case, "inspected", date(2026, 8, 10))

        assert rounds(town, case)[-2:] == [("07-09", "08-10", "met"), ("08-09", "09-09", "running")]
        (row,) = town.all(sa.select(InboxRow))
        newest = town.deadline(case, KEY)
        assert row.due_at == newest.expires_at

    def test_after_a_stop_each_missed_round_begins_in_its_order(self, town: Town) -> None:
        case = inspected_monthly(town)
        town.clock.move_to(datetime(2026, 5, 12, 1, tzinfo=UTC))
        town.at(2026, 5, 12, 10)

        assert [event for event, _, _ in rounds(town, case)] == ["02-09", "03-09", "04-09", "05-09"]
        assert len(town.all(sa.select(Card))) == 3

    def test_until_the_fact_that_ends_it(self, town: Town) -> None:
        case = inspected_monthly(town)
        town.at(2026, 3, 12)
        happens(town, case, "rectified", date(2026, 3, 12))

        assert [state for _, _, state in rounds(town, case)] == ["withdrawn", "withdrawn"]
        assert armed(town, case) == []
        town.at(2026, 6, 1)
        assert len(rounds(town, case)) == 2

    def test_or_until_the_case_ends(self, town: Town) -> None:
        case = inspected_monthly(town, until=False)
        happens(town, case, "rectified", date(2026, 2, 9))
        assert len(armed(town, case)) == 1

        town.do("初核甲", case, "ut_inspect")

        assert armed(town, case) == []
        assert [state for _, _, state in rounds(town, case)] == ["withdrawn"]

    def test_a_new_start_begins_anew(self, town: Town) -> None:
        case = inspected_monthly(town)
        town.at(2026, 3, 12)
        happens(town, case, "ordered", date(2026, 3, 12))

        assert rounds(town, case) == [
            ("02-09", "03-09", "withdrawn"),
            ("03-09", "04-09", "withdrawn"),
            ("03-12", "04-13", "running"),
        ]
        assert armed(town, case) == [datetime(2026, 4, 13, tzinfo=ZONE).astimezone(UTC)]

    def test_a_fact_that_meets_a_deadline_that_never_began_says_nothing(self, town: Town) -> None:
        case = town.open()
        happens(town, case, "appealed", date(2026, 2, 9))

        assert town.all(sa.select(DeadlineRow).where(DeadlineRow.key == "DL-T-6")) == []


class TestTheEndOfARight:
    """送达启动申诉期限；届满前提醒权利人（当事人），不提醒承办人。"""

    def test_the_subject_is_reminded_before_the_last_day(self, town: Town) -> None:
        """2 月 9 日收到，15 个工作日至 3 月 6 日；提前三个工作日（3 月 3 日）提醒。"""
        case = town.open()
        happens(town, case, "received", date(2026, 2, 9))
        assert town.deadline(case, "DL-T-6").last_day == date(2026, 3, 6)

        town.at(2026, 3, 5)

        (told,) = town.all(sa.select(Notice).where(Notice.key == "right.near"))
        assert told.person_id == town.people["陈某"]
        assert "2026年3月6日" in str(told.text["zh"])

    def test_a_right_that_was_used_is_not_reminded_of(self, town: Town) -> None:
        case = town.open()
        happens(town, case, "received", date(2026, 2, 9))
        happens(town, case, "appealed", date(2026, 2, 9))
        town.at(2026, 3, 12)

        assert town.all(sa.select(Notice).where(Notice.key == "right.near")) == []
