"""为什么作出这一决定：多年以后，凭记录仍能说明。"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from engine.desk import Desk
from engine.desk.facts import Fact
from engine.desk.reasoning import record_reasons
from engine.desk.views import timeline
from engine.store.tables import CaseRow
from tests.bpmn.diagrams import chain, diagram, end, node, start
from tests.bpmn.running.playing import Play
from tests.engine.commands.conftest import Town

TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t"
 namespace="n"><decision id="DT-1" name="measure"><decisionTable id="dt" hitPolicy="UNIQUE">
<input id="in"><inputExpression id="ie"><text>report.severity</text></inputExpression></input>
<input id="in2"><inputExpression id="ie2"><text>remark</text></inputExpression></input>
<output id="o" name="measure" typeRef="string"/><annotation name="依据"/>
<rule id="r1"><inputEntry><text>"slight"</text></inputEntry><inputEntry><text>-</text></inputEntry>
<outputEntry><text>"talk"</text></outputEntry><annotationEntry><text>第五条</text></annotationEntry>
</rule></decisionTable></decision></definitions>""".encode()
REPORT = {"severity": "slight", "facts": "陈某于四月三日擅自离岗。"}


def _consult(town: Town, variables: Mapping[str, object], groups: str = "=points") -> CaseRow:
    """Take a step that consults the table, for a case."""
    rule = node(
        "businessRuleTask",
        "br_measure",
        camunda_decisionRef="DT-1",
        camunda_resultVariable="found",
        camunda_mapDecisionResult="singleEntry",
    )
    task = node("userTask", "ut_propose", camunda_candidateGroups=groups)
    file = diagram(start(), rule, task, end(), chain("s", "br_measure", "ut_propose", "e"))
    step = Play(file, variables={"points": "a", **variables}, tables={"levels.dmn": TABLE}).step
    case = town.open()

    def record(desk: Desk) -> None:
        record_reasons(desk, desk.session.merge(case), step, 3)

    town.give("system", record)
    return case


def _recorded(town: Town, case: CaseRow, fact: Fact) -> dict[str, Any]:
    lines = town.office.ask(town.actor("受理甲"), timeline, case.id, limit=50)
    (line,) = [line for line in lines if line.fact is fact]
    return line.details


class TestADecision:
    """记录写明所依据的决策表、版本、输入、命中的规则和结论。"""

    def test_says_the_table_its_version_the_rule_and_the_result(self, town: Town) -> None:
        case = _consult(town, {"report": REPORT, "remark": None})

        details = _recorded(town, case, Fact.TABLE_CONSULTED)

        assert (details["element"], details["decision"]) == ("br_measure", "DT-1")
        assert (details["file"], details["version"]) == ("levels.dmn", 3)
        assert details["digest"] == sha256(TABLE).hexdigest()
        assert details["matched"] == [
            {"decision": "DT-1", "rule": 1, "id": "r1", "annotation": "第五条"}
        ]
        assert details["output"] == "talk"
        assert details["warnings"] == []

    def test_of_the_answers_only_what_the_table_reads_goes_on_record(self, town: Town) -> None:
        case = _consult(town, {"report": REPORT, "remark": None, "reporter": "李某"})

        details = _recorded(town, case, Fact.TABLE_CONSULTED)

        assert details["inputs"] == {"report": {"severity": "slight"}, "remark": None}
        assert "陈某" not in repr(details)
        assert "李某" not in repr(details)

    def test_a_text_that_is_no_code_is_not_copied(self, town: Town) -> None:
        case = _consult(town, {"report": REPORT, "remark": "陈某" * 40})

        details = _recorded(town, case, Fact.TABLE_CONSULTED)

        assert details["inputs"]["remark"] == {"length": 80}

    def test_a_confidential_input_is_a_reference_and_stays_one(self, town: Town) -> None:
        reference = {"$vault": "01900000-0000-7000-8000-0000000000aa"}
        case = _consult(town, {"report": REPORT, "remark": reference})

        details = _recorded(town, case, Fact.TABLE_CONSULTED)

        assert details["inputs"]["remark"] == reference

    def test_what_gave_null_stands_there_in_both_languages(self, town: Town) -> None:
        case = _consult(town, {"report": {}, "remark": None})

        details = _recorded(town, case, Fact.TABLE_CONSULTED)

        assert details["output"] is None
        assert [warning["id"] for warning in details["warnings"]] == ["no-member"]
        assert "severity" in details["warnings"][0]["zh"]
        assert "severity" in details["warnings"][0]["en"]


class TestAnExpression:
    """表达式的一部分没有得出值的，也记录在案。"""

    def test_says_which_and_why(self, town: Town) -> None:
        case = _consult(town, {"report": REPORT, "remark": None}, groups="=missing")

        details = _recorded(town, case, Fact.EXPRESSION_WARNED)

        assert (details["element"], details["expression"]) == ("ut_propose", "=missing")
        assert [warning["id"] for warning in details["warnings"]] == ["unknown-name"]

    def test_one_that_gave_a_value_is_not_mentioned(self, town: Town) -> None:
        case = _consult(town, {"report": REPORT, "remark": None})

        lines = town.office.ask(town.actor("受理甲"), timeline, case.id, limit=50)

        assert Fact.EXPRESSION_WARNED not in {line.fact for line in lines}
