"""C19 重新任职（暂行规定第十条）的决策表逐行验证；期望值由原文手工写出。"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bpmn.feel import Environment
from tests.procedures.tables import Tables

C19 = Tables("reappointment-approval")
BARRED = ("resign_blame", "resign_ordered", "dismiss")


def way(
    measure: str,
    *,
    on: date,
    equal: bool = True,
    effective_on: str = "2025-03-14",
    switch: bool = False,
    register: date | None = None,
    **known: bool,
) -> dict[str, Any]:
    """Take the decision on a civil day."""
    noon = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)
    value: dict[str, Any] = (
        C19.model("way.dmn")
        .evaluate(
            "DT-RE-WAY",
            {
                "original": {
                    "measure": measure,
                    "effective_on": effective_on,
                    "downgraded": False,
                    "expelled": False,
                    **known,
                },
                "proposed": {"equal": equal},
                "bars_equal_post_until": register,
                "switches": {"reform": {"discipline_link": switch}},
            },
            Environment(now=lambda: noon, zone=ZoneInfo("Asia/Shanghai")),
        )
        .value
    )
    return {**value, "until": str(value["until"])}


class TestWithinTheYear:
    """引咎辞职、责令辞职、免职的，一年内不得重新担任与其原任职务相当的领导职务。"""

    @pytest.mark.parametrize("measure", BARRED)
    def test_on_saturday_14_march_2026_an_equal_post_is_refused(self, measure: str) -> None:
        found = way(measure, on=date(2026, 3, 14))

        assert found["way"] == "refuse"
        assert found["until"] == "2026-03-14"

    @pytest.mark.parametrize("measure", BARRED)
    def test_a_suitable_post_that_is_not_equal_may_be_given(self, measure: str) -> None:
        assert way(measure, on=date(2025, 9, 15), equal=False)["way"] == "arrange"

    def test_a_year_from_29_february_2024_ends_on_28_february_2025(self) -> None:
        found = way("dismiss", on=date(2025, 2, 28), effective_on="2024-02-29")

        assert (found["way"], found["until"]) == ("refuse", "2025-02-28")
        assert way("dismiss", on=date(2025, 3, 1), effective_on="2024-02-29")["way"] == "both"

    def test_a_longer_bar_of_the_register_goes_before(self) -> None:
        found = way("dismiss", on=date(2026, 3, 20), register=date(2026, 6, 30))

        assert (found["way"], found["until"]) == ("refuse", "2026-06-30")


class TestAfterTheYear:
    """一年后重新担任的，按管理权限审批，还应当征求上一级党委组织部门的意见。"""

    @pytest.mark.parametrize("measure", BARRED)
    def test_from_sunday_15_march_2026_both_are_needed(self, measure: str) -> None:
        assert way(measure, on=date(2026, 3, 15))["way"] == "both"

    def test_a_post_that_is_not_equal_is_free(self) -> None:
        assert way("dismiss", on=date(2026, 3, 15), equal=False)["way"] == "free"


class TestOtherMeasures:
    """公开道歉、停职检查不受一年限制。"""

    @pytest.mark.parametrize("measure", ["public_apology", "suspend_review"])
    def test_they_bar_no_post(self, measure: str) -> None:
        assert way(measure, on=date(2025, 4, 1))["way"] == "free"


class TestReform:
    """改革开关：降级的期满后不得立即恢复，开除的不适用酌情安排。"""

    @pytest.mark.parametrize(("switch", "expected"), [(True, "refuse"), (False, "both")])
    def test_downgraded_as_well(self, expected: str, *, switch: bool) -> None:
        assert (
            way("dismiss", on=date(2026, 6, 1), switch=switch, downgraded=True)["way"] == expected
        )

    @pytest.mark.parametrize(("switch", "expected"), [(True, "refuse"), (False, "arrange")])
    def test_expelled_as_well(self, expected: str, *, switch: bool) -> None:
        found = way("dismiss", on=date(2025, 9, 15), equal=False, switch=switch, expelled=True)

        assert found["way"] == expected
