"""spec/decisions.md A、B 的决策表逐行验证；期望值由原文和【源】、[P] 行手工写出。"""

from __future__ import annotations

from typing import Any

import pytest

from bpmn.dmn import Outcome
from tests.procedures.tables import Tables, grounds

P01 = Tables("corporate-accountability")
taken = P01.taken

T1 = ["talk_admonish", "cancel_merit", "written_review"]
T2 = ["public_apology", "circulate", "post_adjust", "suspend_review"]
T3 = ["persuade_resign", "resign_ordered", "dismiss"]


class TestDTCA1:
    """第三条 有下列情形之一的，应当问责：共十项，命中一项以上即属于问责范围。"""

    TITLES = (
        "有令不行、有禁不止",
        "独断专行、决策失误",
        "滥用职权、违法行政",
        "办事拖拉、推诿扯皮",
        "不求进取、平庸无为",
        "欺上瞒下、弄虚作假",
        "态度冷漠、作风粗暴",
        "铺张浪费、攀比享受",
        "暗箱操作、逃避监督",
        "监管不力、处置不当",
    )

    @pytest.mark.parametrize("number", range(1, 11))
    def test_each_of_the_ten_grounds_by_itself(self, number: int) -> None:
        outcome = taken("scope.dmn", "DT-CA-1", grounds=[f"g{number}"])

        assert outcome.value == [{"code": f"g{number}", "title": self.TITLES[number - 1]}]
        assert grounds(outcome) == [f"S0篇1§3-{number}"]

    def test_several_at_once_are_all_named_in_the_order_of_the_article(self) -> None:
        outcome = taken("scope.dmn", "DT-CA-1", grounds=["g9", "g1"])

        assert [one["code"] for one in outcome.value] == ["g1", "g9"]

    @pytest.mark.parametrize("none", [[], None, ["other"]])
    def test_without_any_it_is_outside_the_scope(self, none: list[str] | None) -> None:
        outcome = taken("scope.dmn", "DT-CA-1", grounds=none)

        assert outcome.value == []


class TestDTCA2:
    """第五条 情节轻微、损害和影响较小的……；严重、较大的……；特别严重、重大的……"""

    @pytest.mark.parametrize(
        ("severity", "impact", "tier", "measures"),
        [
            ("minor", "small", "T1", T1),
            ("serious", "large", "T2", T2),
            ("very_serious", "major", "T3", T3),
        ],
    )
    def test_the_article_gives_each_pair_its_tier(
        self, severity: str, impact: str, tier: str, measures: list[str]
    ) -> None:
        report = {"severity": severity, "impact": impact}
        outcome = taken("grading.dmn", "DT-CA-2", report=report)

        assert outcome.value == {"tier": tier, "measures": measures, "must_explain": False}

    @pytest.mark.parametrize(
        ("severity", "impact", "tier", "measures"),
        [
            ("minor", "large", "T1", T1),
            ("minor", "major", "T1", T1),
            ("serious", "small", "T1", T1),
            ("very_serious", "small", "T1", T1),
            ("serious", "major", "T2", T2),
            ("very_serious", "large", "T2", T2),
        ],
    )
    def test_where_they_do_not_go_together_the_lower_tier_and_reasons_proposed(
        self, severity: str, impact: str, tier: str, measures: list[str]
    ) -> None:
        report = {"severity": severity, "impact": impact}
        outcome = taken("grading.dmn", "DT-CA-2", report=report)

        assert outcome.value == {"tier": tier, "measures": measures, "must_explain": True}
        assert grounds(outcome)[0].startswith("[P]")


def circumstances(tier: str, *, report: Any = None, **inputs: Any) -> Outcome:
    return taken(
        "circumstances.dmn",
        "DT-CA-3",
        grading={"tier": tier},
        report={
            "heavier": [], "corrected": False, "no_major_damage": False, "exempt": [],
            **(report or {}),
        },
        **inputs,
    )  # fmt: skip


LIGHTER = {"corrected": True, "no_major_damage": True}
HEAVIER = {"heavier": ["bribe"]}
EXEMPT = {"exempt": ["force_majeure"]}


