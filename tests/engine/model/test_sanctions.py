"""影响期与重复问责, S0篇1§4、§6, S3 L59§10, SUP-023."""

from __future__ import annotations

import pytest

from engine.model.deadline_rules import DeadlineRule
from engine.model.identifiers import DeadlineKey, DecisionId, MeasureCode, PersonId
from engine.model.periods import Period, Unit
from engine.model.sanctions import (
    Effect,
    EffectKind,
    EffectRule,
    LiftReason,
    RepeatRule,
    Sanction,
    barred,
    decisions_within,
    effect_of,
    is_repeat,
)
from engine.model.texts import Text
from tests.engine.model.arrangements import CALENDAR, day

KEY = DeadlineKey("DL-CA-9")
DEADLINES = {
    KEY: DeadlineRule(
        KEY, Text("取消当年评优"), Period(1, Unit.TO_YEAR_END), "", source="S0篇1§4-2"
    )
}
NO_AWARDS = EffectRule(EffectKind.BARS_AWARDS, KEY)
NO_EQUAL_POST = EffectRule(EffectKind.BARS_EQUAL_POST, Period(1, Unit.YEARS))


def sanction(rule: EffectRule, effective_on: str) -> Sanction:
    """Return a sanction with one effect from a day."""
    start = day(effective_on)
    effect = effect_of(rule, start, DEADLINES, CALENDAR)
    return Sanction(PersonId("chen"), DecisionId("d"), MeasureCode("dismiss"), start, (effect,))


class TestAwards:
    """取消当年评优评先评奖资格：至当年 12月31日。"""

    def test_the_bar_ends_with_the_year(self) -> None:
        assert sanction(NO_AWARDS, "2026-03-30").effects == (
            Effect(EffectKind.BARS_AWARDS, day("2026-03-30"), day("2026-12-31")),
        )

    def test_sc_126_on_1_january_it_is_over(self) -> None:
        barring = sanction(NO_AWARDS, "2026-03-30")

        assert barring.is_in_force(day("2026-12-31"))
        assert not barring.is_in_force(day("2027-01-01"))

    def test_before_its_day_it_bars_nothing(self) -> None:
        assert not sanction(NO_AWARDS, "2026-03-30").is_in_force(day("2026-03-29"))


class TestEqualPost:
    """一年内不得重新担任与其原任职务相当的领导职务；限制期不顺延。"""

    def test_sc_122_refused_to_14_march_possible_from_15_march(self) -> None:
        barring = sanction(NO_EQUAL_POST, "2025-03-14")

        assert barring.is_in_force(day("2026-03-14"))
        assert not barring.is_in_force(day("2026-03-15"))

    def test_sc_123_from_29_february_it_ends_on_28_february(self) -> None:
        barring = sanction(NO_EQUAL_POST, "2024-02-29")

        assert barring.is_in_force(day("2025-02-28"))
        assert not barring.is_in_force(day("2025-03-01"))

    def test_the_refusal_names_its_ground(self) -> None:
        awards, post = sanction(NO_AWARDS, "2026-03-30"), sanction(NO_EQUAL_POST, "2026-03-30")

        assert barred([awards, post], EffectKind.BARS_EQUAL_POST, day("2026-06-01")) == (post,)
        assert barred([awards, post], EffectKind.BARS_AWARDS, day("2027-02-01")) == ()

    def test_a_talk_bars_nothing(self) -> None:
        talk = Sanction(
            PersonId("chen"), DecisionId("d"), MeasureCode("talk_admonish"), day("2026-03-30")
        )

        assert not talk.is_in_force(day("2026-03-30"))


class TestLifting:
    """撤销决定的，同时解除影响期。"""

    def test_from_the_day_of_lifting_it_bars_no_more(self) -> None:
        lifted = sanction(NO_AWARDS, "2026-03-30").lifted(day("2026-05-11"), LiftReason.REVOKED)

        assert lifted.is_in_force(day("2026-05-10"))
        assert not lifted.is_in_force(day("2026-05-11"))

    def test_a_second_lifting_changes_nothing(self) -> None:
        lifted = sanction(NO_AWARDS, "2026-03-30").lifted(day("2026-05-11"), LiftReason.CHANGED)

        assert lifted.lifted(day("2026-06-01"), LiftReason.REVOKED) is lifted


class TestArticle6:
    """1年内2次以上被问责的，从重问责。"""

    window = Period(1, Unit.YEARS)
    with_current = RepeatRule(window, 2, include_current=True)
    without_current = RepeatRule(window, 2, include_current=False)

    @pytest.mark.parametrize("rule", [with_current, without_current])
    def test_sc_014_two_earlier_ones_are_repeated_either_way(self, rule: RepeatRule) -> None:
        earlier = [day("2025-05-20"), day("2025-11-03")]

        assert is_repeat(earlier, day("2026-05-18"), rule, CALENDAR)

    def test_sc_014_one_earlier_counts_only_with_the_present_case(self) -> None:
        earlier = [day("2025-05-20")]

        assert is_repeat(earlier, day("2026-05-18"), self.with_current, CALENDAR)
        assert not is_repeat(earlier, day("2026-05-18"), self.without_current, CALENDAR)

    def test_sc_015_20_may_is_within_21_may_is_not(self) -> None:
        earlier = [day("2025-05-20")]

        assert decisions_within(earlier, day("2026-05-20"), self.window, CALENDAR) == (
            day("2025-05-20"),
        )
        assert decisions_within(earlier, day("2026-05-21"), self.window, CALENDAR) == ()

    def test_a_decision_of_a_later_day_does_not_count(self) -> None:
        assert not is_repeat([day("2026-06-01")], day("2026-05-20"), self.with_current, CALENDAR)

    def test_the_first_case_is_not_repeated(self) -> None:
        assert not is_repeat([], day("2026-05-20"), self.with_current, CALENDAR)
