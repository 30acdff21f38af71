"""案件停下：挂起、唤醒、撤案。"""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.claim_work import claim_work
from engine.commands.open_case import open_case
from engine.commands.organise import relate
from engine.commands.suspend_case import (
    decide_suspension,
    request_suspension,
    resume_case,
    suspension_of,
)
from engine.commands.wake_case import answers_to_start, wake_case
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.errors import NotAllowed, NotFound, Recused
from engine.store.tables import CaseRow, Suspension
from tests.engine.boardroom import Boardroom, published, refused


def stopping(path: str, text: str) -> str:
    """Let the clock of the inquiry stop, and no other."""
    if path.endswith(".yaml"):
        return text.replace(
            "    ends: inquired\n", "    ends: inquired\n    stops: {source: S0篇1§8}\n", 1
        )
    return text


class TestSuspending:
    """挂起：须有批准；只有依规定可以中止的期限停止计算，其余照常。"""

    @pytest.fixture
    def case(self, room: Boardroom) -> CaseRow:
        published(room, stopping)
        return room.open()

    def ask(self, room: Boardroom, case: CaseRow) -> Suspension:
        row: Suspension = room.give("承办甲", request_suspension, case.id, reasons="等待检察院。")
        return row

    def grant(self, room: Boardroom, case: CaseRow) -> Suspension:
        row = self.ask(room, case)
        room.give("主席", decide_suspension, row.id, granted=True, reasons="同意。")
        return row

    def test_granted_the_clock_and_the_work_under_it_stand_still(
        self, room: Boardroom, case: CaseRow
    ) -> None:
        room.at(2026, 2, 10)
        self.grant(room, case)

        assert room.case(case).status == "clock_suspended"
        assert room.deadline(case, "DL-B-1").state == "suspended"
        item = room.item(case, "ut_inquire").id
        refused(lambda: room.give("承办甲", claim_work, item), "case.on_hold")
        assert room.last(case, "suspension_decided")["deadlines"] == ["DL-B-1"]
        room.at(2026, 6, 1)
        assert "card_given" not in room.facts(case)

    def test_resumed_what_was_left_counts_from_tomorrow(
        self, room: Boardroom, case: CaseRow
    ) -> None:
        # 15 working days from 9 February: stopped on the 10th, 14 are left
        room.at(2026, 2, 10)
        self.grant(room, case)
        room.at(2026, 3, 2)

        room.give("主席", resume_case, case.id, reasons="已有结论。")

        # 3 … 6, 9 … 13, 16 … 20 March
        row = room.deadline(case, "DL-B-1")
        assert (row.state, row.last_day) == ("running", date(2026, 3, 20))
        assert room.case(case).status == "investigating"
        room.claim("承办甲", case, "ut_inquire")
        assert room.office.ask(room.actor("主席"), suspension_of, case) is None
        assert room.breaches() == []

    def test_rejected_everything_runs_on(self, room: Boardroom, case: CaseRow) -> None:
        row = self.ask(room, case)
        room.give("主席", decide_suspension, row.id, granted=False, reasons="不必。")
        assert room.deadline(case, "DL-B-1").state == "running"
        assert room.told("承办甲") == ["suspension.rejected"]

    def test_not_where_no_clock_may_stop(self, room: Boardroom) -> None:
        case = room.open()
        refused(
            lambda: room.give("承办甲", request_suspension, case.id, reasons="等。"),
            "suspension.no_clock",
        )

    def test_refusals(self, room: Boardroom, case: CaseRow) -> None:
        give = room.give
        refused(lambda: give("承办甲", request_suspension, case.id, reasons=" "), "reasons.missing")
        with pytest.raises(NotAllowed):
            give("监事甲", request_suspension, case.id, reasons="等。")
        refused(lambda: give("主席", resume_case, case.id, reasons="x"), "suspension.none")
        row = self.ask(room, case)
        refused(
            lambda: give("承办乙", request_suspension, case.id, reasons="等。"),
            "suspension.not_now",
        )
        refused(
            lambda: give("承办乙", decide_suspension, row.id, granted=True, reasons="x"),
            "suspension.not_approver",
            NotAllowed,
        )
        refused(
            lambda: give("承办甲", decide_suspension, row.id, granted=True, reasons="x"),
            "suspension.own",
            NotAllowed,
        )
        refused(
            lambda: give("主席", decide_suspension, row.id, granted=True, reasons=""),
            "reasons.missing",
        )
        with pytest.raises(NotFound):
            give("主席", decide_suspension, "none", granted=True, reasons="x")
        give("主席", decide_suspension, row.id, granted=True, reasons="x")
        refused(
            lambda: give("主席", decide_suspension, row.id, granted=True, reasons="x"),
            "suspension.decided",
        )
        refused(lambda: give("主席", resume_case, case.id, reasons=" "), "reasons.missing")


class TestWaking:
    """唤醒：已办结的案件以关联的新案件重新办理，原案不变。"""

    def closed(self, room: Boardroom) -> CaseRow:
        case = room.open()
        room.give("承办甲", propose_withdrawal, case.id, reasons="重复。")
        room.give("主席", decide_withdrawal, case.id, granted=True, reasons="准。")
        return room.case(case)

    def test_the_new_case_names_the_closed_one(self, room: Boardroom) -> None:
        closed = self.closed(room)
        answers = room.office.ask(room.actor("受理员"), answers_to_start, closed)

        case = room.give("受理员", wake_case, closed.id, answers, reasons="有新证据。")

        assert (case.parent_id, case.relation) == (closed.id, "woken")
        assert room.case(closed).closed_at == closed.closed_at
        assert room.last(closed, "case_woken")["by_case"] == case.number
        assert room.last(case, "case_woken")["of_case"] == closed.number
        assert room.waits_for(case) == ["ut_inquire"]

    def test_refusals(self, room: Boardroom) -> None:
        running = room.open()
        refused(
            lambda: room.give("受理员", wake_case, running.id, {}, reasons="x"), "wake.not_closed"
        )
        closed = self.closed(room)
        refused(
            lambda: room.give("受理员", wake_case, closed.id, {}, reasons=""), "reasons.missing"
        )
        answers = room.office.ask(room.actor("受理员"), answers_to_start, closed)
        with pytest.raises(NotAllowed):
            room.give("承办甲", wake_case, closed.id, answers, reasons="x")


class TestWithdrawing:
    """撤销由立案机关提请、另一人批准；举报人、当事人、有利害关系的人不得为之。"""

    def test_a_reporter_with_a_post_neither_proposes_nor_decides(self, room: Boardroom) -> None:
        given = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["陈某"]}
        reporter = room.people["监事甲"]
        case = room.give("受理员", open_case, "board", given, reporter_id=reporter)
        refused(
            lambda: room.give("监事甲", propose_withdrawal, case.id, reasons="x"),
            "withdrawal.outsider",
            NotAllowed,
        )

    def test_a_conflict_bars(self, room: Boardroom) -> None:
        case = room.open()
        pair = room.people["主席"], room.people["陈某"]
        room.give("管理员", relate, *pair, kind="kin")
        refused(
            lambda: room.give("主席", propose_withdrawal, case.id, reasons="x"),
            "conflict.relation",
            Recused,
        )
