"""spec/decisions.md K 的 DT-CQ-1、DT-CQ-2 逐行验证；期望值由 S3 L75 原文手工写出。"""

from __future__ import annotations

import pytest

from tests.procedures.tables import Tables, grounds

P36 = Tables("chongqing-head-accountability")
taken = P36.taken
SEVEN = [
    "cancel_merit",
    "talk_admonish",
    "circulate",
    "written_review",
    "public_apology",
    "suspend_reflect",
    "persuade_resign",
]


class TestDTCQ1:
    """被问责的 7 类 18 种情形：命中一类以上即属于问责范围。"""

    @pytest.mark.parametrize(
        ("reported", "kind", "article"),
        [
            ("k1_unfinished", "k1", "S3 L75 第一类"),
            ("k2_concealed", "k2", "S3 L75 第二类"),
            ("k2_mass_event", "k2", "S3 L75 第二类"),
            ("k3_funds", "k3", "S3 L75 第三类"),
            ("k4_fraud", "k4", "S3 L75 第四类"),
            ("k5_no_tender", "k5", "S3 L75 第五类"),
            ("k6_conduct", "k6", "S3 L75 第六类"),
            ("k7_other", "k7", "S3 L75 第七类"),
        ],
    )
    def test_a_situation_belongs_to_its_kind(self, reported: str, kind: str, article: str) -> None:
        outcome = taken("situations.dmn", "DT-CQ-1", grounds=[reported])

        assert [one["code"] for one in outcome.value] == [kind]
        assert grounds(outcome) == [article]

    def test_two_situations_of_one_kind_are_one_kind(self) -> None:
        outcome = taken("situations.dmn", "DT-CQ-1", grounds=["k2_concealed", "k2_mass_event"])

        assert [one["code"] for one in outcome.value] == ["k2"]

    def test_kinds_add_up(self) -> None:
        outcome = taken("situations.dmn", "DT-CQ-1", grounds=["k6_speech", "k1_unfinished"])

        assert [one["code"] for one in outcome.value] == ["k1", "k6"]

    @pytest.mark.parametrize("reported", [None, []])
    def test_without_a_situation_nothing_is_in_scope(self, reported: list[str] | None) -> None:
        assert taken("situations.dmn", "DT-CQ-1", grounds=reported).value in (None, [])


class TestDTCQ2:
    """分别追究……7 种责任；轻重次序为平台补充。"""

    def test_any_kind_opens_all_seven_in_the_order_of_the_text(self) -> None:
        scope = [{"code": "k2", "title": "责任意识单薄"}]

        assert taken("measures.dmn", "DT-CQ-2", scope=scope).value == SEVEN

    def test_no_kind_opens_none(self) -> None:
        assert taken("measures.dmn", "DT-CQ-2", scope=[]).value in (None, [])

    def test_dismissal_is_none_of_the_seven(self) -> None:
        codes = [one["code"] for one in P36.rules()["measures"]]

        assert codes == SEVEN
