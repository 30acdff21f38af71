"""What changed between two diagrams, completely, layout apart."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bpmn.reading import BPMN, CAMUNDA, SUBPROCESS_TYPES, Diagram, Element, Node

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"


class Kind(StrEnum):
    """What happened to an element."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        kind: What happened.
        element: The id of the element.
        type: Its type; of a changed one the new type.
        what: The part that changed, as a path ('conditionExpression', 'properties/article',
            'timerEventDefinition/timeDuration', 'lane'); "" where the element came or went.
        before: The text before, or None where there was none.
        after: The text after, or None where there is none.
    """

    kind: Kind
    element: str
    type: str
    what: str
    before: str | None
    after: str | None


# What holds elements that are compared one by one; all else is a part of its element.
_CONTAINERS = SUBPROCESS_TYPES | {"definitions", "process", "collaboration", "lane"}
_TRANSPARENT = frozenset({"laneSet", "childLaneSet"})
# Parts that may carry an id and are yet no elements of their own.
_PARTS = frozenset(
    {
        "auditing",
        "completionCondition",
        "correlationSubscription",
        "dataInputAssociation",
        "dataOutputAssociation",
        "documentation",
        "extensionElements",
        "humanPerformer",
        "ioBinding",
        "ioSpecification",
        "monitoring",
        "multiInstanceLoopCharacteristics",
        "performer",
        "potentialOwner",
        "resourceRole",
        "standardLoopCharacteristics",
    }
)
# A flow tells its own ends, and a node its lane.
_TOLD_ELSEWHERE = frozenset({"incoming", "outgoing", "flowNodeRef", "BPMNDiagram"})
_EXPORTER = frozenset(
    {
        "exporter",
        "exporterVersion",
        "id",
        "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation",
    }
)
_HOLDERS = frozenset({"extensionElements", "camunda:properties", "camunda:inputOutput"})
_ORDER = "order of "


@dataclass(frozen=True, slots=True)
class _Unit:
    """An element that is compared on its own: its type and its parts by path."""

    type: str
    parts: Mapping[str, str]


def compare(old: Diagram, new: Diagram) -> list[Change]:
    """Return every difference of meaning from `old` to `new`, by id; layout is left out.

    Elements are matched by id. What came or went is told once; of what changed, each part: an
    attribute, a text, a property, a timer, a condition, an extension, the lane, the scope, the
    order of the flows that a gateway looks at and of mappings. The order is that of `new`,
    removals last.
    """
    before, after = _units(old), _units(new)
    changes: list[Change] = []
    for element, unit in after.items():
        if element not in before:
            changes.append(Change(Kind.ADDED, element, unit.type, "", None, _name(unit)))
        else:
            changes.extend(_changed(element, before[element], unit))
    changes.extend(
        Change(Kind.REMOVED, element, unit.type, "", _name(unit), None)
        for element, unit in before.items()
        if element not in after
    )
    return changes


def _changed(element: str, old: _Unit, new: _Unit) -> Iterator[Change]:
    if old.type != new.type:
        yield Change(Kind.CHANGED, element, new.type, "type", old.type, new.type)
    for what in dict.fromkeys((*new.parts, *old.parts)):
        before, after = old.parts.get(what), new.parts.get(what)
        if before != after and not (what.startswith(_ORDER) and _differ_otherwise(before, after)):
            yield Change(Kind.CHANGED, element, new.type, what, before, after)


def _differ_otherwise(before: str | None, after: str | None) -> bool:
    """Others stand there than before, which they tell themselves."""
    return set((before or "").split()) != set((after or "").split())


def _name(unit: _Unit) -> str:
    return unit.parts.get("name", "")


def _units(diagram: Diagram) -> dict[str, _Unit]:
    found = dict(_walk(diagram.root, ""))
    lanes = _innermost_lanes(diagram)
    for node in diagram.nodes():
        unit = found[node.id]
        more = {"lane": lanes[node.id]} if node.id in lanes else {}
        more.update({f"{_ORDER}{what}": " ".join(named) for what, named in _orders(node)})
        found[node.id] = _Unit(unit.type, {**unit.parts, **more})
    return found


def _orders(node: Node) -> Iterator[tuple[str, list[str]]]:
    """Yield what a node goes through one after another, where the order has a meaning."""
    if node.type == "exclusiveGateway":
        yield "flows", list(node.outgoing)
    listed = (
        ("inputParameters", [parameter.name for parameter in node.input_parameters]),
        ("outputParameters", [parameter.name for parameter in node.output_parameters]),
        ("in", [mapping.target or mapping.variables for mapping in node.ins]),
        ("out", [mapping.target or mapping.variables for mapping in node.outs]),
    )
    yield from ((what, names) for what, names in listed if len(names) > 1)


def _innermost_lanes(diagram: Diagram) -> dict[str, str]:
    """Return the innermost lane of each listed node; outer lanes come before inner ones."""
    return {
        member: lane.id
        for process in diagram.processes.values()
        for lane in process.lanes
        for member in lane.members
    }


def _walk(element: Element, scope: str) -> Iterator[tuple[str, _Unit]]:
    """Yield `element` and the elements that it contains, by id; the root's is ""."""
    tag = _short(element.tag)
    inner = scope
    if tag not in _TRANSPARENT:
        inner = "" if tag == "definitions" else element.get("id", "")
        parts = dict(_parts(element, ""))
        if scope:
            parts["scope"] = scope
        yield inner, _Unit(tag, parts)
    if tag in _CONTAINERS | _TRANSPARENT:
        for child in element.iterchildren(f"{{{BPMN}}}*"):
            if _is_unit(child):
                yield from _walk(child, inner)


