"""Mandatory steps that still lie ahead of a case, by its diagrams.

Source: procedures §0.9; design.md §4: such steps cannot be jumped over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import bpmn
from bpmn.lint.must_pass import passed_before

PROPERTY = "mandatory"


def steps_ahead(
    definition: bpmn.Definition, element: str, callers: Sequence[str]
) -> frozenset[str]:
    """Return the mandatory steps at an element or on some path behind it.

    Args:
        definition: The version's diagrams.
        element: Where the case stands, in the process that the last caller calls.
        callers: The call activities around it, outermost first.
    """
    found: set[str] = set()
    process = definition.process_id
    for place in (*callers, element):
        diagram = definition.diagrams.get(process)
        drawn = diagram.processes.get(bpmn.ProcessId(process)) if diagram is not None else None
        if drawn is None or place not in drawn.nodes:
            return frozenset(found)
        found |= set(_behind(definition, drawn, place))
        process = drawn.nodes[place].called_element
    return frozenset(found)


def skipped(
    definition: bpmn.Definition, callers: Sequence[str], element: str, target: str
) -> frozenset[str]:
    """Return the mandatory steps that a token taken from an element to another would leave out.

    Those are the steps that every drawn path to the target has passed, and not every path to
    where the token stands. What the token has passed already is not asked for again; a step
    that it stands on is not passed.

    Args:
        definition: The version's diagrams.
        callers: The call activities around the element, outermost first.
        element: Where the token stands.
        target: An element of the same process, or of one around it.
    """
    process = definition.process_id
    for place in (*callers, element):
        diagram = definition.diagrams.get(process)
        drawn = diagram.processes.get(bpmn.ProcessId(process)) if diagram is not None else None
        if drawn is None or place not in drawn.nodes:
            return frozenset()
        if target in drawn.nodes:
            passed = passed_before(drawn, lambda node: _provided(definition, node))
            return passed[target] - passed[place]
        process = drawn.nodes[place].called_element
    return frozenset()


def _provided(definition: bpmn.Definition, node: bpmn.Node) -> frozenset[str]:
    called = _within(definition, node.called_element, frozenset()) if node.called_element else ()
    return frozenset((*_of(node), *called))


def after_mapping(callers: Sequence[str], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Return the ids that elements have after a mapping; what is not mapped keeps its own."""
    return tuple(mapping.get(one, one) for one in callers)


def _behind(definition: bpmn.Definition, process: bpmn.Process, start: str) -> Iterator[str]:
    """Yield the steps of `start` and of everything that a token there can still reach."""
    waiting, seen = [start], {start}
    while waiting:
        node = process.nodes[waiting.pop()]
        yield from _of(node)
        if node.called_element:
            yield from _within(definition, node.called_element, frozenset())
        around = process.nodes.get(node.scope)
        beside = [one.id for one in process.boundary_events(node.id)]
        onward = [process.flows[flow].target for flow in node.outgoing]
        inside = [one.id for one in process.children(node.id)]
        out = [around.id] if around is not None else []
        for one in (*onward, *beside, *inside, *out):
            if one not in seen:
                seen.add(one)
                waiting.append(one)


def _within(definition: bpmn.Definition, called: str, above: frozenset[str]) -> Iterator[str]:
    """Yield the steps of a called process and of those that it calls, each once."""
    diagram = definition.diagrams.get(called)
    if diagram is None or called in above:
        return
    for node in diagram.processes[bpmn.ProcessId(called)].nodes.values():
        yield from _of(node)
        if node.called_element:
            yield from _within(definition, node.called_element, above | {called})


def _of(node: bpmn.Node) -> Iterator[str]:
    yield from (
        part for one in node.properties.get(PROPERTY, "").split(";") if (part := one.strip())
    )
