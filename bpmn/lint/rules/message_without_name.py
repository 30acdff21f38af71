"""A message, a signal, an error is known by its name or code."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import Context, error, title
from bpmn.reading import Diagram

RULE = "message-without-name"

_ZH = {"message": "消息", "signal": "信号"}


def check(diagram: Diagram, _: Context) -> Iterator[Finding]:
    """Yield a finding for each declared message or signal that has no name, and unnamed links."""
    declared = (("message", diagram.messages), ("signal", diagram.signals))
    for kind, found in declared:
        for item in found.values():
            if not item.name.strip():
                yield error(
                    diagram,
                    RULE,
                    item,
                    f"{_ZH[kind]} {item.id} 没有名称，无法送达。请填写 name。",
                    f"The {kind} {item.id} has no name, so that nothing can reach it. Name it.",
                )
    for node in diagram.nodes():
        for definition in node.event_definitions:
            if definition.kind == "link" and not definition.name.strip():
                yield error(
                    diagram,
                    RULE,
                    node,
                    f"链接事件 {title(node)} 没有名称，无法配对。请填写 name。",
                    f"The link event {title(node)} has no name to be paired by. Name it.",
                )
