"""代理人表决：议事规则不写明即不许；写明的，一人一票，记为“代某某表决”。"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa

from engine.commands.decide import decide, give_opinion
from engine.commands.organise import relate
from engine.commands.recuse import declare_interest
from engine.commands.substitute import set_substitution
from engine.desk import Desk
from engine.desk.views import timeline
from engine.desk.views.meeting import meeting_view
from engine.errors import NotAllowed, NotFound, Recused
from engine.model.collective import DeputyVotes
from engine.store.tables import CaseRow, DecisionRow, Motion, OpinionRow
from tests.engine.boardroom import Boardroom, published, refused

RULES = "board/procedure.yaml"
TODAY = date(2026, 2, 9)


def deputised(path: str, text: str) -> str:
    return f"{text}\nvotes: {{deputies: allowed}}\n" if path == RULES else text


def appointed(room: Boardroom, member: str = "监事乙", deputy: str = "外人", **scope: str) -> None:
    room.give(
        member,
        set_substitution,
        room.people[deputy],
        valid_from=TODAY,
        valid_to=date(2026, 2, 20),
        reasons="出差。",
        **scope,
    )


def vote(room: Boardroom, motion: Motion, by: str, member: str) -> Callable[[], OpinionRow]:
    return partial(
        room.give,
        by,
        give_opinion,
        motion.id,
        vote="agree",
        reasons="受托表决。",
        member_id=room.people[member],
    )


@pytest.fixture
def moved(room: Boardroom) -> tuple[Boardroom, CaseRow, Motion]:
    """A motion before a body that lets deputies vote; 外人 is the deputy of 监事乙."""
    published(room, deputised)
    appointed(room)
    case = room.inquired()
    return room, case, room.move(case)


class TestRefusedByDefault:
    """不写即不许。"""

    def test_a_deputy_outside_the_body_does_not_know_of_the_case(self, room: Boardroom) -> None:
        appointed(room)
        motion = room.move(room.inquired())
        with pytest.raises(NotFound):
            vote(room, motion, "外人", "监事乙")()

    def test_an_officer_who_is_the_deputy_is_told_why(self, room: Boardroom) -> None:
        appointed(room, deputy="承办乙")
        motion = room.move(room.inquired())
        refused(vote(room, motion, "承办乙", "监事乙"), "opinion.deputies_refused", NotAllowed)

    def test_the_rule_reads_refused_where_nothing_is_said(self, room: Boardroom) -> None:
        def rule(desk: Desk) -> DeputyVotes:
            return desk.version(room.open()).rules.deputy_votes

        assert room.office.ask(room.actor("主席"), rule) is DeputyVotes.REFUSED
        published(room, deputised)
        assert room.office.ask(room.actor("主席"), rule) is DeputyVotes.ALLOWED


class TestAllowed:
    """写明可以的：代理人代一名成员表决，留痕写明。"""

    def test_the_vote_counts_as_the_member_s_and_names_the_deputy(
        self, moved: tuple[Boardroom, CaseRow, Motion]
    ) -> None:
        room, case, motion = moved
        row = vote(room, motion, "外人", "监事乙")()

        assert (row.person_id, row.deputy_id) == (room.people["监事乙"], room.people["外人"])
        details = room.last(case, "opinion_given")
        assert details["person"] == room.people["监事乙"]
        assert details["deputy"] == room.people["外人"]
        room.vote(motion, 主席="agree", 监事甲="disagree")
        room.give("主席", decide, motion.id)
        tally = room.one(sa.select(DecisionRow)).tally
        assert tally["in_favour"] == 2
        assert room.breaches() == []

    def test_the_deputy_sees_the_meeting_and_for_whom(
        self, moved: tuple[Boardroom, CaseRow, Motion]
    ) -> None:
        room, case, motion = moved
        item = room.item(case, "ut_decide").id
        view = room.office.ask(room.actor("外人"), meeting_view, item)
        assert [one.name for one in view.stands_in] == ["监事乙"]
        assert view.me is None

        vote(room, motion, "外人", "监事乙")()

        view = room.office.ask(room.actor("外人"), meeting_view, item)
        assert view.stands_in == ()
        member = view.assembly.member(room.people["监事乙"])
        assert member is not None
        assert member.deputy == "外人"
        lines = room.office.ask(room.actor("主席"), timeline, case.id, kind="decision")
        assert lines[0].details["person_name"] == "监事乙"

    def test_the_member_cannot_vote_again(self, moved: tuple[Boardroom, CaseRow, Motion]) -> None:
        room, _case, motion = moved
        vote(room, motion, "外人", "监事乙")()
        own = partial(room.give, "监事乙", give_opinion, motion.id, vote="agree", reasons="本人。")
        refused(own, "opinion.given")

    def test_one_person_one_ballot(self, moved: tuple[Boardroom, CaseRow, Motion]) -> None:
        room, _case, motion = moved
        appointed(room, member="监事甲")
        appointed(room, member="监事甲", deputy="主席")
        refused(vote(room, motion, "主席", "监事甲"), "opinion.one_ballot")
        vote(room, motion, "外人", "监事乙")()
        refused(vote(room, motion, "外人", "监事甲"), "opinion.one_ballot")

    def test_only_for_whom_one_is_the_deputy_today(
        self, moved: tuple[Boardroom, CaseRow, Motion]
    ) -> None:
        room, _case, motion = moved
        refused(vote(room, motion, "外人", "监事甲"), "opinion.not_deputy", NotAllowed)
        room.at(2026, 2, 21)
        with pytest.raises(NotFound):
            vote(room, motion, "外人", "监事乙")()

    def test_a_deputy_of_another_role_does_not_vote(self, room: Boardroom) -> None:
        published(room, deputised)
        appointed(room, role="verifier")
        motion = room.move(room.inquired())
        with pytest.raises(NotFound):
            vote(room, motion, "外人", "监事乙")()

    def test_who_is_no_member_is_not_voted_for(
        self, moved: tuple[Boardroom, CaseRow, Motion]
    ) -> None:
        room, _case, motion = moved
        appointed(room, member="承办甲")
        refused(vote(room, motion, "外人", "承办甲"), "opinion.not_member", NotAllowed)

    def test_a_conflict_of_the_deputy_bars(self, moved: tuple[Boardroom, CaseRow, Motion]) -> None:
        room, _case, motion = moved
        room.give("管理员", relate, room.people["外人"], room.people["陈某"], kind="kin")
        with pytest.raises(Recused):
            vote(room, motion, "外人", "监事乙")()

    def test_a_conflict_of_the_member_bars(self, moved: tuple[Boardroom, CaseRow, Motion]) -> None:
        room, case, motion = moved
        room.give("监事乙", declare_interest, case.id, reasons="同学。")
        with pytest.raises(Recused):
            vote(room, motion, "外人", "监事乙")()

    def test_a_conflict_found_later_takes_the_vote_out(
        self, moved: tuple[Boardroom, CaseRow, Motion]
    ) -> None:
        room, case, motion = moved
        vote(room, motion, "外人", "监事乙")()
        room.give("管理员", relate, room.people["外人"], room.people["陈某"], kind="kin")
        view = room.office.ask(room.actor("主席"), meeting_view, room.item(case, "ut_decide").id)
        assert view.assembly.tally.in_favour == 0
        member = view.assembly.member(room.people["监事乙"])
        assert member is not None
        assert member.recused

    def test_it_opens_nothing_once_the_body_has_decided(
        self, moved: tuple[Boardroom, CaseRow, Motion]
    ) -> None:
        room, case, motion = moved
        room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
        room.give("主席", decide, motion.id)
        with pytest.raises(NotFound):
            room.office.ask(room.actor("外人"), timeline, case.id)
