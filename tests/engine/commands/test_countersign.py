"""加签：前加签先签后办，并加签各办各签，后加签办后再签；签齐之日才生效。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.complete_work import complete_work
from engine.commands.countersign import ask_signature
from engine.commands.hand_over import delegate_work, transfer_work
from engine.commands.organise import relate
from engine.commands.recuse import decide_recusal, declare_interest
from engine.commands.release_work import release_work
from engine.errors import AlreadyTaken, Refusal
from engine.store.tables import Answers, Draft, HeldAnswers, SignatureRequest
from tests.engine.boardroom import INQUIRY, Boardroom, held, now
from tests.engine.commands.signing import ask, inboxes, sign, submit


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
