"""错罚对等：同一情形、同一档次跨案件处理差异两档以上的提示 (SUP-030)."""

from __future__ import annotations

from typing import Any

from engine.model.consistency import Outcome, compared


def outcome(case: str, **changed: Any) -> Outcome:
    given: dict[str, Any] = {
        "case": case,
        "case_id": case,
        "procedure": "p",
        "situation": "s4",
        "tier": "T1",
        "tier_place": 1,
        "weight": 1,
        "measures": ("talk",),
        "organ": "board",
        "made_on": "2026-03-30",
    }
    return Outcome(**{**given, **changed})


class TestLikeCases:
    """同一情形看档次，同一档次看最重的方式。"""

    def test_two_tiers_apart_in_the_same_situation_is_a_hint(self) -> None:
        by_situation, *_ = compared(
            [outcome("1"), outcome("2", tier="T3", tier_place=3), outcome("3", situation="s5")]
        )
        assert (by_situation.by, by_situation.key, by_situation.apart) == ("situation", "s4", 2)
        assert by_situation.is_hint
        assert [one.case for one in by_situation.outcomes] == ["1", "2"]

    def test_one_tier_apart_is_none(self) -> None:
        found = compared([outcome("1"), outcome("2", tier="T2", tier_place=2)])
        assert [(one.by, one.apart, one.is_hint) for one in found] == [("situation", 1, False)]

    def test_within_a_tier_the_heaviest_measures_are_compared(self) -> None:
        found = compared([outcome("1", situation=""), outcome("2", situation="", weight=3)])
        assert [(one.by, one.key, one.apart) for one in found] == [("tier", "T1", 2)]

    def test_other_procedures_are_not_alike_and_one_case_is_nothing_to_compare(self) -> None:
        assert compared([outcome("1"), outcome("2", procedure="q")]) == ()
        assert compared([]) == ()
