"""The usual shape of accountability from a few questions: a folder that passes its checks.

Clue, verification, investigation, defence, decision, service, appeal, archive. What comes of it is
drawn further like any other draft. Nothing in it claims a source: every part says `proposed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import orjson
import yaml

from engine.publishing.folders import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

QUESTIONS = ("verification", "defence", "service", "appeal")
"""Stages that may be left out; investigation, decision and archive are always there."""

LONGEST = 999
USUAL_DAYS = 15
VERIFICATION, INVESTIGATION, DECISION = "verification", "investigation", "decision"
ROLES = {
    "intake_clerk": ("受理岗", "Intake clerk"),
    "verifier": ("核实人员", "Verifier"),
    "investigator": ("调查人员", "Investigator"),
    "decision_maker": ("决定机关", "Deciding organ"),
    "archivist": ("档案人员", "Archivist"),
}
NAMES = dict(zip(ROLES, ("甲某", "丙某", "丁某", "戊某", "己某"), strict=True))


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its one step.

    Attributes:
        role: Who does it.
        fields: What its form asks.
        answers: What a scenario answers.
        fact: Stated when it is done.
        days: The length of its deadline in working days; 0 for none.
    """

    key: str
    zh: str
    en: str
    role: str
    fields: tuple[dict[str, Any], ...]
    answers: Mapping[str, Any]
    fact: str
    days: int = 0


def usual_procedure(
    procedure: str, title: str, chosen: Mapping[str, bool], days: int = 0
) -> dict[str, bytes]:
    """Return the files of a procedure of the usual shape.

    Args:
        procedure: Its id, checked before.
        title: As a person typed it.
        chosen: Which of `QUESTIONS` are wanted.
        days: Working days for the investigation, 1 to 999; 15 if out of bounds.
    """
    days = days if 1 <= days <= LONGEST else USUAL_DAYS
    stages = [one for one in _stages(days) if one.key not in QUESTIONS or chosen.get(one.key)]
    letters = "".join(part[0] for part in procedure.split("-") if part[:1].isalpha()).upper()
    files = {
        RULES: _yaml(_rules(procedure, title, stages, letters)),
        f"{procedure}.bpmn": _diagram(procedure, title, stages, letters),
        "forms/start.form": _form("start", (_text("summary", "线索摘要"),)),
        "scenarios/cast.yaml": _yaml(_cast()),
    }
    files |= {f"forms/{one.key}.form": _form(one.key, one.fields) for one in stages}
    for name, body in _scenarios(procedure, stages):
        files[f"scenarios/{name}.yaml"] = _yaml(body)
    return files


def _stages(days: int) -> tuple[Stage, ...]:
    yes_no = (("是", "yes"), ("否", "no"))
    return (
        Stage(
            VERIFICATION,
            "初步核实",
            "Preliminary verification",
            "verifier",
            (_radio("established", "反映的问题是否基本属实", yes_no), _text("found", "核实情况")),
            {"established": "yes", "found": "基本属实"},
            "verified",
            10,
        ),
        Stage(
            INVESTIGATION,
            "调查",
            "Investigation",
            "investigator",
            (_text("facts", "查明的事实"), _text("evidence", "证据")),
            {"facts": "查明的事实", "evidence": "证据目录"},
            "investigation_reported",
            days,
        ),
        Stage(
            "defence",
            "听取陈述申辩",
            "Defence",
            "investigator",
            (_text("statement", "陈述申辩意见"), _text("answered", "采纳情况及理由")),
            {"statement": "无异议", "answered": "记录在案"},
            "defence_heard",
        ),
        Stage(
            DECISION,
            "作出决定",
            "Decision",
            "decision_maker",
            (
                _radio("result", "决定", (("问责", "sanctioned"), ("不予问责", "no_action"))),
                _text("reasons", "理由"),
            ),
            {"result": "sanctioned", "reasons": "事实清楚"},
            "decided",
        ),
        Stage(
            "service",
            "送达",
            "Service",
            "intake_clerk",
            (_text("received_by", "签收人"),),
            {"received_by": "乙某"},
            "served",
            5,
        ),
        Stage(
            "appeal",
            "申诉处理",
            "Appeal",
            "intake_clerk",
            (_radio("appealed", "是否申诉", yes_no), _text("appeal_result", "复查或者期满情况")),
            {"appealed": "no", "appeal_result": "期满未申诉"},
            "appeal_settled",
        ),
        Stage(
            "archive",
            "归档",
            "Archive",
            "archivist",
            (_text("volumes", "案卷目录"),),
            {"volumes": "卷一"},
            "archived",
        ),
    )


