"""会议与表决：通知、秘密表决、保留意见、会议纪要签字 (procedures C07; issue 5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from engine.commands.decide import NotDecidable, decide, give_opinion, note_absence
from engine.commands.hold_meeting import (
    call_meeting,
    close_ballot,
    record_dissent,
    sign_minutes,
)
from engine.commands.organise import give_post
from engine.commands.recuse import declare_interest
from engine.errors import NotAllowed, NotFound, Recused, Refusal
from engine.store.tables import (
    AuditEntry,
    BallotBox,
    CaseRow,
    DecisionRow,
    DocumentRow,
    Meeting,
    Motion,
    OpinionRow,
)
from tests.engine.boardroom import Boardroom, published

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 2, 13, 9, tzinfo=ZONE)
MEETING = {"held_at": FRIDAY, "place": "三楼会议室", "agenda": "讨论问责决定"}
FORMAL = (
    '<camunda:property name="vote" value="secret"/>'
    '<camunda:property name="convener" value="verifier"/>'
    '<camunda:property name="meeting_notice" value="3"/>'
    '<camunda:property name="minutes" value="record"/>'
    '<camunda:property name="minutes_signatures" value="2"/>'
)
RECORD = """
  record:
    title: 会议纪要
    template: letter.typ
    data:
      facts: "=deliberation.vote"
      reasons: "=deliberation.dissent"
      measures: "=deliberation.opinions"
      head: 监事会
outcomes:"""


def formal(path: str, text: str) -> str:
    """Make the board's step a secret vote whose minutes two persons sign."""
    if path.endswith(".yaml"):
        return text.replace("\noutcomes:", RECORD)
    organ = '<camunda:property name="decision" value="original"/>'
    return text.replace(organ, organ + FORMAL)


@pytest.fixture
def hall(room: Boardroom) -> Boardroom:
    """The boardroom where decisions are made in secret and minutes are signed by two."""
    published(room, formal, date(2026, 2, 9))
    return room


@pytest.fixture
def case(hall: Boardroom) -> CaseRow:
    """A case whose inquiry is done: the board decides next."""
    return hall.inquired()


def call(hall: Boardroom, case: CaseRow, by: str = "承办甲", **changed: Any) -> Meeting:
    given = {"chair": hall.people["主席"], "recorder": hall.people["承办甲"]}
    item = hall.item(case, "ut_decide").id
    meeting: Meeting = hall.give(by, call_meeting, item, **{**MEETING, **given, **changed})
    return meeting


def met(hall: Boardroom, case: CaseRow) -> Motion:
    """Call the meeting, let Friday come and put the motion."""
    call(hall, case)
    hall.at(2026, 2, 13, 10)
    return hall.move(case)


def voted(hall: Boardroom, case: CaseRow, third: str = "disagree") -> Motion:
    motion = met(hall, case)
    hall.vote(motion, 主席="agree", 监事甲="agree", 监事乙=third)
    return motion


def sign(hall: Boardroom, name: str, motion: Motion) -> Any:
    return hall.office.give(hall.actor(name, has_signed=True), sign_minutes, motion.id)


