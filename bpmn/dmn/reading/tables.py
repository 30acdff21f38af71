"""Decision tables, from XML (DMN 1.5, chapter 8)."""

from enum import StrEnum
from typing import TypeVar

from bpmn.dmn.nodes import (
    Aggregation,
    HitPolicy,
    InputClause,
    Orientation,
    OutputClause,
    Place,
    Rule,
    RuleId,
    Source,
    Table,
)
from bpmn.dmn.reading.language import check_language
from bpmn.dmn.reading.markup import child, children, only, place_of, source_of, text_of
from bpmn.dmn.refusals import Findings
from bpmn.reading.markup import Element, element_id

Choice = TypeVar("Choice", bound=StrEnum)

CAMUNDA = "http://camunda.org/schema/1.0/dmn"
PARTS = frozenset({"input", "output", "annotation", "rule"})
RULE_PARTS = frozenset({"inputEntry", "outputEntry", "annotationEntry"})


def read_table(node: Element, findings: Findings) -> Table:
    """Return a decision table; a rule that is too short or too long is a finding."""
    only(node, PARTS, findings)
    place = place_of(node)
    inputs = tuple(_input(found, findings) for found in children(node, "input"))
    outputs = tuple(_output(found, findings) for found in children(node, "output"))
    table = Table(
        place=place,
        type_ref=node.get("typeRef"),
        hit_policy=_choice(HitPolicy, node, "hitPolicy", HitPolicy.UNIQUE, findings),
        aggregation=_aggregation(node, findings),
        orientation=_choice(Orientation, node, "preferredOrientation", Orientation.ROWS, findings),
        label=node.get("outputLabel", ""),
        inputs=inputs,
        outputs=outputs,
        annotations=tuple(found.get("name", "") for found in children(node, "annotation")),
        rules=tuple(
            _rule(found, number, (len(inputs), len(outputs)), findings)
            for number, found in enumerate(children(node, "rule"), start=1)
        ),
    )
    _check(table, findings)
    return table


def _source(node: Element | None, findings: Findings) -> Source | None:
    if node is None:
        return None
    check_language(node, findings)
    source = source_of(node)
    return source if source.text else None


def _input(node: Element, findings: Findings) -> InputClause:
    only(node, frozenset({"inputExpression", "inputValues"}), findings)
    expression = child(node, "inputExpression")
    source = _source(expression, findings)
    if source is None:
        findings.error(
            "dmn-input-without-expression",
            place_of(node),
            "决策表的输入列缺少表达式。请写明它读取什么。",
            "An input of the table has no expression. Say what it reads.",
        )
    return InputClause(
        id=node.get("id", ""),
        label=node.get("label", "") or ("" if source is None else source.text),
        source=source or Source("null", place_of(node)),
        type_ref=None if expression is None else expression.get("typeRef"),
        allowed=_source(child(node, "inputValues"), findings),
        variable=node.get(f"{{{CAMUNDA}}}inputVariable", ""),
    )


def _output(node: Element, findings: Findings) -> OutputClause:
    only(node, frozenset({"outputValues", "defaultOutputEntry"}), findings)
    return OutputClause(
        id=node.get("id", ""),
        name=" ".join(node.get("name", "").split()),
        label=node.get("label", "") or node.get("name", ""),
        type_ref=node.get("typeRef"),
        allowed=_source(child(node, "outputValues"), findings),
        default=_source(child(node, "defaultOutputEntry"), findings),
        place=place_of(node),
    )


def _rule(node: Element, number: int, expected: tuple[int, int], findings: Findings) -> Rule:
    only(node, RULE_PARTS, findings)
    inputs, outputs = (
        tuple(_entry(found, findings, empty) for found in children(node, name))
        for name, empty in (("inputEntry", "-"), ("outputEntry", "null"))
    )
    if (len(inputs), len(outputs)) != expected:
        findings.error(
            "dmn-rule-length",
            place_of(node),
            f"第 {number} 条规则有 {len(inputs)} 个输入格、{len(outputs)} 个输出格，"
            f"而表有 {expected[0]} 个输入列、{expected[1]} 个输出列。请补齐或删去。",
            f"Rule {number} has {len(inputs)} input and {len(outputs)} output entries, "
            f"the table {expected[0]} inputs and {expected[1]} outputs. Make them equal.",
        )
    return Rule(
        id=RuleId(node.get("id", "")),
        inputs=inputs,
        outputs=outputs,
        annotations=tuple(text_of(found) for found in children(node, "annotationEntry")),
        description=text_of(child(node, "description")),
        place=place_of(node),
    )


def _entry(node: Element, findings: Findings, empty: str) -> Source:
    check_language(node, findings)
    return source_of(node, empty)


def _choice(
    kind: type[Choice], node: Element, attribute: str, default: Choice, findings: Findings
) -> Choice:
    written = node.get(attribute)
    if written is None:
        return default
    try:
        return kind(written)
    except ValueError:
        choices = ", ".join(kind)
        findings.error(
            "dmn-unknown-value",
            Place(element_id(node), place_of(node).line),
            f"{attribute}=“{written}” 不存在，可用的有：{choices}。",
            f"There is no {attribute} {written!r}; there are: {choices}.",
        )
        return default


def _aggregation(node: Element, findings: Findings) -> Aggregation | None:
    if not node.get("aggregation"):
        return None
    return _choice(Aggregation, node, "aggregation", Aggregation.COUNT, findings)


def _check(table: Table, findings: Findings) -> None:
    if not table.outputs:
        findings.error(
            "dmn-table-without-output",
            table.place,
            "决策表没有输出列。请至少添加一列。",
            "The table has no output. Add at least one.",
        )
    if table.aggregation is not None and table.hit_policy is not HitPolicy.COLLECT:
        findings.error(
            "dmn-aggregation-without-collect",
            table.place,
            f"聚合 {table.aggregation} 只能与 COLLECT 同用，本表为 {table.hit_policy}。请改其一。",
            f"The aggregation {table.aggregation} goes with COLLECT only, "
            f"and this table is {table.hit_policy}. Change one of the two.",
        )
    if len(table.outputs) < 2:  # noqa: PLR2004 - several outputs begin at two
        return
    if table.aggregation not in (None, Aggregation.COUNT):
        findings.error(
            "dmn-aggregation-of-several",
            table.place,
            f"聚合 {table.aggregation} 只适用于单一输出列的表。请拆分决策表。",
            f"The aggregation {table.aggregation} is for tables with one output. Split the table.",
        )
    names = [output.name for output in table.outputs]
    for output in table.outputs:
        if not output.name or names.count(output.name) > 1:
            findings.error(
                "dmn-output-name",
                output.place,
                "多输出决策表的每一列都须有各不相同的名称。请为输出列命名。",
                "Each output of a table with several needs a name of its own. Name the output.",
            )
