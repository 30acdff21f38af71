"""转办与委派：换人须有理由，接手的人须担任该角色并无利害关系，每次都重新查。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.hand_over import (
    delegate_work,
    recall_delegated,
    return_delegated,
    transfer_work,
)
from engine.commands.organise import end_post, relate
from engine.commands.recuse import decide_recusal, request_recusal
from engine.commands.release_work import release_work
from engine.commands.save_draft import save_draft
from engine.desk.handing import ReceiverUnfit
from engine.errors import AlreadyTaken, NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, Draft, HandOver, InboxRow, PostRow, WorkItemRow
from tests.engine.boardroom import INQUIRY, Boardroom, held, now


def inboxes(room: Boardroom, item: WorkItemRow) -> list[str]:
    rows = room.all(sa.select(InboxRow.principal).where(InboxRow.work_item_id == item.id))
    names = {person: name for name, person in room.people.items()}
    return sorted(names.get(row.removeprefix("p:"), row) for row in rows)


def transfer(room: Boardroom, item: WorkItemRow, to: str, by: str = "承办甲") -> None:
    room.give(by, transfer_work, item.id, room.people[to], reasons="出差。")


def delegate(room: Boardroom, item: WorkItemRow, to: str = "承办乙", by: str = "承办甲") -> None:
    room.give(by, delegate_work, item.id, room.people[to], reasons="请代为核实。")


class TestTransferring:
    """转办：事项归接手的人，原承办人不再有；工作痕迹留前后两人和理由（SUP-001）。"""

    def test_the_receiver_has_it_and_the_giver_no_longer(self, room: Boardroom) -> None:
        item = held(room)
        transfer(room, item, "承办乙")

        assert now(room, item).claimed_by == room.people["承办乙"]
        assert inboxes(room, item) == ["承办乙"]
        with pytest.raises(AlreadyTaken):
            room.give("承办甲", complete_work, item.id, INQUIRY)
        room.give("承办乙", complete_work, item.id, INQUIRY)

    def test_the_record_names_both_and_the_reason(self, room: Boardroom) -> None:
        item = held(room)
        transfer(room, item, "承办乙")

        entry = room.last(None, "work_transferred")
        assert entry["before"] == room.people["承办甲"]
        assert entry["to"] == room.people["承办乙"]
        assert entry["reasons"] == "出差。"
        assert "handing.transferred" in room.told("承办乙")
        assert room.breaches() == []

    def test_it_survives_reading_the_case_anew(self, room: Boardroom) -> None:
        item = held(room)
        transfer(room, item, "承办乙")
        transfer(room, item, "承办甲", by="承办乙")

        rows = room.all(sa.select(HandOver).order_by(HandOver.handed_at, HandOver.id))
        assert [row.state for row in rows] == ["ended", "in_force"]
        room.give("承办甲", complete_work, item.id, INQUIRY)

    def test_only_the_holder_transfers(self, room: Boardroom) -> None:
        case = room.open()
        item = room.item(case, "ut_inquire")
        with pytest.raises(NotAllowed, match=r"handing\.not_yours"):
            transfer(room, item, "承办乙")  # nobody has claimed it yet
        room.claim("承办甲", case, "ut_inquire")
        with pytest.raises(AlreadyTaken):
            transfer(room, item, "承办乙", by="承办乙")

    def test_without_reasons_it_is_refused(self, room: Boardroom) -> None:
        item = held(room)
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            room.give("承办甲", transfer_work, item.id, room.people["承办乙"], reasons="  ")

    def test_nobody_transfers_to_oneself_or_to_a_stranger(self, room: Boardroom) -> None:
        item = held(room)
        with pytest.raises(Refusal, match=r"handing\.to_oneself"):
            transfer(room, item, "承办甲")
        with pytest.raises(NotFound):
            room.give("承办甲", transfer_work, item.id, "nobody", reasons="出差。")


class TestWhoMayReceive:
    """接手的人：须担任该角色，或属流程允许的角色；不回避、无利害关系。默认不允许。"""

    def test_who_does_not_hold_the_role_is_refused(self, room: Boardroom) -> None:
        item = held(room)
        with pytest.raises(ReceiverUnfit, match=r"handing\.not_fit"):
            transfer(room, item, "主席")
        assert now(room, item).claimed_by == room.people["承办甲"]

    def test_whose_post_has_ended_is_refused(self, room: Boardroom) -> None:
        item = held(room)
        post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办乙"]))
        room.give("管理员", end_post, post.id, last_day=date(2026, 2, 9))
        room.at(2026, 2, 10)
        with pytest.raises(ReceiverUnfit, match=r"handing\.not_fit"):
            transfer(room, item, "承办乙")

    def test_who_is_of_the_subjects_unit_is_refused(self, room: Boardroom) -> None:
        item = held(room)
        with pytest.raises(ReceiverUnfit, match=r"handing\.conflict"):
            transfer(room, item, "承办丙")

    @pytest.mark.parametrize("granted", [None, True])
    def test_who_is_recused_or_asked_to_be_is_refused(
        self, room: Boardroom, *, granted: bool | None
    ) -> None:
        item = held(room)
        row = room.give(
            "陈某", request_recusal, item.case_id, room.people["承办乙"], reasons="有过节。"
        )
        if granted is not None:
            room.give("主席", decide_recusal, row.id, granted=granted, reasons="属实。")
        with pytest.raises(ReceiverUnfit, match=r"handing\.recused"):
            transfer(room, item, "承办乙")

    def test_a_role_that_the_procedure_allows_may_receive_and_complete(
        self, room: Boardroom
    ) -> None:
        item = held(room)
        transfer(room, item, "保护员")
        room.give("保护员", complete_work, item.id, INQUIRY)

        assert now(room, item).completed_by == room.people["保护员"]

    def test_a_mandatory_step_stays_within_its_role(self, room: Boardroom) -> None:
        item = held(room)
        make_mandatory(room, item)
        with pytest.raises(ReceiverUnfit, match=r"handing\.not_fit"):
            transfer(room, item, "保护员")
        transfer(room, item, "承办乙")

    def test_the_conflict_is_looked_at_again_when_the_receiver_acts(self, room: Boardroom) -> None:
        item = held(room)
        transfer(room, item, "承办乙")
        pair = (room.people["承办乙"], room.people["陈某"])
        room.give("管理员", relate, *pair, kind="kin")
        with pytest.raises(NotAllowed, match=r"conflict\.relation"):
            room.give("承办乙", complete_work, item.id, INQUIRY)

    def test_a_policys_receiver_whose_post_ends_may_no_longer_act(self, room: Boardroom) -> None:
        item = held(room)
        transfer(room, item, "保护员")
        post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["保护员"]))
        room.give("管理员", end_post, post.id, last_day=date(2026, 2, 9))
        room.at(2026, 2, 10)
        with pytest.raises(NotAllowed, match=r"item\.not_yours"):
            room.give("保护员", complete_work, item.id, INQUIRY)


class TestDelegating:
    """委派：受委派的人办好交回，由委派的人提交；受委派的人不得自己提交。"""

    def test_the_other_drafts_and_returns_and_the_first_submits(self, room: Boardroom) -> None:
        item = held(room)
        delegate(room, item)
        assert inboxes(room, item) == ["承办乙"]
        room.give("承办乙", save_draft, item.id, {"facts_found": "核实无误。"})
        room.give("承办乙", return_delegated, item.id, note="已核实。")

        assert now(room, item).claimed_by == room.people["承办甲"]
        assert now(room, item).holds == []
        draft = room.one(sa.select(Draft).where(Draft.person_id == room.people["承办甲"]))
        assert draft.data["facts_found"] == "核实无误。"
        assert room.last(None, "work_returned")["note"] == "已核实。"
        room.give("承办甲", complete_work, item.id, INQUIRY)

    def test_what_comes_back_takes_the_place_of_ones_own_draft(self, room: Boardroom) -> None:
        item = held(room)
        room.give("承办甲", save_draft, item.id, {"facts_found": "初稿"})
        delegate(room, item)
        room.give("承办乙", save_draft, item.id, {"facts_found": "改稿"})
        room.give("承办乙", return_delegated, item.id)

        draft = room.one(sa.select(Draft).where(Draft.person_id == room.people["承办甲"]))
        assert draft.data["facts_found"] == "改稿"

    @pytest.mark.parametrize(
        ("command", "given"),
        [
            (complete_work, {"answers": INQUIRY}),
            (release_work, {}),
            (transfer_work, {"to": "承办甲", "reasons": "转"}),
            (delegate_work, {"to": "承办甲", "reasons": "再派"}),
        ],
    )
    def test_the_other_neither_submits_nor_passes_it_on(
        self, room: Boardroom, command: Any, given: dict[str, Any]
    ) -> None:
        item = held(room)
        delegate(room, item)
        arguments = {**given, **({"to": room.people[given["to"]]} if "to" in given else {})}
        with pytest.raises(Refusal, match=r"delegation\.returns") as refused:
            room.give("承办乙", command, item.id, **arguments)
        assert refused.value.params["to"] == "承办甲"

    def test_the_first_takes_it_back_at_any_time(self, room: Boardroom) -> None:
        item = held(room)
        delegate(room, item)
        room.give("承办甲", recall_delegated, item.id, reasons="本人已回。")

        assert now(room, item).claimed_by == room.people["承办甲"]
        assert "handing.recalled" in room.told("承办乙")
        with pytest.raises(Refusal, match=r"delegation\.none"):
            room.give("承办甲", recall_delegated, item.id, reasons="再收。")

    def test_nobody_else_returns_it_or_takes_it_back(self, room: Boardroom) -> None:
        item = held(room)
        delegate(room, item)
        with pytest.raises(AlreadyTaken):
            room.give("承办甲", return_delegated, item.id)
        with pytest.raises(NotAllowed, match=r"handing\.not_yours"):
            room.give("承办乙", recall_delegated, item.id, reasons="收。")

    def test_what_was_not_delegated_is_not_returned(self, room: Boardroom) -> None:
        item = held(room)
        with pytest.raises(Refusal, match=r"delegation\.none"):
            room.give("承办甲", return_delegated, item.id)
        open_item = room.item(room.open(), "ut_inquire")
        with pytest.raises(NotAllowed, match=r"handing\.not_yours"):
            room.give("承办甲", return_delegated, open_item.id)

    def test_when_the_first_may_no_longer_have_it_the_role_is_offered_it(
        self, room: Boardroom
    ) -> None:
        item = held(room)
        delegate(room, item)
        post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办甲"]))
        room.give("管理员", end_post, post.id, last_day=date(2026, 2, 9))
        room.at(2026, 2, 10)
        room.give("承办乙", return_delegated, item.id)

        assert now(room, item).state == "open"
        assert inboxes(room, item) == [f"r:{room.authority_id}:verifier"]

    def test_a_recusal_of_the_other_ends_the_delegation(self, room: Boardroom) -> None:
        item = held(room)
        delegate(room, item)
        row = room.give(
            "陈某", request_recusal, item.case_id, room.people["承办乙"], reasons="有过节。"
        )
        room.give("主席", decide_recusal, row.id, granted=True, reasons="属实。")

        assert now(room, item).holds == []
        assert room.one(sa.select(HandOver)).state == "ended"


def make_mandatory(room: Boardroom, item: WorkItemRow) -> None:
    with room.office.database.begin() as session:
        row = session.get_one(WorkItemRow, item.id)
        row.properties = {**row.properties, "mandatory": "investigation"}


def test_a_case_of_another_authority_is_not_handed_over(room: Boardroom) -> None:
    """A person whom another authority owns receives nothing."""
    item = held(room)
    case = room.one(sa.select(CaseRow))
    assert case.authority_id == room.authority_id
    with pytest.raises(NotFound):
        room.give("承办甲", transfer_work, item.id, case.id, reasons="出差。")
