"""spec/decisions.md L 的决策表逐行验证；期望值由《责任追究制度范文 1》原文和 [P] 行手工写出。"""

from __future__ import annotations

from typing import Any

import pytest

from bpmn.dmn import Outcome
from tests.procedures.tables import Tables

P42 = Tables("cybersecurity-incident")

BLAMELESS: dict[str, Any] = {
    "level": "ordinary",
    "reported": True,
    "implemented": True,
    "led_to_incident": None,
    "timely": True,
    "impact": "none",
    "cooperation": "full",
    "acts": [],
    "excuses": [],
}
CRITICISM, REVIEW, CIRCULATE = "criticize_edu", "written_review", "circulate"
GENERAL, SEVERE, POLICE = "handle_general", "handle_severe", "report_police"


def graded(decision: str = "DT-CY-GRADE", **known: Any) -> Outcome:
    return P42.model("grade.dmn").evaluate(decision, {"report": {**BLAMELESS, **known}})


def rules(**known: Any) -> list[str]:
    return [one["rule"] for one in graded("DT-CY-1", **known).value]


class TestDTCY1:
    """第五条第六项、第七条至第十条 行为与处理，取最重。"""

    @pytest.mark.parametrize(
        ("rule", "known"),
        [
            ("7-1", {"reported": False}),
            ("7-1", {"level": "larger", "reported": False}),
            ("7-2", {"level": "none", "implemented": False, "led_to_incident": False}),
            ("8-2", {"implemented": False, "led_to_incident": True}),
            ("8-4", {"acts": ["not_after_criticism"]}),
            ("10-3", {"acts": ["destroyed"]}),
            ("5-6", {"acts": ["harms_state"]}),
            ("G4", {"cooperation": "none"}),
            ("G4", {"level": "larger", "cooperation": "none"}),
        ],
    )
    def test_rules_that_a_lesser_incident_meets_alone(
        self, rule: str, known: dict[str, Any]
    ) -> None:
        assert rules(**known) == [rule]

    @pytest.mark.parametrize(
        ("rule", "known"),
        [
            ("7-3", {"level": "major", "cooperation": "weak", "impact": "severe"}),
            ("8-1", {"level": "major", "reported": False, "impact": "severe"}),
            ("8-3", {"level": "major"}),
            ("8-3", {"level": "grave"}),
            ("8-5", {"level": "grave", "cooperation": "weak", "impact": "severe"}),
            ("9-1", {"level": "grave", "reported": False, "impact": "severe"}),
            ("9-2", {"level": "major", "timely": False, "impact": "some"}),
            ("9-2", {"level": "grave", "timely": False, "impact": "some"}),
            ("9-3", {"level": "grave", "cooperation": "none", "impact": "severe"}),
            (
                "10-1",
                {
                    "level": "major",
                    "impact": "severe",
                    "acts": ["grave_consequences", "concealed"],
                },
            ),
            (
                "10-2",
                {
                    "level": "grave",
                    "implemented": False,
                    "led_to_incident": True,
                    "timely": False,
                    "impact": "severe",
                },
            ),
            ("G1", {"level": "major", "cooperation": "none", "impact": "severe"}),
            ("G2", {"level": "major", "impact": "some"}),
            ("G3", {"level": "grave", "timely": False}),
        ],
    )
    def test_rules_of_major_and_especially_grave_incidents(
        self, rule: str, known: dict[str, Any]
    ) -> None:
        assert rules(**known) == [rule]

    def test_whoever_did_everything_meets_none(self) -> None:
        assert rules() == []
        assert graded().value["ways"] == []

    def test_concealment_without_grave_consequences_is_not_article_10(self) -> None:
        assert "10-1" not in rules(level="major", impact="severe", acts=["concealed"])

    @pytest.mark.parametrize(
        ("known", "ways"),
        [
            ({"reported": False}, [CRITICISM, REVIEW]),
            ({"level": "major", "reported": False, "impact": "severe"}, [REVIEW, CIRCULATE]),
            ({"level": "grave", "reported": False, "impact": "severe"}, [CIRCULATE, GENERAL]),
            ({"acts": ["destroyed"]}, [SEVERE]),
            ({"acts": ["harms_state"]}, [POLICE]),
            ({"acts": ["destroyed", "harms_state"]}, [SEVERE, POLICE]),
            ({"reported": False, "acts": ["destroyed"]}, [SEVERE]),
        ],
    )
    def test_the_heaviest_rule_gives_the_forms(
        self, known: dict[str, Any], ways: list[str]
    ) -> None:
        assert graded(**known).value["ways"] == ways

    def test_rules_beyond_the_text_are_marked_proposed(self) -> None:
        outcome = graded("DT-CY-1", level="major", cooperation="none", impact="severe")

        assert [rule.annotation[:3] for rule in outcome.matched] == ["[P]"]


