"""Parts of a diagram, compiled: expressions, mappings, triggers; and what is refused."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from types import MappingProxyType
from typing import Any, TypeVar

from bpmn import dmn, feel
from bpmn.findings import Finding, Severity
from bpmn.reading import (
    EVENT_TYPES,
    GATEWAY_TYPES,
    CallMapping,
    Declared,
    Diagram,
    EventDefinition,
    Node,
    Parameter,
    Process,
)
from bpmn.reading.parts import call_mappings
from bpmn.rewriting import Rewritten
from bpmn.running import nodes, timing, work
from bpmn.running.data import Copied, associations
from bpmn.running.events import Passed
from bpmn.running.formulas import Formula, Place, Text
from bpmn.running.mapping import Bound, Mapped
from bpmn.running.nodes import Plan
from bpmn.running.step import Element
from bpmn.running.triggers import Trigger

_N = TypeVar("_N", bound=nodes.Node)

_CATCHABLE = {
    "startEvent": {"message", "timer", "signal", "conditional"},
    "handler": {
        "message",
        "timer",
        "signal",
        "conditional",
        "error",
        "escalation",
        "compensate",
    },
    "intermediateCatchEvent": {"message", "timer", "signal", "conditional"},
    "boundaryEvent": {
        "message",
        "timer",
        "signal",
        "conditional",
        "error",
        "escalation",
        "compensate",
        "cancel",
    },
}
THROWABLE = {
    "intermediateThrowEvent": {"message", "signal", "escalation"},
    "endEvent": {"message", "signal", "escalation", "error", "terminate"},
}


EARLY = "earlyFor"
"""The property that says how long a message may come before it is waited for."""

_ZH = {"message": "消息", "signal": "信号"}


@dataclass(slots=True)
class Built:
    """What building gives, for all files together.

    Attributes:
        plans: By name: the process's id, or `process/sub-process`.
    """

    plans: dict[str, Plan] = field(default_factory=dict)
    elements: dict[tuple[str, str], Element] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class Parts:
    """Compiles the parts of one process and gathers its findings."""

    def __init__(
        self,
        rewritten: Rewritten,
        process: str,
        models: Mapping[str, dmn.DecisionModel],
        built: Built,
        known: Mapping[str, Process],
    ) -> None:
        self.rewritten = rewritten
        self.diagram: Diagram = rewritten.diagram
        self.process = self.diagram.processes[process]
        self.models = models
        self.built = built
        self.known = known
        self.called: list[str] = []

    def plan_name(self, scope: str) -> str:
        """Return the name of the plan of a process or sub-process."""
        return scope if scope == self.process.id else f"{self.process.id}/{scope}"

    def with_mapping(self, spec: _N, node: Node) -> _N:
        """Give an activity its `camunda:inputOutput`."""
        activity: Any = spec
        place = spec.place
        activity.mapped_in = (
            *self.mapped(node.input_parameters, place), *self.associated(node, place, "Input")
        )  # fmt: skip
        activity.mapped_out = (
            *self.mapped(node.output_parameters, place), *self.associated(node, place, "Output")
        )  # fmt: skip
        return spec

    def associated(self, node: Node, place: Place, direction: str) -> Iterator[Bound]:
        """Compile the data associations of a node, 'Input' or 'Output'."""
        is_event = node.type in EVENT_TYPES
        for drawn in associations(self.diagram, self.process, node, direction):
            target, source = drawn.target, drawn.source
            if is_event:  # what is carried has the name of its variable, unless it has its own
                target, source = target or source, source or target
            for text, name in drawn.assignments:
                yield Mapped(name, Text(text, self.formula(text, place, node.line)))
            if drawn.transformation and target:
                formula = self.formula(drawn.transformation, place, node.line)
                yield Mapped(target, Text(drawn.transformation, formula))
            elif source and target and not drawn.assignments and (is_event or source != target):
                yield Copied(target, source)

    def with_payload(self, spec: _N, node: Node) -> _N:
        """Give a catching event what it writes of a payload."""
        catching: Any = spec
        catching.result = node.camunda.get("resultVariable", "")
        outs = list(node.outs)
        for definition in node.event_definitions:
            outs += call_mappings(definition.element)[1]
        catching.received = self.passed(outs, spec.place)
        if not isinstance(spec, work.Activity):
            catching.inputs = self.mapped(node.input_parameters, spec.place)
            catching.outputs = (
                *self.mapped(node.output_parameters, spec.place),
                *self.associated(node, spec.place, "Output"),
            )
        return spec

    def check_early(self, node: Node) -> None:
        """Refuse a time for early messages that is no length of time."""
        text = node.properties.get(EARLY)
        if text is None:
            return
        try:
            timing.read_length(text)
        except ValueError:
            self.refuse(
                node,
                "early-for",
                f"earlyFor 的值“{text}”不是时长。请写 ISO 8601 时长，例如 P7D。",
                f"The earlyFor {text!r} is no length of time. Write one in ISO 8601, such as P7D.",
            )

    def check_mapping(self, node: Node) -> None:
        """Refuse parameters where nothing would read them."""
        inputs = bool(node.input_parameters)
        kinds = {definition.kind for definition in node.event_definitions}
        behind = any(
            self.process.nodes[self.process.flows[flow].source].type == "eventBasedGateway"
            for flow in node.incoming
        )
        if (
            (node.type in GATEWAY_TYPES and (inputs or node.output_parameters))
            or (node.type in ("startEvent", "boundaryEvent") and inputs)
            or (node.type == "intermediateCatchEvent" and behind and inputs)
            or (node.type in THROWABLE and kinds & {"compensate", "cancel"} and inputs)
        ):
            self.refuse(
                node,
                "input-output-place",
                f"{node.type} 上的输入输出参数在这里不起作用。请移到前后的活动上。",
                f"Input or output parameters have no effect on this {node.type}. Move them to an "
                "activity before or after it.",
            )

    def mapped(self, parameters: Iterable[Parameter], place: Place) -> tuple[Mapped, ...]:
        """Compile input or output parameters."""
        found = []
        for parameter in parameters:
            if parameter.kind == "script":
                self.refuse_at(
                    place,
                    parameter.line,
                    "script",
                    f"参数“{parameter.name}”是脚本，脚本不执行。请改用以 = 开头的 FEEL 表达式。",
                    f"The parameter {parameter.name!r} is a script; scripts do not run. "
                    "Use FEEL that begins with =.",
                )
            elif parameter.kind == "text":
                text = self.text(parameter.text, place, parameter.line)
                found.append(Mapped(parameter.name, text))
            else:
                parts = {
                    key or str(number): self.text(value, place, parameter.line)
                    for number, (key, value) in enumerate(parameter.children)
                }
                found.append(Mapped(parameter.name, None, parts, parameter.kind == "list"))
        return tuple(found)

    def as_feel(self, text: str) -> str:
        """Return the text of a value as FEEL."""
        return text if text.startswith("=") or feel.is_camunda(text) else feel.literal(text)

    def passed(self, mappings: Iterable[CallMapping], place: Place) -> tuple[Passed, ...]:
        """Compile `camunda:in` or `camunda:out`; a business key alone is none of them."""
        found = []
        for m in mappings:
            if m.business_key and not (m.source or m.expression or m.variables):
                continue
            formula = self.formula(m.expression, place, m.line) if m.expression else None
            found.append(Passed(m.source, formula, m.target, m.variables == "all", m.local))
        return tuple(found)

    def business_key(self, mappings: Iterable[CallMapping], place: Place) -> Formula | None:
        """Compile the business key, if one is mapped."""
        for mapping in mappings:
            if mapping.business_key:
                return self.formula(self.as_feel(mapping.business_key), place, mapping.line)
        return None

    def triggers(self, node: Node, place: Place, position: str) -> tuple[Trigger, ...]:
        """Compile the event definitions of a catching event."""
        found = []
        for definition in node.event_definitions:
            if definition.kind not in _CATCHABLE[position]:
                self.refuse_event(node, definition)
            else:
                found.append(self._trigger(node, definition, place))
        return tuple(found)

    def _trigger(self, node: Node, definition: EventDefinition, place: Place) -> Trigger:
        match definition.kind:
            case "timer":
                return self._timer(node, definition, place)
            case "conditional":
                return Trigger(
                    "conditional", formula=self.formula(definition.text, place, definition.line)
                )
            case _:
                return Trigger(
                    definition.kind,
                    self.event_name(node, definition),
                    code_variable=definition.camunda.get("errorCodeVariable", "")
                    or definition.camunda.get("escalationCodeVariable", ""),
                    message_variable=definition.camunda.get("errorMessageVariable", ""),
                )

    def _timer(self, node: Node, definition: EventDefinition, place: Place) -> Trigger:
        text = definition.text
        key = timing.deadline_key(text)
        if key is not None:
            return Trigger("timer", form=definition.timer, deadline=key)
        name = timing.deadline_name(text)
        if name is not None:
            formula = self.formula(name, place, definition.line)
            return Trigger("timer", form=definition.timer, deadline_in=formula)
        if not timing.is_literal(text):
            formula = self.formula(text, place, definition.line)
            return Trigger("timer", form=definition.timer, formula=formula)
        try:
            if definition.timer == "timeCycle":
                timing.read_cycle(text, UTC)
            elif text.startswith("P"):
                timing.read_length(text)
            else:
                timing.read_instant(text, UTC)
        except ValueError as error:
            self.refuse(
                node,
                "timer-text",
                f"计时器“{text}”不能用：{error} 请写 ISO 8601 时长、时刻，或 FEEL 表达式。",
                f"The timer {text!r} cannot be used: {error} Write an ISO 8601 duration or "
                "instant, or FEEL.",
            )
        return Trigger("timer", form=definition.timer, literal=text)

    def event_name(self, node: Node, definition: EventDefinition) -> str:
        """Return the name or code that an event definition refers to."""
        match definition.kind:
            case "message":
                return self.declared(node, self.diagram.messages, definition.ref, "message")
            case "signal":
                return self.declared(node, self.diagram.signals, definition.ref, "signal")
            case "error" | "escalation":
                declared = (
                    self.diagram.errors if definition.kind == "error" else self.diagram.escalations
                )
                found = declared.get(definition.ref)
                return "" if found is None else found.code or found.name or found.id
            case _:
                return ""

    def declared(
        self, node: Node, declared: Mapping[str, Declared], reference: str, what: str
    ) -> str:
        """Return the name of a message or signal."""
        found = declared.get(reference.rpartition(":")[2])
        if found is None or not found.name:
            self.refuse(
                node,
                f"{what}-without-name",
                f"它没有引用有名称的{_ZH[what]}。请在建模工具中选择或新建一个并命名。",
                f"It refers to no {what} that has a name. Choose or create one and name it.",
            )
            return ""
        return found.name

    def properties(self, node: Node) -> Mapping[str, Text]:
        """Compile `camunda:properties`, those left out that direct a loop."""
        place = Place(self.process.id, self.rewritten.original(node.id))
        return MappingProxyType(
            {
                key: self.text(value, place, node.line)
                for key, value in node.properties.items()
                if key not in ("outputCollection", "outputElement")
            }
        )

    def text(self, text: str, place: Place, line: int) -> Text:
        """Compile a value: literal, or FEEL after `=`."""
        if text.startswith("=") or feel.is_camunda(text):
            return Text(text, self.formula(text, place, line))
        return Text(text)

    def formula(self, text: str, place: Place, line: int) -> Formula:
        """Compile an expression."""
        written = text.strip()
        source = written[1:].strip() if written.startswith("=") else written
        # What is wrong in Camunda's text is so where it was written, not in what it became.
        before = text.find(source)
        try:
            if feel.is_camunda(written):
                source = feel.translate_camunda(source)
            return Formula.compiled(text, source, place)
        except feel.FeelError as error:
            column = error.column + (before if error.line == 1 else 0)
            self.refuse_at(
                place,
                line + error.line - 1,
                "expression",
                f"表达式“{text}”读不懂（第 {column} 个字符处）：{error.zh}",
                f"The expression {text!r} does not parse (at character {column}): {error.en}",
            )
            return Formula.compiled(text, "null", place)

    def refuse_event(self, node: Node, definition: EventDefinition) -> None:
        """Refuse an event definition where it stands."""
        self.refuse(
            node,
            "not-executable",
            f"{node.type} 上的 {definition.kind} 事件在这里不能运行。请改用能运行的事件。",
            f"A {definition.kind} event does not run as {node.type} here. Use one that does.",
        )

    def refuse(self, node: Node, rule: str, zh: str, en: str) -> None:
        """Refuse a node."""
        place = Place(self.process.id, self.rewritten.original(node.id))
        self.refuse_at(place, node.line, rule, zh, en)

    def refuse_at(self, place: Place, line: int, rule: str, zh: str, en: str) -> None:
        """Refuse what stands at a place."""
        self.built.findings.append(
            Finding(Severity.ERROR, rule, self.diagram.name, place.element, line, zh, en)
        )
