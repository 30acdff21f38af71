"""公开前脱敏：举报人、涉密、隐私 (procedures C16)."""

from __future__ import annotations

import pytest

from engine.model.redaction import masked_name, names_in, redacted, without_names


class TestNumbers:
    """身份证号、电话、账号不出现在公开的文字里。"""

    @pytest.mark.parametrize(
        ("text", "left"),
        [
            ("证号11010119900307803X。", "证号110101************。"),
            ("电话13812345678，", "电话138******78，"),
            ("座机010-62345678", "座机****"),
            ("账号6222020200112233445", "账号****"),
            ("案号某集问〔2026〕12号，2026年3月30日，罚款138123元", None),
        ],
    )
    def test_each_is_masked_and_nothing_else(self, text: str, left: str | None) -> None:
        assert redacted(text) == (left or text)


class TestNames:
    """举报人姓名不得泄露；被问责人可隐去名字。"""

    def test_a_name_is_found_with_spaces_in_it_too(self) -> None:
        assert names_in("据许 小某反映", ["许小某", "陈某"]) == ("许小某",)
        assert names_in("无人", ["", "李"]) == ()

    def test_a_masked_name_keeps_the_family_name(self) -> None:
        assert masked_name("欧阳海") == "欧某"
        assert masked_name(" ") == ""
        assert without_names("陈大文与陈大失职", ["陈大", "陈大文", "王"]) == "陈某与陈某失职"
