"""集体讨论决定, C07, S0篇5§8-4, S3 L59§16, SUP-022, SUP-031."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from engine.errors import Refusal
from engine.model.collective import (
    CHECKS,
    Box,
    CollectiveRules,
    Opinion,
    Tally,
    Vote,
    conditions,
    fraction_of,
    secret_tally,
    signers_missing,
    tally,
)
from engine.model.identifiers import PersonId

XU, ZHONG, WU, HAN, TANG, QIN, SU, WEI, MA = (
    PersonId(name)
    for name in "xu zhong wu han tang qin su wei ma".split()  # noqa: SIM905
)
GROUP = (XU, ZHONG, WU, HAN, TANG, QIN, SU, WEI, MA)


def agreed(*people: PersonId) -> list[Opinion]:
    """Return votes in favour."""
    return [Opinion(person, Vote.AGREE, "同意") for person in people]


def unmet(counted: Tally, **given: object) -> list[str]:
    """Return the ids of the conditions that are not met, with all checks ticked."""
    found = conditions(counted, checked=CHECKS, **given)  # type: ignore[arg-type]
    return [condition.id for condition in found if not condition.met]


class TestMainCase:
    """应到 9 人，到会 7 人，请假 1 人，回避 1 人；法定 6 人；过半 5 票。"""

    opinions = (*agreed(XU, ZHONG, WU, HAN, QIN), Opinion(TANG, Vote.DISAGREE, "书面检查已足"))
    counted = tally(
        GROUP,
        opinions,
        recused={MA},
        absent={WEI},
        rules=CollectiveRules(recused_are_entitled=True),
    )

    def test_the_numbers_of_the_page(self) -> None:
        assert (self.counted.entitled, self.counted.present) == (9, 7)
        assert (self.counted.quorum_needed, self.counted.majority_needed) == (6, 5)
        assert (self.counted.in_favour, self.counted.against, self.counted.abstained) == (5, 1, 0)
        assert self.counted.missing == (SU,)
        assert self.counted.recused == (MA,)
        assert self.counted.absent == (WEI,)

    def test_it_is_quorate_and_carried(self) -> None:
        assert self.counted.is_quorate
        assert self.counted.is_carried

    def test_su_and_the_minutes_are_missing(self) -> None:
        assert unmet(self.counted, minutes_signed=0, minutes_needed=2) == ["opinions", "minutes"]

    def test_the_evidence_names_who_is_missing(self) -> None:
        opinions = next(each for each in conditions(self.counted) if each.id == "opinions")

        assert opinions.evidence == {"given": 6, "least": 2, "missing": [SU]}

    def test_with_su_and_the_signatures_it_is_complete(self) -> None:
        complete = tally(GROUP, [*self.opinions, *agreed(SU)], recused={MA}, absent={WEI})

        assert unmet(complete, minutes_signed=2, minutes_needed=2) == []

    def test_without_that_setting_the_recused_are_out_of_the_quorum(self) -> None:
        counted = tally(GROUP, self.opinions, recused={MA}, absent={WEI})

        assert (counted.entitled, counted.quorum_needed, counted.majority_needed) == (8, 6, 5)


class TestNoOneAlone:
    """不允许个人或少数人决定；决定须≥2名表态者且达法定人数。"""

    def test_one_of_one_does_not_decide(self) -> None:
        assert unmet(tally([XU], agreed(XU))) == ["opinions"]

    def test_sc_029_one_signature_of_three_does_not_decide(self) -> None:
        counted = tally([XU, ZHONG, WU], agreed(XU), absent={ZHONG, WU})

        assert unmet(counted) == ["quorum", "opinions", "majority"]

    def test_two_of_three_decide(self) -> None:
        assert unmet(tally([XU, ZHONG, WU], agreed(XU, ZHONG), absent={WU})) == []

    def test_half_is_not_more_than_half(self) -> None:
        counted = tally(
            [XU, ZHONG, WU, HAN],
            [*agreed(XU, ZHONG), *(Opinion(each, Vote.ABSTAIN, "再议") for each in (WU, HAN))],
        )

        assert counted.abstained == 2
        assert unmet(counted) == ["majority"]

    def test_five_of_eight_are_no_two_thirds(self) -> None:
        counted = tally(GROUP[:8], agreed(*GROUP[:5]), absent=GROUP[5:8])

        assert counted.quorum_needed == 6
        assert unmet(counted) == ["quorum"]

    def test_exactly_two_thirds_are_enough(self) -> None:
        assert tally(GROUP[:6], [], absent=GROUP[4:6]).is_quorate


class TestWhoVotes:
    """回避者退出，请假不得委托，一人一票。"""

    def test_the_recused_do_not_vote(self) -> None:
        with pytest.raises(Refusal, match=r"opinion\.not_entitled"):
            tally(GROUP, agreed(MA), recused={MA})

    def test_the_absent_do_not_vote(self) -> None:
        with pytest.raises(Refusal, match=r"opinion\.not_entitled"):
            tally(GROUP, agreed(WEI), absent={WEI})

    def test_a_stranger_does_not_vote(self) -> None:
        with pytest.raises(Refusal, match=r"opinion\.not_entitled"):
            tally(GROUP, agreed(PersonId("stranger")))

    def test_nobody_votes_twice(self) -> None:
        with pytest.raises(Refusal, match=r"opinion\.given"):
            tally(GROUP, [*agreed(XU), Opinion(XU, Vote.DISAGREE, "改主意")])

    def test_who_is_recused_and_absent_is_recused(self) -> None:
        counted = tally(GROUP, [], recused={MA}, absent={MA})

        assert (counted.recused, counted.absent, counted.present) == ((MA,), (), 8)

    def test_a_vote_has_reasons(self) -> None:
        with pytest.raises(Refusal, match=r"opinion\.reasons_missing"):
            Opinion(XU, Vote.AGREE, "  ")


class TestFiveChecks:
    """事实清楚、证据确凿、定性准确、处理恰当、程序合法，全部勾选并签名（SUP-031）。"""

    @pytest.mark.parametrize("check", CHECKS)
    def test_each_of_the_five_is_needed(self, check: str) -> None:
        counted = tally([XU, ZHONG, WU], agreed(XU, ZHONG, WU))

        found = conditions(counted, checked=set(CHECKS) - {check})

        assert [each.evidence for each in found if not each.met] == [{"missing": [check]}]


class TestShare:
    """Shares are written as 2/3 or 0.5."""

    @pytest.mark.parametrize(
        ("text", "share"),
        [("2/3", Fraction(2, 3)), ("0.5", Fraction(1, 2)), ("1", Fraction(1))],
    )
    def test_it_is_read(self, text: str, share: Fraction) -> None:
        assert fraction_of(text) == share

    @pytest.mark.parametrize(
        "text", ["0", "3/2", "1/0", "-1/2", "half", "", "1e-999999999", "1/99999"]
    )
    def test_what_is_no_share_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="a share is above 0"):
            fraction_of(text)

    def test_a_lower_quorum_may_be_set(self) -> None:
        rules = replace(CollectiveRules(), quorum=Fraction(1, 2))

        assert tally(GROUP, [], absent=GROUP[:4], rules=rules).is_quorate


class TestSecretVotes:
    """无记名投票：全体到会成员投票以前不计票；投票后有人回避的，须另提议案。"""

    members = tuple(PersonId(one) for one in "abc")

    def test_nothing_is_counted_before_everybody_present_has_voted(self) -> None:
        counted = secret_tally(self.members, self.members[:2], Box(2, 0, 0))
        assert (counted.in_favour, counted.given, counted.missing) == (0, 2, ("c",))
        assert not counted.is_complete

    def test_then_the_counts_are_those_of_the_box(self) -> None:
        counted = secret_tally(self.members, self.members, Box(2, 1, 0))
        assert (counted.in_favour, counted.against, counted.abstained) == (2, 1, 0)
        assert counted.is_carried
        assert counted.is_complete

    def test_a_ballot_too_many_makes_it_void(self) -> None:
        out = self.members[2:]
        counted = secret_tally(self.members, self.members, Box(3, 0, 0), recused=out)
        assert (counted.is_void, counted.in_favour) == (True, 0)
        assert [one.id for one in conditions(counted, checked=CHECKS) if not one.met] == [
            "majority",
            "ballots",
        ]


class TestSigners:
    """会议纪要由主持人、记录人签字，其余由到会成员补足。"""

    @pytest.mark.parametrize(
        ("needed", "signed", "missing"),
        [
            (0, "", ()),
            (1, "", ("chair",)),
            (1, "chair", ()),
            (2, "recorder", ("chair",)),
            (3, "", ("chair", "recorder")),
        ],
    )
    def test_who_must_still_sign(self, needed: int, signed: str, missing: tuple[str, ...]) -> None:
        assert (
            signers_missing(needed, chair="chair", recorder="recorder", signed=[signed]) == missing
        )

    def test_one_who_presides_and_records_is_named_once(self) -> None:
        assert signers_missing(2, chair="a", recorder="a", signed=[]) == ("a",)
