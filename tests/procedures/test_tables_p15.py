"""P15 一案双查的决策表（spec/decisions.md H）逐行验证；期望值由原文和 [P] 行手工写出。"""

from __future__ import annotations

from typing import Any

import pytest

from tests.procedures.tables import Tables, grounds

P15 = Tables("one-case-two-investigations")
taken = P15.taken


def leader(**known: Any) -> dict[str, Any]:
    return {
        "person": "p1",
        "name": "陶某",
        "role": "first",
        "relation": "in_charge",
        "performed": False,
        "facts": "没有检查落实",
        "gates": [],
        "signed": True,
        "breached": False,
        "superior": False,
        **known,
    }


class TestDTOC1:
    """系统性、区域性腐败案件，长期存在的不正之风，确定为责任事故的，必须双查。"""

    @pytest.mark.parametrize(
        ("ground", "result", "source"),
        [
            ("systemic", "必须双查", "S1四 L299：系统性、区域性腐败案件"),
            ("entrenched", "必须双查", "S1四 L299：长期存在不正之风的"),
            (
                "accident",
                "单位责任与监管部门责任双查",
                "S3 L31：安全生产法第七十三条，确定为责任事故的",
            ),
            ("police", "双查（领导责任）", "S3 L35：第四条第三项"),
        ],
    )
    def test_each_ground_requires_it_by_itself(self, ground: str, result: str, source: str) -> None:
        outcome = taken("need.dmn", "DT-OC-1", double_grounds=[ground])

        assert outcome.value == [{"need": "must", "result": result}]
        assert grounds(outcome) == [source]

    @pytest.mark.parametrize("nothing", [None, []])
    def test_without_a_ground_the_organ_may_decide_for_it_with_reasons(
        self, nothing: list[str] | None
    ) -> None:
        outcome = taken("need.dmn", "DT-OC-NEED", double_grounds=nothing)

        assert outcome.value == {"need": "optional", "results": ["组织可决定，说明理由"]}

    def test_of_several_grounds_all_are_named(self) -> None:
        outcome = taken("need.dmn", "DT-OC-NEED", double_grounds=["systemic", "accident"])

        assert outcome.value == {
            "need": "must",
            "results": ["必须双查", "单位责任与监管部门责任双查"],
        }


class TestDTOC2:
    """既追究当事人责任，又要追究相关领导责任；逐名领导认定。"""

    @pytest.mark.parametrize(
        ("role", "result"),
        [
            ("first", "主体责任追究"),
            ("in_charge", "直接领导责任或者重要领导责任"),
            ("discipline", "监督责任追究"),
        ],
    )
    def test_who_did_not_do_the_duty_of_the_role_answers_for_it(
        self, role: str, result: str
    ) -> None:
        outcome = taken("leader.dmn", "DT-OC-2", leader=leader(role=role))

        assert [one["result"] for one in outcome.value] == [result]

    def test_a_promise_not_kept_adds_discipline(self) -> None:
        outcome = taken("leader.dmn", "DT-OC-2", leader=leader(breached=True))

        assert [one["kind"] for one in outcome.value] == ["main_body", "promise"]
        assert grounds(outcome)[1] == "S1四 L297：对“签字承诺”事项落实不力、弄虚作假的"

    def test_without_a_signature_no_promise_is_broken(self) -> None:
        outcome = taken("leader.dmn", "DT-OC-2", leader=leader(breached=True, signed=False))

        assert [one["kind"] for one in outcome.value] == ["main_body"]

    @pytest.mark.parametrize("role", ["first", "in_charge", "discipline"])
    def test_who_did_the_duty_is_not_pursued(self, role: str) -> None:
        outcome = taken("leader.dmn", "DT-OC-2", leader=leader(role=role, performed=True))

        assert outcome.value == [{"kind": "none", "result": "不追究，书面说明"}]


