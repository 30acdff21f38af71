"""会签人：谁可以会签，谁不可以；由谁请，请几次。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.countersign import ask_signature, give_signature
from engine.commands.hand_over import transfer_work
from engine.commands.organise import end_post
from engine.desk.handing import ReceiverUnfit
from engine.errors import NotAllowed, Refusal
from engine.store.tables import PostRow
from tests.engine.boardroom import Boardroom, held
from tests.engine.commands.signing import ask, sign, submit


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
