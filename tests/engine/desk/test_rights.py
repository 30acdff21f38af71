"""Who may what to a case: one table, deny by default; an authority sees its own cases only."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.organise import (
    add_authority,
    add_person,
    end_post,
    give_post,
    open_account,
)
from engine.desk import Actor, Desk, Relation, Right, Standing, permits, system_actor
from engine.desk.rights import RIGHTS
from engine.errors import NotAllowed, NotFound
from engine.store.tables import Account, AuthorityRow, CaseRow, PostRow, Recusal
from tests.engine.boardroom import Boardroom


def standing(room: Boardroom, case: CaseRow, name: str) -> Standing:
    def ask(desk: Desk) -> Standing:
        return desk.standing(case)

    return room.office.ask(room.actor(name), ask)


def relations(room: Boardroom, case: CaseRow, name: str) -> set[str]:
    return {one.value for one in standing(room, case, name).relations}


class TestTheTable:
    """What is not named is not allowed."""

    def test_every_right_has_its_line_and_nobody_has_none(self) -> None:
        assert set(RIGHTS) == set(Right)
        for right in Right:
            assert not permits(right, frozenset())

    def test_content_is_never_for_administrators_or_supervision(self) -> None:
        for right in (Right.SEE_FILE, Right.REVEAL, Right.REVEAL_REPORTER, Right.WORK):
            assert not permits(right, frozenset({Relation.ADMINISTRATOR, Relation.SUPERVISION}))


class TestStandings:
    """What somebody is to a case is read from the rows, at this moment."""

    def test_each_person_of_the_cast(self, room: Boardroom) -> None:
        case = room.open()
        assert relations(room, case, "受理员") == {"officer", "intake_clerk"}
        assert relations(room, case, "承办甲") == {"officer", "candidate"}
        assert relations(room, case, "陈某") == {"subject"}
        assert relations(room, case, "管理员") == {"administrator"}
        assert relations(room, case, "保护员") == {"officer", "protection_officer"}
        assert relations(room, case, "外人") == set()
        assert relations(room, case, "system") == {"system"}

    def test_who_holds_and_has_done_the_work_handles_the_case(self, room: Boardroom) -> None:
        case = room.open()
        room.claim("承办甲", case, "ut_inquire")
        assert relations(room, case, "承办甲") == {"officer", "candidate", "handler"}
        room.do("承办甲", case, "ut_inquire", facts_found="停产。")
        assert relations(room, case, "承办甲") == {"officer", "handler"}

    def test_a_post_counts_from_its_first_to_its_last_day(self, room: Boardroom) -> None:
        case = room.open()
        post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办甲"]))
        room.give("管理员", end_post, post.id, last_day=date(2026, 2, 10))
        assert "officer" in relations(room, case, "承办甲")
        room.at(2026, 2, 11)
        assert relations(room, case, "承办甲") == set()

    def test_a_recusal_granted_goes_before_one_that_is_pending(self, room: Boardroom) -> None:
        case = room.open()
        with room.office.database.begin() as session:
            for state in ("pending", "granted", "rejected"):
                session.add(
                    Recusal(
                        authority_id=case.authority_id,
                        case_id=case.id,
                        person_id=room.people["承办甲"],
                        kind="applied",
                        state=state,
                        reasons="x",
                        requested_by=room.people["陈某"],
                        requested_at=room.clock.now(),
                    )
                )
        assert standing(room, case, "承办甲").recusal == "granted"
        assert standing(room, case, "承办乙").recusal == ""

    def test_another_person_s_standing_may_be_asked_for(self, room: Boardroom) -> None:
        case = room.open()

        def ask(desk: Desk) -> Standing:
            return desk.standing(case, room.people["陈某"])

        assert room.office.ask(room.actor("承办甲"), ask).relations == {Relation.SUBJECT}


class TestTwoAuthorities:
    """Neither sees the other's cases; not even its administrator."""

    @pytest.fixture
    def foreign(self, room: Boardroom) -> Actor:
        other: AuthorityRow = room.office.give(
            system_actor(""), add_authority, "other", name="某运输公司", short_name="某运"
        )
        system = system_actor(other.id)
        person = room.office.give(system, add_person, "邓某")
        for role in ("verifier", "intake_clerk", "supervision_officer"):
            room.office.give(
                system, give_post, person.id, role, valid_from=date(2020, 1, 1), title="x"
            )
        account: Account = room.office.give(system, open_account, person.id, "deng", is_admin=True)
        return Actor(person.id, other.id, account.id, is_admin=True)

    @pytest.mark.parametrize("right", list(Right))
    def test_to_another_authority_there_is_no_such_case(
        self, room: Boardroom, foreign: Actor, right: Right
    ) -> None:
        case = room.open()
        with pytest.raises(NotFound):
            room.office.give(foreign, lambda desk: desk.case(case.id, may=right))


class TestTheDesk:
    """One case, one lock, one authorisation."""

    def test_what_one_sees_but_may_not_do_is_refused_by_name(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(NotAllowed) as refused:
            room.give("受理员", lambda desk: desk.case(case.id, may=Right.REVEAL))
        assert refused.value.params == {"case": case.number, "right": "reveal"}

    def test_a_case_that_is_not_there_is_not_found(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            room.give("受理员", lambda desk: desk.case("none", may=Right.SEE))

    def test_roles_are_those_held_at_one_s_own_authority(self, room: Boardroom) -> None:
        asked = room.office.ask(room.actor("主席"), lambda desk: desk.roles_held())
        assert asked == {"supervisory_board", "supervisory_chair"}
