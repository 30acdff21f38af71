"""What the schema allows and no diagram can do with: things without an id, too many things."""

from bpmn.findings import Finding, Severity
from bpmn.reading.diagram import DATA_TYPES, NODE_TYPES
from bpmn.reading.markup import BPMN, Element, element_id, line_of, local_name

MAX_ELEMENTS = 5_000
_NEED_AN_ID = (
    NODE_TYPES
    | DATA_TYPES
    | {"process", "sequenceFlow", "lane", "message", "signal", "error", "escalation"}
    | {"participant", "messageFlow", "collaboration"}
)


def nameless(root: Element, name: str) -> list[Finding]:
    """Return what has no id and needs one: the schema asks for none, and all else refers to it."""
    return [
        Finding(
            Severity.ERROR,
            "missing-id",
            name,
            element_id(element),
            line_of(element),
            f"第 {line_of(element)} 行的 {local_name(element)} 没有 id。请在建模工具中补上。",
            f"The {local_name(element)} on line {line_of(element)} has no id. Give it one.",
        )
        for element in root.iter(f"{{{BPMN}}}*")
        if local_name(element) in _NEED_AN_ID and not element.get("id")
    ]


def too_many(root: Element, name: str) -> list[Finding]:
    """Return a refusal of a diagram that nobody can have drawn: its checks would cost too much."""
    count = sum(1 for element in root.iter(f"{{{BPMN}}}*") if element.get("id"))
    if count <= MAX_ELEMENTS:
        return []
    return [
        Finding(
            Severity.ERROR,
            "size",
            name,
            "",
            line_of(root),
            f"图中有 {count} 个元素，上限为 {MAX_ELEMENTS} 个。请用调用活动拆分流程图。",
            f"The diagram has {count} elements; at most {MAX_ELEMENTS} are accepted. "
            "Split it by call activities.",
        )
    ]