class TestDTCA3:
    """第六条 应当从重、可以从轻减轻、可以免予问责的情形。"""

    @pytest.mark.parametrize(("tier", "measures"), [("T1", T1), ("T2", T2), ("T3", T3)])
    def test_without_circumstances_the_tier_stays(self, tier: str, measures: list[str]) -> None:
        value = circumstances(tier).value

        assert value["effect"] == "unchanged"
        assert value["allowed_measures"] == measures
        assert (value["must_explain"], value["may_exempt"]) == (False, False)

    @pytest.mark.parametrize(
        ("tier", "measures"),
        [("T1", ["written_review", *T2]), ("T2", ["suspend_review", *T3]), ("T3", ["dismiss"])],
    )
    def test_heavier_is_the_gravest_of_the_tier_or_the_tier_above_with_reasons_proposed(
        self, tier: str, measures: list[str]
    ) -> None:
        value = circumstances(tier, report=HEAVIER).value

        assert value["effect"] == "heavier"
        assert value["allowed_measures"] == measures
        assert (value["must_explain"], value["may_exempt"]) == (True, False)

    @pytest.mark.parametrize(
        ("tier", "measures"), [("T1", T1), ("T2", [*T1, *T2]), ("T3", [*T2, *T3])]
    )
    def test_lighter_may_go_down_one_tier(self, tier: str, measures: list[str]) -> None:
        value = circumstances(tier, report=LIGHTER).value

        assert value["effect"] == "lighter"
        assert value["allowed_measures"] == measures
        assert value["may_exempt"] is False

    def test_both_are_left_to_the_board_which_weighs_them_in_writing_proposed(self) -> None:
        value = circumstances("T2", report={**HEAVIER, **LIGHTER}).value

        assert value["effect"] == "discretion"
        assert (value["must_explain"], value["may_exempt"]) == (True, False)

    @pytest.mark.parametrize("lighter", [{}, LIGHTER])
    def test_an_exemption_is_open_whether_lighter_or_not(self, lighter: dict[str, bool]) -> None:
        value = circumstances("T2", report={**EXEMPT, **lighter}).value

        assert (value["effect"], value["may_exempt"]) == ("may_exempt", True)

    @pytest.mark.parametrize("lighter", [{}, LIGHTER])
    def test_but_not_by_itself_where_something_aggravates_proposed(
        self, lighter: dict[str, bool]
    ) -> None:
        value = circumstances("T2", report={**EXEMPT, **HEAVIER, **lighter}).value

        assert (value["effect"], value["may_exempt"]) == ("discretion_exempt", False)
        assert value["must_explain"] is True


