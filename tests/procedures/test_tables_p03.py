"""spec/decisions.md D 的决策表逐行验证；期望值由原文和 [P] 行手工写出。"""

from __future__ import annotations

from typing import Any

import pytest

from tests.procedures.tables import Tables, grounds

P03 = Tables("leader-group-hearing")
taken = P03.taken


def person(**known: Any) -> dict[str, Any]:
    return {"name": "陈某", "relation": "direct", "at_fault": True, "gates": [], **known}


class TestDTLG1:
    """第九条至第十二条 班子三种、正职八种、副职五种、外派四种情形，应当问责。"""

    @pytest.mark.parametrize(
        ("object_type", "article", "letter", "count"),
        [
            ("team", 9, "T", 3),
            ("principal", 10, "P", 8),
            ("deputy", 11, "D", 5),
            ("posted", 12, "E", 4),
        ],
    )
    def test_each_ground_of_an_object_is_found_by_itself(
        self, object_type: str, article: int, letter: str, count: int
    ) -> None:
        for number in range(1, count + 1):
            code = f"{letter}{number}"
            outcome = taken(
                "scope.dmn",
                "DT-LG-1",
                object_type=object_type,
                **{f"{object_type}_grounds": [code]},
            )

            assert [one["code"] for one in outcome.value] == [code]
            assert grounds(outcome) == [f"S0篇5§{article}-{number}"]

    @pytest.mark.parametrize(
        ("object_type", "code", "title"),
        [
            ("team", "T2", "无正当理由，未完成责任法人主要目标的"),
            ("deputy", "D1", "直接分管工作或业务出现失误的"),
            ("principal", "P7", "领导干部个人违反公司廉洁自律及其他有关规定的"),
            ("posted", "E3", "外派中高层管理人员违反公司廉洁自律及其他有关规定的"),
        ],
    )
    def test_a_ground_is_named_in_the_words_of_the_article(
        self, object_type: str, code: str, title: str
    ) -> None:
        outcome = taken(
            "scope.dmn", "DT-LG-1", object_type=object_type, **{f"{object_type}_grounds": [code]}
        )

        assert outcome.value == [{"code": code, "title": title}]

    def test_a_ground_of_another_object_does_not_count(self) -> None:
        outcome = taken("scope.dmn", "DT-LG-1", object_type="deputy", principal_grounds=["P1"])

        assert outcome.value == []

    @pytest.mark.parametrize(
        ("object_type", "rank", "applies"),
        [
            ("team", "other", True),
            ("posted", "other", True),
            ("posted", "division", True),
            ("principal", "division", True),
            ("deputy", "division", True),
            ("principal", "other", False),
            ("deputy", "other", False),
        ],
    )
    def test_division_level_cadres_teams_and_whoever_is_posted_are_in_scope(
        self, object_type: str, rank: str, *, applies: bool
    ) -> None:
        outcome = taken("scope.dmn", "DT-LG-1-OBJECT", object_type=object_type, rank=rank)

        assert outcome.value is applies

    def test_the_joint_office_sees_both_together(self) -> None:
        outcome = taken(
            "scope.dmn",
            "DT-LG-SCOPE",
            object_type="principal",
            rank="division",
            principal_grounds=["P8"],
        )

        assert outcome.value == {
            "applies": True,
            "grounds": [{"code": "P8", "title": "其他应当问责的情形"}],
        }


