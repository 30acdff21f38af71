"""C11 申诉受理 (DT-CM-ADMISSIBLE) 逐行验证；复查结论 DT-CA-5 在 test_tables_p01.py。"""

from __future__ import annotations

from typing import Any

import pytest

from tests.procedures.tables import Tables

C11 = Tables("shared/appeal-review")
WRITTEN = {"request": "变更问责方式", "reasons": "处理过重"}


class TestDTCMADMISSIBLE:
    """第十一条 收到决定之日起十五个工作日内申诉；第十四条 办理人员追究后依职权复查原案。"""

    @pytest.mark.parametrize(
        ("inputs", "row", "admissible", "why"),
        [
            ({"own_motion": True}, 1, True, "依职权复查原案"),
            ({"filing": {"in_time": False}, "appeal": WRITTEN}, 2, False, "超过申诉期限"),
            ({"filing": {"in_time": True}, "appeal": WRITTEN}, 3, True, "符合申诉期限与形式"),
            (
                {"filing": {"in_time": False}, "late_admitted": True, "appeal": WRITTEN},
                3,
                True,
                "符合申诉期限与形式",
            ),
            (
                {"filing": {"in_time": True}, "appeal": {"request": "变更"}},
                4,
                False,
                "未写明请求和理由",
            ),
        ],
    )
    def test_each_row(
        self, inputs: dict[str, Any], row: int, why: str, *, admissible: bool
    ) -> None:
        outcome = C11.taken("admissible.dmn", "DT-CM-ADMISSIBLE", **inputs)

        assert [one.index for one in outcome.matched] == [row]
        assert outcome.value == {"admissible": admissible, "why": why}
