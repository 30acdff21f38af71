"""从重、从轻、免予情节 (S0篇1§6; issue 5)."""

from __future__ import annotations

import pytest

from engine.model.circumstances import Weight, circumstance


class TestCircumstances:
    """决策表的输出名说明情节的方向；没有得出情节的规则不算。"""

    @pytest.mark.parametrize(
        ("output", "weight"),
        [
            ("heavier_circumstances", Weight.HEAVIER),
            ("lighter", Weight.LIGHTER),
            ("exempt_circumstances", Weight.EXEMPT),
        ],
    )
    def test_the_name_of_the_output_says_which_way(self, output: str, weight: Weight) -> None:
        found = circumstance(output, '"repeat"', "从重情节", "S0篇1§6-1(1)")
        assert found is not None
        assert (found.weight, found.code, found.source) == (weight, "repeat", "S0篇1§6-1(1)")

    @pytest.mark.parametrize(
        ("output", "concluded"), [("tier", '"T1"'), ("lighter", "false"), ("exempt", "null")]
    )
    def test_what_names_none_is_none(self, output: str, concluded: str) -> None:
        assert circumstance(output, concluded, "表", "") is None
