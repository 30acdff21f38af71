"""Sanctions over time: counted across cases, in force, superseded, lifted (S0篇1§4, §6, §12)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, cast

import pytest
import sqlalchemy as sa

from engine.commands.decide import decide
from engine.commands.file import file
from engine.desk.topics import TOPICS
from engine.errors import Fault, Refusal
from engine.store.tables import CaseRow, DueRow, SanctionRow
from tests.engine.boardroom import Boardroom


def sanctions(room: Boardroom) -> list[tuple[str, str, str]]:
    rows = room.all(sa.select(SanctionRow).order_by(SanctionRow.id))
    return [(row.measure, row.effect, row.state) for row in rows]


def appealed(room: Boardroom, case: CaseRow, result: str, measures: list[str]) -> None:
    room.give("陈某", file, case.id, "appeal", {"request": "请求。"})
    motion = room.move(case, element="ut_review", appeal_result=result, measures=measures)
    room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
    room.give("主席", decide, motion.id)


def count(room: Boardroom, case: CaseRow) -> dict[str, Any]:
    """Have the earlier decisions of the case's subject counted, as the diagram does."""

    class Item:
        properties: ClassVar[dict[str, str]] = {}

    def ask(desk: Any) -> dict[str, Any]:
        return dict(TOPICS["wenze.count-earlier-sanctions"](desk, case, Item(), {}))  # type: ignore[arg-type]

    found: dict[str, Any] = room.give("system", ask)
    return found


class TestInForce:
    """处理方式自生效之日起；取消当年评优至年底自动解除。"""

    def test_each_measure_is_a_sanction_with_its_effect(self, room: Boardroom) -> None:
        case = room.decided()
        assert sanctions(room) == [
            ("talk_admonish", "", "in_force"),
            ("cancel_merit", "bars_awards", "in_force"),
        ]
        assert room.decision(case).state == "in_force"
        due = room.one(sa.select(DueRow).where(DueRow.kind == "effect"))
        assert due.due_at.isoformat() == "2026-12-31T16:00:00+00:00"  # 1 January 2027 at UTC+8

    def test_its_effect_is_lifted_on_its_day(self, room: Boardroom) -> None:
        case = room.decided()
        room.at(2027, 1, 1)
        assert sanctions(room)[1] == ("cancel_merit", "bars_awards", "ended")
        assert room.last(case, "sanction_ended")["reason"] == "expired"
        assert "effect.ended" in room.told("陈某")

    def test_a_later_day_of_effect_counts_from_there(self, room: Boardroom) -> None:
        room.decided(effective_on="2027-01-04")
        row = room.one(sa.select(SanctionRow).where(SanctionRow.effect == "bars_awards"))
        assert (row.effective_on, row.until) == (date(2027, 1, 4), date(2027, 12, 31))


class TestRepeated:
    """1年内出现2次以上被问责的，从重 (S0篇1§6-1(1))."""

    def test_an_earlier_decision_within_the_year_is_found_across_cases(
        self, room: Boardroom
    ) -> None:
        assert count(room, room.open())["earlier_sanctions"] == 0
        room.decided()
        found = count(room, room.open())
        assert (found["earlier_sanctions"], found["repeat_offender"]) == (1, True)
        assert found["earlier_decided_on"] == [date(2026, 2, 9)]

    def test_a_year_later_it_counts_no_more(self, room: Boardroom) -> None:
        room.decided()
        room.at(2027, 2, 10)
        assert count(room, room.open())["earlier_sanctions"] == 0

    def test_the_case_s_own_decision_is_no_earlier_one(self, room: Boardroom) -> None:
        assert count(room, room.decided())["earlier_sanctions"] == 0

    @pytest.mark.parametrize(
        ("result", "measures", "counted"),
        [
            ("revoked", [], 0),
            ("changed", [], 0),
            ("changed", ["talk_admonish"], 1),
            ("upheld", [], 1),
        ],
    )
    def test_what_an_appeal_undid_counts_no_more(
        self, room: Boardroom, result: str, measures: list[str], counted: int
    ) -> None:
        case = room.served()
        appealed(room, case, result, measures)
        assert count(room, room.open())["earlier_sanctions"] == counted

    def test_a_procedure_without_a_window_counts_nothing(
        self, room: Boardroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = room.open()
        with room.office.database.reading() as session:
            version = room.office.versions.get(session, case.version_id)
        monkeypatch.setattr(type(version.rules), "repeat", None, raising=False)
        with pytest.raises(Fault, match=r"repeat\.window"):
            count(room, case)


class TestAppeals:
    """变更的，新决定取代原决定；撤销的，影响自始消除。"""

    def test_changed_the_new_measures_take_the_place_of_the_old(self, room: Boardroom) -> None:
        case = room.served()
        appealed(room, case, "changed", ["talk_admonish"])
        assert sanctions(room) == [
            ("talk_admonish", "", "changed"),
            ("cancel_merit", "bars_awards", "changed"),
            ("talk_admonish", "", "in_force"),
        ]
        assert room.decision(case).state == "superseded"
        assert room.decision(case, "appeal").state == "in_force"
        assert room.last(case, "decision_superseded")["reason"] == "changed"

    def test_revoked_nothing_is_left_and_nothing_falls_due(self, room: Boardroom) -> None:
        case = room.served()
        room.clock.move_to(room.clock.now() + timedelta(days=1))
        appealed(room, case, "revoked", [])
        assert {state for _, _, state in sanctions(room)} == {"revoked"}
        assert room.one(sa.select(DueRow).where(DueRow.kind == "effect")).state == "withdrawn"
        assert room.one(sa.select(SanctionRow)).ended_on == date(2026, 2, 10)
        assert room.case(case).outcome == "closed"

    def test_revoked_on_a_second_appeal_what_the_first_put_in_place_is_lifted(
        self, room: Boardroom
    ) -> None:
        case, nothing = room.served(), cast("Any", None)
        appealed(room, case, "changed", ["talk_admonish"])

        room.give("system", lambda desk: TOPICS["wenze.lift-sanctions"](desk, case, nothing, {}))

        assert sanctions(room) == [
            ("talk_admonish", "", "changed"),
            ("cancel_merit", "bars_awards", "changed"),
            ("talk_admonish", "", "revoked"),
        ]
        assert room.decision(case).state == "superseded"
        assert room.decision(case, "appeal").state == "revoked"

    def test_without_a_decision_there_is_nothing_to_put_into_force(self, room: Boardroom) -> None:
        case, nothing = room.open(), cast("Any", None)
        for topic in ("record-sanctions", "supersede-decision", "lift-sanctions"):
            with pytest.raises(Refusal) as refused:
                room.give(
                    "system", lambda desk, of=topic: TOPICS[f"wenze.{of}"](desk, case, nothing, {})
                )
            assert refused.value.message_id == "decision.none"
