"""What every path to a node, and every path on from it, has passed.

Tokens of parallel branches meet: where all of them arrive, what any of them passed was passed;
where one of several arrives, only what all passed. The same, backwards, for what lies ahead.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from bpmn.lint.graph import leads_aside, predecessors, successors
from bpmn.reading import Node, Process

Features: TypeAlias = frozenset[str]
Along: TypeAlias = Mapping[tuple[str, str], Features]

_NOTHING: Along = MappingProxyType({})


def along_flows(process: Process, features: Mapping[str, Features]) -> Along:
    """Return features by flow id as features by source and target."""
    drawn = [(flow, process.flows[flow]) for flow in features if flow in process.flows]
    return {(flow.source, flow.target): features[key] for key, flow in drawn}


def passed_before(
    process: Process, of: Callable[[Node], Features], *, along: Along = _NOTHING
) -> dict[str, Features]:
    """Return for each node what has been passed for certain when it is entered.

    Args:
        process: The process.
        of: The features that passing a node gives.
        along: The features that going from one node to another gives.
    """
    edges = predecessors(process)

    def sides(node: Node, found: Mapping[str, Features]) -> list[Features]:
        return [
            found[other]
            | along.get((other, node.id), frozenset())
            # What a boundary event interrupts was not completed.
            | (frozenset() if node.attached_to == other else of(process.nodes[other]))
            for other in edges[node.id]
        ]

    return _settle(
        process, of, lambda node, found: _meet(sides(node, found), together=_joins(node))
    )


def passed_after(
    process: Process,
    of: Callable[[Node], Features],
    *,
    along: Along = _NOTHING,
    offered: bool = False,
) -> dict[str, Features]:
    """Return for each node what will be passed for certain once it is completed.

    Args:
        process: The process.
        of: The features that passing a node gives.
        along: The features that going from one node to another gives.
        offered: What a person may choose counts as passed: the branches behind an event-based
            gateway and behind boundary events are open to whoever files in time.
    """
    edges = successors(process)

    def ahead(node: Node, found: Mapping[str, Features]) -> Features:
        sides = [
            found[other] | along.get((node.id, other), frozenset())
            for other in edges[node.id]
            if process.nodes[other].attached_to != node.id
        ]
        return _meet(sides, together=together(node))

    def from_entry(node: Node, found: Mapping[str, Features]) -> Features:
        """What is passed for certain from the moment that `node` is entered."""
        aside = [
            found[boundary.id]
            for boundary in leads_aside(process, node.id)
            if offered or boundary.cancel_activity
        ]
        own = of(node) | ahead(node, found)
        return _meet([own, *aside], together=offered)

    def together(node: Node) -> bool:
        return node.type == "parallelGateway" or (offered and node.type == "eventBasedGateway")

    entered = _settle(process, of, from_entry)
    return {node.id: ahead(node, entered) for node in process.nodes.values()}


def _joins(node: Node) -> bool:
    return node.type == "parallelGateway"


def _settle(
    process: Process,
    of: Callable[[Node], Features],
    value: Callable[[Node, Mapping[str, Features]], Features],
) -> dict[str, Features]:
    """Return the greatest solution: begin with everything, take away until nothing changes."""
    nodes = process.nodes.values()
    everything = frozenset[str]().union(*(of(node) for node in nodes))
    found = dict.fromkeys(process.nodes, everything)
    changed = True
    while changed:
        changed = False
        for node in nodes:
            now = value(node, found)
            changed = changed or now != found[node.id]
            found[node.id] = now
    return found


def _meet(sides: Sequence[Features], *, together: bool) -> Features:
    if not sides:
        return frozenset()
    return frozenset.union(*sides) if together else frozenset.intersection(*sides)
