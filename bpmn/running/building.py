"""From diagrams to the specifications that run; whatever would not run as drawn is refused."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bpmn import dmn
from bpmn.reading import BPMN, Flow, Node, NodeId
from bpmn.rewriting import Rewritten
from bpmn.running import gateways, nodes
from bpmn.running.compensation import UNDO, Undo
from bpmn.running.complex_gateway import Complex
from bpmn.running.data import objects, stores
from bpmn.running.formulas import Place
from bpmn.running.makers import Makers
from bpmn.running.nodes import Path, Plan
from bpmn.running.parts import Built


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
    known = {key: rewritten.diagram.processes[key] for key, rewritten in homes.items()}
    built = Built()
    open_ids, seen = [wanted], {wanted}
    while open_ids:
        process = open_ids.pop(0)
        builder = _Builder(homes[process], process, models, built, known)
        builder.build()
        for called in builder.called:
            if called not in seen:
                seen.add(called)
                open_ids.append(called)
    return built


def _instantiates(node: Node) -> bool:
    return node.attributes.get("instantiate") in ("true", "1")


class _Builder(Makers):
    """Builds one process: its levels, and the flows between the nodes."""

    def build(self) -> None:
        """Build the process and every sub-process in it."""
        for scope in self.process.scopes():
            self._level(scope)

    def _level(self, scope: str) -> None:
        plan = Plan(self.plan_name(scope))
        plan.process = self.process.id
        drawn = self.process.children(scope)
        specs = {node.id: self.node(plan, node) for node in drawn}
        for node in drawn:
            self._connect(plan, node, specs)
        if scope in self.process.nodes:
            around = self.process.nodes[scope]
            Undo(plan, UNDO, self.element(around))
        plan.stores = stores(self.diagram, self.process) if scope == self.process.id else ()
        plan.objects = objects(self.diagram, self.process, scope)
        plan.handlers = tuple(n.id for n in drawn if n.is_event_subprocess)
        starts = [n for n in drawn if n.type == "startEvent"]
        behind = self._instantiating(scope, drawn)
        plain = [n.id for n in starts if not n.event_definitions]
        if not starts:
            plain = [
                n.id
                for n in drawn
                if not (n.incoming or n.attached_to or n.is_event_subprocess or n.is_compensation)
                and not _instantiates(n)
            ]
        plan.starts = tuple(plain)
        plan.gateways = MappingProxyType({k: v for k, v in behind.items() if v != k})
        plan.messages = MappingProxyType(
            {
                trigger.name: name
                for name in (*(n.id for n in starts), *behind)
                for trigger in specs[NodeId(name)].triggers
                if trigger.kind == "message"
            }
        )
        plan.events = MappingProxyType(
            {self.rewritten.original(n): str(n) for n in (*(n.id for n in starts), *behind)}
        )
        inside_handler = (
            scope in self.process.nodes and self.process.nodes[scope].is_event_subprocess
        )
        if scope != self.process.id and not plain and not inside_handler:
            self.refuse(
                self.process.nodes[scope],
                "no-start",
                "子流程没有可以开始的节点。请画一个无类型的开始事件。",
                "The sub-process has nowhere to begin. Draw a start event without a type.",
            )
        plan.joins = any(
            isinstance(s, gateways.Inclusive | Complex) for s in plan.task_specs.values()
        )
        self.built.plans[plan.name] = plan

    def _instantiating(self, scope: str, drawn: Iterable[Node]) -> dict[str, str]:
        """Return each node that begins the process without a start event, and its gateway."""
        behind: dict[str, str] = {}
        for node in drawn:
            if not _instantiates(node):
                continue
            if node.incoming or scope != self.process.id:
                self.refuse(
                    node,
                    "instantiate-inside",
                    "只有流程最外层、没有进入流的元素才能发起流程。请去掉 instantiate 或进入流。",
                    "Only an element of the process itself without incoming flow begins it. "
                    "Remove instantiate or the flow.",
                )
            elif node.type == "receiveTask":
                behind[node.id] = node.id
            else:
                behind.update({self.process.flows[f].target: node.id for f in node.outgoing})
        return behind

    def _connect(self, plan: Plan, node: Node, specs: Mapping[NodeId, nodes.Node]) -> None:
        spec = specs[node.id]
        spec.paths = tuple(
            path
            for path in (self._path(self.process.flows[f], plan) for f in node.outgoing)
            if path is not None
        )
        boundary = self.process.boundary_events(node.id)
        spec.boundaries = tuple(event.id for event in boundary)
        for event in boundary:
            if any(definition.kind == "compensate" for definition in event.event_definitions):
                spec.compensator = self._compensator(event)
        if isinstance(spec, gateways.Joining):
            spec.incoming = tuple(self.rewritten.original(f) for f in node.incoming)
        if isinstance(spec, gateways.Inclusive | Complex):
            spec.reach = self._reach(node)

    def _path(self, flow: Flow, plan: Plan) -> Path | None:
        if flow.target not in plan.task_specs:
            self.refuse(
                self.process.nodes[flow.source],
                "flow-target",
                f"顺序流 {flow.id} 跨出了所在的子流程，或指向不存在的节点。请改画。",
                f"The flow {flow.id} leaves its sub-process or leads nowhere. Draw it again.",
            )
            return None
        place = Place(self.process.id, self.rewritten.original(flow.id))
        condition = None
        if flow.condition:
            condition = self.formula(flow.condition, place, flow.line)
        return Path(place.element, flow.target, condition, flow.is_default)

    def _compensator(self, event: Node) -> str | None:
        """Return the activity that an association joins to a compensation boundary event."""
        for association in self.process.element.iter(f"{{{BPMN}}}association"):
            target = self.process.nodes.get(association.get("targetRef", ""))
            if association.get("sourceRef") == event.id and target and target.is_compensation:
                return target.id
        self.refuse(
            event,
            "compensation-without-handler",
            "补偿边界事件没有用关联线连到补偿活动。请画上。",
            "No association joins the compensation event to an activity that compensates. "
            "Draw one.",
        )
        return None

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
