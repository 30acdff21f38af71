"""The control flow of a process as a plain graph, over all its scopes."""

from collections.abc import Collection, Iterator, Mapping

from bpmn.reading import BPMN, SUBPROCESS_TYPES, Node, Process


def successors(process: Process) -> dict[str, tuple[str, ...]]:
    """Return for each node where a token may go next, in document order.

    A sub-process leads to its starts, and each of its ends leads out of it; an activity leads to
    its boundary events, one for compensation to what undoes the activity; a link leads to where it
    is caught. An event sub-process may begin as soon as its scope does, and only an interrupting
    one leads out of the scope.
    """
    undoing = undone_by(process)
    return {
        node.id: tuple(dict.fromkeys((*_next(process, node), *undoing.get(node.id, ()))))
        for node in process.nodes.values()
    }


def predecessors(process: Process) -> dict[str, tuple[str, ...]]:
    """Return the reverse of `successors`."""
    found: dict[str, list[str]] = {node: [] for node in process.nodes}
    for node, following in successors(process).items():
        for other in following:
            found[other].append(node)
    return {node: tuple(others) for node, others in found.items()}


def entries(process: Process, scope: str) -> tuple[Node, ...]:
    """Return where `scope` begins: what starts it by being drawn so, else what nothing leads to."""
    children = process.children(scope)
    starts = tuple(node for node in children if begins_alone(node))
    return starts or tuple(node for node in children if is_implicit_start(node))


def event_subprocesses(process: Process, scope: str) -> tuple[Node, ...]:
    """Return the event sub-processes that are drawn directly in `scope`."""
    return tuple(node for node in process.children(scope) if node.is_event_subprocess)


def begins_alone(node: Node) -> bool:
    """The node is a start event, or a gateway or receive task that instantiates."""
    return node.type == "startEvent" or node.attributes.get("instantiate") in ("true", "1")


def is_implicit_start(node: Node) -> bool:
    """Nothing leads to `node` and nothing starts it but its scope."""
    return not (
        node.incoming
        or node.type == "boundaryEvent"
        or node.is_event_subprocess
        or node.is_compensation
        or link_of(node, "intermediateCatchEvent")
    )


def interrupts(event_subprocess: Node, process: Process) -> bool:
    """The event sub-process ends what else runs in its scope."""
    starts = entries(process, event_subprocess.id)
    return all(start.attributes.get("isInterrupting", "true") in ("true", "1") for start in starts)


def leads_aside(process: Process, host: str) -> tuple[Node, ...]:
    """Return the boundary events of `host` that a token may leave by; compensation is none."""
    return tuple(event for event in process.boundary_events(host) if not compensates(event))


def compensates(event: Node) -> bool:
    """The event waits for compensation, or throws it."""
    return any(definition.kind == "compensate" for definition in event.event_definitions)


def undone_by(process: Process) -> dict[str, tuple[str, ...]]:
    """Return for each compensation boundary event the activities that associations join to it."""
    found: dict[str, tuple[str, ...]] = {}
    for association in process.element.iter(f"{{{BPMN}}}association"):
        source, target = (
            association.get(name, "").rpartition(":")[2] for name in ("sourceRef", "targetRef")
        )
        event, activity = process.nodes.get(source), process.nodes.get(target)
        if event and activity and event.type == "boundaryEvent" and activity.is_compensation:
            found[source] = (*found.get(source, ()), target)
    return found


def link_of(node: Node, node_type: str) -> str:
    """Return the name of the link that `node` throws or catches, or ""."""
    if node.type != node_type:
        return ""
    return next((d.name for d in node.event_definitions if d.kind == "link"), "")


def reachable(start: Collection[str], edges: Mapping[str, Collection[str]]) -> set[str]:
    """Return `start` and all that `edges` lead to from there."""
    found = set(start)
    waiting = list(start)
    while waiting:
        for other in edges[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _next(process: Process, node: Node) -> Iterator[str]:
    if node.type in SUBPROCESS_TYPES:
        yield from (entry.id for entry in entries(process, node.id))
        yield from (inner.id for inner in event_subprocesses(process, node.id))
        if not any(process.children(node.id)):
            yield from _after(process, node)
    else:
        yield from _after(process, node)
    yield from (boundary.id for boundary in process.boundary_events(node.id))


def _after(process: Process, node: Node) -> Iterator[str]:
    """Yield what follows `node` once it is done."""
    if node.is_compensation:
        return
    known = process.nodes
    yield from (process.flows[f].target for f in node.outgoing if process.flows[f].target in known)
    link = link_of(node, "intermediateThrowEvent")
    if link:
        yield from (
            other.id
            for other in process.children(node.scope)
            if link_of(other, "intermediateCatchEvent") == link
        )
    elif not node.outgoing and node.scope in known:
        yield from _out_of(process, known[node.scope])


def _out_of(process: Process, scope: Node) -> Iterator[str]:
    if not scope.is_event_subprocess:
        yield from _after(process, scope)
    elif scope.scope in process.nodes and interrupts(scope, process):
        yield from _out_of(process, process.nodes[scope.scope])
