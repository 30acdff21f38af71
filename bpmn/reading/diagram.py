"""A diagram as it was drawn: processes, nodes, flows; nothing is interpreted yet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NewType

from bpmn.reading.markup import Element

NodeId = NewType("NodeId", str)
FlowId = NewType("FlowId", str)
ProcessId = NewType("ProcessId", str)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow.

    Attributes:
        condition: The text of its condition, stripped; None where there is no condition.
        language: The language that the condition declares, or None.
        is_default: It is the default flow of its source.
        scope: The id of the process or sub-process that it is drawn in.
    """

    id: FlowId
    name: str
    source: NodeId
    target: NodeId
    condition: str | None
    language: str | None
    is_default: bool
    scope: str
    line: int
    element: Element = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws.

    Attributes:
        kind: 'message', 'timer', 'signal', 'error', 'escalation', 'conditional', 'cancel',
            'compensate', 'link' or 'terminate'.
        ref: The id of the message, signal, error, escalation or activity referred to, or "".
        name: The name of a link, or "".
        timer: 'timeDate', 'timeDuration', 'timeCycle', or "" where it is no timer.
        text: The text of the timer or of the condition, stripped.
        camunda: The extension attributes by local name.
    """

    kind: str
    id: str
    ref: str
    name: str
    timer: str
    text: str
    camunda: Mapping[str, str]
    line: int
    element: Element = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity runs.

    Attributes:
        kind: 'standard', 'parallel' or 'sequential' (the last two are multi-instance).
        cardinality: The expression for the number of instances, or "".
        collection: The variable or expression that gives the items, or "".
        element_variable: The name of each item, or "".
        completion: The completion condition of a multi-instance, or "".
        condition: The condition of a standard loop, or "".
        test_before: A standard loop tests before its first turn.
        maximum: The greatest number of turns of a standard loop, or None.
    """

    kind: str
    cardinality: str
    collection: str
    element_variable: str
    completion: str
    condition: str
    test_before: bool
    maximum: int | None
    line: int
    element: Element = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class CallMapping:
    """A `camunda:in` or `camunda:out` of a call activity or a message event.

    Attributes:
        source: The name of the variable read, or "".
        expression: The expression read instead, or "".
        target: The name of the variable written, or "".
        variables: "all" where every variable passes, or "".
        business_key: The expression for the business key, or "".
        local: Only the innermost scope is read.
    """

    source: str
    expression: str
    target: str
    variables: str
    business_key: str
    local: bool
    line: int


