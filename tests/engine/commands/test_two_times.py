"""每个事实两个时间：发生之日（有凭据）与记录之时；决定、表决、签名不得倒签。

A sentence of design.md §4: decisions, votes and signatures cannot be back-dated; receipts and
filings on paper may be entered later, and the deadline counts from the proved date.
"""

from __future__ import annotations

import inspect
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.countersign import ask_signature, give_signature
from engine.commands.decide import decide, give_opinion, put_motion
from engine.commands.file import file
from engine.errors import Refusal
from engine.store.tables import (
    Answers,
    AuditEntry,
    DecisionRow,
    DocumentRow,
    FactRow,
    OpinionRow,
    SignatureRequest,
)
from tests.engine.boardroom import INQUIRY, Boardroom

DAYS = {"on", "day", "at", "happened_on", "decided_on", "signed_at", "given_at", "issued_on"}


class TestWhatIsNeverBackDated:
    """决定、表态、会签、签发的日期只来自时钟，没有可填的日期。"""

    @pytest.mark.parametrize("command", [put_motion, give_opinion, decide, give_signature])
    def test_the_command_takes_no_day(self, command: Any) -> None:
        assert DAYS.isdisjoint(inspect.signature(command).parameters)

    def test_a_vote_and_its_decision_are_of_the_day_on_which_they_are_given(
        self, room: Boardroom
    ) -> None:
        case = room.inquired()
        room.at(2026, 2, 11)
        room.decided(case, decided_on="2026-02-01", happened_on="2026-02-01")

        assert room.one(sa.select(DecisionRow)).made_at == room.clock.now()
        assert {row.given_at for row in room.all(sa.select(OpinionRow))} == {room.clock.now()}

    def test_a_signature_is_of_the_instant_at_which_it_is_given(self, room: Boardroom) -> None:
        item = room.claim("承办甲", room.open(), "ut_inquire")
        request = room.give(
            "承办甲", ask_signature, item.id, room.people["承办乙"], place="after", reasons="核。"
        )
        room.give("承办甲", complete_work, item.id, {**INQUIRY, "happened_on": "2026-02-01"})
        room.at(2026, 2, 12)
        signer = room.actor("承办乙", has_signed=True)
        room.office.give(signer, give_signature, request.id, agrees=True)

        assert room.one(sa.select(SignatureRequest)).answered_at == room.clock.now()
        assert room.one(sa.select(Answers).where(Answers.work_item_id == item.id)).happened_on == (
            date(2026, 2, 12)
        )

    def test_a_document_is_issued_today_whatever_is_answered(self, room: Boardroom) -> None:
        case = room.prepared()
        item = room.item(case, "ut_issue")
        chair = room.actor("主席", has_signed=True)
        room.office.give(chair, complete_work, item.id, {"issued_on": "2026-02-01"})

        assert room.one(sa.select(DocumentRow)).issued_on == date(2026, 2, 9)

    def test_a_document_prepared_on_another_day_is_not_issued_under_that_day(
        self, room: Boardroom
    ) -> None:
        case = room.prepared()
        room.at(2026, 2, 10)
        chair = room.actor("主席", has_signed=True)
        with pytest.raises(Refusal):
            room.office.give(chair, complete_work, room.item(case, "ut_issue").id, {})


class TestWhatMayBeEnteredLater:
    """书面回执、书面申诉可以补录：两个时间都留，期限从有凭据之日起算。"""

    def test_a_receipt_keeps_both_days(self, room: Boardroom) -> None:
        case = room.issued()
        room.at(2026, 2, 13)
        room.served(case, received_on="2026-02-10")
        fact = room.one(sa.select(FactRow).where(FactRow.name == "received"))

        assert fact.happened_on == date(2026, 2, 10)
        assert fact.recorded_at == room.clock.now()
        assert room.deadline(case, "DL-B-6").event_on == date(2026, 2, 10)

    def test_a_filing_keeps_both_days(self, room: Boardroom) -> None:
        case = room.served()
        room.at(2026, 2, 13)
        room.give("承办甲", file, case.id, "appeal", {"request": "请求。"}, **paper(room))
        row = room.one(sa.select(Answers).where(Answers.filing == "appeal"))

        assert row.happened_on == date(2026, 2, 11)
        assert row.recorded_at == room.clock.now()

    def test_no_day_lies_ahead(self, room: Boardroom) -> None:
        case = room.issued()
        with pytest.raises(Refusal):
            room.served(case, received_on="2026-02-10")


class TestTheRecord:
    """案件记录的每一条都只有记录之时，由时钟给出。"""

    def test_every_entry_is_of_the_instant_at_which_it_was_written(self, room: Boardroom) -> None:
        room.open()
        room.at(2026, 2, 12)
        room.decided()
        days = {entry.recorded_at for entry in room.all(sa.select(AuditEntry))}

        assert max(days) == room.clock.now()


def paper(room: Boardroom) -> dict[str, Any]:
    """Return how an officer files for the subject, by a postmark."""
    return {
        "filed_for": room.people["陈某"],
        "happened_on": date(2026, 2, 11),
        "proof": "邮戳",
    }
