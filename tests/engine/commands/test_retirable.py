"""期满才移出：办结满年限、无人被追究、无事未了的（SUP-025）；本机关与流程的年限，从长。"""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.change_settings import change_setting
from engine.commands.retire import retirable
from engine.commands.wake_case import wake_case
from engine.desk.retiring import Obstacle
from engine.model.settings import SettingKey
from engine.store.tables import CaseRow, DueRow, SanctionRow
from tests.engine.boardroom import Boardroom, published
from tests.engine.commands.leaving import closed, keeping, obstacle

pytestmark = pytest.mark.slow  # each builds an office and lets ten years pass


def held_to_account(room: Boardroom, case: CaseRow, state: str) -> None:
    """Let a measure of 9 February 2026 against 陈某 stand in the case."""
    with room.office.database.begin() as session:
        session.add(
            SanctionRow(
                authority_id=room.authority_id,
                case_id=case.id,
                person_id=room.people["陈某"],
                measure="talk_admonish",
                decided_on=date(2026, 2, 9),
                effective_on=date(2026, 2, 9),
                state=state,
            )
        )


class TestWhatMayLeave:
    """办结满十年、无人被追究、无事未了的案件。"""

    def test_not_before_ten_years_are_over(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 8)
        assert obstacle(room, case) is Obstacle.TOO_EARLY
        assert room.office.ask(room.actor("管理员"), retirable) == []
        room.at(2036, 2, 11)
        (found,) = room.office.ask(room.actor("管理员"), retirable)

        assert obstacle(room, case) is None
        assert (found.number, found.procedure) == (case.number, "board")

    def test_the_authority_says_after_how_many_years(self, room: Boardroom) -> None:
        case = closed(room)
        room.give("管理员", change_setting, SettingKey.RETENTION_YEARS, 1, reasons="规定。")
        room.at(2027, 2, 11)

        assert obstacle(room, case) is None

    @pytest.mark.parametrize(
        ("of_procedure", "of_authority", "early", "late"),
        [(30, 10, 2056, 2057), (3, 10, 2036, 2037), (12, 15, 2041, 2042)],
    )
    def test_of_the_procedures_years_and_the_authoritys_the_longer_ones_count(
        self, room: Boardroom, of_procedure: int, of_authority: int, early: int, late: int
    ) -> None:
        """办结于 2026 年 2 月 9 日：满三十年为 2056 年 2 月 9 日，满十年、十五年类推。"""
        published(room, keeping(of_procedure))
        case = closed(room)
        years = SettingKey.RETENTION_YEARS
        if of_authority != 10:
            room.give("管理员", change_setting, years, of_authority, reasons="规定。")
        room.at(early, 2, 8)
        assert obstacle(room, case) is Obstacle.TOO_EARLY
        assert room.office.ask(room.actor("管理员"), retirable) == []
        room.at(late, 2, 11)

        assert obstacle(room, case) is None
        assert [one.number for one in room.office.ask(room.actor("管理员"), retirable)] == [
            case.number
        ]

    def test_a_case_keeps_the_years_of_the_version_that_it_ran_in(self, room: Boardroom) -> None:
        case = closed(room)
        published(room, keeping(30))
        later = closed(room)
        room.at(2036, 2, 11)

        assert obstacle(room, case) is None
        assert obstacle(room, later) is Obstacle.TOO_EARLY
        assert [one.case_id for one in room.office.ask(room.actor("管理员"), retirable)] == [
            case.id
        ]

    def test_an_open_case_never(self, room: Boardroom) -> None:
        case = room.open()
        room.at(2046, 2, 9)

        assert obstacle(room, case) is Obstacle.OPEN
        assert room.office.ask(room.actor("管理员"), retirable) == []

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            ("in_force", Obstacle.EFFECT),
            ("ended", Obstacle.LIFELONG),
            ("revoked", None),
        ],
    )
    def test_a_measure_keeps_it_in_effect_and_for_ever_but_not_once_revoked(
        self, room: Boardroom, state: str, expected: Obstacle | None
    ) -> None:
        case = closed(room)
        held_to_account(room, case, state)
        room.at(2066, 2, 9)

        assert obstacle(room, case) is expected
        assert bool(room.office.ask(room.actor("管理员"), retirable)) is (expected is None)

    def test_the_authority_may_let_those_who_were_accountable_go_after_more_years(
        self, room: Boardroom
    ) -> None:
        case = closed(room)
        held_to_account(room, case, "ended")
        years = SettingKey.RETENTION_LIFELONG_YEARS
        room.give("管理员", change_setting, years, 30, reasons="规定。")
        room.at(2056, 2, 8)
        assert obstacle(room, case) is Obstacle.LIFELONG
        room.at(2056, 2, 11)
        assert obstacle(room, case) is None

    def test_a_case_that_hangs_on_it_keeps_it(self, room: Boardroom) -> None:
        case = closed(room)
        given = {"channel": "CA1", "facts": "又犯", "subject_id": room.people["陈某"]}
        room.give("受理员", wake_case, case.id, given, reasons="发现历史失职。")
        room.at(2036, 2, 11)

        assert obstacle(room, case) is Obstacle.LINKED
        assert room.office.ask(room.actor("管理员"), retirable) == []

    def test_a_timer_of_its_aftermath_keeps_it(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        with room.office.database.begin() as session:
            session.add(
                DueRow(
                    authority_id=room.authority_id,
                    case_id=case.id,
                    kind="timer",
                    ref="影响期",
                    due_at=room.clock.now().replace(year=2037),
                )
            )

        assert obstacle(room, case) is Obstacle.WAITING
        assert room.office.ask(room.actor("管理员"), retirable) == []

    def test_a_rehearsed_case_is_none_of_the_office(self, room: Boardroom) -> None:
        case = closed(room)
        with room.office.database.begin() as session:
            session.get_one(CaseRow, case.id).is_trial = True
        room.at(2036, 2, 11)

        assert obstacle(room, case) is Obstacle.TRIAL
        assert room.office.ask(room.actor("管理员"), retirable) == []
