"""Reading `procedure.yaml`: what it states, and what it must not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from engine.model.collective import CollectiveRules
from engine.model.deadline_rules import ExpiryAct, ExpiryKind, ExtensionRule
from engine.model.identifiers import DeadlineKey, MeasureCode
from engine.model.numbering import NumberRule
from engine.model.periods import Period, Roll, Unit
from engine.model.procedures import (
    Article,
    Exemption,
    Kind,
    MandatoryStep,
    NumberSeries,
    ProcedureFault,
    procedure_rules,
)
from engine.model.roles import Scope
from engine.model.sanctions import EffectRule, RepeatRule
from engine.model.texts import Text

THREE_WORKING_DAYS = Period(3, Unit.WORKING_DAYS)
BOARD = "supervisory_board"

DATA: dict[Any, Any] = {
    "id": "corporate-accountability",
    "kind": "procedure",
    "title": {"zh": "企业领导干部问责", "en": "Accountability of corporate cadres"},
    "uses": ["clue-intake"],
    "law": [{"id": "S0篇1", "title": "《领导干部问责制》篇1"}],
    "articles": {"S0篇1§8": {"title": "调查期限与报告", "text": "调查组一般应在15个工作日内……"}},
    "number": {"series": "case", "rule": "{authority_short}问〔{year}〕{n}号"},
    "start": {
        "message": "clue_arrived",
        "form": "clue",
        "roles": ["intake_clerk"],
        "fact": "registered",
    },
    "channels": {"CA1": {"title": "董事会及其领导的指示、批示、通报", "source": "S0篇1§7"}},
    "lanes": {"受理": "intake_clerk", "监事会": BOARD},
    "roles": {
        "intake_clerk": {"title": "线索受理岗"},
        BOARD: {"title": "监事会"},
        "appointing_authority": {"title": "任免机关", "scope": "unit_above"},
        "subject": {"title": "被问责人", "scope": "participant", "outside": True},
    },
    "stages": [{"id": "intake", "title": "受理"}],
    "deadlines": {
        "DL-CA-3": {
            "title": "调查并提交书面报告",
            "value": 15,
            "unit": "working_days",
            "starts": "investigation_started",
            "ends": "report_submitted",
            "extension": {"by": 5, "approver": BOARD, "source": "S0篇1§8", "proposed": ["times"]},
            "on_expiry": [
                "yellow_card",
                {"do": "red_card", "after": 3, "unit": "working_days", "tell": BOARD},
            ],
            "source": "S0篇1§8",
            "proposed": ["starts", "on_expiry"],
        },
        "DL-CA-6": {
            "title": "申诉",
            "value": 15,
            "unit": "working_days",
            "starts": "decision_received",
            "ends": "appeal_received",
            "on_expiry": ["close"],
            "right_of": "subject",
            "source": "S0篇1§11",
        },
        "DL-CA-9": {"title": "取消当年评优", "unit": "to_year_end", "source": "S0篇1§4-2"},
    },
    "parameters": {
        "repeat.window": {"value": 1, "unit": "years", "source": "S0篇1§6"},
        "collective.quorum": {"value": "3/4", "proposed": True},
        "points.rate": {"value": 0.85, "proposed": True},
    },
    "switches": {"reform.pre_notice": {"default": True, "source": "S3 L51"}},
    "mandatory": ["investigation", "defence"],
    "tiers": ["T1", "T2"],
    "measures": [
        {"code": "talk_admonish", "title": "诫勉谈话", "source": "S0篇1§4"},
        {
            "code": "cancel_merit",
            "title": "取消当年评优",
            "approval": "direct",
            "effect": {"kind": "bars_awards", "until": "DL-CA-9"},
        },
        {
            "code": "dismiss",
            "title": "免职",
            "approval": "appointing_authority",
            "effect": [
                {"kind": "bars_equal_post", "for": {"value": 1, "unit": "years"}},
                {"kind": "bars_awards", "until": "DL-CA-9"},
            ],
        },
    ],
    "filings": {
        "appeal": {
            "title": "申诉",
            "message": "appeal_received",
            "form": "appeal",
            "by": ["subject"],
            "deadline": "DL-CA-6",
            "fact": "appeal_received",
            "late": {"message": "late_appeal_claimed"},
            "source": "S0篇1§11",
        },
        "obstruction": {"title": "阻挠调查", "message": "obstruction_reported", "by": [BOARD]},
    },
    "calls": {"ca_verify": {"deadline": "DL-CA-1"}},
    "documents": {
        "decision-letter": {
            "title": "问责决定书",
            "template": "documents/decision-letter.typ",
            "number": {"series": "decision", "rule": "{authority_short}问决〔{year}〕{n}号"},
            "required": ["facts"],
            "data": {"facts": "=report.facts", "copies": 3},
            "served_to": ["subject", "subject_unit"],
            "right_notice": True,
        }
    },
    "notices": {"not_established": {"title": "不属实", "text": "{case_number} 经核实不属实。"}},
    "outcomes": {"sanctioned": {"title": "已问责"}},
    "exempt": ["lint.appeal", {"rule": "lint.defence", "element": "ut_x", "reason": "理由"}],
    "gaps": [{"table": "DT-CA-2", "reason": "原文未规定"}],
}


class TestWhatItStates:
    """The data of corporate-accountability, shortened."""

    rules = procedure_rules(DATA)

    def test_its_name_and_kind(self) -> None:
        assert self.rules.key == self.rules.process == "corporate-accountability"
        assert self.rules.kind is Kind.PROCEDURE
        assert self.rules.title.say("en") == "Accountability of corporate cadres"
        assert self.rules.summary is None
        assert self.rules.uses == ("clue-intake",)

    def test_its_law_in_the_laws_own_words(self) -> None:
        assert self.rules.law == {"S0篇1": Text("《领导干部问责制》篇1")}
        assert self.rules.articles["S0篇1§8"] == Article(
            "S0篇1§8", Text("调查期限与报告"), "调查组一般应在15个工作日内……"
        )

    def test_article_8_gives_fifteen_working_days_and_five_more(self) -> None:
        rule = self.rules.deadlines[DeadlineKey("DL-CA-3")]

        assert rule.period == Period(15, Unit.WORKING_DAYS)
        assert rule.extension == ExtensionRule(
            Period(5, Unit.WORKING_DAYS),
            approver=BOARD,  # type: ignore[arg-type]
            source="S0篇1§8",
            proposed=frozenset({"times"}),
        )
        assert rule.on_expiry == (
            ExpiryAct(ExpiryKind.YELLOW_CARD),
            ExpiryAct(ExpiryKind.RED_CARD, THREE_WORKING_DAYS, BOARD),  # type: ignore[arg-type]
        )
        assert rule.proposed == {"starts", "on_expiry"}
        assert not rule.is_proposed

    def test_deadlines_are_found_by_their_facts(self) -> None:
        (started,) = self.rules.starting_on("investigation_started")
        (ended,) = self.rules.ending_on("appeal_received")

        assert (started.key, ended.key) == ("DL-CA-3", "DL-CA-6")

    def test_measures_weigh_by_their_place(self) -> None:
        weights = {code: measure.weight for code, measure in self.rules.measures.items()}

        assert weights == {"talk_admonish": 1, "cancel_merit": 2, "dismiss": 3}
        assert self.rules.scale.tiers == ("T1", "T2")

    def test_effects_end_by_a_deadline_or_a_period(self) -> None:
        assert self.rules.measures[MeasureCode("dismiss")].effects == (
            EffectRule("bars_equal_post", Period(1, Unit.YEARS)),
            EffectRule("bars_awards", DeadlineKey("DL-CA-9")),
        )

    def test_roles_have_their_scope(self) -> None:
        subject = self.rules.roles["subject"]  # type: ignore[index]

        assert subject.scope is Scope.PARTICIPANT
        assert subject.outside
        assert self.rules.lanes["监事会"] == BOARD

    def test_a_late_filing_has_its_message(self) -> None:
        assert self.rules.filings["appeal"].late_message == "late_appeal_claimed"
        assert self.rules.filings["obstruction"].deadline is None

    def test_a_document_has_its_number_and_data(self) -> None:
        letter = self.rules.documents["decision-letter"]

        assert letter.number == NumberSeries(
            "decision", NumberRule("{authority_short}问决〔{year}〕{n}号")
        )
        assert letter.data == {"facts": "=report.facts", "copies": 3}

    def test_the_start_and_the_rest(self) -> None:
        assert self.rules.start is not None
        assert self.rules.start.fact == "registered"
        assert self.rules.mandatory == {MandatoryStep.INVESTIGATION, MandatoryStep.DEFENCE}
        assert self.rules.switches["reform.pre_notice"].default
        assert self.rules.calls == {"ca_verify": {"deadline": "DL-CA-1"}}
        assert self.rules.outcomes == {"sanctioned": Text("已问责")}
        assert self.rules.gaps[0].table == "DT-CA-2"
        assert self.rules.channels["CA1"].source == "S0篇1§7"
        assert self.rules.stages[0].id == "intake"
        assert self.rules.notices["not_established"].title == Text("不属实")

    def test_exemptions_are_names_or_have_reasons(self) -> None:
        assert self.rules.exempt == (
            Exemption("lint.appeal", "", None, ""),
            Exemption("lint.defence", "ut_x", Text("理由"), ""),
        )

    def test_parameters_give_the_rules_of_decision_and_repetition(self) -> None:
        assert self.rules.collective == CollectiveRules(quorum=Fraction(3, 4))
        assert self.rules.repeat == RepeatRule(Period(1, Unit.YEARS))
        assert self.rules.parameters["points.rate"].value == Decimal("0.85")


LEAST: dict[str, Any] = {
    "id": "shared-part",
    "kind": "shared",
    "title": "公共",
    "lanes": {"a": "caller"},
}
DUTY = {"title": "限期", "value": 5, "unit": "days", "ends": "done", "proposed": True}


def on_expiry(**stated: object) -> tuple[ExpiryAct, ...]:
    """Return what happens on expiry of a duty of five days that states more."""
    rules = procedure_rules({**LEAST, "deadlines": {"D": DUTY | stated}})
    return rules.deadlines[DeadlineKey("D")].on_expiry


class TestDefaults:
    """What is silent has its default."""

    def test_a_shared_procedure_may_name_its_callers_roles(self) -> None:
        rules = procedure_rules(LEAST)

        assert rules.lanes == {"a": "caller"}
        assert rules.start is None
        assert rules.number is None
        assert rules.repeat is None
        assert rules.collective == CollectiveRules()

    def test_a_procedure_may_be_opened_by_others_only(self) -> None:
        data = {key: value for key, value in DATA.items() if key != "start"}

        assert procedure_rules(data).start is None

    def test_a_duty_gives_a_yellow_card(self) -> None:
        assert on_expiry() == (ExpiryAct(ExpiryKind.YELLOW_CARD),)

    def test_a_duty_may_expressly_give_none(self) -> None:
        assert on_expiry(on_expiry=[]) == ()

    def test_a_right_gives_none(self) -> None:
        assert on_expiry(right_of="subject") == ()

    def test_a_reminder_may_have_its_share(self) -> None:
        stated = {**DUTY, "roll": "none", "reminder": {"share": 0.5, "at_least": 2}}
        rules = procedure_rules({**LEAST, "deadlines": {"D": stated}})
        rule = rules.deadlines[DeadlineKey("D")]

        assert (rule.near_share, rule.near_least) == (Fraction(1, 2), 2)
        assert rule.period.roll is Roll.NONE


class TestStops:
    """A clock stops while the case stands still only where the rule says so, with its source."""

    @pytest.mark.parametrize(
        ("stated", "stops"),
        [
            ({}, ""),
            ({"stops": {"source": "S0篇1§8"}}, "S0篇1§8"),
            ({"stops": {"proposed": True}}, "proposed"),
        ],
    )
    def test_by_its_source(self, stated: dict[str, object], stops: str) -> None:
        rules = procedure_rules({**LEAST, "deadlines": {"D": DUTY | stated}})
        assert rules.deadlines[DeadlineKey("D")].stops == stops

    def test_not_without_one_nor_in_hours(self) -> None:
        for stated, said in (
            ({"stops": {}}, "give the source"),
            ({"stops": {"proposed": True}, "unit": "hours"}, "runs on and does not stop"),
        ):
            with pytest.raises(ProcedureFault) as fault:
                procedure_rules({**LEAST, "deadlines": {"D": {**DUTY, **stated}}})
            assert any(said in flaw.en for flaw in fault.value.flaws)


class TestRedCard:
    """黄牌后3工作日红牌；自有参数的从其参数。"""

    def test_it_follows_the_yellow_one_after_three_working_days(self) -> None:
        assert on_expiry(on_expiry=["yellow_card", "red_card"])[1] == ExpiryAct(
            ExpiryKind.RED_CARD, THREE_WORKING_DAYS
        )

    def test_by_itself_it_is_at_once(self) -> None:
        assert on_expiry(on_expiry=["red_card"]) == (ExpiryAct(ExpiryKind.RED_CARD),)

    @pytest.mark.parametrize(
        ("parameter", "after"),
        [
            ({"value": 15, "unit": "days", "proposed": True}, Period(15, Unit.DAYS)),
            ({"value": "bald", "proposed": True}, THREE_WORKING_DAYS),
        ],
    )
    def test_the_procedure_may_have_its_own_time(
        self, parameter: dict[str, object], after: Period
    ) -> None:
        rules = procedure_rules(
            {
                **LEAST,
                "parameters": {"card.red_after": parameter},
                "deadlines": {"D": {**DUTY, "on_expiry": ["yellow_card", "red_card"]}},
            }
        )

        assert rules.deadlines[DeadlineKey("D")].on_expiry[1].after == after