class TestDTCY2:
    """第十二条 不追究；第十三条 从轻或减轻。"""

    @pytest.mark.parametrize(
        ("excuses", "outcome"),
        [
            (["force_majeure"], "not_pursued"),
            (["fully_implemented"], "not_pursued"),
            (["admitted", "repaired", "excellent_attitude"], "lighter"),
            (["admitted", "repaired"], "ordinary"),
            (["force_majeure", "admitted", "repaired", "excellent_attitude"], "not_pursued"),
            ([], "ordinary"),
        ],
    )
    def test_each_excuse(self, excuses: list[str], outcome: str) -> None:
        assert graded("DT-CY-2", excuses=excuses).value == outcome

    @pytest.mark.parametrize(
        ("known", "ways"),
        [
            ({"reported": False}, [CRITICISM, REVIEW]),
            ({"level": "major", "reported": False}, [CRITICISM, REVIEW, CIRCULATE]),
            ({"level": "grave", "reported": False}, [CRITICISM, REVIEW, CIRCULATE, GENERAL]),
            ({"acts": ["destroyed"]}, [CRITICISM, REVIEW, CIRCULATE, GENERAL, SEVERE]),
        ],
    )
    def test_lighter_opens_every_lighter_form(self, known: dict[str, Any], ways: list[str]) -> None:
        lighter = ["admitted", "repaired", "excellent_attitude"]
        outcome = graded(impact="severe", excuses=lighter, **known)

        assert outcome.value["ways"] == ways


class TestDTCY3:
    """第十八条 直接决定，或者共同决定并报领导小组审批。"""

    @pytest.mark.parametrize(
        ("measures", "decider"),
        [
            ([CRITICISM], "group"),
            ([REVIEW], "group"),
            ([CIRCULATE], "group"),
            ([GENERAL], "joint"),
            ([SEVERE], "joint"),
            ([CIRCULATE, GENERAL], "joint"),
            ([POLICE], "group"),
            ([SEVERE, POLICE], "joint"),
        ],
    )
    def test_each_measure_has_its_decider(self, measures: list[str], decider: str) -> None:
        given = {"measures": measures, "allowed_measures": [CIRCULATE, GENERAL]}

        assert P42.model("authority.dmn").evaluate("DT-CY-3", given).value == decider

    def test_a_direct_decision_is_not_offered_what_needs_a_joint_one(self) -> None:
        given = {"measures": [CIRCULATE], "allowed_measures": [CIRCULATE, GENERAL]}

        assert P42.model("authority.dmn").evaluate("DT-CY-AUTHORITY", given).value == {
            "decider": "group",
            "allowed": [CIRCULATE],
        }


class TestDTCY4:
    """第十一条 敷衍结案、弄虚作假的，对责任追究主体通报批评。"""

    @pytest.mark.parametrize("kind", ["perfunctory", "falsified"])
    def test_the_organ_is_criticised(self, kind: str) -> None:
        taken = P42.model("perfunctory.dmn").evaluate("DT-CY-4", {"perfunctory_kind": kind})

        assert taken.value == CIRCULATE
