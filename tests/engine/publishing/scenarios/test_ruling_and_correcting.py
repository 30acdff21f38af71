"""场景中隔日的裁决，与已送达文书的更正 (docs/scenarios.md)."""

from __future__ import annotations

import pytest

from tests.engine.publishing.scenarios.test_operating import said
from tests.engine.publishing.small import OPEN


@pytest.mark.slow
class TestCorrecting:
    """更正：拟稿、签发、送达，各须有其前一步。"""

    @pytest.mark.parametrize(
        ("step", "told"),
        [
            ("{correct: x, by: 甲, wrong: 一, right: 二, reasons: 笔误}", "no such document"),
            ("{issue_correction: x, by: 甲}", "no correction waits to be issued"),
            ("{serve_correction: x, by: 甲, answers: {}}", "no correction waits to be served"),
        ],
    )
    def test_there_must_be_what_is_corrected(self, step: str, told: str) -> None:
        [failure] = said(OPEN, f"- {step}")
        assert told in failure


@pytest.mark.slow
class TestRulingLater:
    """隔日裁决：对尚未裁决的申请，用 rule 写明准予或不准。"""

    @pytest.mark.parametrize("kind", ["extend", "recuse", "suspend"])
    def test_there_must_be_a_request_that_waits(self, kind: str) -> None:
        [told] = said(OPEN, f"- {{rule: {kind}, of: DL-LP-1, by: 甲, reasons: 同意}}")
        assert "has no request that waits for 甲" in told

    def test_a_withdrawal_must_have_been_proposed(self) -> None:
        assert (
            said(OPEN, "- {rule: withdraw, by: 甲, reasons: 同意, refused: withdrawal.none}") == []
        )
