"""Element templates of the modeller, made of a procedure's own roles, forms, deadlines, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from bpmn import dmn
from engine.model.procedures import ProcedureFault
from engine.publishing.folders import RULES
from engine.workflow.versions import rules_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from engine.model.procedure_rules import ProcedureRules

_RESULT = "camunda:resultVariable"
SCHEMA = "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json"
"""A name only; nothing is fetched. Camunda 7's flavour, as the Modeler reads it."""

WORDS = {
    "zh": {
        "category": "问责程序",
        "work": "办理要求",
        "papers": "表单与文书",
        "name": "名称",
        "role": "承办角色",
        "lane": "（按泳道）",
        "form": "表单",
        "none": "（无）",
        "deadline": "期限",
        "fact": "办结时登记的事实",
        "article": "依据",
        "stage": "阶段",
        "document": "文书",
        "act": "办理方式",
        "task": "办理任务",
        "task_of": "{title}（期限 {key}）",
        "paper_task": "签发文书：{title}",
        "calls": "公共子流程：{title}",
        "called": "调用的流程",
        "table": "查决策表：{title}",
        "result": "结论存入变量",
        "missing": "请填写依据；原文未写的填 proposed",
    },
    "en": {
        "category": "Accountability",
        "work": "What is to be done",
        "papers": "Form and papers",
        "name": "Name",
        "role": "Role that does it",
        "lane": "(by its lane)",
        "form": "Form",
        "none": "(none)",
        "deadline": "Deadline",
        "fact": "Fact stated when done",
        "article": "Ground",
        "stage": "Stage",
        "document": "Paper",
        "act": "What completing means",
        "task": "Task",
        "task_of": "{title} (deadline {key})",
        "paper_task": "Issue a paper: {title}",
        "calls": "Shared procedure: {title}",
        "called": "Procedure that is called",
        "table": "Consult a table: {title}",
        "result": "Variable that gets the conclusion",
        "missing": "Give its ground, or proposed where the text is silent",
    },
}


def element_templates(
    files: Mapping[str, bytes],
    *,
    shared: Mapping[str, ProcedureRules] | None = None,
    language: str = "zh",
) -> list[dict[str, Any]]:
    """Return the templates of a draft, as the modeller takes them; none while its rules are broken.

    A task, a task for each deadline and one for each paper that is issued, a consultation of
    each decision table, a call of each shared procedure. A template binds the key of a
    deadline, never a number of days.

    Args:
        files: Of the draft, by path below the folder.
        shared: The rules of the shared procedures, by their ids.
        language: In which it is shown, zh or en.
    """
    words = WORDS["en" if language == "en" else "zh"]
    try:
        rules = rules_in(files.get(RULES, b""))
    except (ProcedureFault, yaml.YAMLError, UnicodeDecodeError, AttributeError, TypeError):
        return []
    forms = sorted(
        path.removeprefix("forms/").removesuffix(".form")
        for path in files
        if path.startswith("forms/") and path.endswith(".form")
    )
    offer = _Offer(rules, forms, words, language)
    return [
        offer.task("wenze.task", words["task"]),
        *(
            offer.task(
                f"wenze.task.{key}",
                words["task_of"].format(title=rule.title.say(language), key=key),
                deadline=str(key),
                fact=str(rule.ends or ""),
            )
            for key, rule in rules.deadlines.items()
        ),
        *(
            offer.task(
                f"wenze.issue.{key}",
                words["paper_task"].format(title=paper.title.say(language)),
                document=str(key),
                act="issue_document",
            )
            for key, paper in rules.documents.items()
        ),
        *(offer.table(key, title) for key, title in _decisions(files)),
        *(offer.call(key, one) for key, one in sorted((shared or {}).items())),
    ]


