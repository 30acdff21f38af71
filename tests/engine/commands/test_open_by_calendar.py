"""按时立案：联合协调办公室会议一般每月一次（S0篇5§6；P04 DL-JO-1；SC-034）。"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.fire_due import fire_due
from engine.commands.open_by_calendar import open_by_calendar
from engine.commands.publish_version import approve_version, retire_version
from engine.errors import AnswersRefused, NotAllowed
from engine.store.tables import Card, CaseRow, DueRow, VersionRow
from tests.bpmn.diagrams import a_process, bpmn, chain, end, start
from tests.engine.commands.conftest import ZONE, Town
from tests.engine.commands.kin import field, publish, task

TIMER = {"every": "month", "day": 1, "at": "00:00", "answers": {"facts": "例会"}}


def monthly(town: Town, effective_on: date = date(2026, 1, 1), **timer: Any) -> VersionRow:
    """Publish a monthly meeting through the command that publishes."""
    body = (start(), task("ut_meet", deadline="DL-JO-1"), end(), chain("s", "ut_meet", "e"))
    version = publish(
        town,
        "meeting",
        bpmn(a_process(*body, process="meeting")),
        forms={"start": [field("facts", validate={"required": True})]},
        start={
            "form": "start",
            "roles": ["intake_clerk"],
            "fact": "month_begun",
            "timer": {**TIMER, **timer},
        },
        variables={"period": None},
        deadlines={
            "DL-JO-1": {
                "title": "月度会议",
                "unit": "to_month_end",
                "starts": "month_begun",
                "ends": "met",
                "on_expiry": ["yellow_card"],
                "source": "S0篇5§6",
            }
        },
    )
    with town.office.database.begin() as session:
        row = session.get_one(VersionRow, version.id)
        row.state, row.report = "draft", {"passed": True}
    town.give("system", approve_version, version.id, effective_on=effective_on)
    return version


def meetings(town: Town) -> list[CaseRow]:
    return town.all(
        sa.select(CaseRow).where(CaseRow.procedure == "meeting").order_by(CaseRow.number)
    )


def armed(town: Town) -> list[datetime]:
    return town.all(sa.select(DueRow.due_at).where(DueRow.kind == "open", DueRow.state == "armed"))


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE).astimezone(UTC)  # type: ignore[misc,arg-type]


class TestEveryMonth:
    """每月一件，自行立案。"""

    def test_the_first_one_opens_on_the_first_day_that_comes(self, town: Town) -> None:
        monthly(town)
        assert armed(town) == [local(2026, 3, 1)]
        town.at(2026, 2, 28, 23, 59)
        assert meetings(town) == []

        town.at(2026, 3, 1, 0, 0)

        (case,) = meetings(town)
        assert case.title == "meeting（2026-03）"
        assert case.opened_by == "system"
        assert case.variables["period"] == {
            "key": "2026-03",
            "first_day": "2026-03-01",
            "last_day": "2026-03-31",
        }
        assert armed(town) == [local(2026, 4, 1)]

    def test_it_is_late_on_the_day_after_the_last_working_day(self, town: Town) -> None:
        """2026 年 5 月 29 日（五）是当月最后一个工作日。"""
        monthly(town)
        town.at(2026, 5, 30, 9)

        third = meetings(town)[-1]
        assert town.deadline(third, "DL-JO-1").last_day == date(2026, 5, 29)
        (card,) = town.all(sa.select(Card).where(Card.case_id == third.id))
        assert card.given_on == date(2026, 5, 30)

    def test_after_a_stop_each_missed_month_opens_its_own(self, town: Town) -> None:
        monthly(town)
        town.clock.move_to(local(2026, 6, 10))
        town.at(2026, 6, 10, 1)

        assert [case.variables["period"]["key"] for case in meetings(town)] == [  # type: ignore[index]
            "2026-03",
            "2026-04",
            "2026-05",
            "2026-06",
        ]

    def test_one_row_fires_once(self, town: Town) -> None:
        monthly(town)
        due = town.one(sa.select(DueRow).where(DueRow.kind == "open"))
        assert town.give("system", fire_due, due.id) is False
        town.clock.move_to(local(2026, 3, 1))

        assert town.give("system", fire_due, due.id) is True
        assert town.give("system", fire_due, due.id) is False
        assert len(meetings(town)) == 1

    def test_a_period_that_was_opened_is_not_opened_again(self, town: Town) -> None:
        monthly(town)
        first = town.one(sa.select(DueRow).where(DueRow.kind == "open"))
        with town.office.database.begin() as session:
            twin = DueRow(
                authority_id=first.authority_id,
                kind="open",
                ref=first.ref,
                due_at=first.due_at,
                repeat=first.repeat,
            )
            session.add(twin)
        town.clock.move_to(local(2026, 3, 1))

        assert town.give("system", fire_due, first.id) is True
        assert town.give("system", fire_due, twin.id) is True
        assert len(meetings(town)) == 1

    def test_a_fault_before_the_commit_loses_nothing(self, town: Town) -> None:
        monthly(town)
        due = town.one(sa.select(DueRow).where(DueRow.kind == "open"))
        town.clock.move_to(local(2026, 3, 1))

        def die(moment: str, command: str) -> None:
            if moment == "before_commit":
                raise ConnectionError(command)

        town.office.hook = die
        with pytest.raises(ConnectionError):
            town.give("system", fire_due, due.id)
        town.office.hook = None

        assert meetings(town) == []
        assert town.give("system", fire_due, due.id) is True
        assert len(meetings(town)) == 1


class TestFromWhenOn:
    """自版本施行之日起；停用以后不再立案。"""

    @pytest.mark.parametrize(
        ("timer", "effective_on", "expected"),
        [
            ({"day": "last", "at": "09:30"}, date(2026, 1, 1), (2026, 2, 28, 9, 30)),
            ({"day": 9, "at": "09:00"}, date(2026, 1, 1), (2026, 2, 9, 9)),
            ({"day": 9, "at": "08:59"}, date(2026, 1, 1), (2026, 3, 9, 8, 59)),
            ({}, date(2026, 3, 15), (2026, 4, 1)),
            ({"every": "week"}, date(2026, 1, 1), (2026, 2, 16)),
        ],
    )
    def test_the_first_instant_that_has_not_passed(
        self, town: Town, timer: dict[str, Any], effective_on: date, expected: tuple[int, ...]
    ) -> None:
        monthly(town, effective_on, **timer)

        assert armed(town) == [local(*expected)]

    def test_a_second_version_arms_no_second_row(self, town: Town) -> None:
        first = monthly(town)
        with town.office.database.begin() as session:
            row = session.get_one(VersionRow, first.id)
            session.add(
                VersionRow(
                    authority_id=row.authority_id,
                    procedure=row.procedure,
                    number=2,
                    state="draft",
                    manifest=row.manifest,
                    digest="1" * 64,
                    report={"passed": True},
                    drafted_at=row.drafted_at,
                )
            )
        second = town.one(sa.select(VersionRow).where(VersionRow.number == 2))
        town.give("system", approve_version, second.id, effective_on=date(2026, 1, 1))

        assert len(armed(town)) == 1

    def test_a_version_that_was_retired_opens_nothing_more(self, town: Town) -> None:
        version = monthly(town)
        town.give("system", retire_version, version.id, reasons="废止。")
        town.at(2026, 3, 2)

        assert meetings(town) == []
        assert armed(town) == []

    def test_answers_that_the_form_refuses_open_nothing(self, town: Town) -> None:
        monthly(town, answers={})
        due = town.one(sa.select(DueRow).where(DueRow.kind == "open"))
        town.clock.move_to(local(2026, 3, 1))

        with pytest.raises(AnswersRefused):
            town.give("system", fire_due, due.id)

        assert armed(town) == [local(2026, 3, 1)]

    def test_nobody_lets_it_happen_by_hand(self, town: Town) -> None:
        with pytest.raises(NotAllowed):
            town.give("监事甲", open_by_calendar, "x")
