"""docs/how-to-add-a-procedure.md, done as it says: Chongqing's P36 without a line of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from tests.office import Town
from tests.web.designer.test_drafts import begin, checked, files_of, save
from tests.web.designer.test_rules_and_tables import DESIGNER, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.testing import FlaskClient

P36 = "chongqing-head-accountability"
CHANNELS = ("公民举报", "新闻曝光", "工作考核结果", "司法机关", "相关行政单位建议")
MEASURES = {
    "cancel_merit": "取消当年先进评选资格",
    "talk_admonish": "诫勉",
    "circulate": "通报批评",
    "written_review": "书面检查",
    "public_apology": "通过媒体公开道歉",
    "suspend_reflect": "停职反省",
    "persuade_resign": "劝其辞职",
}
SITUATIONS = ("inefficient", "irresponsible", "unlawful_decision", "lax", "business", "conduct")
PLAYED = """id: {id}
title: {{zh: {title}}}
source: S3 L75
given: {{clock: '2026-07-06 09:00', cast: standard}}
steps:
- {{open: {key}, by: 甲某, subject: 乙某, answers: {{summary: 局长瞒报, channel: CQ2}}}}
- {{do: ut_verification, by: 丙某, answers: {{established: "yes", found: 属实}}}}
- do: ut_investigation
  by: 丁某
  answers: {{facts: 瞒报, evidence: 值班记录, situation: irresponsible}}
- {{do: ut_defence, by: 丁某, answers: {{statement: 无异议, answered: 记录在案}}}}
- do: ut_decision
  by: 戊某
  answers: {{result: sanctioned, reasons: 瞒报突发事件, measures: [{measure}]}}
{then}
"""


@pytest.fixture
def designer(town: Town) -> FlaskClient:
    return town.visit(DESIGNER)


def table() -> str:
    """The seven situations of the text; the seventh is any other the government names."""
    rows = "".join(
        f'<rule id="r{number}"><inputEntry id="i{number}"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="o{number}"><text>{number}</text></outputEntry></rule>'
        for number, cell in enumerate((*(f'"{one}"' for one in SITUATIONS), "-"), start=1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" '
        'namespace="urn:wenze:decisions"><decision id="DT-CQ-1" name="问责情形">'
        '<decisionTable id="t" hitPolicy="FIRST"><input id="in" label="情形">'
        '<inputExpression id="e" typeRef="string"><text>situation</text></inputExpression></input>'
        f'<output id="out" label="类" name="kind" typeRef="number" />{rows}'
        "</decisionTable></decision></definitions>"
    )


def with_table(diagram: str) -> str:
    """Draw the consultation of the table between the defence and the decision."""
    task = (
        '<bpmn:businessRuleTask id="br_kind" name="查决策表：问责情形" '
        'camunda:decisionRef="DT-CQ-1" camunda:resultVariable="kind" '
        'camunda:mapDecisionResult="singleEntry"><bpmn:extensionElements><camunda:properties>'
        '<camunda:property name="article" value="S3 L75" /></camunda:properties>'
        "</bpmn:extensionElements></bpmn:businessRuleTask>"
        '<bpmn:sequenceFlow id="f_kind" sourceRef="br_kind" targetRef="ut_decision" />'
    )
    old = 'sourceRef="ut_defence" targetRef="ut_decision"'
    assert old in diagram
    drawn = diagram.replace(old, 'sourceRef="ut_defence" targetRef="br_kind"')
    return drawn.replace("</bpmn:process>", f"{task}</bpmn:process>")


def form_with(content: bytes, component: Mapping[str, object]) -> str:
    form = orjson.loads(content)
    form["components"].append(component)
    return orjson.dumps(form).decode()


@pytest.mark.slow
class TestChongqing:
    """P36: seven situations, seven measures, no periods of its own."""

    def test_it_is_made_in_the_browser_and_passes_its_checks(
        self, town: Town, designer: FlaskClient
    ) -> None:
        stages = dict.fromkeys(("verification", "defence", "service", "appeal"), "on")
        title = "政府部门行政首长问责"
        begun = {"way": "wizard", "procedure": P36, "title": title, "days": "15", **stages}
        draft = begin(town, designer, **begun)
        for number, channel in enumerate(CHANNELS, start=1):
            given = {"title": channel, "source": "S3 L75"}
            assert "已写入" in write(designer, draft, "channels", f"CQ{number}", number, **given)
        files = files_of(town, draft)
        values = [{"label": text, "value": code} for code, text in MEASURES.items()]
        hidden = {"hide": '=result != "sanctioned"'}
        measures = {
            "type": "checklist",
            "id": "field_measures",
            "key": "measures",
            "label": "处理方式",
            "values": values,
            "conditional": hidden,
            "validate": {"required": True},
        }
        asked: dict[str, object] = {
            "type": "select",
            "id": "field_channel",
            "key": "channel",
            "label": "线索渠道",
            "values": [
                {"label": text, "value": f"CQ{number}"}
                for number, text in enumerate(CHANNELS, start=1)
            ],
            "validate": {"required": True},
        }
        situation = {
            "type": "select",
            "id": "field_situation",
            "key": "situation",
            "label": "情形",
            "values": [{"label": one, "value": one} for one in (*SITUATIONS, "other")],
            "validate": {"required": True},
        }
        for path, component in (
            ("forms/start.form", asked),
            ("forms/decision.form", measures),
            ("forms/investigation.form", situation),
        ):
            told = save(designer, draft, path, form_with(files[path], component), 1)
            assert told.get_json()["findings"] == []
        told = save(designer, draft, "situations.dmn", table(), 0)
        assert told.get_json()["findings"] == []
        diagram = with_table(files[f"{P36}.bpmn"].decode())
        told = save(designer, draft, f"{P36}.bpmn", diagram, 1)
        assert told.get_json()["findings"] == []
        self._write_scenarios(town, designer, draft)
        assert checked(town, designer, draft) == "checked"
        page = designer.post(f"/designer/{draft}/submit", follow_redirects=True).text
        assert "已送审为第 1 版" in page

    def _write_scenarios(self, town: Town, designer: FlaskClient, draft: str) -> None:
        """SC-138 ends in one of the seven measures; SC-139 is refused, 撤职 is none of them."""
        for name in ("sanctioned", "no-action", "not-established"):
            path = f"scenarios/{name}.yaml"
            text = files_of(town, draft)[path].decode()
            text = text.replace(
                "evidence: 证据目录", "evidence: 证据目录, situation: other"
            ).replace("summary: 反映的问题", "summary: 反映的问题, channel: CQ1")
            text = text.replace("reasons: 事实清楚", "reasons: 事实清楚, measures: [circulate]")
            if name == "no-action":
                text = text.replace(", measures: [circulate]", "")
            assert save(designer, draft, path, text, 1).status_code == 200
        kept = "- then: {variables: {kind: 2, measures: [persuade_resign]}, open: [ut_service]}"
        for number, measure, then in (
            ("SC-138", "persuade_resign", kept),
            ("SC-139", "remove_from_office", "  refused: answers"),
        ):
            text = PLAYED.format(id=number, title=number, key=P36, measure=measure, then=then)
            path = f"scenarios/{number}.yaml"
            assert save(designer, draft, path, text, 0).status_code == 200
