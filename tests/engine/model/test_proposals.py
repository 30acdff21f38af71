"""处理建议与审批路径, S0篇1§4、§7, SUP-019, SUP-029, DT-CA-4."""

from __future__ import annotations

import pytest

from engine.errors import Refusal
from engine.model.identifiers import MeasureCode
from engine.model.proposals import (
    Proposal,
    ProposalStage,
    Scale,
    approvals_for,
    heavier,
    must_not_be_heavier,
    not_approved,
    outside_the_set,
)
from engine.model.sanctions import Measure
from engine.model.texts import Text

ARTICLE_4 = (
    "talk_admonish cancel_merit written_review public_apology circulate "
    "post_adjust suspend_review persuade_resign resign_ordered dismiss"
)
SCALE = Scale(
    ("T1", "T2", "T3"),
    {
        MeasureCode(code): Measure(
            MeasureCode(code), Text(code), n, "direct" if n <= 5 else "appointing_authority"
        )
        for n, code in enumerate(ARTICLE_4.split(), start=1)
    },
)


def codes(text: str) -> frozenset[MeasureCode]:
    """Return the codes in a text."""
    return frozenset(map(MeasureCode, text.split()))


def before(tier: str, measures: str) -> Proposal:
    """Return a proposal made before the defence."""
    return Proposal(1, ProposalStage.BEFORE_DEFENCE, tier, codes(measures))


def after(tier: str, measures: str, new_fact: str = "") -> Proposal:
    """Return a proposal made after the defence."""
    return Proposal(2, ProposalStage.AFTER_DEFENCE, tier, codes(measures), new_fact)


class TestArticle7:
    """不得因被调查人申辩而从重问责。"""

    def test_sc_013_from_t1_to_t2_without_a_new_fact_is_refused(self) -> None:
        with pytest.raises(Refusal, match=r"proposal\.heavier_after_defence") as refused:
            must_not_be_heavier(after("T2", "circulate"), before("T1", "written_review"), SCALE)

        assert refused.value.rule == "S0篇1§7"
        assert refused.value.params == {"before": "T1", "after": "T2"}

    def test_with_a_numbered_new_fact_it_may_be_heavier(self) -> None:
        proposed = after("T2", "circulate", "新事实1")

        must_not_be_heavier(proposed, before("T1", "written_review"), SCALE)

        assert heavier(proposed, before("T1", "written_review"), SCALE)

    def test_lighter_or_equal_is_always_possible(self) -> None:
        must_not_be_heavier(after("T1", "talk_admonish"), before("T1", "written_review"), SCALE)
        must_not_be_heavier(after("T1", "written_review"), before("T1", "written_review"), SCALE)

        assert not heavier(after("T1", "written_review"), before("T1", "written_review"), SCALE)

    def test_two_proposals_before_the_defence_may_become_heavier(self) -> None:
        must_not_be_heavier(before("T2", "circulate"), before("T1", "written_review"), SCALE)

        assert heavier(before("T2", "circulate"), before("T1", "written_review"), SCALE)

    @pytest.mark.parametrize(
        ("then", "now", "is_heavier"),
        [
            ("written_review", "talk_admonish written_review", True),  # one more
            ("talk_admonish written_review", "written_review", False),
            ("talk_admonish", "cancel_merit", True),
            ("cancel_merit written_review", "written_review talk_admonish", False),
        ],
    )
    def test_within_a_tier_the_measures_are_compared(
        self,
        then: str,
        now: str,
        is_heavier: bool,  # noqa: FBT001
    ) -> None:
        assert heavier(after("T1", now), before("T1", then), SCALE) is is_heavier

    def test_a_lower_tier_does_not_make_up_for_a_heavier_measure(self) -> None:
        assert heavier(after("T1", "dismiss"), before("T2", "circulate"), SCALE)

    def test_an_unknown_tier_is_refused(self) -> None:
        with pytest.raises(Refusal, match=r"tier\.unknown"):
            heavier(after("T9", ""), before("T1", ""), SCALE)

    def test_a_procedure_without_tiers_compares_measures(self) -> None:
        plain = Scale((), SCALE.measures)

        assert heavier(after("", "dismiss"), before("", "circulate"), plain)


class TestArticle4:
    """第6–10项按干部管理权限和规定程序报批。"""

    def test_sc_018_dismissal_goes_to_the_appointing_authority(self) -> None:
        assert approvals_for(codes("cancel_merit dismiss"), SCALE) == ("appointing_authority",)

    @pytest.mark.parametrize("code", ARTICLE_4.split()[:5])
    def test_the_first_five_the_board_imposes_itself(self, code: str) -> None:
        assert approvals_for(codes(code), SCALE) == ()

    @pytest.mark.parametrize("code", ARTICLE_4.split()[5:])
    def test_the_last_five_need_approval(self, code: str) -> None:
        assert approvals_for(codes(code), SCALE) == ("appointing_authority",)

    def test_a_measure_that_the_provision_does_not_have_is_refused(self) -> None:
        with pytest.raises(Refusal, match=r"measure\.unknown") as refused:
            approvals_for(codes("expel dismiss"), SCALE)

        assert refused.value.params == {"measures": ["expel"]}


class TestSet:
    """超出 DMN 方式集合的决定须书面理由并升一级审批。"""

    tier_1 = codes("talk_admonish cancel_merit written_review")

    def test_within_the_set_nothing_is_outside(self) -> None:
        assert outside_the_set(codes("written_review"), self.tier_1, SCALE) == ()

    def test_what_is_outside_is_named_light_to_heavy(self) -> None:
        chosen = codes("dismiss circulate written_review")

        assert outside_the_set(chosen, self.tier_1, SCALE) == ("circulate", "dismiss")

    def test_an_unknown_measure_is_refused(self) -> None:
        with pytest.raises(Refusal, match=r"measure\.unknown"):
            outside_the_set(codes("expel"), self.tier_1, SCALE)


class TestApprovalByLevel:
    """SUP-070 处分批准权限校验：方式×级别→批准机关。"""

    measure = Measure(
        MeasureCode("demote"),
        Text("降级"),
        1,
        approval="",
        by_level={"division": "county_government", "section": "direct"},
    )
    scale = Scale((), {measure.code: measure})

    def test_the_organ_is_that_of_the_level(self) -> None:
        assert approvals_for([self.measure.code], self.scale, ["division"]) == (
            "county_government",
        )
        assert approvals_for([self.measure.code], self.scale, ["section"]) == ()

    def test_a_level_for_which_none_is_stated_is_refused(self) -> None:
        with pytest.raises(Refusal) as refused:
            approvals_for([self.measure.code], self.scale, ["bureau"])
        assert refused.value.message_id == "approval.level_unknown"
        assert refused.value.params["levels"] == "division、section"

    def test_what_still_lacks_is_named_and_the_own_organ_is_none_of_it(self) -> None:
        assert not_approved(["board", "above", "other"], ["other"], "board") == ("above",)