class TestDTLG2:
    """第十六条 直接主管的负直接领导责任，分管或参与决定的负次要领导责任；第十七条 六看。"""

    @pytest.mark.parametrize(
        ("relation", "at_fault", "found"),
        [
            ("direct", True, "main"),
            ("in_charge", True, "important"),
            ("took_part", True, "important"),
            ("direct", False, "none"),
            ("in_charge", False, "none"),
            ("took_part", False, "none"),
            ("none", True, "none"),
            ("none", False, "none"),
        ],
    )
    def test_the_relation_to_the_work_decides(
        self, relation: str, found: str, *, at_fault: bool
    ) -> None:
        responsible = person(relation=relation, at_fault=at_fault)
        outcome = taken("responsibility.dmn", "DT-LG-2", responsible=responsible)

        assert outcome.value == found
        assert grounds(outcome)[0].startswith("[P]") is (found == "none")

    @pytest.mark.parametrize(
        ("gate", "number", "failure"),
        [
            ("education", 1, "失教"),
            ("decision", 2, "失误"),
            ("execution", 3, "失职、渎职"),
            ("supervision", 4, "失管"),
            ("integrity", 5, "失察"),
            ("pursuit", 6, "失究"),
        ],
    )
    def test_each_gate_that_was_not_kept_has_its_failure(
        self, gate: str, number: int, failure: str
    ) -> None:
        outcome = taken("responsibility.dmn", "DT-LG-2-SIX", responsible=person(gates=[gate]))

        assert outcome.value == [failure]
        assert grounds(outcome)[0].startswith(f"S0篇5§17-{number}")

    @pytest.mark.parametrize("kept", [[], None])
    def test_where_every_gate_was_kept_nothing_is_found(self, kept: list[str] | None) -> None:
        outcome = taken("responsibility.dmn", "DT-LG-2-SIX", responsible=person(gates=kept))

        assert outcome.value == []

    def test_a_person_is_found_responsible_by_name(self) -> None:
        responsible = person(relation="in_charge", gates=["pursuit", "education"])
        outcome = taken("responsibility.dmn", "DT-LG-PERSON", responsible=responsible)

        assert outcome.value == {
            "name": "陈某",
            "responsibility": "important",
            "failures": ["失教", "失究"],
        }


class TestDTLG3:
    """第十八条 组织处理方式：党政领导班子六种，领导干部十一种。"""

    def test_a_team_has_six(self) -> None:
        outcome = taken("measures.dmn", "DT-LG-3", object_type="team")

        assert outcome.value == [
            "criticize_edu",
            "written_review",
            "circulate",
            "cancel_merit",
            "leader_resign_ordered",
            "team_adjust",
        ]

    @pytest.mark.parametrize("object_type", ["principal", "deputy", "posted"])
    def test_a_cadre_has_eleven(self, object_type: str) -> None:
        outcome = taken("measures.dmn", "DT-LG-3", object_type=object_type)

        assert outcome.value == [
            "talk_account",
            "criticize_edu",
            "written_review",
            "circulate",
            "cancel_merit",
            "talk_admonish",
            "post_adjust",
            "resign_blame",
            "resign_ordered",
            "dismiss",
            "remove",
        ]


class TestDTLG4:
    """第十三条 涉及多方责任时，应当实行相关问责、附加问责和连带问责。"""

    @pytest.mark.parametrize(
        ("link", "relation"),
        [("joint", "相关问责"), ("incidental", "附加问责"), ("superior", "连带问责")],
    )
    def test_each_link_has_its_kind_proposed(self, link: str, relation: str) -> None:
        report = {"responsible": [person(link="none"), person(link=link)]}
        outcome = taken("relations.dmn", "DT-LG-4", report=report)

        assert outcome.value == [relation]
        assert "[P]" in grounds(outcome)[0]

    def test_several_kinds_together(self) -> None:
        report = {"responsible": [person(link="superior"), person(link="joint")]}
        outcome = taken("relations.dmn", "DT-LG-4", report=report)

        assert outcome.value == ["相关问责", "连带问责"]

    def test_one_person_alone_is_not_several(self) -> None:
        outcome = taken("relations.dmn", "DT-LG-4", report={"responsible": [person(link="none")]})

        assert outcome.value == []


class TestDTCH:
    """第十四条 问责信息收集渠道：九项。"""

    def test_the_nine_channels_in_the_order_of_the_article(self) -> None:
        channels = P03.rules()["channels"]

        assert list(channels) == [f"LG{number}" for number in range(1, 10)]
        assert {one["source"] for one in channels.values()} == {"S0篇5§14"}
        assert (
            channels["LG6"]["title"]["zh"] == "控（参）股公司监督协调领导组及办公室提出的问责建议"
        )
        assert channels["LG8"]["title"]["zh"] == "新闻媒体曝光的材料"