@dataclass(frozen=True, slots=True)
class Parameter:
    """A `camunda:inputParameter` or `camunda:outputParameter`.

    Attributes:
        kind: 'text', or the local name of the child: 'list', 'map' or 'script'.
        text: The value as it was written, stripped; "" where it is not text.
        children: The texts of a list, or the (key, text) pairs of a map.
    """

    name: str
    kind: str
    text: str
    children: tuple[tuple[str, str], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node: an activity, an event or a gateway.

    Attributes:
        type: The local name of its element: 'userTask', 'startEvent', 'exclusiveGateway' …
        process: The process that it is in.
        scope: The sub-process that it is drawn in, or else the process.
        incoming: The flows whose target it is, in document order.
        outgoing: The flows whose source it is, in document order.
        documentation: Its documentation as text, or "".
        attributes: The attributes that BPMN gives it, by name.
        camunda: The extension attributes, by local name.
        properties: `camunda:property`, value by name.
        attached_to: The host of a boundary event, or "".
        cancel_activity: A boundary event interrupts its host; True for everything else.
        called_element: The process that a call activity calls, or "".
        extensions: The local names of all other extension elements, in document order.
        lane: The innermost named lane, its own or that of what contains it, or "".
    """

    id: NodeId
    type: str
    name: str
    line: int
    process: ProcessId
    scope: str
    incoming: tuple[FlowId, ...]
    outgoing: tuple[FlowId, ...]
    documentation: str
    attributes: Mapping[str, str]
    camunda: Mapping[str, str]
    properties: Mapping[str, str]
    attached_to: str
    cancel_activity: bool
    called_element: str
    event_definitions: tuple[EventDefinition, ...]
    loop: Loop | None
    ins: tuple[CallMapping, ...]
    outs: tuple[CallMapping, ...]
    input_parameters: tuple[Parameter, ...]
    output_parameters: tuple[Parameter, ...]
    extensions: tuple[str, ...]
    lane: str
    element: Element = field(repr=False, compare=False)

    @property
    def is_event_subprocess(self) -> bool:
        """It is a sub-process that an event starts."""
        return self.attributes.get("triggeredByEvent") in ("true", "1")

    @property
    def is_compensation(self) -> bool:
        """It is an activity that runs only to compensate another."""
        return self.attributes.get("isForCompensation") in ("true", "1")

    @property
    def default(self) -> str:
        """The id of its default flow, or ""."""
        return self.attributes.get("default", "")


@dataclass(frozen=True, slots=True)
class DataItem:
    """A data object, a reference to one, or a reference to a data store."""

    id: str
    type: str
    name: str
    scope: str
    line: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane.

    Attributes:
        scope: The id of the process or sub-process that it is drawn in.
        members: The ids of the nodes that it lists itself.
    """

    id: str
    name: str
    process: ProcessId
    scope: str
    members: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Process:
    """A process.

    Attributes:
        is_executable: As it is marked; None where it is not marked.
        nodes: All nodes, those of sub-processes too, in document order.
        flows: All sequence flows likewise.
        drawn_in: The nodes by the scope that they are drawn in; ask `children`.
        attached_to: The boundary events by their host; ask `boundary_events`.
    """

    id: ProcessId
    name: str
    line: int
    is_executable: bool | None
    documentation: str
    camunda: Mapping[str, str]
    properties: Mapping[str, str]
    extensions: tuple[str, ...]
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    data: Mapping[str, DataItem]
    lanes: tuple[Lane, ...]
    element: Element = field(repr=False, compare=False)
    drawn_in: Mapping[str, tuple[Node, ...]] = field(repr=False, compare=False)
    attached_to: Mapping[str, tuple[Node, ...]] = field(repr=False, compare=False)

    def children(self, scope: str) -> tuple[Node, ...]:
        """Return the nodes that are drawn directly in `scope`, in document order."""
        return self.drawn_in.get(scope, ())

    def boundary_events(self, host: str) -> tuple[Node, ...]:
        """Return the boundary events that are attached to `host`, in document order."""
        return self.attached_to.get(host, ())

    def scopes(self) -> tuple[str, ...]:
        """Return the id of the process and of each sub-process in it, outer before inner."""
        inner = (node.id for node in self.nodes.values() if node.type in SUBPROCESS_TYPES)
        return (self.id, *inner)


@dataclass(frozen=True, slots=True)
class Declared:
    """A message, signal, error or escalation that the file declares.

    Attributes:
        code: The code of an error or an escalation, or "".
    """

    id: str
    name: str
    code: str
    line: int


@dataclass(frozen=True, slots=True)
class Participant:
    """A pool; `process` is "" where it is closed."""

    id: str
    name: str
    process: str
    line: int


@dataclass(frozen=True, slots=True)
class MessageFlow:
    """A message flow between two pools, or nodes of them."""

    id: str
    name: str
    source: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class Collaboration:
    """The pools of a diagram and what passes between them."""

    id: str
    participants: tuple[Participant, ...]
    message_flows: tuple[MessageFlow, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """A BPMN file that was read.

    Attributes:
        name: The name under which it was given.
        content: The original, byte for byte.
        root: The parsed document; it is shared and must not be changed.
        digest: SHA-256 of `content`, hexadecimal.
        processes: By id, in document order.
        collaboration: None where the file has none.
        lanes: The innermost named lane of each node, by node id; nodes without are missing.
    """

    name: str
    content: bytes = field(repr=False)
    root: Element = field(repr=False, compare=False)
    digest: str
    processes: Mapping[str, Process]
    messages: Mapping[str, Declared]
    signals: Mapping[str, Declared]
    errors: Mapping[str, Declared]
    escalations: Mapping[str, Declared]
    collaboration: Collaboration | None
    lanes: Mapping[str, str]

    def nodes(self) -> Iterator[Node]:
        """Yield the nodes of all processes in document order."""
        for process in self.processes.values():
            yield from process.nodes.values()

    def flows(self) -> Iterator[Flow]:
        """Yield the sequence flows of all processes in document order."""
        for process in self.processes.values():
            yield from process.flows.values()


SUBPROCESS_TYPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASK_TYPES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
    }
)
ACTIVITY_TYPES = TASK_TYPES | SUBPROCESS_TYPES | {"callActivity"}
EVENT_TYPES = frozenset(
    {
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
    }
)
GATEWAY_TYPES = frozenset(
    {
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
DATA_TYPES = frozenset({"dataObject", "dataObjectReference", "dataStoreReference"})
# The schema lets these stand in a process; they are read so that they can be refused by name.
FOREIGN_TYPES = frozenset(
    {"choreographyTask", "subChoreography", "callChoreography", "implicitThrowEvent"}
)
NODE_TYPES = ACTIVITY_TYPES | EVENT_TYPES | GATEWAY_TYPES | FOREIGN_TYPES
