"""到期自动发生的事：提醒、黄牌、红牌、期满、计时器、影响期解除。"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.file import file
from engine.commands.fire_due import fire_due
from engine.desk import Desk
from engine.desk.deadlines import state_fact
from engine.desk.rounds import keep, loaded
from engine.errors import Fault, NotAllowed
from engine.model.deadline_changes import Extension
from engine.model.identifiers import PersonId
from engine.model.periods import Period, Unit
from engine.store.tables import (
    Card,
    CaseRow,
    DeadlineRow,
    DueRow,
    InboxRow,
    Notice,
    SanctionRow,
)
from tests.engine.commands.conftest import Town


def cards(town: Town) -> list[tuple[str, date]]:
    rows = town.all(sa.select(Card).order_by(Card.given_at, Card.colour.desc()))
    return [(card.colour, card.given_on) for card in rows]


def armed(town: Town, kind: str) -> list[DueRow]:
    return town.all(sa.select(DueRow).where(DueRow.kind == kind, DueRow.state == "armed"))


class TestCards:
    """届满日24:00未办结，次日起黄牌；再3个工作日红牌（督办牌规则；SUP-003）。

    登记2026-02-09（一），初核10个工作日，届满2026-02-28（六，补班）。
    """

    def test_done_on_the_last_day_no_card(self, town: Town) -> None:
        case = town.open()
        town.at(2026, 2, 28, 23, 59)
        town.do("初核甲", case, "ut_verify", established=False)
        town.at(2026, 3, 20)

        assert cards(town) == []

    def test_yellow_from_sun_1_march_red_after_three_working_days(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 20)

        # 3-1 is the first day over and does not count; 3-2, 3-3, 3-4 are the three.
        assert cards(town) == [("yellow", date(2026, 3, 1)), ("red", date(2026, 3, 5))]

    def test_whoever_has_the_work_is_told_and_by_a_red_card_the_board(self, town: Town) -> None:
        case = town.open()
        town.claim("初核甲", case, "ut_verify")
        town.at(2026, 3, 20)

        yellow, red = town.all(sa.select(Card).order_by(Card.given_at))
        assert yellow.told == [town.people["初核甲"]]
        assert sorted(red.told) == sorted(
            town.people[name] for name in ("初核甲", "监事甲", "监事乙")
        )

    def test_before_anybody_claims_all_who_could_are_told(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 2)

        card = town.one(sa.select(Card))
        assert sorted(card.holders) == sorted(
            town.people[name] for name in ("初核甲", "初核乙", "初核丙")
        )

    def test_a_sweep_that_comes_late_gives_them_all_once(self, town: Town) -> None:
        town.open()
        town.clock.move_to(datetime(2026, 3, 20, tzinfo=UTC))
        town.at(2026, 3, 20, 10)
        town.at(2026, 3, 20, 11)

        assert [colour for colour, _ in cards(town)] == ["yellow", "red"]

    def test_done_late_before_the_sweep_came_by_is_late_all_the_same(self, town: Town) -> None:
        case = town.open()
        town.clock.move_to(datetime(2026, 3, 2, 2, tzinfo=UTC))
        town.do("初核甲", case, "ut_verify", established=False)
        town.at(2026, 3, 20)

        assert cards(town) == [("yellow", date(2026, 3, 1))]

    def test_a_reminder_goes_out_when_a_fifth_is_left(self, town: Town) -> None:
        case = town.open()
        town.claim("初核乙", case, "ut_verify")
        town.at(2026, 2, 27)

        notice = town.one(sa.select(Notice).where(Notice.key == "deadline.near"))
        assert notice.person_id == town.people["初核乙"]
        assert notice.text["zh"].startswith("案件某集问〔2026〕1号的“初核”将于2026年2月28日届满")


class TestExtending:
    """延期加在届满日上；提醒、黄牌、待办随之后移。"""

    def test_five_more_working_days_move_card_and_inbox(self, town: Town) -> None:
        case = town.open()
        town.at(2026, 2, 25)
        extend(town, case)

        row = town.deadline(case, "DL-T-1")
        assert row.last_day == date(2026, 3, 6)  # 2, 3, 4, 5, 6 March
        assert [due.due_at for due in armed(town, "yellow")] == [row.expires_at]
        line = town.one(sa.select(InboxRow))
        assert line.due_at == row.expires_at
        assert row.extensions == 1

    def test_what_was_counted_can_be_read_back(self, town: Town) -> None:
        case = town.open()
        extend(town, case)

        def read(desk: Desk) -> tuple[int, int]:
            found = loaded(desk, town.case(case), town.deadline(case, "DL-T-1"))
            return found.counted.length, found.counted.extension_length

        assert town.office.ask(town.actor("监事甲"), read) == (15, 5)


class TestARightLapses:
    """申诉期届满，窗口关闭，流程继续；不计牌（S0篇1§11）。"""

    def test_after_wed_29_april_the_case_goes_on(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        town.at(2026, 4, 8)
        town.give(
            "监事甲", complete_work, town.item(case, "ut_serve").id, {"received_on": "2026-04-08"}
        )
        town.at(2026, 4, 29, 23, 59)
        assert town.open_elements(case) == []

        town.at(2026, 4, 30, 0, 0)

        assert town.open_elements(case) == ["ut_late"]
        assert town.deadline(case, "DL-T-6").state == "lapsed"
        assert cards(town) == []

    def test_the_end_of_the_case_withdraws_what_still_runs(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        town.give("初核甲", file, case.id, "wait", {"request": "x"})
        town.at(2026, 2, 12)
        town.give(
            "监事甲", complete_work, town.item(case, "ut_serve").id, {"received_on": "2026-02-12"}
        )
        town.give("陈某", file, case.id, "appeal", {"request": "撤销"})
        town.do("监事甲", case, "ut_review")

        over = town.case(case)
        assert (over.status, over.outcome) == ("closed", "closed")
        assert town.one(sa.select(Notice).where(Notice.key == "case.ended")).text == {
            "zh": "案件某集问〔2026〕1号已办结：已办结。",
            "en": "Case 某集问〔2026〕1号 is closed: Closed.",
        }
        assert not town.all(sa.select(DueRow).where(DueRow.state == "armed"))


class TestTimersOfTheDiagram:
    """图上自带的计时器按钟点触发，恰好一次。"""

    def test_two_days_later_it_fires_once(self, town: Town) -> None:
        case = town.open()
        town.give("初核甲", file, case.id, "wait", {"request": "x"})
        (due,) = armed(town, "timer")
        assert due.due_at == datetime(2026, 2, 11, 1, tzinfo=UTC)

        town.at(2026, 2, 11, 9)

        assert armed(town, "timer") == []
        assert town.give("system", fire_due, due.id) is False

    def test_before_its_time_nothing_happens(self, town: Town) -> None:
        case = town.open()
        town.give("初核甲", file, case.id, "wait", {"request": "x"})

        assert town.give("system", fire_due, armed(town, "timer")[0].id) is False

    def test_a_fact_that_comes_again_meets_nothing_twice(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        met = town.deadline(case, "DL-T-1")
        say(town, case, "verified", date(2026, 2, 9))

        assert town.deadline(case, "DL-T-1").history == met.history

    def test_a_late_paper_does_not_bring_a_lapsed_right_back(self, town: Town) -> None:
        case = town.open()
        town.do("初核甲", case, "ut_verify", established=True, findings="查明")
        say(town, case, "received", date(2026, 2, 9))
        town.at(2026, 3, 20)
        assert town.deadline(case, "DL-T-6").state == "lapsed"

        say(town, case, "appealed", date(2026, 3, 20))
        assert town.deadline(case, "DL-T-6").state == "lapsed"
        say(town, case, "appealed", date(2026, 3, 5))
        assert town.deadline(case, "DL-T-6").state == "met"

    def test_recorded_after_its_end_a_deadline_reminds_nobody_but_gives_its_cards(
        self, town: Town
    ) -> None:
        case = town.open()
        town.at(2026, 3, 20)
        given = cards(town)
        say(town, case, "registered", date(2026, 2, 9))
        town.at(2026, 3, 21)

        assert [kind for kind, _ in cards(town)] == [kind for kind, _ in given] * 2
        assert len(town.all(sa.select(Notice).where(Notice.key == "deadline.near"))) == 3

    def test_an_extension_after_the_reminder_does_not_remind_again(self, town: Town) -> None:
        case = town.open()
        town.at(2026, 2, 27)
        extend(town, case)
        town.at(2026, 3, 6)

        assert len(town.all(sa.select(Notice).where(Notice.key == "deadline.near"))) == 3

    def test_a_second_round_withdraws_the_first(self, town: Town) -> None:
        case = town.open()

        say(town, case, "registered", date(2026, 2, 9))

        rows = town.all(sa.select(DeadlineRow).order_by(DeadlineRow.round))
        assert [(row.round, row.state) for row in rows] == [(1, "withdrawn"), (2, "running")]
        assert len(armed(town, "yellow")) == 1


class TestWhoMayFire:
    """到期事项只由平台自动触发。"""

    def test_a_person_may_not(self, town: Town) -> None:
        town.open()

        with pytest.raises(NotAllowed, match=r"due\.system_only"):
            town.give("监事甲", fire_due, armed(town, "yellow")[0].id)

    def test_what_is_unknown_does_not_fire(self, town: Town) -> None:
        assert town.give("system", fire_due, "none") is False

    def test_an_unknown_kind_is_the_platforms_fault(self, town: Town) -> None:
        case = town.open()
        add(town, case, "weather", "x")

        with pytest.raises(Fault, match="weather"):
            town.give("system", fire_due, armed(town, "weather")[0].id)


class TestDailyReminders:
    """到期未决，每日提醒（procedures C11）。"""

    def test_each_day_anew(self, town: Town) -> None:
        case = town.open()
        add(town, case, "remind_daily", town.deadline(case, "DL-T-1").id)
        town.at(2026, 2, 11, 12)

        notices = town.all(sa.select(Notice).where(Notice.key == "deadline.daily"))
        assert {notice.sent_at for notice in notices} == {
            datetime(2026, 2, 9, 1, tzinfo=UTC),
            datetime(2026, 2, 9, 16, tzinfo=UTC),
            datetime(2026, 2, 10, 16, tzinfo=UTC),
        }


class TestEffects:
    """取消当年评优评先，至12月31日自动解除（S0篇1§4-2；DL-CA-9）。"""

    @pytest.mark.parametrize(("measure", "title"), [("dismiss", "免职"), ("other", "other")])
    def test_the_effect_ends_on_its_day_and_the_person_is_told(
        self, town: Town, measure: str, title: str
    ) -> None:
        case = town.open()
        sanction = sanctioned(town, case, measure)
        add(town, case, "effect", sanction.id)
        town.at(2026, 2, 9, 10)

        ended = town.one(sa.select(SanctionRow))
        assert (ended.state, ended.ended_on) == ("ended", date(2026, 12, 31))
        notice = town.one(sa.select(Notice).where(Notice.key == "effect.ended"))
        assert f"“{title}”" in notice.text["zh"]

    def test_a_sanction_that_was_revoked_is_not_ended_again(self, town: Town) -> None:
        case = town.open()
        sanction = sanctioned(town, case, "dismiss", state="revoked")
        add(town, case, "effect", sanction.id)
        town.at(2026, 2, 9, 10)

        assert town.one(sa.select(SanctionRow)).state == "revoked"


def say(town: Town, case: CaseRow, fact: str, on: date) -> None:
    """State a fact of a day, as a command does."""

    def stated(desk: Desk) -> None:
        state_fact(desk, desk.session.get_one(CaseRow, case.id), fact, happened_on=on)

    town.give("受理甲", stated)


def extend(town: Town, case: CaseRow) -> None:
    def by_five(desk: Desk) -> None:
        row = desk.session.scalars(sa.select(DeadlineRow)).one()
        owner = desk.session.get_one(CaseRow, case.id)
        granted = Extension(
            Period(5, Unit.WORKING_DAYS), PersonId(town.people["监事甲"]), "复杂", desk.now()
        )
        extended = loaded(desk, owner, row).extended(granted, desk.calendar())
        keep(desk, owner, row, extended, kind="extension")

    town.give("监事甲", by_five)


def add(town: Town, case: CaseRow, kind: str, ref: str) -> None:
    with town.office.database.begin() as session:
        session.add(
            DueRow(
                authority_id=town.authority_id,
                case_id=case.id,
                kind=kind,
                ref=ref,
                due_at=town.clock.now(),
            )
        )


def sanctioned(town: Town, case: CaseRow, measure: str, state: str = "in_force") -> SanctionRow:
    row = SanctionRow(
        authority_id=town.authority_id,
        case_id=case.id,
        person_id=town.people["陈某"],
        measure=measure,
        decided_on=date(2026, 2, 9),
        effective_on=date(2026, 2, 9),
        until=date(2026, 12, 31),
        state=state,
    )
    with town.office.database.begin() as session:
        session.add(row)
    return row
