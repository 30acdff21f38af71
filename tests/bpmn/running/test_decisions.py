from collections.abc import Mapping
from hashlib import sha256

import pytest

from bpmn import DiagramRefused
from bpmn.running import StepFailed
from tests.bpmn.diagrams import chain, diagram, end, flow, node, start, user
from tests.bpmn.running.playing import Play

_TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t"
 namespace="n"><inputData id="i" name="points">
<variable name="points" typeRef="number"/></inputData>
<decision id="DT-1" name="measure"><variable name="measure"/><informationRequirement id="r">
<requiredInput href="#i"/></informationRequirement><decisionTable id="dt" hitPolicy="UNIQUE">
<input id="in"><inputExpression id="ie" typeRef="number"><text>points</text>
</inputExpression></input>
<output id="o" name="measure" typeRef="string"/>
<rule id="r1"><inputEntry id="a1"><text>&lt; 5</text></inputEntry><outputEntry id="b1">
<text>"talk"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>[5..10]</text></inputEntry><outputEntry id="b2">
<text>"circulate"</text></outputEntry></rule></decisionTable></decision></definitions>"""


def _file(**attributes: str) -> bytes:
    rule = node("businessRuleTask", "rule", camunda_decisionRef="DT-1", **attributes)
    return diagram(
        start(), rule, node("exclusiveGateway", "g", default="other"), user("a", "b"), end(),
        chain("s", "rule", "g"), flow("g", "a", 'found = "circulate"'),
        flow("g", "b", key="other"),
    )  # fmt: skip


class TestABusinessRuleTask:
    """It takes a decision of the version, and the outcome goes to its result variable."""

    TABLES: Mapping[str, bytes] = {"t.dmn": _TABLE.encode()}

    @pytest.mark.parametrize(("points", "way"), [(7, "a"), (1, "b")])
    def test_decides_the_way(self, points: int, way: str) -> None:
        file = _file(camunda_resultVariable="found", camunda_mapDecisionResult="singleEntry")
        play = Play(file, variables={"points": points}, tables=self.TABLES)

        assert play.waiting == [way]

    def test_says_what_it_decided_and_why(self) -> None:
        file = _file(camunda_resultVariable="found", camunda_mapDecisionResult="singleEntry")
        play = Play(file, variables={"points": 7}, tables=self.TABLES)

        (made,) = play.step.decisions
        assert (made.process, made.element, made.decision) == ("P", "rule", "DT-1")
        assert made.inputs == {"points": 7}
        assert [(rule.decision, rule.index, rule.rule) for rule in made.matched] == [
            ("DT-1", 2, "r2")
        ]
        assert made.output == "circulate"
        assert made.warnings == ()

    def test_says_which_version_of_the_table_it_was(self) -> None:
        file = _file(camunda_resultVariable="found", camunda_mapDecisionResult="singleEntry")
        play = Play(file, variables={"points": 7}, tables=self.TABLES)

        (made,) = play.step.decisions
        assert (made.file, made.digest) == ("t.dmn", sha256(_TABLE.encode()).hexdigest())

    def test_says_what_gave_null_and_why(self) -> None:
        file = _file(camunda_resultVariable="found", camunda_mapDecisionResult="singleEntry")
        play = Play(file, variables={"points": "seven"}, tables=self.TABLES)

        (made,) = play.step.decisions
        assert made.output is None
        assert (made.warnings[0].id, made.warnings[0].line) == ("dmn-type", 2)
        assert "points" in made.warnings[0].en

    def test_keeps_nothing_of_the_variables_that_the_table_does_not_read(self) -> None:
        file = _file(camunda_resultVariable="found", camunda_mapDecisionResult="singleEntry")
        given = {"points": 7, "facts": "陈某于四月三日……"}
        play = Play(file, variables=given, tables=self.TABLES)

        assert play.step.decisions[0].inputs == {"points": 7}

    def test_without_mapping_gives_the_list_of_matches(self) -> None:
        file = _file(camunda_resultVariable="all")
        play = Play(file, variables={"points": 7, "found": ""}, tables=self.TABLES)

        assert play.variables["all"] == [{"measure": "circulate"}]

    @pytest.mark.parametrize(
        ("mapping", "found"),
        [
            ("singleEntry", "circulate"),
            ("singleResult", {"measure": "circulate"}),
            ("collectEntries", ["circulate"]),
            ("resultList", [{"measure": "circulate"}]),
        ],
    )
    def test_gives_its_result_as_it_is_mapped(self, mapping: str, found: object) -> None:
        file = _file(camunda_resultVariable="given", camunda_mapDecisionResult=mapping)
        play = Play(file, variables={"points": 7, "found": ""}, tables=self.TABLES)

        assert play.variables["given"] == found

    def test_that_matches_nothing_gives_null(self) -> None:
        file = _file(camunda_resultVariable="found", camunda_mapDecisionResult="singleEntry")
        play = Play(file, variables={"points": 11}, tables=self.TABLES)

        assert play.variables["found"] is None
        assert play.waiting == ["b"]

    def test_runs_the_table_that_was_given_and_refuses_any_other_binding(self) -> None:
        bound = _file(
            camunda_resultVariable="found",
            camunda_mapDecisionResult="singleEntry",
            camunda_decisionRefBinding="deployment",
        )

        assert Play(bound, variables={"points": 1}, tables=self.TABLES).waiting == ["b"]
        with pytest.raises(DiagramRefused, match="decision-binding"):
            Play(_file(camunda_decisionRefBinding="version"), tables=self.TABLES)

    def test_whose_outcome_does_not_fit_the_mapping_fails_the_step(self) -> None:
        double = _TABLE.replace("UNIQUE", "COLLECT").replace("[5..10]", "&lt; 10")
        file = _file(camunda_resultVariable="found", camunda_mapDecisionResult="singleEntry")

        with pytest.raises(StepFailed) as failed:
            Play(file, variables={"points": 1}, tables={"t.dmn": double.encode()})

        assert failed.value.incident.element == "rule"
