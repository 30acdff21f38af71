"""spec/decisions.md E 的决策表逐行验证；期望值由原文和 [P] 行手工写出。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.procedures.tables import Tables

P06 = Tables("village-cadre-inaction")
taken = P06.taken
PARAMETERS = {"weekly": {"absences": 3}}


def grounds(**inputs: Any) -> list[str]:
    """Return the codes of the grounds that are met."""
    outcome = taken("grounds.dmn", "DT-VC-1", parameters=PARAMETERS, **inputs)
    return [one["code"] for one in outcome.value]


class TestDTVC1:
    """第一部分 凡有下列情况之一的可视为不作为村干部，并予以问责：十种情形。"""

    @pytest.mark.parametrize(
        ("code", "article"),
        [
            ("g1b", "S0篇7一1"),
            ("g2", "S0篇7一2"),
            *((f"g{number}", f"S0篇7一{number}") for number in range(4, 11)),
        ],
    )
    def test_each_ground_is_found_by_itself(self, code: str, article: str) -> None:
        outcome = taken("grounds.dmn", "DT-VC-1", parameters=PARAMETERS, grounds=[code])

        assert [one["code"] for one in outcome.value] == [code]
        assert [rule.annotation for rule in outcome.matched] == [article]

    @pytest.mark.parametrize(
        ("until", "met"),
        [
            (date(2026, 3, 31), ["g1"]),
            (date(2026, 3, 1), ["g1"]),
            (date(2026, 2, 28), []),
            (date(2026, 1, 15), []),
        ],
    )
    def test_away_since_30_november_is_over_three_months_from_1_march(
        self, until: date, met: list[str]
    ) -> None:
        assert grounds(grounds=["g1"], away_since=date(2025, 11, 30), away_until=until) == met

    def test_without_the_days_nobody_was_away_too_long(self) -> None:
        assert grounds(grounds=["g1"]) == []

    @pytest.mark.parametrize(("absences", "met"), [(2, []), (3, ["g3"]), (5, ["g3"]), (None, [])])
    def test_three_absences_in_a_quarter_are_often(
        self, absences: int | None, met: list[str]
    ) -> None:
        assert grounds(grounds=["g3"], absences=absences) == met

    def test_several_grounds_are_found_together_in_their_order(self) -> None:
        assert grounds(grounds=["g9", "g4"]) == ["g4", "g9"]

    def test_without_a_ground_there_is_none(self) -> None:
        assert grounds(grounds=[]) == []


class TestDTVC2:
    """二1 一般村干部由村两委会研究确定，报党工委审定；三种主要村干部由党工委研究确定。"""

    @pytest.mark.parametrize(
        ("office", "route"),
        [
            ("member", "village"),
            ("secretary", "committee"),
            ("director", "committee"),
            ("coop_head", "committee"),
        ],
    )
    def test_the_office_decides_who_determines(self, office: str, route: str) -> None:
        assert taken("route.dmn", "DT-VC-2", office=office).value == route


class TestDTVC3:
    """二2 长期外出的至少每半个月回村一次；在村而消极的定期参与村务、完成任务。"""

    @pytest.mark.parametrize(
        ("manner", "demands"),
        [
            ("away", "至少每半个月回村一次，处理好本职工作"),
            ("passive", "定期抽出一定的时间，积极参与村务，认真完成村两委会分配的工作任务"),
        ],
    )
    def test_the_kind_decides_the_demand(self, manner: str, demands: str) -> None:
        assert taken("demands.dmn", "DT-VC-3", manner=manner).value == demands


class TestDTVC4:
    """二4 已改正的解除；没有改正的作进一步处理；部分改正的可延长一次（平台补充）。"""

    @pytest.mark.parametrize(
        ("found", "kind", "extended", "assessment"),
        [
            ("rectified", "relieve", None, "relieve"),
            ("rectified", "extend", None, "mismatch"),
            ("rectified", "further", None, "mismatch"),
            ("not", "further", True, "further"),
            ("not", "relieve", None, "mismatch"),
            ("not", "extend", None, "mismatch"),
            ("partial", "extend", None, "extend"),
            ("partial", "extend", True, "mismatch"),
            ("partial", "further", None, "further"),
            ("partial", "relieve", None, "mismatch"),
        ],
    )
    def test_the_conclusion_follows_what_was_found(
        self, found: str, kind: str, *, extended: bool | None, assessment: str
    ) -> None:
        outcome = taken("assessment.dmn", "DT-VC-4", found=found, kind=kind, extended=extended)

        assert outcome.value == assessment


class TestCitations:
    """每一条期限、方式都写明依据，或者注明为平台补充。"""

    def test_what_the_text_sets_is_cited_and_the_rest_is_proposed(self) -> None:
        rules = P06.rules()
        deadlines = rules["deadlines"]

        assert {key for key, one in deadlines.items() if "source" in one} == {
            "DL-VC-1",
            "DL-VC-2",
            "DL-VC-3",
            "DL-VC-4",
        }
        assert [
            (deadlines[key]["value"], deadlines[key]["unit"]) for key in ("DL-VC-1", "DL-VC-2")
        ] == [(1, "weeks"), (3, "months")]
        assert {one["source"] for one in rules["measures"]} <= set(rules["articles"])
