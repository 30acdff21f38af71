"""spec/decisions.md 的 DT-DU-1 逐行验证。"""

from __future__ import annotations

import pytest

from tests.procedures.tables import Tables

P28 = Tables("dunning-transfer")


class TestDTDU1:
    """两次发出催办通知书，仍不能完成工作任务的，移送监察机关追究行政责任（S2 L80）。"""

    @pytest.mark.parametrize(
        ("count", "action"),
        [(0, "first_notice"), (1, "second_notice"), (2, "transfer"), (3, "transfer")],
    )
    def test_late_work_is_dunned_twice_then_transferred(self, count: int, action: str) -> None:
        taken = P28.taken("dunning.dmn", "DT-DU-1", dunned_count=count, accepted=None)

        assert taken.value == action

    @pytest.mark.parametrize("count", [0, 1, 2])
    def test_done_work_is_cleared_whatever_the_count(self, count: int) -> None:
        taken = P28.taken("dunning.dmn", "DT-DU-1", dunned_count=count, accepted=True)

        assert taken.value == "clear"
