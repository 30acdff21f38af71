"""From the parsed XML to a `Diagram`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from bpmn.findings import DiagramRefused, Finding, Severity
from bpmn.reading.bounds import nameless, too_many
from bpmn.reading.diagram import (
    DATA_TYPES,
    NODE_TYPES,
    SUBPROCESS_TYPES,
    Collaboration,
    DataItem,
    Declared,
    Diagram,
    EventDefinition,
    Flow,
    FlowId,
    Lane,
    MessageFlow,
    Node,
    NodeId,
    Participant,
    Process,
    ProcessId,
)
from bpmn.reading.markup import BPMN, Element, element_id, line_of, local_name, parse_xml
from bpmn.reading.parts import (
    call_mappings,
    camunda_attributes,
    children,
    documentation,
    each,
    event_definition,
    extensions,
    first,
    local_ref,
    loop,
    parameters,
    properties,
    text_of,
)
from bpmn.reading.schema import schema_findings

_TRUE = ("true", "1")


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
    findings = schema_findings(root, name) or nameless(root, name) or too_many(root, name)
    if findings:
        raise DiagramRefused(findings)
    return _Builder(root).diagram(content, name)


class _Drawn(NamedTuple):
    """An element and the scope that it is drawn in."""

    element: Element
    scope: str


class _Ends(NamedTuple):
    """The flows that come to and go from each node, in document order."""

    incoming: dict[str, list[FlowId]]
    outgoing: dict[str, list[FlowId]]


class _Builder:
    def __init__(self, root: Element) -> None:
        self.root = root
        self.shared_events = {
            node.get("id", ""): node
            for node in children(root)
            if local_name(node).endswith("EventDefinition")
        }

    def diagram(self, content: bytes, name: str) -> Diagram:
        processes: dict[str, Process] = {
            p.id: p for p in map(self._process, each(self.root, "process"))
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
                for node in each(self.root, tag)
            }
        )

    def _collaboration(self) -> Collaboration | None:
        node = first(self.root, "collaboration")
        if node is None:
            return None
        return Collaboration(
            id=node.get("id", ""),
            participants=tuple(
                Participant(
                    p.get("id", ""),
                    p.get("name", ""),
                    local_ref(p.get("processRef", "")),
                    line_of(p),
                )
                for p in each(node, "participant")
            ),
            message_flows=tuple(
                MessageFlow(
                    f.get("id", ""),
                    f.get("name", ""),
                    local_ref(f.get("sourceRef", "")),
                    local_ref(f.get("targetRef", "")),
                    line_of(f),
                )
                for f in each(node, "messageFlow")
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
        ends = _ends(flows.values())
        nodes = {
            node.id: node
            for node in (
                self._node(d, process, ends) for d in drawn if local_name(d.element) in NODE_TYPES
            )
        }
        placed = _in_lanes(nodes, lanes)
        executable = element.get("isExecutable")
        return Process(
            id=process,
            name=element.get("name", ""),
            line=line_of(element),
            is_executable=None if executable is None else executable in _TRUE,
            documentation=documentation(element),
            camunda=camunda_attributes(element),
            properties=properties(element),
            extensions=extensions(element),
            nodes=MappingProxyType(placed),
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
                    if local_name(d.element) in DATA_TYPES
                }
            ),
            lanes=lanes,
            element=element,
            drawn_in=_grouped(placed.values(), attrgetter("scope")),
            attached_to=_grouped(
                (node for node in placed.values() if node.attached_to), attrgetter("attached_to")
            ),
        )

    def _node(self, drawn: _Drawn, process: ProcessId, ends: _Ends) -> Node:
        element = drawn.element
        node = NodeId(element.get("id", ""))
        ins, outs = call_mappings(element)
        return Node(
            id=node,
            type=local_name(element),
            name=element.get("name", ""),
            line=line_of(element),
            process=process,
            scope=drawn.scope,
            incoming=tuple(ends.incoming.get(node, ())),
            outgoing=tuple(ends.outgoing.get(node, ())),
            documentation=documentation(element),
            attributes=MappingProxyType(
                {str(k): str(v) for k, v in element.attrib.items() if not str(k).startswith("{")}
            ),
            camunda=camunda_attributes(element),
            properties=properties(element),
            attached_to=local_ref(element.get("attachedToRef", "")),
            cancel_activity=element.get("cancelActivity", "true") in _TRUE,
            called_element=local_ref(element.get("calledElement", "")),
            event_definitions=tuple(self._event_definitions(element)),
            loop=loop(element),
            ins=ins,
            outs=outs,
            input_parameters=parameters(element, "inputParameter"),
            output_parameters=parameters(element, "outputParameter"),
            extensions=extensions(element),
            lane="",
            element=element,
        )

    def _event_definitions(self, element: Element) -> Iterator[EventDefinition]:
        for child in children(element):
            tag = local_name(child)
            if tag == "eventDefinitionRef":
                shared = self.shared_events.get(local_ref(child.text or ""))
                if shared is not None:
                    yield event_definition(shared)
            elif tag.endswith("EventDefinition"):
                yield event_definition(child)


def _ends(flows: Iterable[Flow]) -> _Ends:
    ends = _Ends({}, {})
    for flow in flows:
        ends.incoming.setdefault(flow.target, []).append(flow.id)
        ends.outgoing.setdefault(flow.source, []).append(flow.id)
    return ends


def _grouped(nodes: Iterable[Node], by: Callable[[Node], str]) -> Mapping[str, tuple[Node, ...]]:
    groups: dict[str, list[Node]] = {}
    for node in nodes:
        groups.setdefault(by(node), []).append(node)
    return MappingProxyType({key: tuple(group) for key, group in groups.items()})


def _drawn(element: Element, scope: str) -> Iterator[_Drawn]:
    for child in children(element):
        yield _Drawn(child, scope)
        if local_name(child) in SUBPROCESS_TYPES:
            yield from _drawn(child, child.get("id", ""))


def _flow(drawn: _Drawn, defaults: set[str | None]) -> Flow:
    element = drawn.element
    condition = first(element, "conditionExpression")
    return Flow(
        id=FlowId(element.get("id", "")),
        name=element.get("name", ""),
        source=NodeId(local_ref(element.get("sourceRef", ""))),
        target=NodeId(local_ref(element.get("targetRef", ""))),
        condition=None if condition is None else text_of(condition),
        language=None if condition is None else condition.get("language"),
        is_default=element.get("id") in defaults,
        scope=drawn.scope,
        line=line_of(element),
        element=element,
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
            members=tuple(local_ref(ref.text or "") for ref in each(lane, "flowNodeRef")),
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
