"""Reading `procedure.yaml`: what it states, and what it must not."""

from __future__ import annotations

from copy import deepcopy
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
    Flaw,
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


def flaws_of(path: str, value: object) -> list[Flaw]:
    """Return the flaws after setting one place of the data, given as ``a/b/0``."""
    data = deepcopy(DATA)
    *parents, last = path.split("/")
    at: Any = data
    for name in parents:
        at = at[int(name)] if isinstance(at, list) else at[name]
    if isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    with pytest.raises(ProcedureFault) as found:
        procedure_rules(data)
    return list(found.value.flaws)


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


class TestFlaws:
    """Every flaw is named by its place, in both languages."""

    @pytest.mark.parametrize(
        ("path", "value", "place", "says"),
        [
            ("id", None, "id", "expected a text, found nothing"),
            ("kind", "other", "kind", "expected one of procedure, shared, found 'other'"),
            ("title", {"en": "x"}, "title", "expected a Chinese text, or {zh, en}"),
            ("tiers", "T1", "tiers", "expected a list of texts"),
            ("tiers", ["T1", 2], "tiers", "expected a list of texts"),
            ("law", {"S0": "x"}, "law", "expected a list"),
            ("law", ["S0"], "law[0]", "expected a mapping, found 'S0'"),
            ("lanes", ["受理"], "lanes", "expected a mapping"),
            ("lanes/受理", 3, "lanes.受理", "expected a text, found 3"),
            ("lanes/受理", "nobody", "lanes.受理", "there is no role nobody"),
            ("start/roles", ["nobody"], "start.roles", "there is no role nobody"),
            ("number/rule", "{n}号", "number.rule", "each once"),
            ("roles/subject/outside", "yes", "roles.subject.outside", "expected true or false"),
            ("mandatory", ["lunch"], "mandatory", "'lunch' is none of investigation"),
            ("parameters/points.rate/value", [1], "parameters.points.rate.value", "number"),
            ("parameters/points.rate/proposed", False, "parameters.points.rate.source", "source"),
            ("parameters/collective.quorum/value", "3/2", "parameters", "a share is above 0"),
            ("parameters/repeat.window/unit", None, "parameters", "repeat.window is no period"),
            (
                "parameters/repeat.threshold",
                {"value": "two", "proposed": True},
                "parameters",
                "repeat.threshold is no whole number",
            ),
            (
                "parameters/repeat.include_current",
                {"value": "false", "proposed": True},
                "parameters",
                "repeat.include_current is neither true nor false",
            ),
            ("deadlines/DL-CA-3/value", 0, "deadlines.DL-CA-3.value", "1 or more, found 0"),
            ("deadlines/DL-CA-3/value", True, "deadlines.DL-CA-3.value", "found True"),
            ("deadlines/DL-CA-3/value", 99999, "deadlines.DL-CA-3.value", "a century at most"),
            ("deadlines/DL-CA-3/unit", "moons", "deadlines.DL-CA-3.unit", "found 'moons'"),
            ("deadlines/DL-CA-3/ends", None, "deadlines.DL-CA-3.ends", "always late"),
            ("deadlines/DL-CA-6/source", None, "deadlines.DL-CA-6.source", "give the source"),
            (
                "deadlines/DL-CA-3/extension/unit",
                "hours",
                "deadlines.DL-CA-3.extension.unit",
                "hours are extended by hours",
            ),
            (
                "deadlines/DL-CA-3/extension/approver",
                "nobody",
                "deadlines.DL-CA-3.extension.approver",
                "there is no role nobody",
            ),
            (
                "deadlines/DL-CA-3/on_expiry/1/tell",
                "nobody",
                "deadlines.DL-CA-3.on_expiry",
                "there is no role nobody",
            ),
            ("deadlines/DL-CA-3/on_expiry/0", 3, "deadlines.DL-CA-3.on_expiry[0]", "found 3"),
            ("deadlines/DL-CA-3/on_expiry/0", "shout", "deadlines.DL-CA-3.on_expiry[0].do", "one"),
            (
                "deadlines/DL-CA-6/on_expiry",
                ["yellow_card"],
                "deadlines.DL-CA-6.on_expiry",
                "no cards",
            ),
            ("deadlines/DL-CA-6/right_of", "nobody", "deadlines.DL-CA-6.right_of", "no role"),
            (
                "deadlines/DL-CA-6/reminder",
                {"share": 2},
                "deadlines.DL-CA-6.reminder.share",
                "a share above 0",
            ),
            ("measures/1/code", "talk_admonish", "measures[1].code", "is there twice"),
            ("measures/1/effect/for", {"value": 1}, "measures[1].effect.until", "one of until"),
            ("measures/1/effect/until", "DL-X", "measures.cancel_merit.effect.until", "DL-X"),
            ("measures/2/approval", "nobody", "measures.dismiss.approval", "no role nobody"),
            (
                "measures/2/approval",
                {"division": "nobody", "otherwise": "direct"},
                "measures.dismiss.approval",
                "no role nobody",
            ),
            ("filings/appeal/deadline", "DL-X", "filings.appeal.deadline", "no deadline DL-X"),
            ("filings/appeal/by", ["nobody"], "filings.appeal.by", "there is no role nobody"),
            (
                "stages",
                [{"id": f"s{n}", "title": "阶段"} for n in range(10)],
                "stages",
                "at most 9",
            ),
        ],
    )
    def test_the_place_is_named(self, path: str, value: object, place: str, says: str) -> None:
        named = [flaw for flaw in flaws_of(path, value) if flaw.path == place]

        assert [flaw for flaw in named if says in flaw.en and flaw.zh]

    def test_all_flaws_are_listed_at_once(self) -> None:
        data = deepcopy(DATA)
        data["title"] = None
        data["lanes"]["受理"] = "nobody"

        with pytest.raises(ProcedureFault) as found:
            procedure_rules(data)

        assert [flaw.path for flaw in found.value.flaws] == ["title", "lanes.受理"]
        assert str(found.value).startswith("title: expected a Chinese text")