class _Offer:
    """Makes the templates of one procedure."""

    def __init__(
        self, rules: ProcedureRules, forms: list[str], words: Mapping[str, str], language: str
    ) -> None:
        self.rules = rules
        self.forms = forms
        self.words = words
        self.language = language

    def task(
        self,
        template: str,
        name: str,
        *,
        deadline: str = "",
        fact: str = "",
        document: str = "",
        act: str = "",
    ) -> dict[str, Any]:
        """Return the template of a user task."""
        rules, words, said = self.rules, self.words, self.language
        roles = [(words["lane"], ""), *_named(rules.roles, said)]
        forms = [(one, one) for one in self.forms]
        properties = [
            _field(words["name"], name.partition("（")[0].partition(" (")[0], "name", "work"),
            _choice(words["role"], "", "camunda:candidateGroups", roles, "work"),
            _extension(words["article"], "proposed", "article", "work", words["missing"]),
            _extension_of(
                words["deadline"],
                deadline,
                "deadline",
                [(words["none"], ""), *((f"{t} {k}", k) for t, k in _named(rules.deadlines, said))],
                "work",
            ),
            _extension(words["fact"], fact, "fact", "work"),
            _extension_of(
                words["stage"],
                "",
                "stage",
                [(words["none"], ""), *((one.title.say(said), one.id) for one in rules.stages)],
                "work",
            ),
            _choice(
                words["form"],
                forms[0][1] if forms else "",
                "camunda:formRef",
                forms or [(words["none"], "")],
                "papers",
            ),
        ]
        if document:
            papers = _named(rules.documents, said)
            properties += [
                _extension_of(words["document"], document, "document", papers, "papers"),
                _hidden("act", act),
            ]
        return {
            **self._head(template, name),
            "appliesTo": ["bpmn:Task", "bpmn:UserTask"],
            "elementType": {"value": "bpmn:UserTask"},
            "groups": [
                {"id": "work", "label": words["work"]},
                {"id": "papers", "label": words["papers"]},
            ],
            "properties": properties,
        }

    def table(self, key: str, title: str) -> dict[str, Any]:
        """Return the template of a business rule task that consults a decision table."""
        words = self.words
        name = words["table"].format(title=title)
        return {
            **self._head(f"wenze.table.{key}", name),
            "appliesTo": ["bpmn:Task", "bpmn:BusinessRuleTask"],
            "elementType": {"value": "bpmn:BusinessRuleTask"},
            "groups": [{"id": "work", "label": words["work"]}],
            "properties": [
                _field(words["name"], name, "name", "work"),
                _extension(words["article"], "proposed", "article", "work", words["missing"]),
                _field(words["result"], key.lower().replace("-", "_"), _RESULT, "work"),
                _fixed("camunda:decisionRef", key),
                _fixed("camunda:decisionRefBinding", "deployment"),
                _fixed("camunda:mapDecisionResult", "singleEntry"),
            ],
        }

    def call(self, key: str, called: ProcedureRules) -> dict[str, Any]:
        """Return the template of a call activity."""
        words = self.words
        title = called.title.say(self.language)
        return {
            **self._head(f"wenze.call.{key}", words["calls"].format(title=title)),
            "appliesTo": ["bpmn:Task", "bpmn:CallActivity"],
            "elementType": {"value": "bpmn:CallActivity"},
            "groups": [{"id": "work", "label": words["work"]}],
            "properties": [
                _field(words["name"], title, "name", "work"),
                {**_field(words["called"], key, "calledElement", "work"), "editable": False},
                _extension(words["article"], "proposed", "article", "work", words["missing"]),
            ],
        }

    def _head(self, template: str, name: str) -> dict[str, Any]:
        return {
            "$schema": SCHEMA,
            "id": template,
            "name": name,
            "version": 1,
            "category": {"id": "wenze", "name": self.words["category"]},
            "entriesVisible": True,
        }


def _named(parts: Mapping[Any, Any], language: str) -> list[tuple[str, str]]:
    return [(one.title.say(language), str(key)) for key, one in parts.items()]


def _field(label: str, value: str, name: str, group: str) -> dict[str, Any]:
    return {
        "label": label,
        "type": "String",
        "value": value,
        "group": group,
        "binding": {"type": "property", "name": name},
        "constraints": {"notEmpty": True},
    }


def _choice(
    label: str, value: str, name: str, choices: Iterable[tuple[str, str]], group: str
) -> dict[str, Any]:
    return {
        "label": label,
        "type": "Dropdown",
        "value": value,
        "choices": _choices(choices),
        "group": group,
        "binding": {"type": "property", "name": name},
    }


def _extension(
    label: str, value: str, name: str, group: str, description: str = ""
) -> dict[str, Any]:
    return {
        "label": label,
        **({"description": description} if description else {}),
        "type": "String",
        "value": value,
        "group": group,
        "binding": {"type": "camunda:property", "name": name},
    }


def _extension_of(
    label: str, value: str, name: str, choices: Iterable[tuple[str, str]], group: str
) -> dict[str, Any]:
    return {
        **_extension(label, value, name, group),
        "type": "Dropdown",
        "choices": _choices(choices),
    }


def _fixed(name: str, value: str) -> dict[str, Any]:
    return {"type": "Hidden", "value": value, "binding": {"type": "property", "name": name}}


def _decisions(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield the tables of a draft, key and name; files that cannot be read give none."""
    tables = {path: content for path, content in files.items() if path.endswith(".dmn")}
    for path, content in sorted(tables.items()):
        others = {name: data for name, data in tables.items() if name != path}
        try:
            model = dmn.read_decisions(content, name=path, imports=others)
        except dmn.DecisionRefused:
            continue
        for key, decision in model.decisions.items():
            if dmn.table_view(decision) is not None:
                yield key, decision.name or key


def _hidden(name: str, value: str) -> dict[str, Any]:
    return {
        "type": "Hidden",
        "value": value,
        "binding": {"type": "camunda:property", "name": name},
    }


def _choices(choices: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in choices]
