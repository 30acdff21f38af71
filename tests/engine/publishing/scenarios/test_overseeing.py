"""场景中督办专员的步骤：报告越权、知悉、不予认定、确认中止、解除 (SUP-002, SUP-005)."""

from __future__ import annotations

import pytest

from engine.publishing.scenarios import ScenarioRefused
from tests.engine.publishing.scenarios.test_operating import read, said
from tests.engine.publishing.small import CAST, DO, LAST, OPEN

WATCHED = CAST.replace(
    "  己: {unit: 机关}",
    """  己: {unit: 机关}
  督办甲: {unit: 机关, roles: [supervision_officer]}
  督办乙: {unit: 机关, roles: [supervision_officer]}""",
)
REPORT = "- {report_overreach: ut_step, by: 督办甲, reasons: 任职已终止}"
STOP = "- {finding: effective, by: 督办乙, ruling: confirmed, of: ut_step, reasons: 属实}"
LIFT = "- {finding: effective, by: 督办乙, ruling: lifted, reasons: 已补正}"


def played(*steps: str) -> list[str]:
    return said(OPEN, *steps, cast=WATCHED)


@pytest.mark.slow
class TestOverreach:
    """已生效的越权：报告不中止，确认才中止，解除后继续（SUP-002）。"""

    def test_what_follows_stops_when_it_is_confirmed_and_goes_on_when_lifted(self) -> None:
        held = LAST.replace("by: 甲", "by: 甲, refused: branch.stopped")
        assert played(DO, REPORT, STOP, held, LIFT, LAST) == []

    def test_a_report_stops_nothing(self) -> None:
        assert played(DO, REPORT, LAST) == []

    def test_there_must_be_something_done(self) -> None:
        [told] = played(REPORT)
        assert told == "2 ut_step has no work that is done"

    def test_only_an_officer_reports(self) -> None:
        assert played(DO, REPORT.replace("督办甲", "甲, refused: not_supervision")) == []


@pytest.mark.slow
class TestRulings:
    """偏差由督办专员知悉或不予认定，须写理由；涉及本人的由他人处理。"""

    @pytest.mark.parametrize("of", ["丙", "claim_work", "''"])
    def test_a_refused_attempt_is_settled(self, of: str) -> None:
        tried = "- {claim: ut_step, by: 丙, refused: not}"
        rule = f"- {{finding: attempt, by: 督办甲, ruling: dismissed, of: {of}, reasons: 误点}}"
        again = f"4 no finding attempt {of.strip(chr(39))} can be dismissed; there are: "
        assert played(tried, rule) == []
        [told] = played(tried, rule, rule)
        assert told == f"{again}attempt claim_work dismissed"

    def test_lateness_is_named_by_its_deadline(self) -> None:
        late = "- {at: 2026-04-01}"
        rule = "- {finding: late, by: 督办甲, of: 办理, reasons: 已督促}"
        assert played(late, rule) == []
        [told] = played(late, rule.replace("办理", "送达"))
        assert "no finding late 送达 can be acknowledged" in told

    def test_reasons_are_given(self) -> None:
        rule = "- {finding: late, by: 督办甲, refused: reasons.missing}"
        assert played("- {at: 2026-04-01}", rule) == []

    def test_without_a_finding_it_is_said(self) -> None:
        [told] = played("- {finding: attempt, by: 督办甲, reasons: 误}")
        assert told.endswith("no finding attempt  can be acknowledged; there are: none")


class TestReading:
    """种类和处理写错的，指明可用的。"""

    def test_an_unknown_ruling_is_said(self) -> None:
        with pytest.raises(ScenarioRefused, match=r"ruling must be acknowledged or dismissed"):
            read({"finding": "late", "by": "甲", "ruling": "approved"})
