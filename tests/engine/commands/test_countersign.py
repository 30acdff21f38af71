"""加签：前加签先签后办，并加签各办各签，后加签办后再签；签齐之日才生效。"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.countersign import ask_signature, drop_signature, give_signature
from engine.commands.hand_over import delegate_work, transfer_work
from engine.commands.organise import end_post, relate
from engine.commands.recuse import decide_recusal, declare_interest
from engine.commands.release_work import release_work
from engine.desk import Desk
from engine.desk.handing import ReceiverUnfit
from engine.desk.signing import must_be_signed_before
from engine.errors import AlreadyTaken, ConcurrentChange, NotAllowed, NotFound, Refusal
from engine.store.tables import (
    Answers,
    AuditEntry,
    CaseRow,
    Draft,
    HeldAnswers,
    InboxRow,
    PostRow,
    SignatureRequest,
    WorkItemRow,
)
from tests.engine.boardroom import INQUIRY, Boardroom, held, now


def ask(
    room: Boardroom, item: WorkItemRow, who: str = "承办乙", place: str = "before"
) -> SignatureRequest:
    asked: SignatureRequest = room.give(
        "承办甲", ask_signature, item.id, room.people[who], place=place, reasons="请核。"
    )
    return asked


def sign(room: Boardroom, request: SignatureRequest, by: str = "承办乙", **given: Any) -> Any:
    signer = room.actor(by, has_signed=True)
    return room.office.give(signer, give_signature, request.id, **{"agrees": True, **given})


def submit(room: Boardroom, item: WorkItemRow, by: str = "承办甲") -> None:
    room.give(by, complete_work, item.id, INQUIRY)


def inboxes(room: Boardroom, item: WorkItemRow) -> list[str]:
    rows = room.all(sa.select(InboxRow.principal).where(InboxRow.work_item_id == item.id))
    names = {person: name for name, person in room.people.items()}
    return sorted(names.get(row.removeprefix("p:"), row) for row in rows)


class TestBefore:
    """前加签：会签人签之前，承办人不能提交。"""

    def test_until_it_is_signed_the_holder_cannot_submit(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item)
        with pytest.raises(Refusal, match=r"signing\.awaited") as refused:
            submit(room, item)
        assert refused.value.params["people"] == "承办乙"
        sign(room, request)
        submit(room, item)

        assert now(room, item).state == "done"

    def test_both_find_it_in_their_inbox_until_it_is_signed(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item)
        assert inboxes(room, item) == ["承办乙", "承办甲"]
        assert "signing.asked" in room.told("承办乙")
        sign(room, request)

        assert inboxes(room, item) == ["承办甲"]
        assert "signing.agreed" in room.told("承办甲")

    def test_a_signer_who_disagrees_says_why_and_the_holder_answers_for_the_step(
        self, room: Boardroom
    ) -> None:
        item = held(room)
        request = ask(room, item)
        with pytest.raises(Refusal, match=r"reasons\.missing"):
            sign(room, request, agrees=False)
        sign(room, request, agrees=False, opinion="证据不足。")
        submit(room, item)

        assert now(room, item).state == "done"
        entry = room.last(None, "signature_given")
        assert (entry["agrees"], entry["opinion"]) == (False, "证据不足。")


class TestAfter:
    """后加签：承办人提交后送签；签同意之日办结，签不同意退回承办人。"""

    def test_the_turn_comes_once_the_holder_has_submitted(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        assert inboxes(room, item) == ["承办甲"]
        with pytest.raises(Refusal, match=r"signing\.not_yet"):
            sign(room, request)
        submit(room, item)

        assert now(room, item).state == "claimed"
        assert inboxes(room, item) == ["承办乙", "承办甲"]
        assert "signing.asked" in room.told("承办乙")

    def test_it_takes_effect_on_the_day_of_the_signature_for_the_holder(
        self, room: Boardroom
    ) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        submit(room, item)
        room.at(2026, 2, 11)
        sign(room, request)

        done = now(room, item)
        assert done.state == "done"
        assert done.completed_by == room.people["承办甲"]
        answers = room.one(sa.select(Answers).where(Answers.work_item_id == item.id))
        assert answers.given_by == room.people["承办甲"]
        assert answers.happened_on == date(2026, 2, 11)
        assert "signing.done" in room.told("承办甲")
        assert room.all(sa.select(HeldAnswers)) == []
        assert room.breaches() == []

    def test_meanwhile_nothing_of_it_can_be_changed(self, room: Boardroom) -> None:
        item = held(room)
        ask(room, item, place="after")
        submit(room, item)
        for command, given in (
            (complete_work, {"answers": INQUIRY}),
            (release_work, {}),
            (transfer_work, {"to": room.people["承办乙"], "reasons": "转"}),
            (delegate_work, {"to": room.people["承办乙"], "reasons": "派"}),
            (ask_signature, {"person_id": "x", "place": "after", "reasons": "签"}),
        ):
            with pytest.raises(Refusal, match=r"signing\.under_way"):
                room.give("承办甲", command, item.id, **given)

    def test_disagreement_gives_it_back_and_the_signer_is_asked_anew(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        submit(room, item)
        sign(room, request, agrees=False, opinion="漏一人。")

        assert inboxes(room, item) == ["承办甲"]
        draft = room.one(sa.select(Draft).where(Draft.work_item_id == item.id))
        assert draft.data["facts_found"] == INQUIRY["facts_found"]
        submit(room, item)
        again = room.one(
            sa.select(SignatureRequest).where(
                SignatureRequest.state == "asked", SignatureRequest.work_item_id == item.id
            )
        )
        assert again.id != request.id
        sign(room, again)
        assert now(room, item).state == "done"

    def test_what_was_confidential_does_not_come_back_in_the_draft(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        room.give("承办甲", complete_work, item.id, {**INQUIRY, "witness": "证人某"})
        assert "证人某" not in str(room.one(sa.select(HeldAnswers)).data)
        sign(room, request, agrees=False, opinion="漏一人。")

        draft = room.one(sa.select(Draft).where(Draft.work_item_id == item.id))
        assert "witness" not in draft.data

    def test_a_second_draft_takes_the_place_of_the_first(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        for _ in range(2):
            submit(room, item)
            rows = room.all(sa.select(SignatureRequest).order_by(SignatureRequest.asked_at.desc()))
            request = next(row for row in rows if row.state == "asked")
            sign(room, request, agrees=False, opinion="再核。")

        assert len(room.all(sa.select(Draft))) == 1

    def test_all_who_were_asked_must_sign(self, room: Boardroom) -> None:
        item = held(room)
        first = ask(room, item, place="after")
        second = ask(room, item, "主席", place="after")
        submit(room, item)
        sign(room, first)
        assert now(room, item).state == "claimed"
        sign(room, second, "主席")
        assert now(room, item).state == "done"

    def test_a_holder_who_is_conflicted_meanwhile_does_not_complete(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="after")
        submit(room, item)
        pair = (room.people["承办甲"], room.people["陈某"])
        room.give("管理员", relate, *pair, kind="kin")
        sign(room, request)

        assert now(room, item).state == "open"
        assert room.all(sa.select(HeldAnswers)) == []

    def test_a_recusal_of_the_holder_takes_the_answers_back(self, room: Boardroom) -> None:
        item = held(room)
        ask(room, item, place="after")
        submit(room, item)
        row = room.give("承办甲", declare_interest, item.case_id, reasons="同学。")
        room.give("主席", decide_recusal, row.id, granted=True, reasons="属实。")
        assert now(room, item).state == "open"
        assert room.all(sa.select(HeldAnswers)) == []


class TestBeside:
    """并加签：与承办人不分先后，两者齐了才生效。"""

    def test_signed_first_the_submission_takes_effect_at_once(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="beside")
        sign(room, request)
        submit(room, item)

        assert now(room, item).state == "done"

    def test_submitted_first_it_waits_for_the_signature(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="beside")
        submit(room, item)
        assert now(room, item).state == "claimed"
        sign(room, request)

        assert now(room, item).state == "done"

    def test_disagreement_before_the_submission_is_asked_about_again(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="beside")
        sign(room, request, agrees=False, opinion="先补证。")
        submit(room, item)

        assert now(room, item).state == "claimed"
        assert inboxes(room, item) == ["承办乙", "承办甲"]

    def test_a_request_that_was_asked_again_is_answered_only_there(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, place="beside")
        sign(room, request, agrees=False, opinion="先补证。")
        submit(room, item)
        with pytest.raises(AlreadyTaken, match=r"signing\.answered"):
            sign(room, request)


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


class TestWhoSigns:
    """会签人须担任该角色或流程允许会签的角色；会签即再次输入口令；签时重新查回避。"""

    def test_a_role_that_the_procedure_names_may_sign(self, room: Boardroom) -> None:
        item = held(room)
        request = ask(room, item, "主席")
        sign(room, request, "主席")
        submit(room, item)

    @pytest.mark.parametrize(
        ("who", "why"), [("监事甲", "not_fit"), ("承办丙", "conflict"), ("保护员", "not_fit")]
    )
    def test_others_are_not_even_asked(self, room: Boardroom, who: str, why: str) -> None:
        item = held(room)
        with pytest.raises(ReceiverUnfit, match=rf"handing\.{why}"):
            ask(room, item, who)

    def test_without_the_password_nothing_is_signed(self, room: Boardroom) -> None:
        request = ask(room, held(room))
        with pytest.raises(Refusal, match=r"signature\.missing"):
            room.give("承办乙", give_signature, request.id, agrees=True)

    def test_nobody_signs_for_another(self, room: Boardroom) -> None:
        request = ask(room, held(room))
        with pytest.raises(NotAllowed, match=r"signing\.not_yours"):
            sign(room, request, "主席")

    def test_whose_post_ended_meanwhile_signs_nothing(self, room: Boardroom) -> None:
        request = ask(room, held(room))
        post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办乙"]))
        room.give("管理员", end_post, post.id, last_day=date(2026, 2, 9))
        room.at(2026, 2, 10)
        with pytest.raises(ReceiverUnfit, match=r"handing\.not_fit"):
            sign(room, request)

    def test_the_asker_holds_the_step_gives_reasons_and_names_a_place(
        self, room: Boardroom
    ) -> None:
        item = held(room)
        who = room.people["承办乙"]
        for by, given, why in (
            ("承办甲", {"person_id": who, "place": "before", "reasons": ""}, "reasons.missing"),
            ("承办甲", {"person_id": who, "place": "above", "reasons": "签"}, "signing.place"),
            (
                "承办甲",
                {"person_id": room.people["承办甲"], "place": "after", "reasons": "签"},
                "signing.oneself",
            ),
            ("承办乙", {"person_id": who, "place": "after", "reasons": "签"}, "item.taken"),
        ):
            with pytest.raises(Refusal, match=why):
                room.give(by, ask_signature, item.id, **given)

    def test_an_open_step_is_claimed_before_anybody_is_asked(self, room: Boardroom) -> None:
        item = room.item(room.open(), "ut_inquire")
        with pytest.raises(NotAllowed, match=r"handing\.not_yours"):
            ask(room, item)

    def test_the_same_person_is_asked_once(self, room: Boardroom) -> None:
        item = held(room)
        ask(room, item)
        with pytest.raises(Refusal, match=r"signing\.asked_already"):
            ask(room, item, place="after")

    def test_a_signer_does_not_become_the_holder(self, room: Boardroom) -> None:
        item = held(room)
        ask(room, item)
        with pytest.raises(Refusal, match=r"handing\.signs"):
            room.give("承办甲", transfer_work, item.id, room.people["承办乙"], reasons="转。")

    def test_a_body_is_not_added_to_and_what_is_issued_is_signed_before(
        self, room: Boardroom
    ) -> None:
        item = room.item(room.inquired(), "ut_decide")
        with pytest.raises(Refusal, match=r"signing\.not_here"):
            room.give(
                "主席", ask_signature, item.id, room.people["监事甲"], place="after", reasons="签"
            )
        issue = room.claim("主席", room.drafted(), "ut_issue")
        with pytest.raises(Refusal, match=r"signing\.not_here"):
            room.give(
                "主席", ask_signature, issue.id, room.people["副主席"], place="after", reasons="签"
            )
        room.give(
            "主席", ask_signature, issue.id, room.people["副主席"], place="before", reasons="签"
        )


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
