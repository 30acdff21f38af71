"""撤案 (procedures §9): proposed with reasons, approved by another, before a decision."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.prepare_papers import prepare_papers
from engine.commands.withdraw_case import (
    NotWithdrawable,
    decide_withdrawal,
    propose_withdrawal,
)
from engine.desk.papers import draft, prepare
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, DueRow, InboxRow, NumberAllotted, WorkItemRow
from tests.engine.boardroom import Boardroom


def proposed(room: Boardroom, case: CaseRow, by: str = "承办甲") -> None:
    room.give(by, propose_withdrawal, case.id, reasons="重复登记。")


class TestProposing:
    """须说明理由，由另一人决定。"""

    def test_the_approvers_are_told(self, room: Boardroom) -> None:
        case = room.open()
        proposed(room, case, by="主席")
        assert room.last(case, "withdrawal_proposed")["reasons"] == "重复登记。"
        assert room.told("监事甲") == ["withdrawal.asked"]
        assert "withdrawal.asked" not in room.told("主席")

    def test_reasons_are_needed(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(Refusal) as refused:
            room.give("承办甲", propose_withdrawal, case.id, reasons=" ")
        assert refused.value.message_id == "reasons.missing"

    def test_what_is_decided_is_not_withdrawn(self, room: Boardroom) -> None:
        case = room.decided()
        with pytest.raises(NotWithdrawable) as refused:
            proposed(room, case)
        assert refused.value.message_id == "withdrawal.too_late"

    def test_neither_the_subject_nor_a_stranger_proposes(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotAllowed):
            proposed(room, case, by="陈某")
        with pytest.raises(NotFound):
            proposed(room, case, by="外人")


class TestDeciding:
    """准许的，案件终结，一切待办、期限随之终止。"""

    def test_granted_everything_open_ends(self, room: Boardroom) -> None:
        case = room.open()
        proposed(room, case)
        room.give("主席", decide_withdrawal, case.id, granted=True, reasons="同意。")
        row = room.case(case)
        assert (row.status, row.outcome, row.awaited) == ("withdrawn", "withdrawn", [])
        assert row.closed_at == room.clock.now()
        assert room.waits_for(case) == []
        assert room.all(sa.select(InboxRow)) == []
        assert room.all(sa.select(DueRow).where(DueRow.state == "armed")) == []
        assert room.deadline(case, "DL-B-1").state == "withdrawn"
        assert {"withdrawal_decided", "deadline_withdrawn", "case_closed"} <= set(room.facts(case))
        assert room.one(sa.select(WorkItemRow)).state == "withdrawn"
        with pytest.raises(NotWithdrawable):
            proposed(room, case)

    def test_granted_a_number_not_used_is_an_empty_one(self, room: Boardroom) -> None:
        case = room.inquired()

        def number(desk: object, *, again: bool) -> None:
            facts = {"facts_found": "事实", "letter_reasons": "理由", "measures": [], "witness": ""}
            row = draft(desk, case, "letter", facts)  # type: ignore[arg-type]
            prepare(desk, case, row)  # type: ignore[arg-type]
            if again:  # what is changed after it was numbered is a draft once more
                draft(desk, case, "letter", {**facts, "facts_found": "另一事实"})  # type: ignore[arg-type]

        room.give("主席", number, again=True)
        assert room.document(case).state == "draft"
        proposed(room, case)
        room.give("主席", decide_withdrawal, case.id, granted=True, reasons="同意。")
        empty = room.one(sa.select(NumberAllotted).where(NumberAllotted.series == "decision"))
        assert (empty.text, empty.state) == ("某集问决〔2026〕1号", "empty")
        assert room.last(case, "number_empty")["number"] == "某集问决〔2026〕1号"

    def test_rejected_the_case_goes_on_and_may_be_proposed_again(self, room: Boardroom) -> None:
        case = room.open()
        proposed(room, case)
        room.give("主席", decide_withdrawal, case.id, granted=False, reasons="事实不同。")
        assert room.waits_for(case) == ["ut_inquire"]
        with pytest.raises(NotWithdrawable) as refused:
            room.give("主席", decide_withdrawal, case.id, granted=True, reasons="同意。")
        assert refused.value.message_id == "withdrawal.none"
        proposed(room, case)

    @pytest.mark.parametrize(
        ("proposer", "by", "said"),
        [("主席", "主席", "withdrawal.own"), ("承办甲", "承办乙", "withdrawal.not_approver")],
    )
    def test_who_may_not_decide(self, room: Boardroom, proposer: str, by: str, said: str) -> None:
        case = room.open()
        proposed(room, case, by=proposer)
        with pytest.raises(NotAllowed) as refused:
            room.give(by, decide_withdrawal, case.id, granted=True, reasons="同意。")
        assert refused.value.message_id == said

    def test_reasons_are_needed(self, room: Boardroom) -> None:
        case = room.open()
        proposed(room, case)
        with pytest.raises(Refusal) as refused:
            room.give("主席", decide_withdrawal, case.id, granted=True, reasons="")
        assert refused.value.message_id == "reasons.missing"

    def test_a_step_without_a_document_prepares_none(self, room: Boardroom) -> None:
        case = room.open()
        item = room.item(case, "ut_inquire")
        assert prepare_papers(room.office, room.actor("承办甲"), item.id) is None
