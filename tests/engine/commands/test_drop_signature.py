"""减签、流程已往下走、两人同时：不再要签的不挡办理，一步只办结一次。"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from engine.commands.countersign import drop_signature, give_signature
from engine.commands.release_work import release_work
from engine.desk import Desk
from engine.desk.signing import must_be_signed_before
from engine.errors import AlreadyTaken, ConcurrentChange, NotAllowed, NotFound, Refusal
from engine.store.tables import AuditEntry, CaseRow, SignatureRequest, WorkItemRow
from tests.engine.boardroom import Boardroom, held, now
from tests.engine.commands.signing import ask, inboxes, sign, submit


class TestDropping:
    """减签：未签的可以减，已签的不能；减到没有人要签，提交即生效。"""

    def test_dropped_before_the_submission_it_blocks_nothing(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item)
        room.give("承办甲", drop_signature, request.id, reasons="不需要了。")
        assert now(room, item).holds == []
        submit(room, item)

        assert now(room, item).state == "done"

    def test_the_last_one_dropped_lets_the_submission_take_effect(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        submit(room, item)
        room.give("承办甲", drop_signature, request.id, reasons="会签人出差。")

        assert now(room, item).completed_by == room.people["承办甲"]

    def test_what_is_signed_is_not_dropped(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item)
        sign(room, request)
        with pytest.raises(AlreadyTaken, match=r"signing\.answered"):
            room.give("承办甲", drop_signature, request.id, reasons="减。")

    def test_who_neither_asked_nor_holds_it_drops_nothing(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item)
        with pytest.raises(NotAllowed, match=r"handing\.not_yours"):
            room.give("承办乙", drop_signature, request.id, reasons="减。")
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            room.give("承办甲", drop_signature, request.id, reasons="")
        with pytest.raises(NotFound):
            room.give("承办甲", drop_signature, "none", reasons="减。")


class TestWhenTheProcedureGoesOn:
    """流程已往下走的，会签随之失去意义。"""

    def test_a_withdrawn_step_is_not_signed(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item)
        with room.office.database.begin() as session:
            session.get_one(WorkItemRow, item.id).state = "withdrawn"
        with pytest.raises(Refusal, match=r"item\.withdrawn"):
            sign(room, request)

    def test_a_step_given_back_still_waits_for_its_signer(self, room: Boardroom) -> None:
        item = held(room)
        ask(room, item)
        room.give("承办甲", release_work, item.id)
        room.claim("承办甲", room.one(sa.select(CaseRow)), "ut_inquire")
        with pytest.raises(Refusal, match=r"signing\.awaited"):
            submit(room, item)

    def test_signed_while_nobody_holds_it_the_role_still_finds_it(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, "主席")
        room.give("承办甲", release_work, item.id)
        role = f"r:{room.authority_id}:verifier"
        assert inboxes(room, item) == sorted(["主席", role])
        sign(room, request, "主席")

        assert inboxes(room, item) == [role]

    def test_a_step_without_waiting_signatures_is_not_blocked(self, room: Boardroom) -> None:
        item = held(room)
        with room.office.database.reading() as session:
            desk = Desk(session, room.actor("承办甲"), room.office)
            must_be_signed_before(desk, session.get_one(WorkItemRow, item.id))
        submit(room, item)


@pytest.mark.slow
class TestTwoAtOnce:
    """两人同时签，恰有一人的签名使之生效，另一人的也记下。"""

    def test_exactly_one_completes(self, room: Boardroom) -> None:
        item = held(room)
        first = ask(room, item, place="after")
        second = ask(room, item, "主席", place="after")
        submit(room, item)

        def signs(one: tuple[SignatureRequest, str]) -> str:
            try:
                sign(room, *one)
            except ConcurrentChange:
                sign(room, *one)
            return "signed"

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(signs, ((first, "承办乙"), (second, "主席")))) == ["signed"] * 2
        assert now(room, item).state == "done"
        done = room.all(sa.select(AuditEntry).where(AuditEntry.fact == "work_completed"))
        assert [entry.details["item"] for entry in done] == [item.id]

    def test_a_signature_and_its_dropping_exclude_each_other(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        submit(room, item)
        signer = replace(room.actor("承办乙"), has_signed=True)

        def act(which: str) -> str:
            try:
                if which == "sign":
                    room.office.give(signer, give_signature, request.id, agrees=True)
                else:
                    room.give("承办甲", drop_signature, request.id, reasons="减。")
            except (AlreadyTaken, ConcurrentChange):
                return "refused"
            return "won"

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(act, ("sign", "drop"))) == ["refused", "won"]
        assert now(room, item).state == "done"
