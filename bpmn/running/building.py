"""From diagrams to the specifications that run; whatever would not run as drawn is refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from types import MappingProxyType
from typing import Any, TypeVar

from bpmn import dmn, feel
from bpmn.findings import Finding, Severity
from bpmn.reading import (
    CallMapping,
    Declared,
    Diagram,
    EventDefinition,
    Flow,
    Node,
    NodeId,
    Parameter,
)
from bpmn.rewriting import Rewritten
from bpmn.running import enclosing, events, gateways, loops, nodes, timing, work
from bpmn.running.events import Passed, Throw
from bpmn.running.formulas import Formula, Place, Text
from bpmn.running.nodes import Path, Plan
from bpmn.running.step import Element, ItemKind
from bpmn.running.triggers import Trigger
from bpmn.running.work import Mapped

_N = TypeVar("_N", bound=nodes.Node)

BODY = "#"  # no BPMN id holds it: it tells the body of a loop from its wrapper

_CATCHABLE = {
    "startEvent": {"message", "timer", "signal", "conditional"},
    "handler": {"message", "timer", "signal", "conditional", "error", "escalation"},
    "intermediateCatchEvent": {"message", "timer", "signal", "conditional"},
    "boundaryEvent": {"message", "timer", "signal", "conditional", "error", "escalation"},
}
_THROWABLE = {
    "intermediateThrowEvent": {"message", "signal", "escalation"},
    "endEvent": {"message", "signal", "escalation", "error", "terminate"},
}


@dataclass(slots=True)
class Built:
    """What building gives, for all files together.

    Attributes:
        plans: By name: the process's id, or `process/sub-process`.
    """

    plans: dict[str, Plan] = field(default_factory=dict)
    elements: dict[tuple[str, str], Element] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def build(
    diagrams: Iterable[Rewritten], models: Mapping[str, dmn.DecisionModel], wanted: str
) -> Built:
    """Build the process `wanted` and all that it calls.

    Args:
        diagrams: The diagrams of the version, rewritten.
        models: The decision models of the version, by decision id.
        wanted: The id of the process; only what can be reached from it is built.
    """
    homes = {
        process: rewritten for rewritten in diagrams for process in rewritten.diagram.processes
    }
    built = Built()
    open_ids, seen = [wanted], {wanted}
    while open_ids:
        process = open_ids.pop(0)
        builder = _Builder(homes[process], process, models, built, frozenset(homes))
        builder.build()
        for called in builder.called:
            if called not in seen:
                seen.add(called)
                open_ids.append(called)
    return built


class _Builder:
    """Builds one process."""

    def __init__(
        self,
        rewritten: Rewritten,
        process: str,
        models: Mapping[str, dmn.DecisionModel],
        built: Built,
        known: frozenset[str],
    ) -> None:
        self.rewritten = rewritten
        self.diagram: Diagram = rewritten.diagram
        self.process = self.diagram.processes[process]
        self.models = models
        self.built = built
        self.known = known
        self.called: list[str] = []

    # Levels.

    def build(self) -> None:
        """Build the process and every sub-process in it."""
        for scope in self.process.scopes():
            self._level(scope)

    def plan_name(self, scope: str) -> str:
        """Return the name of the plan of a process or sub-process."""
        return scope if scope == self.process.id else f"{self.process.id}/{scope}"

    def _level(self, scope: str) -> None:
        plan = Plan(self.plan_name(scope))
        plan.process = self.process.id
        drawn = self.process.children(scope)
        specs = {node.id: self._node(plan, node) for node in drawn}
        for node in drawn:
            self._connect(plan, node, specs)
        plan.handlers = tuple(n.id for n in drawn if n.is_event_subprocess)
        starts = [n for n in drawn if n.type == "startEvent"]
        plain = [n.id for n in starts if not n.event_definitions]
        if not starts:
            plain = [
                n.id
                for n in drawn
                if not n.incoming and not n.attached_to and not n.is_event_subprocess
            ]
        plan.starts = tuple(plain)
        plan.messages = MappingProxyType(
            {
                trigger.name: n.id
                for n in starts
                for trigger in specs[n.id].triggers
                if trigger.kind == "message"
            }
        )
        inside_handler = (
            scope in self.process.nodes and self.process.nodes[scope].is_event_subprocess
        )
        if scope != self.process.id and not plain and not inside_handler:
            self._refuse(
                self.process.nodes[scope],
                "no-start",
                "子流程没有可以开始的节点。请画一个无类型的开始事件。",
                "The sub-process has nowhere to begin. Draw a start event without a type.",
            )
        plan.joins = any(isinstance(s, gateways.Inclusive) for s in plan.task_specs.values())
        self.built.plans[plan.name] = plan

    def _connect(self, plan: Plan, node: Node, specs: Mapping[NodeId, nodes.Node]) -> None:
        spec = specs[node.id]
        spec.paths = tuple(
            path
            for path in (self._path(self.process.flows[f], plan) for f in node.outgoing)
            if path is not None
        )
        spec.boundaries = tuple(event.id for event in self.process.boundary_events(node.id))
        if isinstance(spec, gateways.Parallel | gateways.Inclusive):
            spec.incoming = tuple(self.rewritten.original(f) for f in node.incoming)
        if isinstance(spec, gateways.Inclusive):
            spec.reach = self._reach(node)

    def _path(self, flow: Flow, plan: Plan) -> Path | None:
        if flow.target not in plan.task_specs:
            self._refuse(
                self.process.nodes[flow.source],
                "flow-target",
                f"顺序流 {flow.id} 跨出了所在的子流程，或指向不存在的节点。请改画。",
                f"The flow {flow.id} leaves its sub-process or leads nowhere. Draw it again.",
            )
            return None
        place = Place(self.process.id, self.rewritten.original(flow.id))
        condition = None
        if flow.condition:
            condition = self._formula(flow.condition, place, flow.line)
        return Path(place.element, flow.target, condition, flow.is_default)

    def _reach(self, gateway: Node) -> Mapping[str, frozenset[str]]:
        """For each node, the incoming flows of `gateway` that a token there can arrive by."""
        before: dict[str, set[str]] = {}
        for flow in self.process.flows.values():
            before.setdefault(flow.target, set()).add(flow.source)
        for node in self.process.nodes.values():
            if node.attached_to:
                before.setdefault(node.id, set()).add(node.attached_to)
        reach: dict[str, set[str]] = {}
        for key in gateway.incoming:
            flow = self.process.flows[key]
            waiting, seen = [str(flow.source)], set[str]()
            while waiting:
                name = waiting.pop()
                if name in seen or name == gateway.id:
                    continue
                seen.add(name)
                reach.setdefault(name, set()).add(self.rewritten.original(key))
                waiting.extend(before.get(name, ()))
        return MappingProxyType({name: frozenset(flows) for name, flows in reach.items()})

    # Nodes.

    def _node(self, plan: Plan, node: Node) -> nodes.Node:
        element = self._element(node)
        self.built.elements[self.process.id, element.id] = element
        name = str(node.id)
        if node.loop is None:
            spec = self._one(plan, node, element, name)
        else:
            body = self._one(plan, node, element, f"{name}{BODY}")
            body.wrapper = name
            body.properties = self._properties(node)
            spec = self._loop(plan, node, element, name)
        spec.properties = self._properties(node)
        return spec

    def _element(self, node: Node) -> Element:
        return Element(
            id=self.rewritten.original(node.id),
            process=self.process.id,
            type=node.type,
            name=node.name,
            lane=node.lane,
            documentation=node.documentation,
            properties=node.properties,
            camunda=node.camunda,
            called_element=node.called_element,
        )

    def _one(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        make = _MAKERS.get(node.type)
        if make is None or node.is_compensation:
            self._refuse(
                node,
                "not-executable",
                f"平台还不能运行 {node.type}。请改用能运行的元素。",
                f"{node.type} does not run here. Use an element that does.",
            )
            return nodes.Node(plan, name, element)
        return make(self, plan, node, element, name)

    def _work(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        spec = self._activity(work.Work(plan, name, element), node)
        place = spec.place
        spec.kind = _KINDS.get(node.type, ItemKind.EXTERNAL)
        spec.shown = self._text(node.name, place, node.line)

        def optional(*keys: str) -> Text | None:
            for key in keys:
                if node.camunda.get(key):
                    return self._text(node.camunda[key], place, node.line)
            return None

        spec.groups = optional("candidateGroups")
        spec.users = optional("candidateUsers")
        spec.assignee = optional("assignee")
        spec.form_ref = optional("formRef", "formKey")
        spec.priority = optional("priority", "taskPriority")
        spec.topic = optional("topic")
        return spec

    def _service(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        if node.camunda.get("type") == "external" and node.camunda.get("topic"):
            return self._work(plan, node, element, name)
        if node.type == "businessRuleTask" and node.camunda.get("decisionRef"):
            return self._rule(plan, node, element, name)
        if node.type == "sendTask" and node.attributes.get("messageRef"):
            return self._send(plan, node, element, name)
        remedy = {
            "serviceTask": ('camunda:type="external" 和 topic', 'camunda:type="external", a topic'),
            "businessRuleTask": ("camunda:decisionRef", "camunda:decisionRef"),
            "sendTask": ("messageRef", "a messageRef"),
        }[node.type]
        self._refuse(
            node,
            "not-executable",
            f"没有说明由谁来做。请设置 {remedy[0]}。",
            f"Nothing says what it does. Give it {remedy[1]}.",
        )
        return nodes.Node(plan, name, element)

    def _rule(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        spec = self._activity(work.Rule(plan, name, element), node)
        spec.decision = node.camunda["decisionRef"]
        spec.result = node.camunda.get("resultVariable", "")
        spec.mapping = node.camunda.get("mapDecisionResult", "resultList")
        spec.model = self.models.get(spec.decision)
        if spec.model is None:
            self._refuse(
                node,
                "unresolved-reference",
                f"没有决策“{spec.decision}”。请把它的 .dmn 文件一起提供，或改正 decisionRef。",
                f"There is no decision {spec.decision!r}. Add its .dmn file or mend decisionRef.",
            )
        return spec

    def _send(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        spec = self._activity(work.Send(plan, name, element), node)
        spec.message = self._declared(
            node, self.diagram.messages, node.attributes["messageRef"], "message"
        )
        place = spec.place
        spec.carried = self._passed(node.ins, place)
        spec.key = self._business_key(node.ins, place)
        return spec

    def _receive(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        spec = self._catching(self._activity(work.Receive(plan, name, element), node), node)
        reference = node.attributes.get("messageRef", "")
        message = self._declared(node, self.diagram.messages, reference, "message")
        spec.triggers = (Trigger("message", message),)
        return spec

    def _sub_process(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        if not node.is_event_subprocess:
            spec = self._activity(enclosing.SubProcess(plan, name, element), node)
            spec.inside = self.plan_name(node.id)
            return spec
        handler = self._activity(enclosing.EventSubProcess(plan, name, element), node)
        handler.inside = self.plan_name(node.id)
        starts = [n for n in self.process.children(node.id) if n.type == "startEvent"]
        if len(starts) != 1 or not starts[0].event_definitions:
            self._refuse(
                node,
                "event-subprocess-start",
                "事件子流程须有且只有一个带类型的开始事件。",
                "An event sub-process has exactly one start event, and that has a type.",
            )
            return handler
        start = starts[0]
        handler.start = start.id
        handler.interrupting = start.attributes.get("isInterrupting", "true") in ("true", "1")
        place = Place(self.process.id, self.rewritten.original(start.id))
        handler.triggers = self._triggers(start, place, "handler")
        return handler

    def _call(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        spec = self._activity(enclosing.Call(plan, name, element), node)
        called = node.called_element
        spec.inside = called
        if called not in self.known:
            self._refuse(
                node,
                "unresolved-reference",
                f"没有被调用的流程“{called}”。请一起提供它的文件，或改正 calledElement。",
                f"There is no process {called!r} to call. Add its file or mend calledElement.",
            )
        else:
            self.called.append(called)
        key = self._business_key(node.ins, spec.place)
        spec.ins = self._passed(node.ins, spec.place)
        if key is not None:
            spec.ins = (*spec.ins, Passed("", key, "businessKey"))
        spec.outs = self._passed(node.outs, spec.place)
        return spec

    def _event(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        spec = self._catching(events.Catching(plan, name, element), node)
        position = node.type
        if node.type == "startEvent" and node.scope != self.process.id:
            host = self.process.nodes[node.scope]
            position = "handler" if host.is_event_subprocess else "startEvent"
        spec.interrupting = node.cancel_activity
        spec.triggers = self._triggers(node, spec.place, position)
        if node.type == "boundaryEvent" and not node.event_definitions:
            self._refuse(
                node,
                "boundary-without-type",
                "边界事件没有类型，永远不会触发。请选择消息、计时器等类型。",
                "A boundary event without a type never fires. Choose message, timer or another.",
            )
        return spec

    def _throwing(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        spec = events.Throwing(plan, name, element)
        thrown = []
        for definition in node.event_definitions:
            if definition.kind not in _THROWABLE[node.type]:
                self._refuse_event(node, definition)
                continue
            thrown.append(Throw(definition.kind, self._event_name(node, definition)))
        spec.thrown = tuple(thrown)
        spec.carried = (
            *self._passed(node.ins, spec.place),
            *self._parameters_as_passed(node.input_parameters, spec.place),
        )
        spec.key = self._business_key(node.ins, spec.place)
        return spec

    def _event_gateway(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        for key in node.outgoing:
            target = self.process.nodes.get(self.process.flows[key].target)
            if target is None or target.type not in ("intermediateCatchEvent", "receiveTask"):
                self._refuse(
                    node,
                    "event-gateway-target",
                    f"基于事件的网关之后只能是中间捕获事件或接收任务，{key} 不是。",
                    f"After an event-based gateway come catching events or receive tasks; "
                    f"{key} leads elsewhere.",
                )
        return gateways.EventBased(plan, name, element)

    # Loops.

    def _loop(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        loop = node.loop
        assert loop is not None  # noqa: S101 - asked by the caller; for mypy
        place = Place(self.process.id, element.id)

        def optional(text: str) -> Formula | None:
            return self._formula(text, place, loop.line) if text else None

        if loop.kind == "standard":
            repeated = loops.Repeated(plan, name, element)
            repeated.body = f"{name}{BODY}"
            repeated.condition = optional(loop.condition)
            repeated.test_before = loop.test_before
            repeated.maximum = loop.maximum
            if not loop.condition and loop.maximum is None:
                self._refuse(
                    node,
                    "loop-without-end",
                    "循环既没有条件也没有最大次数，不会结束。请补上其一。",
                    "The loop has neither a condition nor a maximum and never ends. Give it one.",
                )
            return repeated
        several = loops.Several(plan, name, element)
        several.body = f"{name}{BODY}"
        several.sequential = loop.kind == "sequential"
        several.collection = optional(self._collection(loop.collection))
        several.cardinality = optional(loop.cardinality)
        several.item_name = loop.element_variable
        several.completion = optional(loop.completion)
        several.output = node.properties.get("outputCollection") or f"{element.id}_results"
        several.output_item = optional(node.properties.get("outputElement", ""))
        if not loop.collection and not loop.cardinality:
            self._refuse(
                node,
                "loop-without-end",
                "多实例既没有集合也没有次数。请设置 camunda:collection 或 loopCardinality。",
                "The multi-instance has neither a collection nor a cardinality. Give it one.",
            )
        return several

    def _collection(self, text: str) -> str:
        """A reference to a data object stands for the variable of its name."""
        item = self.process.data.get(text)
        return item.name if item is not None and item.name else text

    # Parts.

    def _activity(self, spec: _N, node: Node) -> _N:
        activity: Any = spec
        activity.mapped_in = self._mapped(node.input_parameters, spec.place)
        activity.mapped_out = self._mapped(node.output_parameters, spec.place)
        return spec

    def _catching(self, spec: _N, node: Node) -> _N:
        catching: Any = spec
        catching.result = node.camunda.get("resultVariable", "")
        passed = self._passed(node.outs, spec.place)
        if not isinstance(spec, work.Activity):
            passed += self._parameters_as_passed(node.output_parameters, spec.place)
        catching.received = passed
        return spec

    def _mapped(self, parameters: Iterable[Parameter], place: Place) -> tuple[Mapped, ...]:
        found = []
        for parameter in parameters:
            if parameter.kind == "script":
                self._refuse_at(
                    place,
                    parameter.line,
                    "script",
                    f"参数“{parameter.name}”是脚本，脚本不执行。请改用以 = 开头的 FEEL 表达式。",
                    f"The parameter {parameter.name!r} is a script; scripts do not run. "
                    "Use FEEL that begins with =.",
                )
            elif parameter.kind == "text":
                text = self._text(parameter.text, place, parameter.line)
                found.append(Mapped(parameter.name, text))
            else:
                parts = {
                    key or str(number): self._text(value, place, parameter.line)
                    for number, (key, value) in enumerate(parameter.children)
                }
                found.append(Mapped(parameter.name, None, parts, parameter.kind == "list"))
        return tuple(found)

    def _parameters_as_passed(
        self, parameters: Iterable[Parameter], place: Place
    ) -> tuple[Passed, ...]:
        return tuple(
            Passed("", self._formula(self._as_feel(p.text), place, p.line), p.name)
            for p in parameters
            if p.kind == "text"
        )

    def _as_feel(self, text: str) -> str:
        return text if text.startswith("=") or feel.is_camunda(text) else feel.literal(text)

    def _passed(self, mappings: Iterable[CallMapping], place: Place) -> tuple[Passed, ...]:
        found = []
        for m in mappings:
            if m.business_key and not (m.source or m.expression or m.variables):
                continue
            formula = self._formula(m.expression, place, m.line) if m.expression else None
            found.append(Passed(m.source, formula, m.target, m.variables == "all", m.local))
        return tuple(found)

    def _business_key(self, mappings: Iterable[CallMapping], place: Place) -> Formula | None:
        for mapping in mappings:
            if mapping.business_key:
                return self._formula(self._as_feel(mapping.business_key), place, mapping.line)
        return None

    def _triggers(self, node: Node, place: Place, position: str) -> tuple[Trigger, ...]:
        found = []
        if node.attributes.get("parallelMultiple") in ("true", "1"):
            self._refuse(
                node,
                "not-executable",
                "平台还不能运行并行多重事件。请改用并行网关和几个事件。",
                "Parallel multiple events do not run here. Use a parallel gateway and events.",
            )
        for definition in node.event_definitions:
            if definition.kind not in _CATCHABLE[position]:
                self._refuse_event(node, definition)
            else:
                found.append(self._trigger(node, definition, place))
        return tuple(found)

    def _trigger(self, node: Node, definition: EventDefinition, place: Place) -> Trigger:
        match definition.kind:
            case "timer":
                return self._timer(node, definition, place)
            case "conditional":
                return Trigger(
                    "conditional", formula=self._formula(definition.text, place, definition.line)
                )
            case _:
                return Trigger(
                    definition.kind,
                    self._event_name(node, definition),
                    code_variable=definition.camunda.get("errorCodeVariable", "")
                    or definition.camunda.get("escalationCodeVariable", ""),
                    message_variable=definition.camunda.get("errorMessageVariable", ""),
                )

    def _timer(self, node: Node, definition: EventDefinition, place: Place) -> Trigger:
        text = definition.text
        key = timing.deadline_key(text)
        if key is not None:
            return Trigger("timer", form=definition.timer, deadline=key)
        if not timing.is_literal(text):
            formula = self._formula(text, place, definition.line)
            return Trigger("timer", form=definition.timer, formula=formula)
        try:
            if definition.timer == "timeCycle":
                timing.read_cycle(text, UTC)
            elif text.startswith("P"):
                timing.read_length(text)
            else:
                timing.read_instant(text, UTC)
        except ValueError as error:
            self._refuse(
                node,
                "timer-text",
                f"计时器“{text}”不能用：{error} 请写 ISO 8601 时长、时刻，或 FEEL 表达式。",
                f"The timer {text!r} cannot be used: {error} Write an ISO 8601 duration or "
                "instant, or FEEL.",
            )
        return Trigger("timer", form=definition.timer, literal=text)

    def _event_name(self, node: Node, definition: EventDefinition) -> str:
        match definition.kind:
            case "message":
                return self._declared(node, self.diagram.messages, definition.ref, "message")
            case "signal":
                return self._declared(node, self.diagram.signals, definition.ref, "signal")
            case "error" | "escalation":
                declared = (
                    self.diagram.errors if definition.kind == "error" else self.diagram.escalations
                )
                found = declared.get(definition.ref)
                return "" if found is None else found.code or found.name or found.id
            case _:
                return ""

    def _declared(
        self, node: Node, declared: Mapping[str, Declared], reference: str, what: str
    ) -> str:
        found = declared.get(reference.rpartition(":")[2])
        if found is None or not found.name:
            self._refuse(
                node,
                f"{what}-without-name",
                f"它没有引用有名称的{_ZH[what]}。请在建模工具中选择或新建一个并命名。",
                f"It refers to no {what} that has a name. Choose or create one and name it.",
            )
            return ""
        return found.name

    def _properties(self, node: Node) -> Mapping[str, Text]:
        place = Place(self.process.id, self.rewritten.original(node.id))
        return MappingProxyType(
            {
                key: self._text(value, place, node.line)
                for key, value in node.properties.items()
                if key not in ("outputCollection", "outputElement")
            }
        )

    # Expressions.

    def _text(self, text: str, place: Place, line: int) -> Text:
        if text.startswith("=") or feel.is_camunda(text):
            return Text(text, self._formula(text, place, line))
        return Text(text)

    def _formula(self, text: str, place: Place, line: int) -> Formula:
        source = text.strip()
        try:
            if feel.is_camunda(source):
                source = feel.translate_camunda(source)
            elif source.startswith("="):
                source = source[1:].strip()
            return Formula.compiled(text, source, place)
        except feel.FeelError as error:
            self._refuse_at(
                place,
                line,
                "expression",
                f"表达式“{text}”读不懂：{error.zh}",
                f"The expression {text!r} does not parse: {error.en}",
            )
            return Formula.compiled(text, "null", place)

    # Refusals.

    def _refuse_event(self, node: Node, definition: EventDefinition) -> None:
        self._refuse(
            node,
            "not-executable",
            f"{node.type} 上的 {definition.kind} 事件在这里不能运行。请改用能运行的事件。",
            f"A {definition.kind} event does not run as {node.type} here. Use one that does.",
        )

    def _refuse(self, node: Node, rule: str, zh: str, en: str) -> None:
        place = Place(self.process.id, self.rewritten.original(node.id))
        self._refuse_at(place, node.line, rule, zh, en)

    def _refuse_at(self, place: Place, line: int, rule: str, zh: str, en: str) -> None:
        self.built.findings.append(
            Finding(Severity.ERROR, rule, self.diagram.name, place.element, line, zh, en)
        )


_ZH = {"message": "消息", "signal": "信号"}
_KINDS = {"userTask": ItemKind.USER, "manualTask": ItemKind.MANUAL, "task": ItemKind.MANUAL}
_Maker = Callable[[_Builder, Plan, Node, Element, str], nodes.Node]


def _plain(kind: type[nodes.Node]) -> _Maker:
    return lambda _builder, plan, _node, element, name: kind(plan, name, element)


_MAKERS: Mapping[str, _Maker] = MappingProxyType(
    {
        "task": _Builder._work,  # noqa: SLF001 - the table belongs to the builder
        "userTask": _Builder._work,  # noqa: SLF001
        "manualTask": _Builder._work,  # noqa: SLF001
        "serviceTask": _Builder._service,  # noqa: SLF001
        "sendTask": _Builder._service,  # noqa: SLF001
        "businessRuleTask": _Builder._service,  # noqa: SLF001
        "receiveTask": _Builder._receive,  # noqa: SLF001
        "subProcess": _Builder._sub_process,  # noqa: SLF001
        "callActivity": _Builder._call,  # noqa: SLF001
        "startEvent": _Builder._event,  # noqa: SLF001
        "intermediateCatchEvent": _Builder._event,  # noqa: SLF001
        "boundaryEvent": _Builder._event,  # noqa: SLF001
        "intermediateThrowEvent": _Builder._throwing,  # noqa: SLF001
        "endEvent": _Builder._throwing,  # noqa: SLF001
        "exclusiveGateway": _plain(gateways.Exclusive),
        "parallelGateway": _plain(gateways.Parallel),
        "inclusiveGateway": _plain(gateways.Inclusive),
        "eventBasedGateway": _Builder._event_gateway,  # noqa: SLF001
    }
)
