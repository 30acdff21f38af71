"""演练中程序和督办专员所办的，录成步骤，照着重演全部通过 (issue 7)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.desk.facts import Fact
from engine.publishing.folders import Folder
from engine.publishing.rehearsing.answers import INVENTED
from tests.engine.publishing.rehearsing import board as small
from tests.engine.publishing.rehearsing.test_every_step import (
    DRAFT,
    INQUIRE,
    OPEN,
    recorded,
    rehearsed,
    told,
)

CAST = (
    small.CAST
    + """  程序: {unit: 机关, roles: [external_worker]}
  督办甲: {unit: 机关, roles: [supervision_officer]}
  督办乙: {unit: 机关, roles: [supervision_officer]}
"""
)
FLOW = '<sequenceFlow id="f2" sourceRef="ut_inquire" targetRef="ut_draft"/>'
ASKED = """<sequenceFlow id="f2" sourceRef="ut_inquire" targetRef="st_ask"/>
    <serviceTask id="st_ask" name="查征信" camunda:type="external" camunda:topic="credit"/>
    <boundaryEvent id="ev_none" attachedToRef="st_ask">
      <errorEventDefinition id="d_none" errorRef="e_none"/></boundaryEvent>
    <sequenceFlow id="f2b" sourceRef="st_ask" targetRef="ut_draft"/>
    <sequenceFlow id="f2c" sourceRef="ev_none" targetRef="ut_draft"/>"""
ERROR = '<error id="e_none" errorCode="NONE"/>'
SCORED = """{program: st_ask, by: 程序,
  variables: {score: 7, asked_on: =today, reporter_id: 举报人}, files: {report: 征信报告.pdf}}"""
REPORT = "{report_overreach: ut_inquire, by: 督办甲, reasons: 任职已终止}"
STOP = "{finding: effective, by: 督办乙, ruling: confirmed, of: ut_inquire, reasons: 属实}"
LIFT = "{finding: effective, by: 督办乙, ruling: lifted, of: ut_inquire, reasons: 已补正}"
LATE = "{finding: late, by: 督办甲, ruling: %s, of: 调查, reasons: 已督促}"

STORIES: dict[str, tuple[str, ...]] = {
    "程序失败、重试、办结": (
        OPEN,
        INQUIRE,
        f"{{program: st_ask, by: 程序, fails: {INVENTED}, retries: 0}}",
        "{program: st_ask, by: 程序, tries: 2}",
        SCORED,
        DRAFT,
    ),
    "程序报错": (
        OPEN,
        INQUIRE,
        "{program: st_ask, by: 程序, error: NONE}",
        DRAFT,
    ),
    "程序办结，没有变量": (
        OPEN,
        INQUIRE,
        "{program: st_ask, by: 程序}",
        DRAFT,
    ),
    "报告越权、确认中止、解除": (
        OPEN,
        INQUIRE,
        REPORT,
        STOP,
        LIFT,
        "{program: st_ask, by: 程序}",
        DRAFT,
    ),
    "逾期的偏差，知悉": (
        OPEN,
        "{at: '2026-04-01 09:00'}",
        LATE % "acknowledged",
    ),
    "逾期的偏差，不予认定": (
        OPEN,
        "{at: '2026-04-01 09:00'}",
        LATE % "dismissed",
    ),
}
"""What is done in each, as the recording must write it."""


@pytest.fixture
def asking() -> Folder:
    """The board's procedure, with a program that is asked after the inquiry."""

    def change(text: str) -> str:
        assert FLOW in text
        return text.replace(FLOW, ASKED).replace(
            '<process id="board"', ERROR + '<process id="board"'
        )

    return small.edited(small.board(), small.DIAGRAM, change)


@pytest.mark.slow
class TestWhatIsRecorded:
    """办了什么，录成什么，重演通过。"""

    @pytest.mark.parametrize("story", STORIES)
    def test_it_is_written_as_it_was_taken_and_passes(
        self, tmp_path: Path, asking: Folder, story: str
    ) -> None:
        found, failures = recorded(tmp_path, asking, *STORIES[story], cast=CAST)

        assert found[:-1] == [yaml.safe_load(one) for one in STORIES[story]]
        assert failures == []


@pytest.mark.slow
class TestWhatIsTold:
    """录不全的，告诉设计者。"""

    def test_variables_beside_an_error_are_told(self, tmp_path: Path, asking: Folder) -> None:
        error = "{program: st_ask, by: 程序, error: NONE, variables: {x: 1}}"
        *_, found = rehearsed(tmp_path, asking, OPEN, INQUIRE, error, cast=CAST)

        assert told(found) == (Fact.EXTERNAL_ERROR,)

    def test_a_ruling_on_a_refused_attempt_is_told(self, tmp_path: Path, asking: Folder) -> None:
        tried = "{claim: ut_inquire, by: 监事甲, refused: not}"
        rule = "{finding: attempt, by: 督办甲, ruling: dismissed, of: 监事甲, reasons: 误点}"
        *_, found = rehearsed(tmp_path, asking, OPEN, tried, rule, cast=CAST)

        assert told(found) == (Fact.DEVIATION_SETTLED,)
