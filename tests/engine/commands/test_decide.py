"""集体决定：议案、逐人表态、决定 (S0篇1§9; procedures C07; SUP-019, 022, 029, 031)."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.decide import NotDecidable, decide, give_opinion, note_absence, put_motion
from engine.commands.file import file
from engine.commands.organise import give_post
from engine.commands.recuse import declare_interest
from engine.desk.assembly import assembly_of, newest_motion
from engine.errors import AlreadyTaken, AnswersRefused, NotAllowed, NotFound, Recused, Refusal
from engine.store.tables import DecisionRow, Motion, OpinionRow, Proposal
from tests.engine.boardroom import MOTION, Boardroom


class TestMotions:
    """议案由成员提出；提出新的议案，原议案及其表态不再有效。"""

    def test_a_member_puts_a_motion_and_the_record_says_who_sits(self, room: Boardroom) -> None:
        case = room.inquired()
        motion = room.move(case)
        assert (motion.number, motion.put_by) == (1, room.people["主席"])
        said = room.last(case, "motion_put")
        assert (said["number"], said["members"], said["recused"]) == (1, 3, [])

    def test_a_second_motion_voids_the_votes_on_the_first(self, room: Boardroom) -> None:
        case = room.inquired()
        first = room.move(case)
        room.vote(first, 监事甲="agree")
        second = room.move(case, by="监事甲", tier="T2")
        assert second.number == 2
        for given in (
            lambda: room.vote(first, 主席="agree"),
            lambda: room.give("主席", decide, first.id),
        ):
            with pytest.raises(Refusal) as refused:
                given()
            assert refused.value.message_id == "motion.replaced"
        with pytest.raises(NotDecidable) as open_:
            room.give("主席", decide, second.id)
        assert open_.value.message_id == "decision.opinions"

    def test_somebody_who_is_no_member_may_not(self, room: Boardroom) -> None:
        case = room.inquired()
        with pytest.raises(NotAllowed) as refused:
            room.move(case, by="承办乙")
        assert refused.value.message_id == "opinion.not_member"
        with pytest.raises(NotFound):
            room.move(case, by="外人")

    def test_the_form_is_held_to(self, room: Boardroom) -> None:
        case = room.inquired()
        with pytest.raises(AnswersRefused):
            room.move(case, decision_reasons="")

    def test_only_a_collective_step_takes_motions(self, room: Boardroom) -> None:
        case = room.open()
        with pytest.raises(Refusal) as refused:
            room.give("主席", put_motion, room.item(case, "ut_inquire").id, MOTION)
        assert refused.value.message_id == "item.not_collective"

    def test_a_step_that_is_decided_takes_no_more(self, room: Boardroom) -> None:
        case = room.decided()
        with pytest.raises(AlreadyTaken) as refused:
            room.move(case, by="监事甲")
        assert refused.value.message_id == "item.done"
        assert refused.value.params["by"] == "主席"

    def test_a_motion_that_is_not_there_is_not_found(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            room.give("主席", decide, "01900000-0000-7000-8000-00000000dead")


class TestArticle5And7:
    """情形、情节对应的方式之外须书面说明；不得因申辩从重。"""

    def test_outside_of_the_set_needs_written_reasons(self, room: Boardroom) -> None:
        case = room.inquired(allowed_measures=["talk_admonish"])
        with pytest.raises(Refusal) as refused:
            room.move(case, measures=["cancel_merit"])
        assert refused.value.message_id == "decision.beyond_set"
        assert refused.value.params["measures"] == "取消评优"

    def test_outside_of_the_set_with_reasons_goes_to_another_organ(self, room: Boardroom) -> None:
        case = room.inquired(allowed_measures=["talk_admonish"])
        room.decided(case, measures=["cancel_merit"], beyond_reasons="影响特别恶劣。")
        assert room.case(case).variables["approvers"] == ["board_of_directors"]
        assert room.last(case, "decided")["beyond"] == ["cancel_merit"]

    def test_a_measure_that_another_organ_approves_says_so(self, room: Boardroom) -> None:
        case = room.decided(measures=["dismiss"])
        variables = room.case(case).variables
        assert variables["needs_approval"] is True
        assert variables["approvers"] == ["appointing_authority"]

    def test_heavier_after_the_defence_without_a_new_fact_is_refused(self, room: Boardroom) -> None:
        case = room.inquired()
        with room.office.database.begin() as session:
            session.add(
                Proposal(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    number=1,
                    moment="before_defence",
                    tier="T1",
                    measures=["talk_admonish"],
                    made_by=room.people["承办甲"],
                    made_at=room.clock.now(),
                )
            )
        with pytest.raises(Refusal) as refused:
            room.move(case, tier="T2", measures=["dismiss"])
        assert refused.value.message_id == "proposal.heavier_after_defence"
        assert room.move(case, tier="T2", measures=["dismiss"], new_fact="事实7").number == 1

    def test_no_measures_need_no_comparison(self, room: Boardroom) -> None:
        case = room.decided(kind="none", measures=[], tier=None)
        assert room.decision(case).outcome == "none"
        assert room.case(case).variables["needs_approval"] is False


class TestOpinions:
    """每位成员逐人表态并说明理由，不得补签、更改。"""

    def test_an_opinion_is_given_once_with_its_reasons(self, room: Boardroom) -> None:
        case = room.inquired()
        motion = room.move(case)
        row = room.give("监事甲", give_opinion, motion.id, vote="disagree", reasons="证据不足。")
        assert (row.present, row.vote, row.given_at) == (True, "disagree", room.clock.now())
        assert room.last(case, "opinion_given")["vote"] == "disagree"
        with pytest.raises(Refusal) as refused:
            room.vote(motion, 监事甲="agree")
        assert refused.value.message_id == "opinion.given"
        assert refused.value.params["person"] == "监事甲"

    @pytest.mark.parametrize(
        ("vote", "reasons", "said"),
        [("maybe", "x", "opinion.vote_unknown"), ("agree", " ", "opinion.reasons_missing")],
    )
    def test_an_unknown_vote_and_missing_reasons_are_refused(
        self, room: Boardroom, vote: str, reasons: str, said: str
    ) -> None:
        motion = room.move(room.inquired())
        with pytest.raises(Refusal) as refused:
            room.give("监事甲", give_opinion, motion.id, vote=vote, reasons=reasons)
        assert refused.value.message_id == said

    def test_who_declared_an_interest_is_out(self, room: Boardroom) -> None:
        case = room.inquired()
        motion = room.move(case)
        room.give("监事甲", declare_interest, case.id, reasons="亲属。")
        with pytest.raises(Recused) as refused:
            room.vote(motion, 监事甲="agree")
        assert refused.value.message_id == "recusal.pending"

    def test_a_refusal_stands_in_the_case_s_own_record(self, room: Boardroom) -> None:
        case = room.inquired()
        motion = room.move(case)
        with pytest.raises(NotAllowed):
            room.vote(motion, 承办乙="agree")
        said = room.last(case, "refused")
        assert (said["command"], said["message"]) == ("give_opinion", "opinion.not_member")


class TestAbsences:
    """缺席由他人记录并说明理由；到会人数据以核验。"""

    def test_an_absence_is_noted_by_another(self, room: Boardroom) -> None:
        case = room.inquired()
        motion = room.move(case)
        row = room.give("主席", note_absence, motion.id, room.people["监事乙"], reasons="出差。")
        assert (row.present, row.vote) == (False, "")
        assert room.last(case, "absence_noted")["reasons"] == "出差。"
        with pytest.raises(Refusal):
            room.vote(motion, 监事乙="agree")

    @pytest.mark.parametrize(
        ("who", "reasons", "said"),
        [
            ("监事乙", " ", "reasons.missing"),
            ("主席", "出差。", "opinion.own_absence"),
            ("承办甲", "出差。", "opinion.not_member"),
        ],
    )
    def test_what_is_no_absence_is_refused(
        self, room: Boardroom, who: str, reasons: str, said: str
    ) -> None:
        motion = room.move(room.inquired())
        with pytest.raises(Refusal) as refused:
            room.give("主席", note_absence, motion.id, room.people[who], reasons=reasons)
        assert refused.value.message_id == said

    def test_who_has_given_an_opinion_is_not_absent(self, room: Boardroom) -> None:
        motion = room.move(room.inquired())
        room.vote(motion, 监事乙="agree")
        with pytest.raises(Refusal) as refused:
            room.give("主席", note_absence, motion.id, room.people["监事乙"], reasons="早退。")
        assert refused.value.message_id == "opinion.given"


class TestDeciding:
    """到会≥2/3、同意过应到半数、五项查明，方可作出；任何人不能单独作出。"""

    def test_two_of_three_carry_it(self, room: Boardroom) -> None:
        case = room.decided()
        row = room.decision(case)
        assert (row.outcome, row.tier, row.measures) == (
            "sanction",
            "T1",
            ["talk_admonish", "cancel_merit"],
        )
        assert row.made_on == date(2026, 2, 9)
        assert {key: row.tally[key] for key in ("entitled", "present", "in_favour", "against")} == {
            "entitled": 3,
            "present": 3,
            "in_favour": 2,
            "against": 1,
        }
        assert room.waits_for(case) == ["ut_draft"]

    @pytest.mark.parametrize(
        ("votes", "absent", "said", "params"),
        [
            ({"主席": "agree"}, ("监事甲", "监事乙"), "quorum", {"present": 1, "needed": 2}),
            ({"主席": "agree", "监事甲": "agree"}, (), "opinions", {"missing": "监事乙"}),
            (
                {"主席": "agree", "监事甲": "abstain", "监事乙": "disagree"},
                (),
                "majority",
                {"in_favour": 1, "needed": 2},
            ),
        ],
    )
    def test_a_condition_that_is_not_met_is_named(
        self,
        room: Boardroom,
        votes: dict[str, str],
        absent: tuple[str, ...],
        said: str,
        params: dict[str, object],
    ) -> None:
        case = room.inquired()
        motion = room.move(case)
        for name in absent:
            room.give("主席", note_absence, motion.id, room.people[name], reasons="出差。")
        room.vote(motion, **votes)
        with pytest.raises(NotDecidable) as refused:
            room.give("主席", decide, motion.id)
        assert refused.value.message_id == f"decision.{said}"
        assert params.items() <= refused.value.params.items()
        assert room.all(sa.select(DecisionRow)) == []
        assert room.waits_for(case) == ["ut_decide"]

    def test_a_check_that_is_not_ticked_is_named_as_the_form_names_it(
        self, room: Boardroom
    ) -> None:
        motion = room.move(room.inquired(), checks=["facts_clear"])
        room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
        with pytest.raises(NotDecidable) as refused:
            room.give("主席", decide, motion.id)
        assert refused.value.message_id == "decision.checks"
        assert refused.value.params["missing"] == "证据确凿"

    def test_the_recused_are_out_of_the_quorum_and_their_votes_do_not_count(
        self, room: Boardroom
    ) -> None:
        case = room.inquired()
        motion = room.move(case)
        room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="disagree")
        room.give("监事乙", declare_interest, case.id, reasons="亲属。")
        room.give("主席", decide, motion.id)
        tally = room.decision(case).tally
        assert (tally["entitled"], tally["in_favour"], tally["against"]) == (2, 2, 0)
        assert tally["recused"] == [room.people["监事乙"]]

    def test_it_is_decided_once(self, room: Boardroom) -> None:
        case = room.decided()
        motion = room.one(sa.select(Motion).where(Motion.case_id == case.id))
        with pytest.raises(AlreadyTaken):
            room.give("监事甲", decide, motion.id)
        assert len(room.all(sa.select(DecisionRow))) == 1

    def test_no_single_person_decides(self, room: Boardroom) -> None:
        case = room.inquired()
        item = room.item(case, "ut_decide")
        for alone, given in ((claim_work, ()), (complete_work, (dict(MOTION),))):
            with pytest.raises(Refusal) as refused:
                room.give("主席", alone, item.id, *given)
            assert refused.value.message_id in {"item.collective", "decision.collective_only"}
        assert room.all(sa.select(DecisionRow)) == []

    def test_an_empty_motion_list_is_an_empty_assembly(self, room: Boardroom) -> None:
        case = room.inquired()
        item = room.item(case, "ut_decide")

        def look(desk: object) -> tuple[object, int]:
            return newest_motion(desk, item), len(assembly_of(desk, case, item).members)  # type: ignore[arg-type]

        assert room.office.ask(room.actor("主席"), look) == (None, 3)
        assert room.all(sa.select(OpinionRow)) == []


class TestAppeals:
    """复查不得加重；决定由监事会集体作出 (S0篇1§12; procedures C11)."""

    def appealed(self, room: Boardroom) -> Motion:
        from engine.commands.file import file  # noqa: PLC0415 -- one class needs it

        case = room.served()
        room.give("陈某", file, case.id, "appeal", {"request": "请求撤销。"})
        return room.move(
            case, element="ut_review", appeal_result="changed", measures=["talk_admonish"]
        )

    def test_a_lighter_one_takes_the_place_of_the_first(self, room: Boardroom) -> None:
        motion = self.appealed(room)
        room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
        row = room.give("监事甲", decide, motion.id)
        original = room.one(sa.select(DecisionRow).where(DecisionRow.kind == "original"))
        assert (row.kind, row.outcome, row.supersedes_id) == ("appeal", "changed", original.id)
        assert original.state == "superseded"

    def test_a_heavier_one_is_refused(self, room: Boardroom) -> None:
        motion = self.appealed(room)
        with pytest.raises(Refusal) as refused:
            room.give(
                "主席",
                put_motion,
                motion.work_item_id,
                {**MOTION, "appeal_result": "changed", "tier": "T2", "measures": ["dismiss"]},
            )
        assert refused.value.message_id == "decision.heavier_on_appeal"


class TestAppealsAgainstOnesOwnFinding:
    """原承办人员不得参加申诉的复查决定（C11），图上没有写明的也一样。"""

    def test_who_investigated_does_not_decide_on_the_appeal(self, room: Boardroom) -> None:
        room.give(
            "管理员",
            give_post,
            room.people["承办甲"],
            "supervisory_board",
            valid_from=date(2020, 1, 1),
        )
        case = room.inquired()
        motion = room.move(case)
        room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree", 承办甲="agree")
        room.give("主席", decide, motion.id)
        case = room.served(room.issued(room.prepared(room.drafted(case))))
        room.give("陈某", file, case.id, "appeal", {"request": "请求撤销。"})

        with pytest.raises(Recused) as refused:
            room.move(case, by="承办甲", element="ut_review", appeal_result="upheld", measures=[])
        assert refused.value.message_id.startswith("conflict.")
