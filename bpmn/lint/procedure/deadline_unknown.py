"""A deadline that the diagram names is one of the procedure's."""

import re
from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.expressions import expressions_of
from bpmn.lint.procedure.facts import Facts, listed
from bpmn.reading import Diagram, Node

RULE = "deadline-unknown"

_DEADLINE = re.compile(r'deadline\s*\(\s*"([^"]*)"\s*\)')


def check(diagram: Diagram, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each deadline's key that the procedure does not declare."""
    for node in diagram.nodes():
        for key in _keys(diagram, node):
            if key not in facts.deadlines:
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"{title(node)} 引用的期限 {key} 未定义。"
                    "请在 procedure.yaml 的 deadlines 中定义。",
                    f"The deadline {key} that {title(node)} names is not defined. Define it in "
                    "procedure.yaml, deadlines.",
                )


def _keys(diagram: Diagram, node: Node) -> Iterator[str]:
    yield from (key for key in listed(node, "deadline") if not key.startswith("="))
    for found in expressions_of(diagram):
        if found.id == node.id:
            yield from _DEADLINE.findall(found.text)
