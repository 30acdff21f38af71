"""From the parsed XML to a `Diagram`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from bpmn.findings import DiagramRefused, Finding, Severity
from bpmn.reading.diagram import (
    NODE_TYPES,
    SUBPROCESS_TYPES,
    CallMapping,
    Collaboration,
    DataItem,
    Declared,
    Diagram,
    EventDefinition,
    Flow,
    FlowId,
    Lane,
    Loop,
    MessageFlow,
    Node,
    NodeId,
    Parameter,
    Participant,
    Process,
    ProcessId,
)
from bpmn.reading.markup import BPMN, CAMUNDA, Element, element_id, line_of, local_name, parse_xml
from bpmn.reading.schema import schema_findings

_DATA_TYPES = frozenset({"dataObject", "dataObjectReference", "dataStoreReference"})
_TRUE = ("true", "1")
_REF_ATTRIBUTES = ("messageRef", "signalRef", "errorRef", "escalationRef", "activityRef")
_NEED_AN_ID = (
    NODE_TYPES
    | _DATA_TYPES
    | {"process", "sequenceFlow", "lane", "message", "signal", "error", "escalation"}
    | {"participant", "messageFlow", "collaboration"}
)
_KNOWN_EXTENSIONS = frozenset({"properties", "in", "out", "inputOutput"})


def read_diagram(content: bytes, *, name: str) -> Diagram:
    """Return the diagram that `content` holds.

    Args:
        content: The bytes of a `.bpmn` file; they are kept as they are.
        name: The name by which findings call the file.

    Raises:
        DiagramRefused: It is not safe XML, no BPMN, or not valid by the OMG's schema.
    """
    root = parse_xml(content, name=name)
    if root.tag != f"{{{BPMN}}}definitions":
        raise DiagramRefused(
            [
                Finding(
                    Severity.ERROR,
                    "not-bpmn",
                    name,
                    element_id(root),
                    line_of(root),
                    f"根元素是 {local_name(root)}，不是 definitions。请上传 BPMN 2.0 文件。",
                    f"The root is {local_name(root)}, not the definitions of BPMN 2.0. "
                    "Give a .bpmn file.",
                )
            ]
        )
    findings = schema_findings(root, name) or _nameless(root, name)
    if findings:
        raise DiagramRefused(findings)
    return _Builder(root).diagram(content, name)


def _nameless(root: Element, name: str) -> list[Finding]:
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


class _Drawn(NamedTuple):
    """An element and the scope that it is drawn in."""

    element: Element
    scope: str


class _Builder:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.shared_events = {
            node.get("id", ""): node
            for node in _children(root)
            if local_name(node).endswith("EventDefinition")
        }

    def diagram(self, content: bytes, name: str) -> Diagram:
        processes: dict[str, Process] = {
            p.id: p for p in map(self._process, _all(self.root, "process"))
        }
        lanes: dict[str, str] = {
            n.id: n.lane for p in processes.values() for n in p.nodes.values() if n.lane
        }
        return Diagram(
            name=name,
            content=content,
            root=self.root,
            digest=sha256(content).hexdigest(),
            processes=MappingProxyType(processes),
            messages=self._declared("message"),
            signals=self._declared("signal"),
            errors=self._declared("error", "errorCode"),
            escalations=self._declared("escalation", "escalationCode"),
            collaboration=self._collaboration(),
            lanes=MappingProxyType(lanes),
        )

    def _declared(self, tag: str, code: str | None = None) -> Mapping[str, Declared]:
        return MappingProxyType(
            {
                node.get("id", ""): Declared(
                    node.get("id", ""),
                    node.get("name", ""),
                    node.get(code, "") if code else "",
                    line_of(node),
                )
                for node in _all(self.root, tag)
            }
        )

    def _collaboration(self) -> Collaboration | None:
        node = _first(self.root, "collaboration")
        if node is None:
            return None
        return Collaboration(
            id=node.get("id", ""),
            participants=tuple(
                Participant(
                    p.get("id", ""),
                    p.get("name", ""),
                    _local_ref(p.get("processRef", "")),
                    line_of(p),
                )
                for p in _all(node, "participant")
            ),
            message_flows=tuple(
                MessageFlow(
                    f.get("id", ""),
                    f.get("name", ""),
                    _local_ref(f.get("sourceRef", "")),
                    _local_ref(f.get("targetRef", "")),
                    line_of(f),
                )
                for f in _all(node, "messageFlow")
            ),
        )

    def _process(self, element: Element) -> Process:
        process = ProcessId(element.get("id", ""))
        drawn = list(_drawn(element, process))
        defaults = {d.element.get("default") for d in drawn} - {None}
        flows: dict[str, Flow] = {
            flow.id: flow
            for flow in (
                _flow(d, defaults) for d in drawn if local_name(d.element) == "sequenceFlow"
            )
        }
        lanes = tuple(_lanes(element, process))
        nodes = {
            node.id: node
            for node in (
                self._node(d, process, flows) for d in drawn if local_name(d.element) in NODE_TYPES
            )
        }
        executable = element.get("isExecutable")
        return Process(
            id=process,
            name=element.get("name", ""),
            line=line_of(element),
            is_executable=None if executable is None else executable in _TRUE,
            documentation=_documentation(element),
            camunda=_camunda(element),
            properties=_properties(element),
            extensions=_extensions(element),
            nodes=MappingProxyType(_in_lanes(nodes, lanes)),
            flows=MappingProxyType(flows),
            data=MappingProxyType(
                {
                    d.element.get("id", ""): DataItem(
                        d.element.get("id", ""),
                        local_name(d.element),
                        d.element.get("name", ""),
                        d.scope,
                        line_of(d.element),
                    )
                    for d in drawn
                    if local_name(d.element) in _DATA_TYPES
                }
            ),
            lanes=lanes,
            element=element,
        )

    def _node(self, drawn: _Drawn, process: ProcessId, flows: Mapping[str, Flow]) -> Node:
        element = drawn.element
        node = NodeId(element.get("id", ""))
        ins, outs = _call_mappings(element)
        return Node(
            id=node,
            type=local_name(element),
            name=element.get("name", ""),
            line=line_of(element),
            process=process,
            scope=drawn.scope,
            incoming=tuple(flow.id for flow in flows.values() if flow.target == node),
            outgoing=tuple(flow.id for flow in flows.values() if flow.source == node),
            documentation=_documentation(element),
            attributes=MappingProxyType(
                {str(k): str(v) for k, v in element.attrib.items() if not str(k).startswith("{")}
            ),
            camunda=_camunda(element),
            properties=_properties(element),
            attached_to=_local_ref(element.get("attachedToRef", "")),
            cancel_activity=element.get("cancelActivity", "true") in _TRUE,
            called_element=_local_ref(element.get("calledElement", "")),
            event_definitions=tuple(self._event_definitions(element)),
            loop=_loop(element),
            ins=ins,
            outs=outs,
            input_parameters=_parameters(element, "inputParameter"),
            output_parameters=_parameters(element, "outputParameter"),
            extensions=_extensions(element),
            lane="",
            element=element,
        )

    def _event_definitions(self, element: Element) -> Iterator[EventDefinition]:
        for child in _children(element):
            tag = local_name(child)
            if tag == "eventDefinitionRef":
                shared = self.shared_events.get(_local_ref(child.text or ""))
                if shared is not None:
                    yield _event_definition(shared)
            elif tag.endswith("EventDefinition"):
                yield _event_definition(child)


def _drawn(element: Element, scope: str) -> Iterator[_Drawn]:
    for child in _children(element):
        yield _Drawn(child, scope)
        if local_name(child) in SUBPROCESS_TYPES:
            yield from _drawn(child, child.get("id", ""))


def _flow(drawn: _Drawn, defaults: set[str | None]) -> Flow:
    element = drawn.element
    condition = _first(element, "conditionExpression")
    return Flow(
        id=FlowId(element.get("id", "")),
        name=element.get("name", ""),
        source=NodeId(_local_ref(element.get("sourceRef", ""))),
        target=NodeId(_local_ref(element.get("targetRef", ""))),
        condition=None if condition is None else _text(condition),
        language=None if condition is None else condition.get("language"),
        is_default=element.get("id") in defaults,
        scope=drawn.scope,
        line=line_of(element),
        element=element,
    )


def _event_definition(element: Element) -> EventDefinition:
    kind = local_name(element).removesuffix("EventDefinition")
    timer, text = "", ""
    for child in _children(element):
        tag = local_name(child)
        if tag in ("timeDate", "timeDuration", "timeCycle"):
            timer, text = tag, _text(child)
        elif tag == "condition":
            text = _text(child)
    return EventDefinition(
        kind=kind,
        id=element.get("id", ""),
        ref=next((_local_ref(element.get(a, "")) for a in _REF_ATTRIBUTES if element.get(a)), ""),
        name=element.get("name", ""),
        timer=timer,
        text=text,
        camunda=_camunda(element),
        line=line_of(element),
        element=element,
    )


def _loop(element: Element) -> Loop | None:
    standard = _first(element, "standardLoopCharacteristics")
    several = _first(element, "multiInstanceLoopCharacteristics")
    found = standard if several is None else several
    if found is None:
        return None
    maximum = found.get("loopMaximum")
    input_item = _first(found, "inputDataItem")
    if several is None:
        kind = "standard"
    else:
        kind = "sequential" if found.get("isSequential") in _TRUE else "parallel"
    return Loop(
        kind=kind,
        cardinality=_child_text(found, "loopCardinality"),
        collection=found.get(f"{{{CAMUNDA}}}collection")
        or _local_ref(_child_text(found, "loopDataInputRef")),
        element_variable=found.get(f"{{{CAMUNDA}}}elementVariable", "")
        or ("" if input_item is None else input_item.get("name", "") or input_item.get("id", "")),
        completion=_child_text(found, "completionCondition"),
        condition=_child_text(found, "loopCondition"),
        test_before=found.get("testBefore") in _TRUE,
        maximum=int(maximum) if maximum else None,
        line=line_of(found),
        element=found,
    )


def _call_mappings(element: Element) -> tuple[tuple[CallMapping, ...], tuple[CallMapping, ...]]:
    found: dict[str, list[CallMapping]] = {"in": [], "out": []}
    for child in _extension_elements(element):
        tag = local_name(child)
        if tag in found:
            found[tag].append(
                CallMapping(
                    source=child.get("source", ""),
                    expression=child.get("sourceExpression", ""),
                    target=child.get("target", ""),
                    variables=child.get("variables", ""),
                    business_key=child.get("businessKey", ""),
                    local=child.get("local") in _TRUE,
                    line=line_of(child),
                )
            )
    return tuple(found["in"]), tuple(found["out"])


def _parameters(element: Element, tag: str) -> tuple[Parameter, ...]:
    return tuple(
        _parameter(child)
        for holder in _extension_elements(element)
        if local_name(holder) == "inputOutput"
        for child in holder.iterchildren(f"{{{CAMUNDA}}}{tag}")
    )


def _parameter(element: Element) -> Parameter:
    shaped = next(element.iterchildren(f"{{{CAMUNDA}}}*"), None)
    return Parameter(
        name=element.get("name", ""),
        kind="text" if shaped is None else local_name(shaped),
        text=_text(element) if shaped is None else "",
        children=()
        if shaped is None
        else tuple(
            (child.get("key", ""), _text(child)) for child in shaped.iterchildren(f"{{{CAMUNDA}}}*")
        ),
        line=line_of(element),
    )


def _lanes(process: Element, process_id: ProcessId) -> Iterator[Lane]:
    """Yield outer lanes before inner ones, so that the innermost named lane comes last."""
    for lane in process.iter(f"{{{BPMN}}}lane"):
        holder = next(
            ancestor
            for ancestor in lane.iterancestors()
            if local_name(ancestor) in SUBPROCESS_TYPES | {"process"}
        )
        yield Lane(
            id=lane.get("id", ""),
            name=lane.get("name", ""),
            process=process_id,
            scope=holder.get("id", ""),
            members=tuple(_local_ref(ref.text or "") for ref in _all(lane, "flowNodeRef")),
            line=line_of(lane),
        )


def _in_lanes(nodes: Mapping[NodeId, Node], lanes: tuple[Lane, ...]) -> dict[str, Node]:
    listed = {member: lane.name for lane in lanes if lane.name for member in lane.members}
    found: dict[str, Node] = {}
    for node in nodes.values():
        lane = listed.get(node.id) or listed.get(node.attached_to) or _lane_of(found, node.scope)
        found[node.id] = replace(node, lane=lane)
    return found


def _lane_of(nodes: Mapping[str, Node], scope: str) -> str:
    return nodes[scope].lane if scope in nodes else ""


def _camunda(element: Element) -> Mapping[str, str]:
    prefix = f"{{{CAMUNDA}}}"
    return MappingProxyType(
        {
            str(key).removeprefix(prefix): str(value)
            for key, value in element.attrib.items()
            if str(key).startswith(prefix)
        }
    )


def _properties(element: Element) -> Mapping[str, str]:
    return MappingProxyType(
        {
            child.get("name", ""): child.get("value", "")
            for holder in _extension_elements(element)
            if local_name(holder) == "properties"
            for child in holder.iterchildren(f"{{{CAMUNDA}}}property")
        }
    )


def _extensions(element: Element) -> tuple[str, ...]:
    return tuple(
        local_name(child)
        for child in _extension_elements(element)
        if local_name(child) not in _KNOWN_EXTENSIONS
    )


def _extension_elements(element: Element) -> Iterator[Element]:
    holder = _first(element, "extensionElements")
    if holder is not None:
        yield from holder.iterchildren(f"{{{CAMUNDA}}}*")


def _documentation(element: Element) -> str:
    return "\n".join(_text(child) for child in _all(element, "documentation"))


def _child_text(element: Element, tag: str) -> str:
    child = _first(element, tag)
    return "" if child is None else _text(child)


def _text(element: Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()


def _local_ref(name: str) -> str:
    """Return a reference without the prefix of its namespace: ids are unique in a file."""
    return name.strip().rpartition(":")[2]


def _children(element: Element) -> Iterator[Element]:
    """Yield the child elements that BPMN defines; comments and foreign ones are passed over."""
    return element.iterchildren(f"{{{BPMN}}}*")


def _all(element: Element, tag: str) -> Iterator[Element]:
    return element.iterchildren(f"{{{BPMN}}}{tag}")


def _first(element: Element, tag: str) -> Element | None:
    return next(_all(element, tag), None)