def _rules(procedure: str, title: str, stages: list[Stage], letters: str) -> dict[str, Any]:
    used = {"intake_clerk", *(one.role for one in stages)}
    roles: dict[str, Any] = {
        key: {"title": {"zh": zh, "en": en}, "scope": "authority"}
        for key, (zh, en) in ROLES.items()
        if key in used
    }
    subject = {"title": {"zh": "当事人", "en": "Subject"}, "scope": "participant"}
    roles["subject"] = {**subject, "outside": True}
    deadlines: dict[str, Any] = {}
    begins = "registered"
    for number, one in enumerate(stages, start=1):
        if one.days:
            deadlines[f"DL-{letters}-{number}"] = {
                "title": {"zh": f"{one.zh}期限", "en": one.en},
                "value": one.days,
                "unit": "working_days",
                "starts": begins,
                "ends": one.fact,
                "on_expiry": ["yellow_card"],
                "proposed": True,
            }
        begins = one.fact
    return {
        "id": procedure,
        "kind": "procedure",
        "title": {"zh": title},
        "summary": {"zh": title},
        "law": [{"id": "proposed", "title": {"zh": "平台默认（原文未写）"}}],
        "process": procedure,
        "number": {"series": "case", "rule": "{authority_short}〔{year}〕{n}号"},
        "start": {"form": "start", "roles": ["intake_clerk"], "fact": "registered"},
        "lanes": {},
        "roles": roles,
        "stages": [{"id": one.key, "title": {"zh": one.zh, "en": one.en}} for one in stages],
        "deadlines": deadlines,
        "outcomes": {
            "sanctioned": {"title": {"zh": "问责", "en": "Sanctioned"}},
            "no_action": {"title": {"zh": "不予问责", "en": "No action"}},
            "not_established": {"title": {"zh": "不属实", "en": "Not established"}},
        },
    }


def _cast() -> dict[str, Any]:
    people: dict[str, Any] = {
        NAMES[key]: {"unit": "机关", "title": zh, "roles": [key]} for key, (zh, _) in ROLES.items()
    }
    people["乙某"] = {"unit": "车间", "title": "干部"}
    return {
        "authority": {"name": "某机关", "short": "某"},
        "units": {"机关": "", "车间": "机关"},
        "people": people,
    }


