"""The token game: whether what is drawn can always end, and never twice at once.

Each scope is played on its own, a sub-process in it being one step. A marking says on which
sequence flows tokens lie. Every choice is taken every way; what a condition says is not looked at,
so that a finding may name a path that the data rule out.

Source: OMG 2.0.2, 13.3 and 13.4; van der Aalst, soundness of workflow nets (1997).
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import NamedTuple, TypeAlias

from bpmn.lint.graph import begins_alone, entries, leads_aside, link_of
from bpmn.reading import ACTIVITY_TYPES, GATEWAY_TYPES, Node, Process

MAX_STATES = 10_000
_MAX_SUBSETS_OF = 6
_TOKENS_A_STATE = 100  # moved on the average before the bound is met

Marking: TypeAlias = tuple[str, ...]


class _Step(NamedTuple):
    """A node fires: where it fired and what lies on the flows afterwards."""

    node: str
    after: Marking


@dataclass(slots=True)
class Space:
    """What playing a scope showed.

    Attributes:
        states: The number of markings that were looked at.
        is_whole: Every marking was looked at; False where the bound was met.
        deadlocks: Nodes at which a token waits for ever, with the flows that stay empty.
        doubled: Nodes that put a second token where one still lies.
        endless: Nodes at which tokens go on for ever without a way to the end.
    """

    states: int = 0
    is_whole: bool = True
    deadlocks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubled: set[str] = field(default_factory=set)
    endless: set[str] = field(default_factory=set)


def play(process: Process, scope: str, *, limit: int = MAX_STATES) -> Space:
    """Play the token game of `scope` and return what it showed.

    Args:
        process: The process.
        scope: The id of the process, or of a sub-process in it.
        limit: The number of markings after which it gives up seeing all orders of parallel
            branches and goes on with one order, which still finds every deadlock.
    """
    net = _Net(process, scope)
    space = _explore(net, limit, in_one_order=False)
    if not space.is_whole:
        reduced = _explore(net, limit, in_one_order=True)
        space.deadlocks.update(reduced.deadlocks)
        space.endless.update(reduced.endless)
        space.states += reduced.states
    return space


def _explore(net: "_Net", limit: int, *, in_one_order: bool) -> Space:
    space = Space()
    found: dict[Marking, list[Marking]] = {}
    ends: set[Marking] = {()}
    waiting = deque(net.beginnings())
    work = 0
    while waiting:
        marking = waiting.pop() if in_one_order else waiting.popleft()
        if marking in found:
            continue
        found[marking] = []
        if not marking:
            continue
        if len(found) > limit or work > limit * _TOKENS_A_STATE:
            space.is_whole = False
            ends.update(waiting, [marking])
            break
        steps = net.steps(marking, in_one_order=in_one_order)
        if not steps:
            space.deadlocks.update(net.stuck(marking))
            ends.add(marking)
        for step in steps:
            work += len(step.after)
            if len(set(step.after)) < len(step.after):
                space.doubled.add(step.node)
                ends.add(marking)
            else:
                found[marking].append(step.after)
                waiting.append(step.after)
    space.states = len(found)
    space.endless = {net.target[flow].id for marking in _endless(found, ends) for flow in marking}
    return space


def _endless(found: Mapping[Marking, list[Marking]], ends: set[Marking]) -> set[Marking]:
    """Return the markings from which no end can be reached."""
    before: dict[Marking, list[Marking]] = {}
    for marking, following in found.items():
        for other in following:
            before.setdefault(other, []).append(marking)
    can_end = set(ends)
    waiting = list(ends)
    while waiting:
        for other in before.get(waiting.pop(), ()):
            if other not in can_end:
                can_end.add(other)
                waiting.append(other)
    return set(found) - can_end


class _Net:
    """A scope as places (flows) and the nodes that move tokens between them."""

    def __init__(self, process: Process, scope: str) -> None:
        self.process = process
        self.nodes: dict[str, Node] = {node.id: node for node in process.children(scope)}
        self.starts = entries(process, scope)
        self.inputs: dict[str, list[str]] = {node: [] for node in self.nodes}
        self.outputs: dict[str, list[str]] = {node: [] for node in self.nodes}
        self.target: dict[str, Node] = {}
        for flow in process.flows.values():
            if flow.source in self.nodes and flow.target in self.nodes:
                self._connect(flow.id, flow.source, flow.target)
        for node in self.nodes.values():
            link = link_of(node, "intermediateThrowEvent")
            for other in self.nodes.values():
                if link and link_of(other, "intermediateCatchEvent") == link:
                    self._connect(f"{node.id}>{other.id}", node.id, other.id)
        self.boundaries = {
            node: [event for event in leads_aside(process, node) if event.id in self.nodes]
            for node in self.nodes
        }
        self.place = {flow: self._settled(flow) for flow in self.target}
        self.leads_to: dict[str, dict[str, set[str]]] = {
            node.id: {flow: self._upstream(flow, node.id) for flow in self.inputs[node.id]}
            for node in self.nodes.values()
            if self._is_inclusive_join(node)
        }

    def beginnings(self) -> list[Marking]:
        """Return the markings with which the scope may begin."""
        if all(begins_alone(start) for start in self.starts):
            return [after for start in self.starts for after in self._departures(start, ())]
        together: list[Marking] = [()]
        for start in self.starts:  # without start events all that nothing leads to begins at once
            together = [after for m in together for after in self._departures(start, m)]
        return together

    def steps(self, marking: Marking, *, in_one_order: bool) -> list[_Step]:
        """Return what may happen next.

        A token at a node can be taken away by no other node but a terminate event, so that in one
        order it suffices to let the first node go that can; an inclusive join goes last, when
        nothing else can change what it waits for.
        """
        ready = dict.fromkeys(self.target[flow].id for flow in marking)
        found: list[_Step] = []
        for node in sorted(ready, key=lambda each: each in self.leads_to):
            steps = [_Step(node, after) for after in self._fire(self.nodes[node], marking)]
            found.extend(steps)
            if steps and in_one_order and not self._terminates(self.nodes[node]):
                break
        return found

    def stuck(self, marking: Marking) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the nodes at which tokens of a dead marking wait, with the flows that are empty."""
        for node in dict.fromkeys(self.target[flow].id for flow in marking):
            empty = [flow for flow in self.inputs[node] if self.place[flow] not in marking]
            yield node, tuple(empty)

    def _connect(self, flow: str, source: str, target: str) -> None:
        self.outputs[source].append(flow)
        self.inputs[target].append(flow)
        self.target[flow] = self.nodes[target]

    def _settled(self, flow: str) -> str:
        """Return where a token on `flow` comes to lie, past nodes that only pass it on."""
        seen = {flow}
        while self._only_passes(self.target[flow]):
            following = self.outputs[self.target[flow].id][0]
            if following in seen:
                break
            seen.add(following)
            flow = following
        return flow

    def _only_passes(self, node: Node) -> bool:
        return (
            len(self.inputs[node.id]) == 1
            and len(self.outputs[node.id]) == 1
            and not self.boundaries[node.id]
        )

    def _upstream(self, flow: str, without: str) -> set[str]:
        """Return the flows from which a token can come to `flow` without passing `without`."""
        found = {flow}
        waiting = [flow]
        sources = {each: node for node, flows in self.outputs.items() for each in flows}
        while waiting:
            source = sources[waiting.pop()]
            if source == without:
                continue
            host = self.nodes[source].attached_to or source
            for before in self.inputs.get(host, ()):
                if before not in found:
                    found.add(before)
                    waiting.append(before)
        return {self.place[each] for each in found} | found

    def _is_inclusive_join(self, node: Node) -> bool:
        return node.type in ("inclusiveGateway", "complexGateway") and len(self.inputs[node.id]) > 1

    def _terminates(self, node: Node) -> bool:
        kinds = {definition.kind for definition in node.event_definitions}
        return node.type == "endEvent" and bool(kinds & {"terminate", "error", "cancel"})

    def _fire(self, node: Node, marking: Marking) -> Iterator[Marking]:
        places = [self.place[flow] for flow in self.inputs[node.id]]
        if self._terminates(node):
            yield ()
        elif node.type == "parallelGateway":
            if all(place in marking for place in places):
                yield from self._departures(node, _without(marking, places))
        elif node.id in self.leads_to:
            if self._can_join(node.id, marking):
                here = [place for place in places if place in marking]
                yield from self._departures(node, _without(marking, here))
        else:
            for place in dict.fromkeys(places):
                if place in marking:
                    yield from self._departures(node, _without(marking, [place]))

    def _can_join(self, node: str, marking: Marking) -> bool:
        """Nothing can arrive any more at a flow that is empty (OMG 2.0.2, table 13.3)."""
        upstream = self.leads_to[node]
        filled = [flow for flow in upstream if self.place[flow] in marking]
        others = [place for place in marking if place not in {self.place[f] for f in upstream}]
        to_filled = set().union(*(upstream[flow] for flow in filled))
        return not any(
            place in upstream[flow] and place not in to_filled
            for place in others
            for flow in upstream
            if flow not in filled
        )

    def _departures(self, node: Node, marking: Marking) -> Iterator[Marking]:
        """Yield every way in which tokens may leave `node`."""
        for chosen in self._choices(node):
            yield self._with(marking, chosen)
        aside = []
        for boundary in self.boundaries[node.id]:
            if boundary.cancel_activity:
                yield self._with(marking, self.outputs[boundary.id])
            else:
                aside.extend(self.outputs[boundary.id])
        if aside:  # a non-interrupting event, once, beside the host's own way on
            for chosen in self._choices(node):
                yield self._with(marking, [*chosen, *aside])

    def _choices(self, node: Node) -> list[list[str]]:
        flows = self.outputs[node.id]
        if node.type in ("exclusiveGateway", "eventBasedGateway"):
            return [[flow] for flow in flows] or [[]]
        if node.type in ("inclusiveGateway", "complexGateway"):
            return _subsets(flows)
        if node.type in ACTIVITY_TYPES or node.type not in GATEWAY_TYPES:
            return self._out_of_activity(node, flows)
        return [flows]

    def _out_of_activity(self, node: Node, flows: list[str]) -> list[list[str]]:
        drawn = self.process.flows
        always = [f for f in flows if f not in drawn or not self._is_conditional(f)]
        if len(always) == len(flows):
            return [flows]
        ways = [
            [*always, *chosen]
            for chosen in _subsets([flow for flow in flows if flow not in always])
            if all(not drawn[flow].is_default for flow in chosen) or len(chosen) == 1
        ]
        return ways if node.default else [always, *ways]

    def _is_conditional(self, flow: str) -> bool:
        return self.process.flows[flow].condition is not None or self.process.flows[flow].is_default

    def _with(self, marking: Marking, flows: list[str]) -> Marking:
        places = [self.place[flow] for flow in flows if not self._only_ends(flow)]
        return tuple(sorted((*marking, *places)))

    def _only_ends(self, flow: str) -> bool:
        """A token that takes this flow ends at once, and nothing else with it."""
        node = self.target[flow]
        return not (
            self.outputs[node.id]
            or self.boundaries[node.id]
            or self._terminates(node)
            or node.type == "parallelGateway"
            or node.id in self.leads_to
        )


def _without(marking: Marking, places: list[str]) -> Marking:
    left = list(marking)
    for place in places:
        left.remove(place)
    return tuple(left)


def _subsets(flows: list[str]) -> list[list[str]]:
    """Return the non-empty choices among `flows`; of many only one, two neighbours, or all."""
    if len(flows) > _MAX_SUBSETS_OF:
        return [*([flow] for flow in flows), *(list(pair) for pair in pairwise(flows)), flows]
    sizes = range(1, len(flows) + 1)
    return [list(chosen) for size in sizes for chosen in combinations(flows, size)] or [[]]
