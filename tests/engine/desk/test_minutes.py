"""The minutes of a collective decision (procedures C07, §6)."""

from datetime import UTC, date, datetime

from engine.desk.assembly import Assembly, Member
from engine.desk.minutes import deliberation
from engine.model.collective import Tally
from engine.model.identifiers import PersonId
from engine.store.tables import DecisionRow, OpinionRow

AT = datetime(2026, 3, 30, 2, tzinfo=UTC)


def said(vote: str, reasons: str, *, present: bool = True) -> OpinionRow:
    return OpinionRow(
        authority_id="a",
        case_id="c",
        motion_id="m",
        person_id="p",
        present=present,
        vote=vote,
        reasons=reasons,
        given_at=AT,
    )


def away(reasons: str) -> OpinionRow:
    return said("", reasons, present=False)


HELD = Assembly(
    members=(
        Member("p1", "高某", "", said("agree", "事实清楚")),
        Member("p2", "监事甲", "", said("disagree", "方式偏重")),
        Member("p3", "监事乙", "", away("病假")),
        Member("p4", "监事丙", "relation", said("agree", "回避之前所说")),
    ),
    motion=None,
    tally=Tally(
        entitled=3,
        present=2,
        quorum_needed=2,
        in_favour=1,
        against=1,
        abstained=0,
        majority_needed=2,
        missing=(),
        recused=(PersonId("p4"),),
        absent=(PersonId("p3"),),
        least=2,
    ),
    conditions=(),
)
MADE = DecisionRow(
    authority_id="a",
    case_id="c",
    kind="original",
    organ="supervisory_board",
    outcome="sanction",
    reasons="有令不行",
    tally={},
    made_on=date(2026, 3, 30),
    made_at=AT,
)


class TestMinutes:
    """会议纪要：时间、到会、回避、表态、表决、结论。"""

    def test_they_say_when_it_was_held_and_how_it_stood(self) -> None:
        told = deliberation(HELD, "original", date(2026, 3, 30))

        assert told["held_on"] == date(2026, 3, 30)
        assert (told["entitled"], told["present"]) == (3, 2)
        assert (told["in_favour"], told["against"], told["abstained"]) == (1, 1, 0)

    def test_who_is_recused_or_absent_is_named(self) -> None:
        told = deliberation(HELD, "original", date(2026, 3, 30))

        assert told["recused"] == ["监事丙"]
        assert told["absent"] == ["监事乙"]

    def test_each_opinion_stands_with_its_reasons_and_a_recused_one_does_not(self) -> None:
        assert deliberation(HELD, "original", date(2026, 3, 30))["opinions"] == [
            {"name": "高某", "vote": "agree", "reasons": "事实清楚"},
            {"name": "监事甲", "vote": "disagree", "reasons": "方式偏重"},
            {"name": "监事乙", "vote": "absent", "reasons": "病假"},
        ]
