"""回避 (S0篇1§14; procedures C03): declared, applied for, decided; contact stops meanwhile."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.file import file
from engine.commands.look import open_document
from engine.commands.recuse import (
    RecusalSettled,
    decide_recusal,
    declare_interest,
    request_recusal,
)
from engine.errors import NotAllowed, NotFound, Recused, Refusal
from engine.store.tables import CaseRow, Participant, Recusal, WorkItemRow
from tests.engine.boardroom import Boardroom


def applied(room: Boardroom, case: CaseRow, on: str = "承办甲", by: str = "陈某") -> Recusal:
    found: Recusal = room.give(by, request_recusal, case.id, room.people[on], reasons="有过节。")
    return found


class TestAsking:
    """自行申报或者由当事人申请；决定作出前停止接触案卷。"""

    def test_who_declares_an_interest_may_not_touch_the_file(self, room: Boardroom) -> None:
        case = room.open()
        row = room.give("承办甲", declare_interest, case.id, reasons="同学。")
        assert (row.kind, row.state, row.reasons) == ("declared", "pending", "同学。")
        assert "interest_declared" in room.facts(case)
        assert room.told("主席")[-1:] == ["recusal.asked"]
        with pytest.raises(Recused) as refused:
            room.claim("承办甲", case, "ut_inquire")
        assert refused.value.message_id == "recusal.pending"

    def test_a_subject_may_ask_and_the_application_is_on_the_record(self, room: Boardroom) -> None:
        case = room.open()
        row = applied(room, case)
        assert (row.kind, row.requested_by) == ("applied", room.people["陈某"])
        assert room.last(case, "recusal_requested")["person"] == room.people["承办甲"]

    def test_an_officer_may_declare_before_any_work_is_offered(self, room: Boardroom) -> None:
        case = room.open()
        assert room.give("监事甲", declare_interest, case.id, reasons="同学。").state == "pending"

    @pytest.mark.parametrize("state", ["pending", "granted"])
    def test_a_second_application_on_the_same_person_is_refused(
        self, room: Boardroom, state: str
    ) -> None:
        case = room.open()
        row = applied(room, case)
        if state == "granted":
            room.give("主席", decide_recusal, row.id, granted=True, reasons="属实。")
        with pytest.raises(RecusalSettled) as refused:
            applied(room, case, by="承办乙")
        assert refused.value.params["state"] == state

    def test_reasons_are_needed(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(Refusal) as refused:
            room.give("承办甲", declare_interest, case.id, reasons=" ")
        assert refused.value.message_id == "reasons.missing"

    def test_nobody_has_the_subject_recused_nor_the_subject_themselves(
        self, room: Boardroom
    ) -> None:
        case = room.open()
        for ask in (
            lambda: applied(room, case, on="陈某", by="承办甲"),
            lambda: room.give("陈某", declare_interest, case.id, reasons="我是当事人。"),
        ):
            with pytest.raises(Refusal) as refused:
                ask()
            assert refused.value.message_id == "recusal.subject"

    def test_strangers_and_persons_elsewhere_are_not_found(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotFound):
            applied(room, case, by="外人")
        with pytest.raises(NotFound):
            room.give("陈某", request_recusal, case.id, "nobody", reasons="x")


class TestOneOwnMatter:
    """回避不影响当事人、举报人自己的权利。"""

    def test_a_recusal_takes_no_right_of_a_participant_away(self, room: Boardroom) -> None:
        case = room.served()
        with room.office.database.begin() as session:
            session.add(
                Recusal(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    person_id=room.people["陈某"],
                    kind="applied",
                    state="granted",
                    reasons="x",
                    requested_by=room.people["承办甲"],
                    requested_at=room.clock.now(),
                )
            )
        room.give("陈某", open_document, room.document(case).id)
        room.give("陈某", file, case.id, "appeal", {"request": "请求撤销。"})
        assert room.waits_for(case) == ["ut_review"]


class TestDeciding:
    """由组织调查的机关负责人决定；准许的，更换人员，期限不重新起算。"""

    def test_granted_the_work_goes_to_the_others(self, room: Boardroom) -> None:
        case = room.open()
        room.claim("承办甲", case, "ut_inquire")
        ends = room.deadline(case, "DL-B-1").last_day
        row = applied(room, case)
        room.give("主席", decide_recusal, row.id, granted=True, reasons="属实。")
        item = room.item(case, "ut_inquire")
        assert (item.state, item.claimed_by) == ("open", None)
        assert room.last(case, "work_handed_on")["by"] == room.people["承办甲"]
        assert room.last(case, "recusal_decided")["granted"] is True
        assert room.case(case).variables["recusals"] == [room.people["承办甲"]]
        assert room.deadline(case, "DL-B-1").last_day == ends
        assert room.told("陈某")[-1:] == ["recusal.granted"]
        with pytest.raises(Recused) as refused:
            room.claim("承办甲", case, "ut_inquire")
        assert refused.value.message_id == "recusal.granted"
        room.claim("承办乙", case, "ut_inquire")

    def test_granted_what_the_person_did_is_to_be_looked_at_again(self, room: Boardroom) -> None:
        case = room.inquired()
        with room.office.database.begin() as session:
            for name, role in (("承办甲", "investigator"), ("承办乙", "investigation_lead")):
                session.add(
                    Participant(
                        authority_id=case.authority_id,
                        case_id=case.id,
                        person_id=room.people[name],
                        role=role,
                        since_at=room.clock.now(),
                    )
                )
        row = applied(room, case)
        room.give("主席", decide_recusal, row.id, granted=True, reasons="属实。")
        assert room.item(case, "ut_inquire").properties["to_review"] == "recused"
        left = room.one(
            sa.select(Participant).where(Participant.person_id == room.people["承办甲"])
        )
        assert left.until_at == room.clock.now()
        assert "participant_left" in room.facts(case)
        assert room.told("承办乙") == ["recusal.review"]

    def test_a_second_one_is_added_to_the_first(self, room: Boardroom) -> None:
        case = room.open()
        for name in ("承办甲", "承办乙"):
            row = applied(room, case, on=name)
            room.give("主席", decide_recusal, row.id, granted=True, reasons="属实。")
        both = [room.people["承办甲"], room.people["承办乙"]]
        assert room.case(case).variables["recusals"] == both

    def test_rejected_the_person_goes_on(self, room: Boardroom) -> None:
        case = room.open()
        row = applied(room, case, on="承办丙")
        room.give("主席", decide_recusal, row.id, granted=False, reasons="查无此事。")
        assert room.told("承办丙") == ["recusal.rejected"]
        # The application cleared what the records say of the same unit.
        assert room.claim("承办丙", case, "ut_inquire").state == "claimed"

    def test_it_is_decided_once(self, room: Boardroom) -> None:
        row = applied(room, room.open())
        room.give("主席", decide_recusal, row.id, granted=False, reasons="查无此事。")
        with pytest.raises(RecusalSettled) as refused:
            room.give("副主席", decide_recusal, row.id, granted=True, reasons="属实。")
        assert refused.value.message_id == "recusal.decided"

    @pytest.mark.parametrize(
        ("by", "on", "said"),
        [
            ("主席", "主席", "recusal.pending"),  # on the decider: not even the file
            ("监事甲", "承办甲", "recusal.not_decider"),
        ],
    )
    def test_who_may_not_decide(self, room: Boardroom, by: str, on: str, said: str) -> None:
        row = applied(room, room.open(), on=on)
        with pytest.raises(NotAllowed) as refused:
            room.give(by, decide_recusal, row.id, granted=True, reasons="属实。")
        assert refused.value.message_id == said

    def test_nobody_decides_on_an_application_of_one_s_own(self, room: Boardroom) -> None:
        case = room.inquired()
        row = applied(room, case, by="主席")
        with pytest.raises(NotAllowed) as refused:
            room.give("主席", decide_recusal, row.id, granted=True, reasons="属实。")
        assert refused.value.message_id == "recusal.own"
        assert room.last(case, "refused")["command"] == "decide_recusal"

    def test_reasons_are_needed(self, room: Boardroom) -> None:
        row = applied(room, room.open())
        with pytest.raises(Refusal) as refused:
            room.give("主席", decide_recusal, row.id, granted=False, reasons="")
        assert refused.value.message_id == "reasons.missing"

    def test_what_is_not_there_is_not_found(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            room.give("主席", decide_recusal, "none", granted=True, reasons="x")


class TestConflictsInTheRecords:
    """利害关系由记录可见的，同样不得领取。"""

    def test_the_same_unit_bars(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(Recused) as refused:
            room.give("承办丙", claim_work, room.item(case, "ut_inquire").id)
        assert refused.value.message_id == "conflict.same_unit"
        assert room.all(sa.select(WorkItemRow.claimed_by)) == [None]