class TestCircumstances:
    """第六条第一款四项、第二款、第三款三项，各自单独成立。"""

    @pytest.mark.parametrize(
        ("inputs", "found"),
        [
            ({"repeat_offender": True}, ["repeat"]),
            ({"report": {"heavier": ["obstruct"]}}, ["obstruct"]),
            ({"report": {"heavier": ["retaliate"]}}, ["retaliate"]),
            ({"report": {"heavier": ["bribe"]}}, ["bribe"]),
            ({"heavier_found": ["obstruct"]}, ["obstruct"]),
            ({"heavier_found": ["retaliate"]}, ["retaliate"]),
            ({"heavier_found": ["bribe"]}, ["bribe"]),
            ({"repeat_offender": False}, []),
            ({}, []),
        ],
    )
    def test_each_of_the_four_that_aggravate(
        self, inputs: dict[str, Any], found: list[str]
    ) -> None:
        path = "circumstances.dmn"
        given = {"report": {"heavier": []}, **inputs}

        assert taken(path, "DT-CA-3-HEAVIER", **given).value == found

    @pytest.mark.parametrize(
        ("corrected", "harmless", "lighter"),
        [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
    )
    def test_correcting_in_time_and_no_major_harm_are_needed_together(
        self,
        corrected: bool,  # noqa: FBT001 - a column of the table
        harmless: bool,  # noqa: FBT001
        lighter: bool,  # noqa: FBT001
    ) -> None:
        report = {"corrected": corrected, "no_major_damage": harmless}
        path = "circumstances.dmn"

        assert taken(path, "DT-CA-3-LIGHTER", report=report).value is lighter

    @pytest.mark.parametrize("ground", ["deceived", "no_rule", "force_majeure"])
    def test_each_of_the_three_that_exempt(self, ground: str) -> None:
        path = "circumstances.dmn"

        assert taken(path, "DT-CA-3-EXEMPT", report={"exempt": [ground]}).value == [ground]
        assert taken(path, "DT-CA-3-EXEMPT", report={"exempt": []}).value == []


class TestDTCA4:
    """第四条 第1至5项由监事会直接决定，第6至10项由任免机关办理；违纪、涉嫌犯罪的并行。"""

    @pytest.mark.parametrize("measure", [*T1, "public_apology", "circulate"])
    def test_measures_1_to_5_are_the_boards_own(self, measure: str) -> None:
        assert self._routes(measures=[measure]) == ["supervisory_board"]

    @pytest.mark.parametrize("measure", ["post_adjust", "suspend_review", *T3])
    def test_measures_6_to_10_go_to_the_appointing_authority(self, measure: str) -> None:
        assert self._routes(measures=[measure]) == ["appointing_authority"]

    def test_one_of_the_graver_among_others_is_enough(self) -> None:
        assert self._routes(measures=["circulate", "dismiss"]) == ["appointing_authority"]

    def test_a_breach_of_discipline_goes_to_enterprise_management_besides(self) -> None:
        routes = self._routes(measures=["circulate"], discipline=True)

        assert routes == ["supervisory_board", "enterprise_mgmt"]

    def test_a_suspected_crime_goes_to_the_judicial_organ_besides(self) -> None:
        assert self._routes(measures=["dismiss"], crime=True) == [
            "appointing_authority",
            "judicial",
        ]

    def test_all_three_run_beside_each_other(self) -> None:
        assert self._routes(measures=["dismiss"], discipline=True, crime=True) == [
            "appointing_authority",
            "enterprise_mgmt",
            "judicial",
        ]

    @staticmethod
    def _routes(**inputs: Any) -> Any:
        return taken("routes.dmn", "DT-CA-4", kind="sanction", **inputs).value


class TestDTCA5:
    """第十二条 复查结论：维持、变更、撤销；其余组合为[P]。"""

    @pytest.mark.parametrize(
        ("facts", "evidence", "measure", "result", "supplement"),
        [
            ("clear", "conclusive", "proper", "uphold", False),
            ("basic", "conclusive", "improper", "change", False),
            ("clear", "conclusive", "improper", "change", False),
            ("unclear", "inconclusive", "proper", "revoke", False),
            ("unclear", "inconclusive", "improper", "revoke", False),
            ("clear", "inconclusive", "proper", "revoke", True),
            ("clear", "inconclusive", "improper", "revoke", True),
            ("basic", "inconclusive", "proper", "revoke", True),
            ("basic", "inconclusive", "improper", "revoke", True),
            ("basic", "conclusive", "proper", "uphold", False),
            ("unclear", "conclusive", "proper", "revoke", False),
            ("unclear", "conclusive", "improper", "revoke", False),
        ],
    )
    def test_each_combination(
        self,
        facts: str,
        evidence: str,
        measure: str,
        result: str,
        supplement: bool,  # noqa: FBT001 - a column of the table
    ) -> None:
        review = {"facts": facts, "evidence": evidence, "measure": measure}
        outcome = Tables("shared/appeal-review").taken("review.dmn", "DT-CA-5", review=review)

        assert outcome.value == {"result": result, "may_supplement": supplement}
        assert len(outcome.matched) == 1


class TestDTROUTE:
    """线索路由（[P]）：命中几行给几个流程，一行也没有命中的人工分流。"""

    ROWS = (
        ("enterprise_cadre", "general_duty", "corporate-accountability"),
        ("group_cadre", "duty", "leader-group-hearing"),
        ("village_cadre", "inaction", "village-cadre-inaction"),
        ("party_gov_leader", "seven_kinds", "party-gov-cadre-accountability"),
        ("referenced_leader", "seven_kinds", "party-gov-cadre-accountability"),
        ("county_cadre", "annual_results", "county-cadre-accountability"),
        ("bureau_staff", "work_fault", "work-fault"),
        ("admin_staff", "admin_fault", "admin-fault-accountability"),
        ("dept_head", "execution", "dept-head-accountability"),
        ("dept_head", "finance", "dept-head-accountability"),
        ("police", "other", "police-accountability"),
        ("health_centre", "cybersecurity", "cybersecurity-incident"),
        ("other", "safety", "safety-incident-accountability"),
        ("other", "gang_crime", "tip-line-clue"),
        ("other", "systemic", "one-case-two-investigations"),
        ("other", "service_complaint", "complaint-handling"),
        ("gov_head", "eighteen_kinds", "chongqing-head-accountability"),
        ("county_town_leader", "illegal_production", "illegal-production-accountability"),
        ("party_secretary", "party_building", "party-building-accountability"),
        ("education_party", "education", "education-supervision"),
        ("duty_dept", "duty_incident", "responsibility-review-apology"),
        ("admin_staff", "special_act", "special-act-accountability"),
        ("other", "other", "manual"),
    )

    @pytest.mark.parametrize(("kind", "domain", "procedure"), ROWS)
    def test_each_row(self, kind: str, domain: str, procedure: str) -> None:
        assert self._routes(kind, domain) == [procedure]

    def test_two_rows_at_once_are_both_given(self) -> None:
        assert self._routes("police", "safety") == [
            "police-accountability",
            "safety-incident-accountability",
        ]

    @staticmethod
    def _routes(kind: str, domain: str) -> Any:
        intake = Tables("shared/clue-intake")
        return intake.taken("route.dmn", "DT-ROUTE", object_kind=kind, domain=domain).value


class TestDTCH:
    """DT-CH 企业版的六种渠道（第七条第一款），代码 CA1 至 CA6。"""

    def test_there_are_six(self) -> None:
        channels = P01.rules()["channels"]

        assert list(channels) == [f"CA{number}" for number in range(1, 7)]
        assert all(one["source"] == "S0篇1§7" for one in channels.values())
