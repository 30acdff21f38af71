"""What an extension asks for happens, or its author is told that it does not."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, title, warning
from bpmn.reading import BPMN, Diagram, Node

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
# BPMN's own ways to say who does the work and to whom a message belongs; Camunda's are read.
_PLAIN = (
    "resourceRole",
    "performer",
    "humanPerformer",
    "potentialOwner",
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
    for process in diagram.processes.values():
        for _drawn in process.element.iterchildren(f"{{{BPMN}}}correlationSubscription"):
            yield warning(
                diagram,
                RULE,
                process,
                f"流程 {process.id} 的 correlationSubscription 在本平台不起作用。"
                "请删去，并改用 camunda:in 的 businessKey。",
                f"correlationSubscription of process {process.id} has no effect here. Remove it, "
                "and map the businessKey with camunda:in.",
            )


def _ignored(node: Node) -> Iterator[str]:
    for attribute in node.camunda:
        if attribute not in _ATTRIBUTES | _CODE:
            yield f"camunda:{attribute}"
    for child in node.element.iterchildren(*(f"{{{BPMN}}}{name}" for name in _PLAIN)):
        yield str(child.tag).rpartition("}")[2]
    for extension in dict.fromkeys(node.extensions):
        if extension not in _CODE_ELEMENTS:
            yield f"camunda:{extension}"
