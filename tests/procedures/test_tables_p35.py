"""spec/decisions.md J 的决策表逐行验证；期望值由《暂行规定》原文和 [P] 行手工写出。"""

from __future__ import annotations

from typing import Any

import pytest

from bpmn.dmn import Outcome
from tests.procedures.tables import Tables, grounds

P35 = Tables("party-gov-cadre-accountability")
SWITCHES = {
    "cppcc_judicial_start": False,
    "extend_scope": False,
    "quantified_thresholds": False,
    "discipline_link": False,
}


def taken(path: str, decision: str, *on: str, **inputs: Any) -> Outcome:
    """Take a decision with the switches `on`; whatever it reads that is not given is null."""
    given = {
        "switches": {"reform": {**SWITCHES, **dict.fromkeys(on, True)}},
        "parameters": {"threshold": {"loss": 1000, "deaths": 3}},
        **inputs,
    }
    return P35.taken(path, decision, **given)


class TestDTPG1:
    """第五条 有下列七种情形之一的，对党政领导干部实行问责。"""

    @pytest.mark.parametrize("number", range(1, 8))
    def test_each_ground_is_found_by_itself(self, number: int) -> None:
        outcome = taken("scope.dmn", "DT-PG-1", grounds=[f"G{number}"])

        assert [one["code"] for one in outcome.value] == [f"G{number}"]
        assert grounds(outcome) == [f"S3 L59§5-{number}"]

    def test_without_any_the_rules_do_not_apply(self) -> None:
        outcome = taken("scope.dmn", "DT-PG-SCOPE", grounds=[], object_class="local", channel="PG1")

        assert outcome.value["applies"] is False

    def test_thresholds_count_only_with_the_switch(self) -> None:
        off = taken("scope.dmn", "DT-PG-1-QUANTIFIED", loss=1000, deaths=0)
        on = taken("scope.dmn", "DT-PG-1-QUANTIFIED", "quantified_thresholds", loss=1000, deaths=3)
        below = taken(
            "scope.dmn", "DT-PG-1-QUANTIFIED", "quantified_thresholds", loss=999, deaths=2
        )

        assert off.value == []
        assert on.value == ["损失额达到阈值", "死亡人数达到阈值"]
        assert below.value == []


class TestDTPG2:
    """第八条 应当从重的四项；第九条 可以从轻的两项。"""

    @pytest.mark.parametrize(
        ("kind", "number"), [("obstruct", 1), ("conceal", 2), ("retaliate", 3), ("other", 4)]
    )
    def test_each_heavier_circumstance(self, kind: str, number: int) -> None:
        report = {"heavy": [kind], "light": None}
        found = taken("circumstances.dmn", "DT-PG-2-HEAVIER", report=report)

        assert grounds(found) == [f"S3 L59§8-{number}"]
        assert taken("circumstances.dmn", "DT-PG-2", report=report).value == "heavier"

    @pytest.mark.parametrize(
        ("light", "level"),
        [
            (["prevented"], "lighter"),
            (["cooperated", "took_responsibility"], "lighter"),
            (["cooperated"], "ordinary"),
            (["took_responsibility"], "ordinary"),
            ([], "ordinary"),
        ],
    )
    def test_cooperating_and_taking_responsibility_go_together(
        self, light: list[str], level: str
    ) -> None:
        report = {"heavy": [], "light": light}

        assert taken("circumstances.dmn", "DT-PG-2", report=report).value == level

    def test_both_kinds_are_weighed_proposed(self) -> None:
        outcome = taken(
            "circumstances.dmn", "DT-PG-2", report={"heavy": ["conceal"], "light": ["prevented"]}
        )

        assert outcome.value == "both"
        assert "[P]" in grounds(outcome)[0]

    def test_the_five_forms_of_article_7(self) -> None:
        outcome = taken("circumstances.dmn", "DT-PG-CIRC", report={"heavy": [], "light": []})

        assert outcome.value["ways"] == [
            "public_apology",
            "suspend_review",
            "resign_blame",
            "resign_ordered",
            "dismiss",
        ]


class TestDTPG3:
    """第十二条 线索由纪检监察机关或者组织人事部门办理。"""

    @pytest.mark.parametrize("channel", ["PG1", "PG2", "PG3", "PG4", "PG5"])
    def test_reports_incidents_cases_audit_and_others_go_to_discipline(self, channel: str) -> None:
        outcome = taken("scope.dmn", "DT-PG-3", channel=channel)

        assert outcome.value == "discipline_organ"
        assert "§12-1" in grounds(outcome)[0]

    def test_what_supervision_of_cadres_finds_goes_to_personnel(self) -> None:
        outcome = taken("scope.dmn", "DT-PG-3", channel="PG6")

        assert outcome.value == "personnel_dept"
        assert "§12-2" in grounds(outcome)[0]

    @pytest.mark.parametrize("channel", ["PG7", "PG8"])
    def test_conference_and_courts_start_it_only_with_the_switch(self, channel: str) -> None:
        off = taken("scope.dmn", "DT-PG-3", channel=channel)
        on = taken("scope.dmn", "DT-PG-3", "cppcc_judicial_start", channel=channel)

        assert off.value is None
        assert on.value == "discipline_organ"


class TestDTPG4:
    """第十条 各种方式的后果。"""

    @pytest.mark.parametrize("way", ["public_apology", "suspend_review"])
    def test_an_apology_or_a_suspension_bars_awards_only(self, way: str) -> None:
        value = taken("consequences.dmn", "DT-PG-4", way=way).value

        assert value == {
            "bars_awards": True,
            "bars_post": False,
            "may_arrange": None,
            "superior_opinion": False,
        }

    @pytest.mark.parametrize("way", ["resign_blame", "resign_ordered", "dismiss"])
    def test_a_resignation_or_removal_bars_equal_posts_for_a_year(self, way: str) -> None:
        value = taken("consequences.dmn", "DT-PG-4", way=way).value

        assert value == {
            "bars_awards": True,
            "bars_post": True,
            "may_arrange": True,
            "superior_opinion": True,
        }

    @pytest.mark.parametrize(
        ("discipline", "no_return", "no_arrangement"),
        [
            ("downgrade", True, False),
            ("expel", False, True),
            ("none", False, False),
            (None, False, False),
        ],
    )
    def test_disciplinary_outcomes_count_with_the_switch(
        self, *, discipline: str | None, no_return: bool, no_arrangement: bool
    ) -> None:
        table = "DT-PG-4-DISCIPLINE"
        on = taken("consequences.dmn", table, "discipline_link", discipline_outcome=discipline)
        off = taken("consequences.dmn", table, discipline_outcome=discipline)

        assert on.value == {"no_immediate_return": no_return, "no_arrangement": no_arrangement}
        assert off.value == {"no_immediate_return": False, "no_arrangement": False}


class TestDTPG5:
    """第二条、第二十四条 直接适用、适用、参照执行。"""

    @pytest.mark.parametrize(
        ("object_class", "basis"),
        [
            ("central", "direct"),
            ("local", "direct"),
            ("inner", "direct"),
            ("township", "township_applied"),
            ("institution", "referenced"),
            ("soe", "referenced"),
            ("finance", "referenced"),
            ("extended", "outside"),
            ("other", "outside"),
        ],
    )
    def test_each_kind_of_object(self, object_class: str, basis: str) -> None:
        assert taken("scope.dmn", "DT-PG-5", object_class=object_class).value == basis

    def test_congress_courts_and_organisations_with_the_switch(self) -> None:
        outcome = taken("scope.dmn", "DT-PG-5", "extend_scope", object_class="extended")

        assert outcome.value == "extended"
