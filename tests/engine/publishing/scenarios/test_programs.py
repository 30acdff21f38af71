"""场景中程序的步骤：外部任务由程序领取、办结、报错、失败、重试 (docs/scenarios.md)."""

from __future__ import annotations

from typing import Any

import pytest

from engine.publishing.checks import check_folder
from engine.publishing.folders import Folder
from engine.publishing.scenarios import ScenarioRefused, Theatre, run_one
from tests.engine.publishing.scenarios.test_operating import read
from tests.engine.publishing.small import CAST, DIAGRAM, LAST, OPEN, RULES, SCENARIO, changed, small

WITH_PROGRAM = CAST.replace(
    "  己: {unit: 机关}",
    """  己: {unit: 机关}
  程序: {roles: [external_worker]}
  另一程序: {roles: [external_worker]}
  主管: {unit: 机关, roles: [clerk, supervision_officer]}""",
)
FLOW = '<bpmn:sequenceFlow id="f2" sourceRef="ut_step" targetRef="gw" />'
ASKED = """<bpmn:sequenceFlow id="f2" sourceRef="ut_step" targetRef="st_ask" />
    <bpmn:serviceTask id="st_ask" name="查征信" camunda:type="external" camunda:topic="credit">
      <bpmn:extensionElements><camunda:properties>
        <camunda:property name="article" value="proposed" />
      </camunda:properties></bpmn:extensionElements>
      <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f5</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:sequenceFlow id="f5" sourceRef="st_ask" targetRef="gw" />
    <bpmn:boundaryEvent id="ev_none" attachedToRef="st_ask"><bpmn:outgoing>f6</bpmn:outgoing>
      <bpmn:errorEventDefinition id="eed" errorRef="Error_none" /></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f6" sourceRef="ev_none" targetRef="gw" />"""
ERROR = (
    '<bpmn:process id="loop"',
    '<bpmn:error id="Error_none" errorCode="NONE" /><bpmn:process id="loop"',
)
GATE = "<bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>"
GATES = (
    "<bpmn:incoming>f5</bpmn:incoming><bpmn:incoming>f6</bpmn:incoming>"
    "<bpmn:outgoing>f3</bpmn:outgoing>"
)
CLOSED = "- {then: {case: {closed: true}}}"


def asking(*steps: str) -> Folder:
    """Return the loop with a program that is asked after its step."""
    folder = changed(small(*steps, cast=WITH_PROGRAM), DIAGRAM, FLOW, ASKED)
    return changed(changed(folder, DIAGRAM, *ERROR), DIAGRAM, GATE, GATES)


def said(*steps: str) -> list[str]:
    """Play these steps where a program is asked; return what went otherwise."""
    folder = asking(OPEN, LAST, *steps)
    return [f"{one.en}" for one in run_one(folder, SCENARIO, Theatre(folder)).failures]


@pytest.mark.slow
class TestItsOwnTests:
    """有外部任务的程序，发布前自己的场景也能走完。"""

    def test_a_procedure_that_asks_a_program_passes_its_check(self) -> None:
        report = check_folder(asking(OPEN, LAST, "- {program: credit, by: 程序}", CLOSED))
        assert report.passed
        assert [one.failures for one in report.scenarios] == [()]

    def test_it_does_not_pass_where_the_program_does_nothing(self) -> None:
        assert not check_folder(asking(OPEN, LAST, CLOSED)).passed


@pytest.mark.slow
class TestCompleting:
    """程序领取后办结：变量归案，流程往下走；文件成为附件。"""

    @pytest.mark.parametrize("named", ["st_ask", "credit"])
    def test_the_case_goes_on_with_what_the_program_found(self, named: str) -> None:
        step = f"- {{program: {named}, by: 程序, variables: {{score: 7, asked_on: =today}}}}"
        then = "- {then: {variables: {score: 7, asked_on: '2026-03-02'}, case: {closed: true}}}"
        assert said("- {then: {only_open: [st_ask]}}", step, then) == []

    def test_a_file_is_kept_as_an_attachment(self) -> None:
        step = "- {program: credit, by: 程序, files: {report: 征信报告.pdf}}"
        assert said(step, CLOSED) == []
        refused = "- {program: credit, by: 程序, files: {report: 征信.exe}, refused: attachment}"
        assert said(refused) == []

    def test_only_a_program_with_the_post_does_it(self) -> None:
        assert said("- {program: st_ask, by: 甲, refused: not_allowed}") == []

    def test_a_refused_variable_leaves_the_task_with_its_program(self) -> None:
        pretended = "{x: {$attachment: a}}"
        step = (
            f"- {{program: credit, by: 程序, variables: {pretended}, refused: external.reserved}}"
        )
        assert said(step, "- {program: credit, by: 程序}", CLOSED) == []
        [told] = said(step, "- {program: credit, by: 另一程序}")
        assert told == "credit: not fetched now: another program has it"

    def test_a_name_under_which_nothing_waits_is_said_with_what_does(self) -> None:
        [told] = said("- {program: credits, by: 程序}")
        assert told == ("credits has no external task that waits; there are: st_ask (credit)")
        [none] = said("- {program: credit, by: 程序}", "- {program: credit, by: 程序}")
        assert none == "credit has no external task that waits; there are: none"


