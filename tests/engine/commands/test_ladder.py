"""逐级介入：超期未处置，自动升级上一级；每级记录签收（SUP-043、SUP-071）。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.commands.receipt_escalation import receipt_escalation
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import AuditEntry, CaseRow, Escalation, Notice
from tests.bpmn.diagrams import a_process, bpmn, chain, end, start
from tests.engine.commands.conftest import Town
from tests.engine.commands.kin import ROLES, publish, task


def late(town: Town) -> CaseRow:
    """Open a case whose step is due on 10 February: the clerk hears of it, then the board."""
    body = (start(), task("ut_do", deadline="DL-LT-1", fact="done"), end())
    publish(
        town,
        "late",
        bpmn(a_process(*body, chain("s", "ut_do", "e"), process="late")),
        roles={**ROLES, "manager": {"title": "负责人"}},
        start={"form": "start", "roles": ["intake_clerk"], "fact": "begun"},
        ladder={
            "levels": ["intake_clerk", "supervisory_board"],
            "every": {"value": 3, "unit": "working_days"},
            "proposed": True,
        },
        deadlines={
            "DL-LT-1": {
                "title": "办理",
                "value": 1,
                "unit": "days",
                "starts": "begun",
                "ends": "done",
                "proposed": True,
            }
        },
    )
    case: CaseRow = town.give("受理甲", open_case, "late", {})
    assert town.deadline(case, "DL-LT-1").last_day == date(2026, 2, 10)
    return case


def levels(town: Town) -> list[Escalation]:
    return town.all(sa.select(Escalation).order_by(Escalation.level))


class TestTheLadder:
    """黄牌之日告知第一级；三个工作日内仍未处置的，告知上一级。"""

    def test_it_climbs_level_by_level(self, town: Town) -> None:
        """2 月 11 日黄牌；三个工作日至 14 日（六，补班）；15 日零时升级。"""
        late(town)
        town.at(2026, 2, 14, 23, 59)
        assert [one.role for one in levels(town)] == ["intake_clerk"]

        town.at(2026, 2, 15, 0, 0)

        assert [one.role for one in levels(town)] == ["intake_clerk", "supervisory_board"]
        told = town.all(sa.select(Notice.person_id).where(Notice.key == "deadline.escalated"))
        assert set(told) == {town.people[name] for name in ("受理甲", "监事甲", "监事乙")}
        town.at(2026, 4, 1)
        assert len(levels(town)) == 2

    def test_what_was_dealt_with_climbs_no_further(self, town: Town) -> None:
        case = late(town)
        town.at(2026, 2, 11)
        town.do("初核甲", case, "ut_do")
        town.at(2026, 3, 1)

        assert [one.role for one in levels(town)] == ["intake_clerk"]

    def test_without_a_ladder_nobody_is_told(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 12)

        assert levels(town) == []


class TestReceipts:
    """每级记录签收；签收不等于处置。"""

    def test_somebody_of_the_level_acknowledges_it_once(self, town: Town) -> None:
        case = late(town)
        town.at(2026, 2, 16)
        first, second = levels(town)

        town.give("监事甲", receipt_escalation, second.id)

        assert levels(town)[1].receipted_by == town.people["监事甲"]
        with pytest.raises(Refusal, match="receipted"):
            town.give("监事乙", receipt_escalation, second.id)
        with pytest.raises(NotAllowed):
            town.give("监事甲", receipt_escalation, first.id)
        with pytest.raises(NotFound):
            town.give("外人", receipt_escalation, first.id)
        with pytest.raises(NotFound):
            town.give("监事甲", receipt_escalation, "nothing")
        facts = town.all(sa.select(AuditEntry.fact).where(AuditEntry.case_id == case.id))
        assert facts.count("escalated") == 2
        assert facts.count("escalation_receipted") == 1
