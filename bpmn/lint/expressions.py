"""Every expression that a diagram holds, with its place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpmn.lint.context import Located
from bpmn.lint.timers import looks_like_literal
from bpmn.reading import CallMapping, Diagram, EventDefinition, Node, Parameter, loop_events

# Attributes that hold a value: literal, or FEEL where they begin with `=` (or `${…}`).
_VALUES = (
    "assignee",
    "candidateGroups",
    "candidateUsers",
    "dueDate",
    "followUpDate",
    "formRef",
    "priority",
    "topic",
    "decisionRef",
)


@dataclass(frozen=True, slots=True)
class Found:
    """An expression in a diagram.

    Attributes:
        id: The id of the element that it belongs to.
        line: The line of the element, or of the part that holds the expression.
        text: As it was written.
        where: The part that holds it: 'condition', 'timeDuration', 'camunda:assignee' …
        reads_payload: It is read in the scope of what was called, whose names are not known here.
    """

    id: str
    line: int
    text: str
    where: str
    reads_payload: bool = False

    @property
    def feel(self) -> str:
        """The text without the `=` by which a value is marked as an expression."""
        return self.text.removeprefix("=").strip()

    @property
    def is_camunda(self) -> bool:
        """It is an expression of Camunda 7, `${…}`, to be read through the translator."""
        return _is_camunda(self.text)


def expressions_of(diagram: Diagram) -> Iterator[Found]:
    """Yield every expression of the diagram in document order."""
    for process in diagram.processes.values():
        yield from _values(process, "camunda:property", process.properties.values())
        for node in process.nodes.values():
            yield from _of_node(node)
        for flow in process.flows.values():
            if flow.condition is not None:
                yield Found(flow.id, flow.line, flow.condition, "condition")


def written_by(diagram: Diagram) -> frozenset[str]:
    """Return the variables that the diagram itself brings into being."""
    return frozenset(name for node in diagram.nodes() for name in _written(node) if name)


def _of_node(node: Node) -> Iterator[Found]:
    yield from _values(node, "name", [node.name])
    for attribute in _VALUES:
        yield from _values(node, f"camunda:{attribute}", [node.camunda.get(attribute, "")])
    yield from _values(node, "camunda:property", node.properties.values())
    for definition in node.event_definitions:
        yield from _of_definition(node, definition)
    yield from _of_loop(node)
    for mapping in (*node.ins, *node.outs):
        yield from _of_mapping(node, mapping)
    for parameter in (*node.input_parameters, *node.output_parameters):
        yield from _of_parameter(node, parameter)


def _of_definition(node: Node, definition: EventDefinition) -> Iterator[Found]:
    text = definition.text
    if definition.kind == "conditional":
        yield Found(node.id, definition.line, text, "condition")
    elif definition.kind == "timer" and text and not looks_like_literal(text):
        yield Found(node.id, definition.line, text, definition.timer)


def _of_loop(node: Node) -> Iterator[Found]:
    if node.loop is None:
        return
    parts = {
        "loopCardinality": node.loop.cardinality,
        "collection": node.loop.collection,
        "completionCondition": node.loop.completion,
        "loopCondition": node.loop.condition,
    }
    for where, text in parts.items():
        if text:
            yield Found(node.id, node.loop.line, text, where)
    for event in loop_events(node.loop):
        if event.when == "Complex" and event.definition is not None:
            yield Found(node.id, node.loop.line, event.condition, "complexBehaviorDefinition")


def _of_mapping(node: Node, mapping: CallMapping) -> Iterator[Found]:
    if mapping.expression:
        leads_out = mapping in node.outs  # read in the scope of what was called
        yield Found(node.id, mapping.line, mapping.expression, "sourceExpression", leads_out)
    yield from _values(node, "businessKey", [mapping.business_key])


def _of_parameter(node: Node, parameter: Parameter) -> Iterator[Found]:
    texts = (parameter.text, *(text for _, text in parameter.children))
    for found in _values(node, f"parameter {parameter.name}", texts):
        leads_out = parameter in node.output_parameters
        yield Found(found.id, parameter.line, found.text, found.where, leads_out)


def _values(at: Located, where: str, texts: Iterable[str]) -> Iterator[Found]:
    for text in texts:
        if text.startswith("=") or _is_camunda(text):
            yield Found(at.id, at.line, text, where)


def _is_camunda(text: str) -> bool:
    return "${" in text or "#{" in text


def _written(node: Node) -> Iterator[str]:
    for part in (node.camunda, *(definition.camunda for definition in node.event_definitions)):
        for attribute, value in part.items():
            if attribute.endswith("Variable"):  # resultVariable, errorCodeVariable …
                yield value
    if node.loop is not None:
        yield node.loop.element_variable
        yield node.properties.get("outputCollection") or f"{node.id}_results"
    yield from (mapping.target for mapping in (*node.ins, *node.outs))
    yield from (p.name for p in (*node.input_parameters, *node.output_parameters))