def _scenarios(procedure: str, stages: list[Stage]) -> Iterator[tuple[str, dict[str, Any]]]:
    opened = {
        "open": procedure,
        "by": NAMES["intake_clerk"],
        "subject": "乙某",
        "answers": {"summary": "反映的问题"},
    }

    def played(name: str, title: str, *, until: str, outcome: str, **other: str) -> Any:
        steps: list[dict[str, Any]] = [opened]
        for one in stages:
            answers = {key: other.get(key, value) for key, value in one.answers.items()}
            steps.append({"do": f"ut_{one.key}", "by": NAMES[one.role], "answers": answers})
            if one.key == until:
                break
        steps.append({"then": {"open": [], "case": {"outcome": outcome}}})
        given = {"clock": "2026-03-02 09:00", "cast": "standard"}
        return name, {"id": name, "title": {"zh": title}, "given": given, "steps": steps}

    yield played("sanctioned", "问责到归档", until="", outcome="sanctioned")
    yield played("no-action", "不予问责", until="", outcome="no_action", result="no_action")
    if stages[0].key == VERIFICATION:
        yield played(
            "not-established",
            "核实不属实",
            until=VERIFICATION,
            outcome="not_established",
            established="no",
        )


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" \
xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
id="definitions" targetNamespace="urn:wenze:procedures">
"""
ROW, STEP, LEFT = 160, 150, 160


def _diagram(procedure: str, title: str, stages: list[Stage], letters: str) -> bytes:
    """Draw the stages on one row, the end of what is not established below its gateway."""
    body, shapes, edges = [], [], []
    x = LEFT
    shapes.append(_shape("start_case", x, ROW - 18, 36, 36))
    body.append('<bpmn:startEvent id="start_case" name="登记" />')
    last, right = "start_case", x + 36
    x += 90

    def flow(to: str, left: int, name: str = "", condition: str = "") -> None:
        key = f"f_{last}__{to}"
        inside = f"<bpmn:conditionExpression>={condition}</bpmn:conditionExpression>"
        named = f" name={quoteattr(name)}" if name else ""
        body.append(
            f'<bpmn:sequenceFlow id="{key}"{named} sourceRef="{last}" targetRef="{to}"'
            + (f">{inside}</bpmn:sequenceFlow>" if condition else " />")
        )
        edges.append(_edge(key, (right, ROW), (left, ROW)))

    for number, one in enumerate(stages, start=1):
        task = f"ut_{one.key}"
        flow(task, x, "是" if last == "gw_established" else "", _CONDITION.get(last, ""))
        deadline = {"deadline": f"DL-{letters}-{number}"} if one.days else {}
        properties = {"article": "proposed", "stage": one.key, "fact": one.fact, **deadline}
        body.append(
            f'<bpmn:userTask id="{task}" name="{one.zh}" camunda:formRef="{one.key}" '
            f'camunda:candidateGroups="{one.role}">{_extensions(properties)}</bpmn:userTask>'
        )
        shapes.append(_shape(task, x, ROW - 40, 100, 80))
        last, right = task, x + 100
        x += STEP
        if one.key == VERIFICATION:
            flow("gw_established", x)
            no = "f_gw_established__end_not_established"
            body += [
                f'<bpmn:exclusiveGateway id="gw_established" name="属实？" default="{no}" />',
                (
                    f'<bpmn:sequenceFlow id="{no}" name="否" sourceRef="gw_established" '
                    'targetRef="end_not_established" />'
                ),
                (
                    '<bpmn:endEvent id="end_not_established" name="不属实">'
                    f"{_extensions({'outcome': 'not_established'})}</bpmn:endEvent>"
                ),
            ]
            shapes += [
                _shape("gw_established", x, ROW - 25, 50, 50),
                _shape("end_not_established", x + 7, ROW + 90, 36, 36),
            ]
            edges.append(_edge(no, (x + 25, ROW + 25), (x + 25, ROW + 90)))
            last, right = "gw_established", x + 50
            x += 110
    flow("end_closed", x)
    body.append(
        f'<bpmn:endEvent id="end_closed" name="办结">{_extensions({"outcome": "=result"})}'
        "</bpmn:endEvent>"
    )
    shapes.append(_shape("end_closed", x, ROW - 18, 36, 36))
    drawn = (
        f'  <bpmn:process id="{procedure}" name={quoteattr(title)} isExecutable="true">\n    '
        + "\n    ".join(body)
        + '\n  </bpmn:process>\n  <bpmndi:BPMNDiagram id="diagram">\n'
        + f'    <bpmndi:BPMNPlane id="plane" bpmnElement="{procedure}">\n      '
        + "\n      ".join((*shapes, *edges))
        + "\n    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n</bpmn:definitions>\n"
    )
    return (_HEAD + drawn).encode()


_CONDITION = {"gw_established": 'established = "yes"'}


def _extensions(properties: Mapping[str, str]) -> str:
    inner = "".join(
        f'<camunda:property name="{name}" value="{value}" />' for name, value in properties.items()
    )
    return (
        "<bpmn:extensionElements><camunda:properties>"
        f"{inner}</camunda:properties></bpmn:extensionElements>"
    )


def _shape(element: str, x: int, y: int, width: int, height: int) -> str:
    return (
        f'<bpmndi:BPMNShape id="{element}_di" bpmnElement="{element}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" /></bpmndi:BPMNShape>'
    )


def _edge(flow: str, start: tuple[int, int], end: tuple[int, int]) -> str:
    points = "".join(f'<di:waypoint x="{x}" y="{y}" />' for x, y in (start, end))
    return f'<bpmndi:BPMNEdge id="{flow}_di" bpmnElement="{flow}">{points}</bpmndi:BPMNEdge>'


def _form(key: str, fields: tuple[dict[str, Any], ...]) -> bytes:
    form = {"type": "default", "id": key, "schemaVersion": 19, "components": list(fields)}
    return orjson.dumps(form, option=orjson.OPT_INDENT_2) + b"\n"


def _text(key: str, label: str) -> dict[str, Any]:
    needed = {"required": True, "maxLength": 5000}
    return {
        "type": "textarea",
        "id": f"field_{key}",
        "key": key,
        "label": label,
        "validate": needed,
    }


def _radio(key: str, label: str, values: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {
        "type": "radio",
        "id": f"field_{key}",
        "key": key,
        "label": label,
        "values": [{"label": text, "value": value} for text, value in values],
        "validate": {"required": True},
    }


def _yaml(data: Mapping[str, Any]) -> bytes:
    return yaml.safe_dump(
        dict(data), allow_unicode=True, sort_keys=False, default_flow_style=None, width=110
    ).encode()