class TestNotice:
    """通知议题：时间、地点、议题告知全体未回避的成员，并记录在案。"""

    def test_members_and_recorder_are_told_and_it_is_on_the_record(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        meeting = call(hall, case)

        assert (meeting.chair, meeting.recorder) == (hall.people["主席"], hall.people["承办甲"])
        for name in ("主席", "监事甲", "监事乙", "承办甲"):
            assert "meeting.called" in hall.told(name)
        said = hall.last(case, "meeting_called")
        assert (said["place"], said["agenda"], len(said["told"])) == (  # type: ignore[arg-type]
            "三楼会议室",
            "讨论问责决定",
            4,
        )

    def test_who_is_recused_is_not_called(self, hall: Boardroom, case: CaseRow) -> None:
        hall.give("监事乙", declare_interest, case.id, reasons="与当事人共事。")

        call(hall, case)

        assert "meeting.called" not in hall.told("监事乙")

    def test_a_member_may_call_and_preside(self, hall: Boardroom, case: CaseRow) -> None:
        meeting = call(hall, case, by="监事甲", chair="", recorder="")
        assert meeting.chair == meeting.recorder == hall.people["监事甲"]

    def test_three_working_days_lie_before_it(self, hall: Boardroom, case: CaseRow) -> None:
        """Monday 9 February: the third working day after it is Thursday 12 February."""
        with pytest.raises(Refusal) as refused:
            call(hall, case, held_at=datetime(2026, 2, 11, 9, tzinfo=ZONE))
        assert refused.value.message_id == "meeting.notice"
        assert refused.value.params["first"] == "2026-02-12"
        call(hall, case, held_at=datetime(2026, 2, 12, 9, tzinfo=ZONE))

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"place": " "}, "meeting.incomplete"),
            ({"agenda": ""}, "meeting.incomplete"),
            ({"held_at": datetime(2026, 2, 9, 8, tzinfo=ZONE)}, "meeting.past"),
        ],
    )
    def test_what_is_missing_or_past_is_refused(
        self, hall: Boardroom, case: CaseRow, changed: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(Refusal) as refused:
            call(hall, case, **changed)
        assert refused.value.message_id == message

    def test_the_chair_is_a_member_who_is_not_recused(self, hall: Boardroom, case: CaseRow) -> None:
        with pytest.raises(Refusal) as refused:
            call(hall, case, chair=hall.people["承办乙"])
        assert refused.value.message_id == "meeting.chair_not_member"
        with pytest.raises(NotFound):
            call(hall, case, recorder="nobody")

    def test_others_do_not_call_it(self, hall: Boardroom, case: CaseRow) -> None:
        with pytest.raises(NotAllowed):
            call(hall, case, by="副主席")
        with pytest.raises(Recused):
            call(hall, case, by="承办丙")

    def test_without_a_meeting_or_before_it_no_motion_is_put(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        with pytest.raises(Refusal) as refused:
            hall.move(case)
        assert refused.value.message_id == "meeting.not_called"
        call(hall, case)
        with pytest.raises(Refusal) as refused:
            hall.move(case)
        assert refused.value.message_id == "meeting.not_yet"


class TestSecretVote:
    """无记名投票：只知各人已投票与票数，不知何人投何票。"""

    def test_no_row_and_no_entry_joins_a_member_to_a_vote(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = voted(hall, case)

        rows = hall.all(sa.select(OpinionRow))
        assert {(row.vote, row.present) for row in rows} == {("secret", True)}
        box = hall.one(sa.select(BallotBox))
        assert (box.motion_id, box.agree, box.disagree, box.abstain) == (motion.id, 2, 1, 0)
        entries = hall.all(sa.select(AuditEntry).where(AuditEntry.fact == "opinion_given"))
        assert {entry.details["vote"] for entry in entries} == {"secret"}
        assert len(entries) == 3

    def test_each_member_votes_once_and_need_not_say_anything(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = met(hall, case)
        hall.give("监事甲", give_opinion, motion.id, vote="abstain", reasons="")
        with pytest.raises(Refusal) as refused:
            hall.give("监事甲", give_opinion, motion.id, vote="agree", reasons="")
        assert refused.value.message_id == "opinion.given"
        with pytest.raises(Refusal) as refused:
            hall.give("主席", give_opinion, motion.id, vote="secret", reasons="")
        assert refused.value.message_id == "opinion.vote_unknown"
        box = hall.one(sa.select(BallotBox))
        assert (box.agree, box.disagree, box.abstain) == (0, 0, 1)

    def test_whoever_is_recused_after_voting_makes_the_motion_void(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = voted(hall, case, third="agree")
        hall.give("监事乙", declare_interest, case.id, reasons="与当事人共事。")

        with pytest.raises(Refusal) as refused:
            hall.give("主席", close_ballot, motion.id)
        assert refused.value.message_id == "close.ballots"
        again = hall.move(case)
        hall.vote(again, 主席="agree", 监事甲="agree")
        hall.give("主席", close_ballot, again.id)


class TestDissent:
    """保留意见记入会议纪要。"""

    def test_it_stands_in_the_minutes_with_its_reasons(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = voted(hall, case)
        hall.give("监事乙", record_dissent, motion.id, reasons="证据不足。")
        hall.give("承办甲", close_ballot, motion.id)

        minutes: DocumentRow = hall.one(sa.select(DocumentRow).where(DocumentRow.key == "record"))
        assert minutes.data["reasons"] == [{"name": "监事乙", "reasons": "证据不足。"}]
        assert hall.last(case, "dissent_kept")["person"] == hall.people["监事乙"]

    def test_it_is_the_own_word_of_who_has_voted_once_before_the_minutes(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = met(hall, case)
        refusals = []
        with pytest.raises(Refusal) as refused:
            hall.give("监事乙", record_dissent, motion.id, reasons="证据不足。")
        refusals.append(refused.value.message_id)
        hall.vote(motion, 主席="agree", 监事甲="agree", 监事乙="disagree")
        with pytest.raises(Refusal) as refused:
            hall.give("监事乙", record_dissent, motion.id, reasons=" ")
        refusals.append(refused.value.message_id)
        hall.give("监事乙", record_dissent, motion.id, reasons="证据不足。")
        with pytest.raises(Refusal) as refused:
            hall.give("监事乙", record_dissent, motion.id, reasons="再说一次。")
        refusals.append(refused.value.message_id)
        hall.give("主席", close_ballot, motion.id)
        with pytest.raises(Refusal) as refused:
            hall.give("监事甲", record_dissent, motion.id, reasons="迟了。")
        refusals.append(refused.value.message_id)
        assert refusals == [
            "dissent.not_voted",
            "reasons.missing",
            "dissent.kept",
            "motion.closed",
        ]


class TestMinutes:
    """会议纪要由主持人和记录人签字；未签字不得形成决定。"""

    def test_signed_by_chair_and_recorder_the_decision_is_made(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = voted(hall, case)
        hall.give("承办甲", close_ballot, motion.id)
        with pytest.raises(NotDecidable) as open_:
            hall.give("主席", decide, motion.id)
        assert open_.value.message_id == "decision.minutes"
        assert sign(hall, "主席", motion).part == "chair"
        with pytest.raises(NotDecidable):
            hall.give("主席", decide, motion.id)
        assert sign(hall, "承办甲", motion).part == "recorder"
        hall.give("主席", decide, motion.id)

        decision: DecisionRow = hall.one(sa.select(DecisionRow))
        assert (decision.tally["in_favour"], decision.tally["against"]) == (2, 1)
        minutes = hall.all(sa.select(DocumentRow).where(DocumentRow.key == "record"))
        assert [one.state for one in minutes] == ["draft"]
        assert minutes[0].data["facts"] == "secret"
        assert {one["vote"] for one in minutes[0].data["measures"]} == {"secret"}
        assert hall.breaches() == []

    def test_a_member_signs_besides_but_not_instead(self, hall: Boardroom, case: CaseRow) -> None:
        motion = voted(hall, case)
        hall.give("主席", close_ballot, motion.id)
        sign(hall, "主席", motion)
        assert sign(hall, "监事甲", motion).part == "member"
        with pytest.raises(NotDecidable) as open_:
            hall.give("主席", decide, motion.id)
        assert open_.value.message_id == "decision.minutes"

    def test_one_signs_with_the_password_once_what_is_closed(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = voted(hall, case)
        with pytest.raises(Refusal) as refused:
            hall.give("主席", sign_minutes, motion.id)
        assert refused.value.message_id == "signature.missing"
        with pytest.raises(Refusal) as refused:
            sign(hall, "主席", motion)
        assert refused.value.message_id == "minutes.open"
        hall.give("主席", close_ballot, motion.id)
        sign(hall, "主席", motion)
        with pytest.raises(Refusal) as refused:
            sign(hall, "主席", motion)
        assert refused.value.message_id == "minutes.signed"
        with pytest.raises(NotAllowed) as other:
            sign(hall, "承办乙", motion)
        assert other.value.message_id == "minutes.not_signer"

    def test_a_signature_under_other_minutes_does_not_count(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = voted(hall, case)
        hall.give("主席", close_ballot, motion.id)
        sign(hall, "主席", motion)
        sign(hall, "承办甲", motion)
        with hall.office.database.begin() as session:
            minutes = session.scalars(
                sa.select(DocumentRow).where(DocumentRow.key == "record")
            ).one()
            minutes.data = {**minutes.data, "reasons": "改过"}
        with pytest.raises(NotDecidable) as open_:
            hall.give("主席", decide, motion.id)
        assert open_.value.message_id == "decision.minutes"
        sign(hall, "主席", motion)
        sign(hall, "承办甲", motion)
        hall.give("主席", decide, motion.id)

    def test_the_ballot_closes_when_all_present_have_voted(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = met(hall, case)
        hall.vote(motion, 主席="agree", 监事甲="agree")
        with pytest.raises(Refusal) as refused:
            hall.give("主席", close_ballot, motion.id)
        assert refused.value.message_id == "close.opinions"
        hall.give("承办甲", note_absence, motion.id, hall.people["监事乙"], reasons="出差。")
        hall.give("主席", close_ballot, motion.id)
        with pytest.raises(Refusal) as refused:
            hall.give("主席", close_ballot, motion.id)
        assert refused.value.message_id == "motion.closed"

    def test_a_new_member_does_not_vote_on_a_closed_ballot(
        self, hall: Boardroom, case: CaseRow
    ) -> None:
        motion = voted(hall, case)
        hall.give("主席", close_ballot, motion.id)
        hall.give(
            "管理员",
            give_post,
            hall.people["副主席"],
            "supervisory_board",
            valid_from=date(2020, 1, 1),
        )
        with pytest.raises(Refusal) as refused:
            hall.give("副主席", give_opinion, motion.id, vote="agree", reasons="")
        assert refused.value.message_id == "motion.closed"

    def test_where_no_signature_is_asked_for_nothing_is_closed(self, room: Boardroom) -> None:
        case = room.inquired()
        motion = room.move(case)
        room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
        with pytest.raises(Refusal) as refused:
            room.give("主席", close_ballot, motion.id)
        assert refused.value.message_id == "minutes.not_asked"
