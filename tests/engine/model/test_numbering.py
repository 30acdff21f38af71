"""案号与文号."""

from __future__ import annotations

import pytest

from engine.model.numbering import NumberRule


class TestNumber:
    """机关代字、年份用六角括号、顺序号不编虚位."""

    def test_a_case_number_is_written(self) -> None:
        rule = NumberRule("{authority_short}问〔{year}〕{n}号")

        assert rule.render(authority_short="某集", year=2026, n=19) == "某集问〔2026〕19号"

    def test_places_may_be_padded(self) -> None:
        assert NumberRule("{year}-{n:04}").render(authority_short="", year=2026, n=7) == "2026-0007"

    def test_braces_in_the_authoritys_name_are_text(self) -> None:
        rule = NumberRule("{authority_short}{year}{n}")

        assert rule.render(authority_short="{n}", year=2026, n=1) == "{n}20261"

    @pytest.mark.parametrize(
        ("pattern", "says"),
        [
            ("{who}{year}{n}", "unknown fields in the number rule: who"),
            ("{year.real}{year}{n}", r"unknown fields in the number rule: year\.real"),
            ("{n!r}{year}{n}", "unknown fields in the number rule: n!r"),
            ("〔{year}〕号", "each once"),
            ("{n}号", "each once"),
            ("{year}{n}{n}", "each once"),
            ("{year}{n}}", "a brace stands alone"),
        ],
    )
    def test_other_patterns_are_refused(self, pattern: str, says: str) -> None:
        with pytest.raises(ValueError, match=says):
            NumberRule(pattern)

    def test_numbers_begin_at_one(self) -> None:
        with pytest.raises(ValueError, match="counted from 1"):
            NumberRule("{year}{n}").render(authority_short="", year=2026, n=0)