@pytest.mark.slow
class TestFailing:
    """报错由流程图接住；失败后可再试，试完即成异常，重置次数后方可再领。"""

    def test_an_error_that_the_diagram_catches(self) -> None:
        step = "- {program: credit, by: 程序, error: NONE, message: 查无此人, variables: {x: 1}}"
        assert said(step, "- {then: {variables: {x: 1}, case: {closed: true}}}") == []

    def test_an_error_that_nothing_catches_is_told(self) -> None:
        [told] = said("- {program: credit, by: 程序, error: OTHER}")
        assert told.startswith("the element st_ask failed")

    def test_it_is_tried_as_often_as_the_program_says(self) -> None:
        fails = "- {program: credit, by: 程序, fails: 无法连接, retries: 1}"
        again = "- {program: credit, by: 另一程序}"
        assert said(fails, "- {then: {incidents: none}}", again, CLOSED) == []

    def test_what_gave_up_is_an_incident_until_it_may_be_tried_again(self) -> None:
        fails = "- {program: credit, by: 程序, fails: 无法连接}"
        incident = "- {then: {incidents: [st_ask]}}"
        [told] = said(fails, incident, "- {program: credit, by: 程序}")
        assert told == (
            "credit: not fetched now: it is not tried again; a step with `tries: 1` comes first"
        )
        renewed = "- {program: credit, by: 程序, tries: 1}"
        settled = "- {then: {incidents: none}}"
        assert said(fails, renewed, settled, "- {program: credit, by: 程序}", CLOSED) == []

    def test_of_a_stopped_branch_nothing_is_fetched(self) -> None:
        report = "- {report_overreach: ut_step, by: 主管, reasons: 任职已终止}"
        stop = "- {finding: effective, by: 主管, ruling: confirmed, reasons: 属实}"
        [told] = said(report, stop, "- {program: credit, by: 程序}")
        assert told == "credit: not fetched now: its branch is stopped"


@pytest.mark.slow
class TestSuspension:
    """案件挂起期间，程序领取不到；恢复后照常。"""

    SUSPEND = "- {suspend: 等待司法结论, by: 甲, decided_by: 主管, granted: true}"
    RESUME = "- {resume: 已有结论, by: 主管}"

    def played(self, *steps: str) -> list[str]:
        folder = asking(OPEN, LAST, self.SUSPEND, *steps)
        stops = "    ends: finished\n    stops: {source: S0}\n    on_expiry"
        folder = changed(folder, RULES, "    ends: finished\n    on_expiry", stops)
        approvers = "parameters: {suspension.approvers: {value: clerk, proposed: true}}\noutcomes:"
        folder = changed(folder, RULES, "outcomes:", approvers)
        return [one.en for one in run_one(folder, SCENARIO, Theatre(folder)).failures]

    def test_nothing_is_fetched_of_a_case_that_stands_still(self) -> None:
        [told] = self.played("- {program: credit, by: 程序}")
        assert told == "credit: not fetched now: the case is suspended"

    def test_it_is_fetched_when_the_case_goes_on(self) -> None:
        assert self.played(self.RESUME, "- {program: credit, by: 程序}", CLOSED) == []


class TestReading:
    """一步只能是办结、报错、失败、重试之一，写法不合的指明。"""

    def test_the_values_are_read(self) -> None:
        step = read({"program": "credit", "by": "甲", "fails": "无法连接", "retries": 2})
        assert (step.on, step.given["fails"], step.given["retries"]) == ("credit", "无法连接", 2)

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            ({"error": "E", "fails": "x"}, "Only one of error, fails"),
            ({"variables": {"x": 1}, "fails": "x"}, "variables does not go with fails"),
            ({"retries": 1}, "retries does not go with a completion"),
            ({"tries": 1, "message": "x"}, "message does not go with tries"),
            ({"tries": -1}, "tries must be a whole number"),
            ({"tries": True}, "tries must be a whole number"),
            ({"fails": "x", "retries": "2"}, "retries must be a whole number"),
        ],
    )
    def test_what_does_not_go_together_is_said(self, more: dict[str, Any], told: str) -> None:
        with pytest.raises(ScenarioRefused) as refused:
            read({"program": "credit", "by": "甲", **more})
        assert told in str(refused.value)
