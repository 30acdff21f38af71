"""Data that a diagram draws: data objects, data stores, and the associations to them.

A data object is a variable of the scope that it is drawn in; a data store is a variable of the
case's file, which lies around all processes of the instance. An association copies between such
a variable and an input or output that its activity or event names.

Source: OMG BPMN 2.0.2, 10.4.1 (items), 10.4.2 (associations).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bpmn.reading import BPMN, Diagram, Element, Node, Process
from bpmn.running.levels import Run

PLACEHOLDER = "__targetRef_placeholder"
"""What bpmn.io calls the target of an association that names none."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A variable that is copied as it is.

    Attributes:
        name: Under which it arrives.
        source: Under which it is read.
    """

    name: str
    source: str

    def value(self, run: Run, scope: str, extra: dict[str, object] | None = None) -> object:
        """Return the value in `scope`, or what came with an event; null where neither has it."""
        if extra and self.source in extra:
            return extra[self.source]
        return run.scopes.look_up(scope, frozenset({self.source})).get(self.source)


@dataclass(frozen=True, slots=True)
class Association:
    """A data association as it was drawn.

    Attributes:
        source: The variable or output that it reads, "" where it names none.
        target: The variable or input that it writes, "" where it names none.
        transformation: The expression instead of `source`, or "".
        assignments: Pairs of an expression and the name that it goes to.
    """

    source: str
    target: str
    transformation: str
    assignments: tuple[tuple[str, str], ...]


def variable_of(diagram: Diagram, process: Process, reference: str) -> str:
    """Return the variable that a data object or data store stands for; "" for anything else."""
    item = process.data.get(reference)
    if item is None:
        return ""
    if item.name:
        return item.name
    alike = process.element.iter(f"{{{BPMN}}}{item.type}")
    drawn = next(each for each in alike if each.get("id") == item.id)
    behind = drawn.get("dataObjectRef") or drawn.get("dataStoreRef") or ""
    if item.type == "dataStoreReference":
        for store in diagram.root.iterchildren(f"{{{BPMN}}}dataStore"):
            if store.get("id") == behind:
                return str(store.get("name") or behind)
    if behind and behind != reference and behind in process.data:
        return variable_of(diagram, process, behind)
    return item.id


def stores(diagram: Diagram, process: Process) -> tuple[str, ...]:
    """Return the variables of the case's file that a process draws."""
    return tuple(
        dict.fromkeys(
            variable_of(diagram, process, item.id)
            for item in process.data.values()
            if item.type == "dataStoreReference"
        )
    )


def objects(diagram: Diagram, process: Process, scope: str) -> tuple[str, ...]:
    """Return the data objects that are drawn directly in a scope, as variables."""
    return tuple(
        dict.fromkeys(
            variable_of(diagram, process, item.id)
            for item in process.data.values()
            if item.type != "dataStoreReference" and item.scope == scope
        )
    )


def associations(
    diagram: Diagram, process: Process, node: Node, direction: str
) -> Iterator[Association]:
    """Yield the data associations of a node, 'Input' or 'Output'."""
    named = _inputs_and_outputs(node.element)

    def name(reference: str | None) -> str:
        key = (reference or "").strip()
        return variable_of(diagram, process, key) or named.get(key, "")

    for drawn in node.element.iterchildren(f"{{{BPMN}}}data{direction}Association"):
        yield Association(
            source=name(_text(drawn, "sourceRef")),
            target=name(_text(drawn, "targetRef")),
            transformation=_text(drawn, "transformation"),
            assignments=tuple(
                (_text(each, "from"), _text(each, "to"))
                for each in drawn.iterchildren(f"{{{BPMN}}}assignment")
            ),
        )


def _inputs_and_outputs(element: Element) -> dict[str, str]:
    """Return the names of a node's inputs, outputs and properties, by id."""
    return {
        str(each.get("id")): str(each.get("name"))
        for tag in ("dataInput", "dataOutput", "property")
        for each in element.iter(f"{{{BPMN}}}{tag}")
        if each.get("id") and each.get("name") and each.get("name") != PLACEHOLDER
    }


def _text(element: Element, tag: str) -> str:
    child = element.find(f"{{{BPMN}}}{tag}")
    return "" if child is None else "".join(str(part) for part in child.itertext()).strip()