def _is_unit(child: Element) -> bool:
    tag = _short(child.tag)
    return tag in _TRANSPARENT or (bool(child.get("id")) and tag not in _PARTS)


def _parts(element: Element, path: str) -> Iterator[tuple[str, str]]:
    """Yield what the element says, by path: attributes, text, and the parts of its parts."""
    tag = _short(element.tag)
    found = [
        (_join(path, name), str(value))
        for name, value in sorted((_short(str(k)), v) for k, v in element.attrib.items())
        if name != "id" and not (tag == "definitions" and name in _EXPORTER)
    ]
    found.extend(_child_parts(element, path))
    text = (element.text or "").strip()
    if text or (path and not found):  # that an empty part is there is said too
        found.insert(0, (path or "text", text))
    yield from found


def _child_parts(element: Element, path: str) -> Iterator[tuple[str, str]]:
    counted: Counter[str] = Counter()
    is_container = _short(element.tag) in _CONTAINERS
    for child in element.iterchildren("*"):
        name = _short(child.tag)
        if name in _TOLD_ELSEWHERE or (is_container and _is_bpmn(child) and _is_unit(child)):
            continue
        if name in _HOLDERS:
            yield from _child_parts(child, path)
            continue
        step = _step(name, child)
        counted[step] += 1
        if counted[step] > 1:
            step = f"{step}[{counted[step]}]"
        if name.startswith("{"):
            yield _join(path, step), _canonical(child)
        else:
            yield from _parts(child, _join(path, step))


def _canonical(element: Element) -> str:
    """Return what an element of another vocabulary says, independent of prefixes and layout."""
    pairs = sorted((str(key), str(value)) for key, value in element.attrib.items())
    attributes = "".join(f" {key}={value!r}" for key, value in pairs)
    inner = "".join(
        f"{_canonical(child)}{(child.tail or '').strip()}" for child in element.iterchildren("*")
    )
    return f"<{element.tag}{attributes}>{(element.text or '').strip()}{inner}</>"


def _is_bpmn(child: Element) -> bool:
    return str(child.tag).startswith(f"{{{BPMN}}}")


def _step(name: str, child: Element) -> str:
    """Return how a path calls the child: what stands in lists by the name that it goes by."""
    plain = name.removeprefix("camunda:")
    if plain in ("property", "inputParameter", "outputParameter", "entry"):
        return f"{plain} {child.get('name') or child.get('key') or ''}".strip()
    if name in ("camunda:in", "camunda:out"):
        return f"{plain} {child.get('target') or child.get('variables') or 'businessKey'}"
    return name


def _join(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _short(name: str) -> str:
    """Return a name of BPMN or BPMN DI bare, of Camunda with its prefix, of others in full."""
    namespace, _, local = name.rpartition("}")
    namespace = namespace.removeprefix("{")
    if namespace in ("", BPMN, BPMNDI):
        return local
    return f"camunda:{local}" if namespace == CAMUNDA else f"{{{namespace}}}{local}"
