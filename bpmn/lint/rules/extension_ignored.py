"""What an extension asks for happens, or its author is told that it does not."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, title, warning
from bpmn.reading import Diagram, Node

RULE = "extension-ignored"

# What the platform reads, and what changes nothing where every step is a transaction of its own.
_ATTRIBUTES = frozenset(
    {
        "assignee",
        "asyncAfter",
        "asyncBefore",
        "calledElementBinding",
        "calledElementVersion",
        "calledElementVersionTag",
        "candidateGroups",
        "candidateUsers",
        "collection",
        "decisionRef",
        "decisionRefBinding",
        "dueDate",
        "elementVariable",
        "errorCodeVariable",
        "errorMessageVariable",
        "escalationCodeVariable",
        "exclusive",
        "followUpDate",
        "formKey",
        "formRef",
        "formRefBinding",
        "formRefVersion",
        "initiator",
        "mapDecisionResult",
        "modelerTemplate",
        "modelerTemplateVersion",
        "priority",
        "resultVariable",
        "taskPriority",
        "topic",
        "type",
    }
)
# Refused as code by a rule of its own.
_CODE = frozenset(
    {
        "class",
        "delegateExpression",
        "expression",
        "resource",
        "taskListener",
        "variableMappingClass",
        "variableMappingDelegateExpression",
    }
)
_CODE_ELEMENTS = frozenset({"executionListener", "taskListener", "connector", "script", "field"})


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a warning for each extension that has no effect here."""
    for node in diagram.nodes():
        for what in _ignored(node):
            yield warning(
                diagram,
                RULE,
                node,
                f"{title(node)} 的 {what} 在本平台不起作用。请删去，或改用所支持的写法。",
                f"{what} of {title(node)} has no effect here. Remove it, or use what is supported.",
            )


def _ignored(node: Node) -> Iterator[str]:
    for attribute in node.camunda:
        if attribute not in _ATTRIBUTES | _CODE:
            yield f"camunda:{attribute}"
    for extension in dict.fromkeys(node.extensions):
        if extension not in _CODE_ELEMENTS:
            yield f"camunda:{extension}"
