"""期限、条款、代码和记录在页面上的说法：照法条的话说，天数、日期写全。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from engine.desk.facts import Fact
from engine.desk.views import ActLine, case_view
from engine.model.deadline_rules import DeadlineRule, ExpiryAct, ExpiryKind
from engine.model.identifiers import DeadlineKey, RoleKey
from engine.model.periods import Period, Unit
from engine.model.texts import Text
from engine.workflow import Form
from tests.office import Town
from web import clocks, statuses
from web.casefacts import answered, chosen_names
from web.cases.sentences import Sentences
from web.citations import citation_text, laws_of
from web.forms import localised, without_references

TODAY = date(2026, 3, 2)


@pytest.fixture
def office(town: Town) -> Iterator[Town]:
    """The office while a page is asked for, in Chinese."""
    with town.app.test_request_context("/login"):
        town.app.preprocess_request()
        yield town


def rule(*acts: ExpiryAct, **more: Any) -> DeadlineRule:
    return DeadlineRule(
        key=DeadlineKey("DL-X"),
        title=Text("期限"),
        period=Period(1, Unit.DAYS),
        starts="begun",
        on_expiry=acts,
        **more,
    )


class TestPeriods:
    """期间按条款的单位说。"""

    @pytest.mark.parametrize(
        ("period", "said"),
        [
            (Period(15, Unit.WORKING_DAYS), "15 个工作日"),
            (Period(30, Unit.DAYS), "30 日"),
            (Period(2, Unit.WEEKS), "2 周"),
            (Period(6, Unit.MONTHS), "6 个月"),
            (Period(1, Unit.YEARS), "1 年"),
            (Period(24, Unit.HOURS), "24 小时"),
            (Period(1, Unit.TO_YEAR_END), "至当年年底"),
            (Period(1, Unit.TO_MONTH_END), "至当月最后一个工作日"),
        ],
    )
    def test_in_its_own_unit(self, office: Town, period: Period, said: str) -> None:
        assert clocks.period_text(period) == said

    def test_days_that_follow_each_other_are_drawn_together(self, office: Town) -> None:
        # 2026: the Mid-Autumn day off and the National Day's days off that fall on working days
        days = [date(2026, 9, 25), date(2026, 10, 1), date(2026, 10, 2)]

        assert clocks.days_text(days, TODAY) == "9月25日、10月1日至10月2日"


class TestAfterTheLastDay:
    """届满后会怎样，照流程的规定说。"""

    def test_each_consequence_in_its_order(self, office: Town) -> None:
        case = case_view
        rules = office.ask("冯某", case, office.open().id).version.rules
        found = rule(
            ExpiryAct(ExpiryKind.YELLOW_CARD),
            ExpiryAct(
                ExpiryKind.RED_CARD,
                Period(3, Unit.WORKING_DAYS),
                RoleKey("supervisory_board"),
            ),
            ExpiryAct(ExpiryKind.REMIND_DAILY),
            ExpiryAct(ExpiryKind.LIFT),
        )

        assert clocks.expiry_text(found, rules, "zh") == (
            "记黄牌；再过 3 个工作日记红牌并报监事会；每日催办；自动解除"
        )

    def test_a_right_ends_and_the_procedure_goes_on(self, office: Town) -> None:
        rules = office.ask("冯某", case_view, office.open().id).version.rules

        assert clocks.expiry_text(rule(ExpiryAct(ExpiryKind.CLOSE)), rules, "zh") == (
            "期满即止，程序往下走"
        )
        assert clocks.expiry_text(rule(), rules, "zh") == "期满即止"
        assert clocks.expiry_text(rule(ends="done"), rules, "zh") == ""


class TestCitations:
    """条款写明出自哪一篇、第几条、第几项；不在流程所依据的文件里的，照原样。"""

    @pytest.mark.parametrize(
        ("citation", "said"),
        [
            ("S0篇1§8", "《领导干部问责制》篇1 第8条"),
            ("S0篇1§7-2", "《领导干部问责制》篇1 第7条第2项"),
            ("S3", "问责制度问答汇编"),
            ("proposed", "proposed"),
        ],
    )
    def test_in_words(self, office: Town, citation: str, said: str) -> None:
        rules = office.ask("冯某", case_view, office.open().id).version.rules

        assert citation_text(citation, rules, "zh") == said

    def test_only_what_the_procedure_quotes_is_shown(self, office: Town) -> None:
        rules = office.ask("冯某", case_view, office.open().id).version.rules

        [law] = laws_of(["S0篇1§9", "proposed", "S9§1"], rules, "zh")

        assert (law.article, law.title, law.words) == (
            "第9条",
            "决定",
            "调查终结后,由监事会作出干部问责决定。",
        )


class TestCodes:
    """状态、密级、结果和送达方式有各自的说法；不认识的照原样，不出错。"""

    def test_what_is_unknown_is_shown_as_it_is(self, office: Town) -> None:
        rules = office.ask("冯某", case_view, office.open().id).version.rules

        assert statuses.status_text("x") == "x"
        assert statuses.secrecy_text("secret") == "保密"
        assert statuses.way_text("left") == "留置送达"
        assert statuses.document_tag("x").text == "x"
        assert statuses.vote_tag("x").text == "x"
        assert statuses.recusal_tag("x").text == "x"
        assert statuses.conflict_text("same_unit") == "与被问责人同单位"
        assert statuses.outcome_text(None, rules, "zh") == ""
        assert statuses.outcome_text("changed", rules, "zh") == "决定变更"
        assert statuses.outcome_text("withdrawn", rules, "zh") == "已撤案"


FORM = Form(
    "x:y",
    {
        "components": [
            {
                "type": "select",
                "key": "who",
                "label": "谁",
                "properties": {"label_en": "Who"},
            },
            {"type": "datetime", "key": "day", "dateLabel": "日期", "subtype": "date"},
            {"type": "checkbox", "key": "told", "label": "已告知"},
            {"type": "textfield", "key": "phone", "label": "电话"},
            {"type": "textfield", "key": "left", "label": "略"},
            {"type": "textfield", "key": "deep", "label": "深"},
            {
                "type": "dynamiclist",
                "path": "points",
                "label": "要点",
                "components": [
                    {"type": "textfield", "key": "point", "label": "申辩"},
                    {
                        "type": "radio",
                        "key": "adopted",
                        "label": "采纳",
                        "values": [{"label": "不采纳", "value": "no"}],
                        "properties": {"values_en": '{"no": "Not adopted"}'},
                    },
                ],
            },
        ]
    },
)
ANSWERS: dict[str, Any] = {
    "who": "p1",
    "day": "2026-03-02",
    "told": False,
    "phone": {"$vault": "v1"},
    "left": "不显示",
    "deep": {"a": 1},
    "points": [{"point": "出差", "adopted": "no"}],
}


class TestAnswers:
    """答复按表单的标题列出：选项、日期说成话，保密的不显示。"""

    def test_by_their_labels(self, office: Town) -> None:
        names = chosen_names({"people": [{"label": "陈某，二车间", "value": "p1"}], "n": 1})

        facts = answered(FORM, ANSWERS, "zh", names=names, leave_out=frozenset({"left"}))

        assert [(fact.label, fact.value) for fact in facts] == [
            ("谁", "陈某"),
            ("日期", "2026年3月2日 周一"),
            ("已告知", "否"),
            ("电话", "（保密，不在此显示）"),
            ("要点 1", "申辩 出差；采纳 不采纳"),
        ]

    def test_in_english_where_the_form_has_it(self, office: Town) -> None:
        schema = localised(FORM.schema, "en")

        assert schema["components"][0]["label"] == "Who"
        assert schema["components"][6]["components"][1]["values"] == [
            {"label": "Not adopted", "value": "no"}
        ]
        assert localised(FORM.schema, "zh") == FORM.schema

    def test_an_english_text_that_is_none_is_passed_over(self) -> None:
        schema = {"components": [{"type": "radio", "properties": {"values_en": "no json"}}]}

        assert localised(schema, "en") == schema

    def test_references_and_files_do_not_go_back_into_the_page(self) -> None:
        data = {"a": {"$vault": "1"}, "b": [{"c": {"$vault": "2"}, "f": ["x"]}], "d": 1}

        assert without_references(data, frozenset({"f"})) == {
            "a": None,
            "b": [{"c": None, "f": None}],
            "d": 1,
        }


class TestTheRecordInWords:
    """案件记录的每一种条目都有一句话。"""

    def test_every_kind_of_entry_has_its_sentence(self, office: Town) -> None:
        view = office.ask("冯某", case_view, office.open().id)
        sentences = Sentences(view, TODAY, "zh")
        details = {
            "key": "DL-CA-3",
            "last_day": "2026-03-23",
            "before": "2026-03-23",
            "after": "2026-03-30",
            "colour": "red",
            "role": "investigator",
            "person_name": "周某",
            "measure": "dismiss",
            "measures": ["talk_admonish", "x"],
            "item": view.items[0].id,
            "filing": "appeal",
            "filed_for": "p",
            "outcome": "changed",
            "vote": "agree",
            "reasons": "情况复杂",
        }
        kinds = [fact for fact in Fact if _is_of_a_case(fact)]

        said = {fact: sentences.said(_line(fact, details)) for fact in kinds}
        assert [fact for fact, text in said.items() if text in {"", str(fact)}] == []

    @pytest.mark.parametrize(
        ("fact", "details", "said"),
        [
            (Fact.CASE_CLOSED, {"status": "withdrawn"}, "案件办结：已撤案"),
            (Fact.FILED, {"filing": "appeal"}, "提出“申诉”"),
            (Fact.RECUSAL_DECIDED, {"granted": False}, "驳回对有关人员的回避申请"),
            (Fact.RECUSAL_DECIDED, {"granted": True}, "准予有关人员回避"),
            (
                Fact.EXTENSION_DECIDED,
                {"granted": True, "key": "DL-CA-3", "last_day": "2026-03-30"},
                "批准延长“调查并提交书面报告”至 3月30日 周一",
            ),
            (
                Fact.EXTENSION_DECIDED,
                {"granted": False, "key": "DL-CA-3"},
                "不批准延长“调查并提交书面报告”",
            ),
            (
                Fact.CARD_GIVEN,
                {"colour": "yellow", "deadline": "DL-CA-3", "last_day": "2026-03-23"},
                "记黄牌：“调查并提交书面报告”最后一日 3月23日 周一 已过",
            ),
            (Fact.OPINION_GIVEN, {}, "作出表态"),
            (Fact.DECIDED, {}, "集体作出决定"),
            (Fact.SANCTION_ENDED, {"sanction": "x"}, "影响期解除："),
            (Fact.WITHDRAWAL_DECIDED, {"granted": False}, "不同意撤案"),
            (Fact.DEADLINE_MET, {"key": "DL-CA-3", "late": True}, None),
        ],
    )
    def test_in_words(
        self, office: Town, fact: Fact, details: dict[str, Any], said: str | None
    ) -> None:
        view = office.ask("冯某", case_view, office.open().id)

        found = Sentences(view, TODAY, "zh").said(_line(fact, details))

        assert found == (said or "期限“调查并提交书面报告”办结（逾期）")

    def test_reasons_stand_below(self, office: Town) -> None:
        view = office.ask("冯某", case_view, office.open().id)
        sentences = Sentences(view, TODAY, "zh")

        asked = _line(Fact.EXTENSION_REQUESTED, {"reasons": "情况复杂"})
        stopped = _line(Fact.INCIDENT_RAISED, {"reason": {"zh": "无人可办", "en": "Nobody"}})

        assert sentences.body(asked) == "理由：情况复杂"
        assert sentences.body(stopped) == "无人可办"
        assert sentences.body(_line(Fact.WORK_CLAIMED, {})) == ""


def _is_of_a_case(fact: Fact) -> bool:
    """Whether the platform puts this kind into a case's own record and the page shows it."""
    platform = (
        "key_",
        "version_",
        "calendar_",
        "clock_",
        "person_",
        "post_",
        "account_",
        "log",
        "authority_",
        "unit_",
        "signature_refused",
        "substitution_",
        "supervision_granted",
        "supervision_ended",
        "departure_",
        "one_time_codes_",
        "seal_",
        "fact_",
        "message_",
        "timer_",
        "token_",
        "diagram_deployed",
        "organisation_",
        "export_ready",
        "export_stopped",
        "notice_",
        "interference_",
        "batch_",
        "award_",
        "appointment_",
        "keys_",
        "draft_",
        "report_",
        "identity_",
        "retirement_",
        "setting_",
        "search_",
    )
    return not fact.value.startswith(platform) and fact is not Fact.REVEALED


def _line(fact: Fact, details: dict[str, Any]) -> ActLine:
    assert orjson.dumps(details)
    return ActLine(
        sequence=1,
        kind="act",
        fact=fact,
        happened_on=None,
        recorded_at=datetime(2026, 3, 2, 1, tzinfo=UTC),
        by="周某",
        is_hidden=False,
        details=details,
    )
