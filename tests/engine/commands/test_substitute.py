"""代理：按起止日、流程、角色代他人办理；先办者得之，记录写明代谁；利害关系照查。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.decide import give_opinion
from engine.commands.hand_over import transfer_work
from engine.commands.organise import relate
from engine.commands.release_work import release_work
from engine.commands.substitute import end_substitution, set_substitution
from engine.desk.views.handing import deputised_work, substitutions
from engine.errors import AlreadyTaken, NotAllowed, NotFound, Refusal
from engine.store.tables import Substitution, WorkItemRow
from tests.engine.boardroom import INQUIRY, Boardroom, held, now

FIRST, LAST = date(2026, 2, 9), date(2026, 2, 13)


def deputise(
    room: Boardroom, who: str = "承办甲", deputy: str = "承办乙", by: str = "", **given: Any
) -> Substitution:
    other = {"person_id": room.people[who]} if by and by != who else {}
    row: Substitution = room.give(
        by or who,
        set_substitution,
        room.people[deputy],
        **{"valid_from": FIRST, "valid_to": LAST, "reasons": "休假。", **other, **given},
    )
    return row


class TestActingForSomebody:
    """代理人可以办被代理人手中的事项，记录写明代谁办。"""

    def test_the_deputy_completes_what_the_other_holds(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room)
        room.give("承办乙", complete_work, item.id, INQUIRY)

        done = now(room, item)
        assert done.completed_by == room.people["承办乙"]
        assert done.acting_for == room.people["承办甲"]
        assert room.last(None, "work_completed")["on_behalf_of"] == room.people["承办甲"]
        assert room.breaches() == []

    def test_who_is_first_has_it(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room)
        room.give("承办甲", complete_work, item.id, INQUIRY)
        with pytest.raises(AlreadyTaken, match=r"item\.done"):
            room.give("承办乙", complete_work, item.id, INQUIRY)

    def test_once_the_deputy_took_it_the_other_no_longer_has_it(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room)
        room.give("承办乙", claim_work, item.id)
        assert room.last(None, "work_claimed")["on_behalf_of"] == room.people["承办甲"]
        with pytest.raises(AlreadyTaken, match=r"item\.taken"):
            room.give("承办甲", complete_work, item.id, INQUIRY)

    def test_what_the_deputy_gives_back_goes_to_whose_it_is(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room)
        room.give("承办乙", claim_work, item.id)
        room.give("承办乙", release_work, item.id)

        assert now(room, item).claimed_by == room.people["承办甲"]
        assert now(room, item).acting_for is None

    def test_the_deputy_finds_it_listed(self, room: Boardroom) -> None:
        item = held(room)
        held(room, "承办乙")
        deputise(room)
        lines = room.office.ask(room.actor("承办乙"), deputised_work)

        assert [line.work_item_id for line in lines] == [item.id]
        assert lines[0].whose == "承办甲"

    def test_what_one_may_take_by_oneself_is_not_done_for_another(self, room: Boardroom) -> None:
        case = room.open()
        deputise(room)
        item = room.claim("承办乙", case, "ut_inquire")

        assert item.acting_for is None


class TestItsBounds:
    """期间之外、流程和角色之外、有利害关系、不担任该角色的，都不能代理。"""

    @pytest.mark.parametrize(
        ("given", "reaches"),
        [
            ({}, True),
            ({"procedure": "board"}, True),
            ({"procedure": "another"}, False),
            ({"role": "verifier"}, True),
            ({"role": "supervisory_board"}, False),
        ],
    )
    def test_only_the_procedure_and_the_role_that_are_named(
        self, room: Boardroom, given: dict[str, str], *, reaches: bool
    ) -> None:
        item = held(room)
        deputise(room, **given)
        listed = room.office.ask(room.actor("承办乙"), deputised_work)
        assert bool(listed) is reaches
        if reaches:
            room.give("承办乙", complete_work, item.id, INQUIRY)
        else:
            with pytest.raises(AlreadyTaken, match=r"item\.taken"):
                room.give("承办乙", complete_work, item.id, INQUIRY)

    def test_before_the_first_day_and_after_the_last_it_gives_nothing(
        self, room: Boardroom
    ) -> None:
        item = held(room)
        deputise(room, valid_from=date(2026, 2, 10), valid_to=date(2026, 2, 10))
        for day in (9, 11):
            room.at(2026, 2, day)
            with pytest.raises(AlreadyTaken):
                room.give("承办乙", claim_work, item.id)
        assert room.office.ask(room.actor("承办乙"), deputised_work) == ()

    def test_on_the_last_day_it_still_counts(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room)
        room.at(2026, 2, 13, 23)
        room.give("承办乙", claim_work, item.id)

    def test_a_conflict_of_the_deputy_bars(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room)
        room.give("管理员", relate, room.people["承办乙"], room.people["陈某"], kind="kin")
        with pytest.raises(NotAllowed, match=r"conflict\.relation"):
            room.give("承办乙", complete_work, item.id, INQUIRY)

    def test_without_the_role_or_the_procedures_leave_a_deputy_does_nothing(
        self, room: Boardroom
    ) -> None:
        item = held(room)
        deputise(room, deputy="主席")
        with pytest.raises(NotAllowed, match=r"item\.not_yours"):
            room.give("主席", complete_work, item.id, INQUIRY)

    def test_a_role_that_the_procedure_allows_may_stand_in(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room, deputy="保护员")
        room.give("保护员", complete_work, item.id, INQUIRY)

        assert now(room, item).acting_for == room.people["承办甲"]

    def test_not_so_for_a_mandatory_step(self, room: Boardroom) -> None:
        item = held(room)
        with room.office.database.begin() as session:
            row = session.get_one(WorkItemRow, item.id)
            row.properties = {**row.properties, "mandatory": "investigation"}
        deputise(room, deputy="保护员")
        with pytest.raises(NotAllowed, match=r"item\.not_yours"):
            room.give("保护员", complete_work, item.id, INQUIRY)

    def test_a_deputys_deputy_does_not_stand_in_for_the_first(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room, deputy="保护员")
        deputise(room, who="保护员", deputy="承办乙")
        with pytest.raises(AlreadyTaken):
            room.give("承办乙", claim_work, item.id)

    def test_a_deputy_does_not_pass_on_what_was_not_taken(self, room: Boardroom) -> None:
        item = held(room)
        deputise(room)
        with pytest.raises(NotAllowed, match=r"handing\.not_yours"):
            room.give("承办乙", transfer_work, item.id, room.people["承办甲"], reasons="转。")

    def test_a_member_of_a_body_is_not_deputised(self, room: Boardroom) -> None:
        motion = room.move(room.inquired())
        deputise(room, who="监事甲", deputy="保护员")
        with pytest.raises((NotAllowed, NotFound)):
            room.give("保护员", give_opinion, motion.id, vote="agree", reasons="代。")


class TestSettingIt:
    """本人定自己的代理，管理员可代定；起止须合理，终止立即生效。"""

    def test_it_is_on_the_record_and_the_deputy_is_told(self, room: Boardroom) -> None:
        deputise(room)
        entry = room.last(None, "substitution_set")
        assert entry["deputy"] == room.people["承办乙"]
        assert entry["valid_to"] == "2026-02-13"
        assert "deputy.set" in room.told("承办乙")

    def test_an_administrator_sets_anybodys(self, room: Boardroom) -> None:
        row = deputise(room, by="管理员")
        assert row.person_id == room.people["承办甲"]
        with pytest.raises(NotAllowed, match=r"platform\.not_admin"):
            deputise(room, who="承办丙", by="承办甲")

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"valid_from": date(2026, 2, 8)}, "deputy.days"),
            ({"valid_to": date(2026, 2, 8)}, "deputy.days"),
            ({"valid_to": date(2027, 2, 11)}, "deputy.days"),
            ({"reasons": " "}, "reasons.missing"),
            ({"deputy": "承办甲"}, "deputy.oneself"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, room: Boardroom, given: dict[str, Any], why: str
    ) -> None:
        with pytest.raises(Refusal, match=why):
            deputise(room, **given)

    def test_a_stranger_is_nobodys_deputy(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            room.give(
                "承办甲",
                set_substitution,
                "none",
                valid_from=FIRST,
                valid_to=LAST,
                reasons="休假。",
            )

    def test_ended_it_gives_nothing_from_that_moment(self, room: Boardroom) -> None:
        item = held(room)
        row = deputise(room)
        room.give("承办甲", end_substitution, row.id)
        with pytest.raises(AlreadyTaken):
            room.give("承办乙", claim_work, item.id)
        with pytest.raises(Refusal, match=r"deputy\.ended"):
            room.give("承办甲", end_substitution, row.id)

    def test_the_deputy_or_an_administrator_ends_it_and_nobody_else(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed, match=r"deputy\.not_yours"):
            room.give("主席", end_substitution, deputise(room).id)
        room.give("承办乙", end_substitution, deputise(room).id)
        room.give("管理员", end_substitution, deputise(room).id)
        with pytest.raises(NotFound):
            room.give("管理员", end_substitution, "none")

    def test_one_sees_ones_own_an_administrator_all(self, room: Boardroom) -> None:
        deputise(room)
        seen = {
            name: len(room.office.ask(room.actor(name), substitutions))
            for name in ("承办甲", "承办乙", "主席")
        }
        assert seen == {"承办甲": 1, "承办乙": 1, "主席": 0}
        assert len(room.office.ask(room.actor("管理员"), substitutions, of_all=True)) == 1
        with pytest.raises(NotAllowed):
            room.office.ask(room.actor("主席"), substitutions, of_all=True)
