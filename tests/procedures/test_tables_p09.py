"""P09 安全事故的决策表（spec/decisions.md G）逐行验证；期望值由原文和 [P] 行手工写出。"""

from __future__ import annotations

from typing import Any

import pytest

from tests.procedures.tables import Tables

P09 = Tables("safety-incident-accountability")
taken = P09.taken


class TestDTSI1:
    """安全法三种须追究监管责任的情形；暂行规定第五条第二项、第三项。"""

    def failures(self, *reported: str, grade: str = "major", repeated: bool = False) -> list[str]:
        outcome = taken(
            "regulator.dmn",
            "DT-SI-1",
            nature={"regulator_failures": list(reported)},
            grade=grade,
            repeated_with_loss=repeated,
        )
        return [one["code"] for one in outcome.value]

    @pytest.mark.parametrize("failure", ["approved", "not_banned", "not_supervised"])
    def test_each_of_the_three_is_found_by_itself(self, failure: str) -> None:
        assert self.failures(failure) == [failure]

    def test_an_extraordinary_accident_is_failure_of_the_leaders_too(self) -> None:
        assert self.failures("approved", grade="extraordinary") == [
            "approved",
            "own_failure",
            "weak_supervision",
        ]

    def test_major_accidents_one_after_another_with_grave_loss_likewise(self) -> None:
        assert self.failures(repeated=True) == ["own_failure"]

    def test_without_any_nothing_is_found(self) -> None:
        assert self.failures() == []


class TestDTSI2:
    """惩罚性问责与事故等级挂钩，事故等级越高，适用的处罚层次越高。"""

    @pytest.mark.parametrize(
        ("grade", "measures", "veto"),
        [
            ("general", ["warn", "demerit"], False),
            ("larger", ["demerit", "major_demerit", "downgrade"], False),
            ("major", ["downgrade", "remove"], False),
            ("extraordinary", ["remove", "expel"], True),
        ],
    )
    def test_the_level_follows_the_grade(
        self, grade: str, measures: list[str], *, veto: bool
    ) -> None:
        found = taken("sanctions.dmn", "DT-SI-2", grade=grade).value

        assert found["measures"] == measures
        assert found["veto"] is veto
        assert found["leaders"] is veto

    @pytest.mark.parametrize("repeated", [True, False])
    def test_leaders_answer_for_accidents_one_after_another(self, *, repeated: bool) -> None:
        found = taken("sanctions.dmn", "DT-SI-2-LEADERS", repeated_with_loss=repeated).value

        assert found is repeated


class TestDTSI3:
    """尽职免责、失职必问：凡非因监管人员的过失而导致事故发生的，均应免予惩罚性追究。"""

    def found(self, *, switch: bool = True, report: bool = True, **known: bool) -> dict[str, Any]:
        value: dict[str, Any] = taken(
            "exempt.dmn",
            "DT-SI-PERSON",
            person={
                "person": "p1",
                "name": "水某",
                "responsibility": "regulator",
                "facts": "事实",
                "fault": True,
                "targets_met": False,
                "improved": False,
                "commendable": False,
                **known,
            },
            nature={"conclusion": "责任事故"} if report else None,
            switches={"reform": {"safety_due_process": switch}},
        ).value
        return value

    def test_without_fault_exempted(self) -> None:
        found = self.found(fault=False)

        assert found["results"] == ["免予惩罚性追究"]
        assert (found["exempt"], found["pursued"]) == (True, False)

    def test_targets_met_confirm_the_duty_but_do_not_excuse_a_fault(self) -> None:
        found = self.found(targets_met=True)

        assert found["results"] == ["确认履职到位"]
        assert found["pursued"] is True

    @pytest.mark.parametrize(
        ("known", "result"),
        [("improved", "可以减轻或者撤销处分"), ("commendable", "褒奖")],
    )
    def test_what_else_counts_in_favour(self, known: str, result: str) -> None:
        assert self.found(**{known: True})["results"] == [result]

    def test_without_a_conclusion_nobody_is_sanctioned(self) -> None:
        found = self.found(report=False)

        assert found["results"] == ["禁止处分"]
        assert found["pursued"] is False

    def test_with_the_switch_off_nothing_is_in_favour_but_the_report_is_needed(self) -> None:
        assert self.found(switch=False, fault=False, targets_met=True)["results"] == []
        assert self.found(switch=False, report=False)["results"] == ["禁止处分"]

    def test_without_fault_nobody_is_pursued_even_with_the_switch_off(self) -> None:
        assert self.found(switch=False, fault=False)["pursued"] is False
