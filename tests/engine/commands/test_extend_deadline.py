"""情况复杂的，经过批准，可延长5个工作日 (S0篇1§8)."""

from __future__ import annotations

from datetime import date

import pytest

from engine.commands.extend_deadline import (
    ExtensionSettled,
    decide_extension,
    request_extension,
)
from engine.errors import NotAllowed, NotFound, PeriodExpired, Refusal
from engine.store.tables import CaseRow, ExtensionRequest
from tests.engine.boardroom import Boardroom

# Registered Monday 9 February 2026. Fifteen working days: 10, 11, 12, 13, 14 (made up), 15 no;
# 16 to 23 Spring Festival; 24, 25, 26, 27, 28 (made up), 2 to 6 March: the 15th is Friday 6 March.
LAST_DAY = date(2026, 3, 6)
EXTENDED = date(2026, 3, 13)


def asked(
    room: Boardroom, case: CaseRow, by: str = "承办甲", key: str = "DL-B-1"
) -> ExtensionRequest:
    row: ExtensionRequest = room.give(by, request_extension, case.id, key, reasons="证人在外。")
    return row


class TestAsking:
    """承办人在期限内书面申请。"""

    def test_the_approver_is_told(self, room: Boardroom) -> None:
        case = room.open()
        assert room.deadline(case, "DL-B-1").last_day == LAST_DAY
        row = asked(room, case)
        assert row.state == "pending"
        assert room.told("主席")[-1:] == ["extension.asked"]
        assert room.last(case, "extension_requested")["reasons"] == "证人在外。"

    def test_one_request_at_a_time(self, room: Boardroom) -> None:
        case = room.open()
        asked(room, case)
        with pytest.raises(ExtensionSettled):
            asked(room, case, by="承办乙")

    def test_the_subject_asks_for_no_extension_of_the_inquiry(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotAllowed) as refused:
            asked(room, case, by="陈某")
        assert refused.value.message_id == "case.not_allowed"

    def test_a_deadline_that_may_not_be_extended_is_not(self, room: Boardroom) -> None:
        case = room.inquired()
        with pytest.raises(Refusal) as refused:
            asked(room, case, key="DL-B-5")
        assert refused.value.message_id == "deadline.not_extendable"

    def test_reasons_and_a_running_deadline_are_needed(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(Refusal) as refused:
            room.give("承办甲", request_extension, case.id, "DL-B-1", reasons=" ")
        assert refused.value.message_id == "reasons.missing"
        with pytest.raises(NotFound):
            asked(room, case, key="DL-B-6")

    def test_what_is_over_is_not_extended(self, room: Boardroom) -> None:
        case = room.open()
        room.at(2026, 3, 7, 0)  # Saturday, the first instant after the last day
        with pytest.raises(PeriodExpired) as refused:
            asked(room, case)
        assert refused.value.message_id == "deadline.over"


class TestDeciding:
    """由规定的岗位批准；延长一次，从原届满之日起算。"""

    def test_granted_the_last_day_moves_and_the_applicant_is_told(self, room: Boardroom) -> None:
        case = room.open()
        row = asked(room, case)
        room.give("主席", decide_extension, row.id, granted=True, reasons="准。")
        assert room.deadline(case, "DL-B-1").last_day == EXTENDED
        said = room.last(case, "extension_decided")
        assert (said["granted"], said["last_day"]) == (True, "2026-03-13")
        assert room.told("承办甲")[-1:] == ["extension.granted"]
        with pytest.raises(Refusal) as refused:
            asked(room, case)
        assert refused.value.message_id == "deadline.extensions_used"

    def test_rejected_it_stays(self, room: Boardroom) -> None:
        case = room.open()
        row = asked(room, case)
        room.give("主席", decide_extension, row.id, granted=False, reasons="人手充足。")
        assert room.deadline(case, "DL-B-1").last_day == LAST_DAY
        assert room.told("承办甲")[-1:] == ["extension.rejected"]
        with pytest.raises(ExtensionSettled) as refused:
            room.give("副主席", decide_extension, row.id, granted=True, reasons="准。")
        assert refused.value.message_id == "extension.decided"

    def test_a_grant_that_comes_too_late_is_none(self, room: Boardroom) -> None:
        case = room.open()
        row = asked(room, case)
        room.at(2026, 3, 7, 0)
        with pytest.raises(PeriodExpired):
            room.give("主席", decide_extension, row.id, granted=True, reasons="准。")
        assert room.deadline(case, "DL-B-1").extensions == 0

    def test_only_the_approver_and_never_for_oneself(self, room: Boardroom) -> None:
        case = room.open()
        row = asked(room, case)
        with pytest.raises(NotAllowed) as refused:
            room.give("监事甲", decide_extension, row.id, granted=True, reasons="准。")
        assert refused.value.message_id == "extension.not_approver"
        with pytest.raises(NotAllowed) as own:
            room.give("承办甲", decide_extension, row.id, granted=True, reasons="准。")
        assert own.value.message_id == "extension.own"

    def test_reasons_are_needed_and_what_is_not_there_is_not_found(self, room: Boardroom) -> None:
        row = asked(room, room.open())
        with pytest.raises(Refusal) as refused:
            room.give("主席", decide_extension, row.id, granted=True, reasons=" ")
        assert refused.value.message_id == "reasons.missing"
        with pytest.raises(NotFound):
            room.give("主席", decide_extension, "none", granted=True, reasons="准。")
