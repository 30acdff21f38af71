"""A diagram carries no code: no scripts, no classes, no listeners, no connectors."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.reading import Diagram, Node

RULE = "code-refused"

# Camunda's attributes that name Java code or an expression with effects.
_ATTRIBUTES = (
    "class",
    "delegateExpression",
    "expression",
    "resource",
    "variableMappingClass",
    "variableMappingDelegateExpression",
    "taskListener",
)
_EXTENSIONS = ("executionListener", "taskListener", "connector", "script", "field")


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each place where the diagram carries code."""
    for process in diagram.processes.values():
        for extension in process.extensions:
            if extension in _EXTENSIONS:
                yield error(
                    diagram,
                    RULE,
                    process,
                    f"流程 {process.id} 带有 camunda:{extension}，本平台不执行代码。请删去。",
                    f"Process {process.id} has camunda:{extension}; code is not run. Remove it.",
                )
        for node in process.nodes.values():
            for what in _code(node):
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"{title(node)} 带有 {what}，本平台不执行代码。"
                    "请改用 FEEL 表达式、决策表或外部服务任务（camunda:topic）。",
                    f"{title(node)} has {what}; code is not run. Use a FEEL expression, "
                    "a decision table or an external service task (camunda:topic).",
                )


def _code(node: Node) -> Iterator[str]:
    if node.type == "scriptTask":
        yield "script"
    attributes = (node.camunda, *(definition.camunda for definition in node.event_definitions))
    yield from (f"camunda:{a}" for found in attributes for a in _ATTRIBUTES if a in found)
    yield from (f"camunda:{extension}" for extension in node.extensions if extension in _EXTENSIONS)
    for parameter in (*node.input_parameters, *node.output_parameters):
        if parameter.kind == "script":
            yield f"camunda:script ({parameter.name})"
