"""From a node as it was drawn to the node that runs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from bpmn.reading import BPMN, Node
from bpmn.reading.parts import call_mappings
from bpmn.running import compensation, enclosing, events, gateways, loops, nodes, work
from bpmn.running.ad_hoc import AdHoc
from bpmn.running.behaving import behaviours
from bpmn.running.binding import targets, wrong_binding
from bpmn.running.complex_gateway import Complex
from bpmn.running.data import variable_of
from bpmn.running.events import Passed, Throw
from bpmn.running.formulas import Formula, Place, Text
from bpmn.running.nodes import Plan
from bpmn.running.parts import THROWABLE, Parts
from bpmn.running.step import Element, ItemKind
from bpmn.running.triggers import Trigger

BODY = "#"  # no BPMN id holds it: it tells the body of a loop from its wrapper


class Makers(Parts):
    """Makes the nodes of one process."""

    def node(self, plan: Plan, node: Node) -> nodes.Node:
        """Make a node, with the loop around it where one is drawn."""
        element = self.element(node)
        self.built.elements[self.process.id, element.id] = element
        name = str(node.id)
        if node.loop is None:
            spec = self.one(plan, node, element, name)
        else:
            body = self.one(plan, node, element, f"{name}{BODY}")
            body.wrapper = name
            body.properties = self.properties(node)
            spec = self.loop(plan, node, element, name)
        spec.properties = self.properties(node)
        self.check_mapping(node)
        self.check_early(node)
        return spec

    def element(self, node: Node) -> Element:
        """Return what is known of the node outside."""
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

    def one(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make the node for one turn."""
        make = _MAKERS.get(node.type)
        if make is None:
            self.refuse(
                node,
                "not-executable",
                f"平台还不能运行 {node.type}。请改用能运行的元素。",
                f"{node.type} does not run here. Use an element that does.",
            )
            return nodes.Node(plan, name, element)
        return make(self, plan, node, element, name)

    def work(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a task that waits for somebody."""
        spec = self.with_mapping(work.Work(plan, name, element), node)
        place = spec.place
        spec.kind = _KINDS.get(node.type, ItemKind.EXTERNAL)
        spec.shown = self.text(node.name, place, node.line)

        def optional(*keys: str) -> Text | None:
            for key in keys:
                if node.camunda.get(key):
                    return self.text(node.camunda[key], place, node.line)
            return None

        spec.groups = optional("candidateGroups")
        spec.users = optional("candidateUsers")
        spec.assignee = optional("assignee")
        spec.form_ref = optional("formRef", "formKey")
        spec.priority = optional("priority", "taskPriority")
        spec.topic = optional("topic")
        return spec

    def service(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a service, rule or send task, by what it says it does."""
        if node.camunda.get("type") == "external" and node.camunda.get("topic"):
            return self.work(plan, node, element, name)
        if node.type == "businessRuleTask" and node.camunda.get("decisionRef"):
            return self.rule(plan, node, element, name)
        if node.type == "sendTask" and node.attributes.get("messageRef"):
            return self.send(plan, node, element, name)
        remedy = {
            "serviceTask": ('camunda:type="external" 和 topic', 'camunda:type="external", a topic'),
            "businessRuleTask": ("camunda:decisionRef", "camunda:decisionRef"),
            "sendTask": ("messageRef", "a messageRef"),
        }[node.type]
        self.refuse(
            node,
            "not-executable",
            f"没有说明由谁来做。请设置 {remedy[0]}。",
            f"Nothing says what it does. Give it {remedy[1]}.",
        )
        return nodes.Node(plan, name, element)

    def rule(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a business rule task."""
        spec = self.with_mapping(work.Rule(plan, name, element), node)
        spec.decision = node.camunda["decisionRef"]
        spec.result = node.camunda.get("resultVariable", "")
        spec.mapping = node.camunda.get("mapDecisionResult", "resultList")
        binding = node.camunda.get("decisionRefBinding", "latest")
        if binding not in ("latest", "deployment"):
            self.refuse(
                node,
                "decision-binding",
                f"决策的绑定方式“{binding}”不能用：文件发布时已固定。请选 latest 或 deployment。",
                f"The binding {binding!r} of the decision cannot be had: a version's files are "
                "frozen when it is published. Choose latest or deployment.",
            )
        spec.model = self.models.get(spec.decision)
        if spec.model is None:
            self.refuse(
                node,
                "unresolved-reference",
                f"没有决策“{spec.decision}”。请把它的 .dmn 文件一起提供，或改正 decisionRef。",
                f"There is no decision {spec.decision!r}. Add its .dmn file or mend decisionRef.",
            )
        return spec

    def send(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a send task."""
        spec = self.with_mapping(work.Send(plan, name, element), node)
        spec.message = self.declared(
            node, self.diagram.messages, node.attributes["messageRef"], "message"
        )
        place = spec.place
        spec.carried = self.passed(node.ins, place)
        spec.key = self.business_key(node.ins, place)
        spec.targets = tuple(targets(self.diagram, node, self.rewritten.names))
        return spec

    def receive(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a receive task."""
        spec = self.with_payload(self.with_mapping(work.Receive(plan, name, element), node), node)
        reference = node.attributes.get("messageRef", "")
        message = self.declared(node, self.diagram.messages, reference, "message")
        spec.triggers = (Trigger("message", message),)
        return spec

    def sub_process(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a sub-process or event sub-process; its level is built by itself."""
        if not node.is_event_subprocess:
            spec = self.with_mapping(enclosing.SubProcess(plan, name, element), node)
            spec.inside = self.plan_name(node.id)
            return spec
        handler = self.with_mapping(enclosing.EventSubProcess(plan, name, element), node)
        handler.inside = self.plan_name(node.id)
        starts = [n for n in self.process.children(node.id) if n.type == "startEvent"]
        if len(starts) != 1 or not starts[0].event_definitions:
            self.refuse(
                node,
                "event-subprocess-start",
                "事件子流程须有且只有一个带类型的开始事件。",
                "An event sub-process has exactly one start event, and that has a type.",
            )
            return handler
        start = starts[0]
        handler.start = start.id
        handler.needs_all = _needs_all(start)
        handler.interrupting = start.attributes.get("isInterrupting", "true") in ("true", "1")
        place = Place(self.process.id, self.rewritten.original(start.id))
        handler.triggers = self.triggers(start, place, "handler")
        return handler

    def call(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a call activity and note the process that it calls."""
        spec = self.with_mapping(enclosing.Call(plan, name, element), node)
        called = node.called_element
        spec.inside = called
        if called not in self.known:
            self.refuse(
                node,
                "unresolved-reference",
                f"没有被调用的流程“{called}”。请一起提供它的文件，或改正 calledElement。",
                f"There is no process {called!r} to call. Add its file or mend calledElement.",
            )
        else:
            self.called.append(called)
            wrong = wrong_binding(node, self.known[called])
            if wrong is not None:
                self.refuse(node, "call-binding", *wrong)
        key = self.business_key(node.ins, spec.place)
        spec.ins = self.passed(node.ins, spec.place)
        if key is not None:
            spec.ins = (*spec.ins, Passed("", key, "businessKey"))
        spec.outs = self.passed(node.outs, spec.place)
        return spec

    def event(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a start, catching or boundary event."""
        spec = self.with_payload(events.Catching(plan, name, element), node)
        position = node.type
        if node.type == "startEvent" and node.scope != self.process.id:
            host = self.process.nodes[node.scope]
            position = "handler" if host.is_event_subprocess else "startEvent"
        spec.interrupting = node.cancel_activity
        spec.needs_all = _needs_all(node)
        spec.triggers = self.triggers(node, spec.place, position)
        if node.type == "boundaryEvent" and not node.event_definitions:
            self.refuse(
                node,
                "boundary-without-type",
                "边界事件没有类型，永远不会触发。请选择消息、计时器等类型。",
                "A boundary event without a type never fires. Choose message, timer or another.",
            )
        return spec

    def throwing(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a throwing or end event."""
        kinds = [definition.kind for definition in node.event_definitions]
        if kinds == ["compensate"]:
            return self.compensate(plan, node, element, name)
        if kinds == ["cancel"] and self._in_transaction(node):
            return compensation.Cancel(plan, name, element)
        spec = events.Throwing(plan, name, element)
        thrown = []
        for definition in node.event_definitions:
            if definition.kind not in THROWABLE[node.type]:
                self.refuse_event(node, definition)
                continue
            thrown.append(Throw(definition.kind, self.event_name(node, definition)))
        spec.thrown = tuple(thrown)
        ins = list(node.ins)
        for definition in node.event_definitions:
            ins += call_mappings(definition.element)[0]
        spec.carried = self.passed(ins, spec.place)
        spec.key = self.business_key(ins, spec.place)
        spec.inputs = (
            *self.mapped(node.input_parameters, spec.place),
            *self.associated(node, spec.place, "Input"),
        )
        spec.outputs = self.mapped(node.output_parameters, spec.place)
        spec.targets = tuple(targets(self.diagram, node, self.rewritten.names))
        return spec

    def compensate(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make an event that throws compensation."""
        spec = compensation.Compensate(plan, name, element)
        spec.target = node.event_definitions[0].ref
        if spec.target and spec.target not in self.process.nodes:
            self.refuse(
                node,
                "unresolved-reference",
                f"没有要补偿的活动“{spec.target}”。请改正 activityRef。",
                f"There is no activity {spec.target!r} to compensate. Mend activityRef.",
            )
        return spec

    def ad_hoc(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make an ad-hoc sub-process."""
        spec = self.with_mapping(AdHoc(plan, name, element), node)
        spec.inside = self.plan_name(node.id)
        condition = node.element.find(f"{{{BPMN}}}completionCondition")
        text = "" if condition is None else (condition.text or "").strip()
        spec.completion = self.formula(text, spec.place, node.line) if text else None
        spec.sequential = node.attributes.get("ordering") == "Sequential"
        kept = node.attributes.get("cancelRemainingInstances") in ("false", "0")
        spec.cancels_rest = not kept
        return spec

    def complex_gateway(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make a complex gateway."""
        spec = Complex(plan, name, element)
        condition = node.element.find(f"{{{BPMN}}}activationCondition")
        text = "" if condition is None else (condition.text or "").strip()
        spec.activation = self.formula(text, spec.place, node.line) if text else None
        return spec

    def _in_transaction(self, node: Node) -> bool:
        scope = self.process.nodes.get(node.scope)
        return scope is not None and scope.type == "transaction"

    def event_gateway(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make an event-based gateway."""
        for key in node.outgoing:
            target = self.process.nodes.get(self.process.flows[key].target)
            if target is None or target.type not in ("intermediateCatchEvent", "receiveTask"):
                self.refuse(
                    node,
                    "event-gateway-target",
                    f"基于事件的网关之后只能是中间捕获事件或接收任务，{key} 不是。",
                    f"After an event-based gateway come catching events or receive tasks; "
                    f"{key} leads elsewhere.",
                )
        spec = gateways.EventBased(plan, name, element)
        spec.parallel = node.attributes.get("eventGatewayType") == "Parallel"
        if spec.parallel and node.attributes.get("instantiate") not in ("true", "1"):
            self.refuse(
                node,
                "event-gateway-parallel",
                "只有发起流程的基于事件的网关才能是并行的。请改为排他，或改用并行网关。",
                "Only an event-based gateway that begins the process may be parallel. Make it "
                "exclusive, or draw a parallel gateway.",
            )
        return spec

    def loop(self, plan: Plan, node: Node, element: Element, name: str) -> nodes.Node:
        """Make the loop around a node."""
        loop = node.loop
        assert loop is not None  # noqa: S101 - asked by the caller; for mypy
        place = Place(self.process.id, element.id)

        def optional(text: str) -> Formula | None:
            return self.formula(text, place, loop.line) if text else None

        if loop.kind == "standard":
            repeated = loops.Repeated(plan, name, element)
            repeated.body = f"{name}{BODY}"
            repeated.condition = optional(loop.condition)
            repeated.test_before = loop.test_before
            repeated.maximum = loop.maximum
            if not loop.condition and loop.maximum is None:
                self.refuse(
                    node,
                    "loop-without-end",
                    "循环既没有条件也没有最大次数，不会结束。请补上其一。",
                    "The loop has neither a condition nor a maximum and never ends. Give it one.",
                )
            return repeated
        several = loops.Several(plan, name, element)
        several.body = f"{name}{BODY}"
        several.sequential = loop.kind == "sequential"
        several.collection = optional(self.collection(loop.collection))
        several.cardinality = optional(loop.cardinality)
        several.item_name = loop.element_variable
        several.completion = optional(loop.completion)
        several.output = node.properties.get("outputCollection") or f"{element.id}_results"
        several.output_item = optional(node.properties.get("outputElement", ""))
        several.behaviours = tuple(behaviours(self, node, loop, place))
        if not loop.collection and not loop.cardinality:
            self.refuse(
                node,
                "loop-without-end",
                "多实例既没有集合也没有次数。请设置 camunda:collection 或 loopCardinality。",
                "The multi-instance has neither a collection nor a cardinality. Give it one.",
            )
        return several

    def collection(self, text: str) -> str:
        """A reference to a data object stands for its variable."""
        return variable_of(self.diagram, self.process, text) or text


def _needs_all(node: Node) -> bool:
    return node.attributes.get("parallelMultiple") in ("true", "1")


_KINDS = {"userTask": ItemKind.USER, "manualTask": ItemKind.MANUAL, "task": ItemKind.MANUAL}
_Maker = Callable[[Makers, Plan, Node, Element, str], nodes.Node]


def _plain(kind: type[nodes.Node]) -> _Maker:
    return lambda _builder, plan, _node, element, name: kind(plan, name, element)


_MAKERS: Mapping[str, _Maker] = MappingProxyType(
    {
        "task": Makers.work,
        "userTask": Makers.work,
        "manualTask": Makers.work,
        "serviceTask": Makers.service,
        "sendTask": Makers.service,
        "businessRuleTask": Makers.service,
        "receiveTask": Makers.receive,
        "subProcess": Makers.sub_process,
        "adHocSubProcess": Makers.ad_hoc,
        "transaction": Makers.sub_process,
        "callActivity": Makers.call,
        "startEvent": Makers.event,
        "intermediateCatchEvent": Makers.event,
        "boundaryEvent": Makers.event,
        "intermediateThrowEvent": Makers.throwing,
        "endEvent": Makers.throwing,
        "exclusiveGateway": _plain(gateways.Exclusive),
        "parallelGateway": _plain(gateways.Parallel),
        "inclusiveGateway": _plain(gateways.Inclusive),
        "complexGateway": Makers.complex_gateway,
        "eventBasedGateway": Makers.event_gateway,
    }
)