class TestDTLG2:
    """直接主管的负直接领导责任，分管、参与决定的负次要领导责任（第十六条）。"""

    @pytest.mark.parametrize(
        ("relation", "performed", "degree"),
        [
            ("direct", False, "main"),
            ("in_charge", False, "important"),
            ("took_part", False, "important"),
            ("direct", True, "none"),
            ("took_part", True, "none"),
        ],
    )
    def test_the_relation_to_the_work_says_how_much(
        self, relation: str, degree: str, *, performed: bool
    ) -> None:
        outcome = taken(
            "leader.dmn", "DT-LG-2", leader=leader(relation=relation, performed=performed)
        )

        assert outcome.value == degree

    @pytest.mark.parametrize(
        ("gate", "failure"),
        [
            ("education", "失教"),
            ("decision", "失误"),
            ("execution", "失职、渎职"),
            ("supervision", "失管"),
            ("integrity", "失察"),
            ("pursuit", "失究"),
        ],
    )
    def test_each_of_the_six_gates_has_its_failure(self, gate: str, failure: str) -> None:
        outcome = taken("leader.dmn", "DT-LG-2-SIX", leader=leader(gates=[gate]))

        assert outcome.value == [failure]


class TestPerson:
    """按干部管理权限进行：上级管理的移交上级，履责到位的不追究。"""

    @pytest.mark.parametrize(
        ("known", "way"),
        [
            ({}, "here"),
            ({"superior": True}, "superior"),
            ({"performed": True}, "not_pursued"),
            ({"performed": True, "superior": True}, "not_pursued"),
        ],
    )
    def test_where_a_leader_is_dealt_with(self, known: dict[str, bool], way: str) -> None:
        outcome = taken("leader.dmn", "DT-OC-PERSON", leader=leader(**known))

        assert outcome.value["way"] == way

    @pytest.mark.parametrize(
        ("known", "responsibility"),
        [
            ({}, "main_body"),
            ({"role": "discipline"}, "supervisory"),
            ({"role": "in_charge", "relation": "direct"}, "direct_leader"),
            ({"role": "in_charge"}, "important_leader"),
        ],
    )
    def test_what_a_leader_answers_for(self, known: dict[str, str], responsibility: str) -> None:
        outcome = taken("leader.dmn", "DT-OC-PERSON", leader=leader(**known))

        assert outcome.value["responsibility"] == responsibility

    def test_only_a_broken_promise_opens_the_sanctions_of_discipline(self) -> None:
        kept = taken("leader.dmn", "DT-OC-PERSON", leader=leader()).value["measures"]
        broken = taken("leader.dmn", "DT-OC-PERSON", leader=leader(breached=True)).value["measures"]

        assert len(kept) == 11
        assert "demerit" not in kept
        assert {"warn", "demerit", "major_demerit", "downgrade", "expel"} <= set(broken)


class TestObjects:
    """两份调查结论都完成以后，追究的当事人和本级追究的每一名领导。"""

    def objects(self, *, pursue: bool, ways: list[str]) -> list[str]:
        outcome = taken(
            "objects.dmn",
            "DT-OC-OBJECTS",
            subject={"id": "s", "name": "陈某"},
            report_a={"pursue": pursue, "facts": "事实", "conclusion": "结论"},
            leaders_found=[
                {
                    "id": way,
                    "name": way,
                    "way": way,
                    "responsibility": "main_body",
                    "facts": "事实",
                    "results": ["主体责任追究"],
                    "measures": ["dismiss"],
                }
                for way in ways
            ],
        )
        return [one["name"] for one in outcome.value]

    def test_the_person_and_the_leaders_of_here(self) -> None:
        assert self.objects(pursue=True, ways=["here", "superior", "not_pursued"]) == [
            "陈某",
            "here",
        ]

    def test_nobody_where_both_lines_come_to_nothing(self) -> None:
        assert self.objects(pursue=False, ways=["not_pursued"]) == []
