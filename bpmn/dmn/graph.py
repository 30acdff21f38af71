"""The decision requirement graph: what refers to what, across files (DMN 1.5, chapter 6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bpmn.dmn.nodes import (
    Decision,
    DecisionService,
    Definitions,
    Element,
    Import,
    InputData,
    KnowledgeModel,
    Place,
    Reference,
)
from bpmn.dmn.refusals import Findings

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Graph:
    """The elements of a file and of those it imports.

    Attributes:
        files: By namespace.
        elements: By namespace and id.
        prefixes: For each namespace, the names under which it imports others.
    """

    files: Mapping[str, Definitions]
    elements: Mapping[Key, Element]
    prefixes: Mapping[str, Mapping[str, str]]

    def order(self, key: Key) -> tuple[Key, ...]:
        """Return the decisions that `key` needs, each after those that it needs itself."""
        found: dict[Key, None] = {}
        waiting = [(key, False)]
        while waiting:
            current, is_done = waiting.pop()
            element = self.elements[current]
            if current in found or not isinstance(element, Decision):
                continue
            if is_done:
                found[current] = None
                continue
            waiting.append((current, True))
            waiting.extend((one.key, False) for one in reversed(element.requires))
        return tuple(found)


def link(files: tuple[Definitions, ...], findings: Findings) -> Graph:
    """Return the graph of the first file; what is unresolved or circular is a finding."""
    reached: dict[str, Definitions] = {}
    prefixes: dict[str, dict[str, str]] = {}
    waiting = [files[0]]
    while waiting:
        current = waiting.pop()
        if current.namespace in reached:
            continue
        reached[current.namespace] = current
        prefixes[current.namespace] = {one.namespace: one.name for one in current.imports}
        waiting.extend(
            found
            for found in (_imported(one, files, findings) for one in current.imports)
            if found is not None
        )
    graph = Graph(
        reached,
        {
            (namespace, element.id): element
            for namespace, definitions in reached.items()
            for element in definitions.elements
        },
        prefixes,
    )
    for (namespace, _identity), element in graph.elements.items():
        _check_references(graph, namespace, element, findings)
    if not findings.found:
        _check_cycles(graph, findings)
    return graph


def _imported(
    one: Import, files: tuple[Definitions, ...], findings: Findings
) -> Definitions | None:
    """Return the file that an import means: by namespace, and by location where several fit."""
    found = [file for file in files if file.namespace == one.namespace]
    if not found:
        findings.error(
            "dmn-import-missing",
            one.place,
            f"导入的文件“{one.location or one.namespace}”没有提供。请一并上传，或删去该导入。",
            f"The imported file {one.location or one.namespace!r} was not given. "
            "Upload it as well or remove the import.",
        )
        return None
    return next((file for file in found if file.file == one.location), found[0])


def references(element: Element) -> tuple[tuple[Reference, tuple[type, ...]], ...]:
    """Return what an element refers to, each with the kinds of element that it may be."""
    match element:
        case Decision(requires=requires, knowledge=knowledge):
            return _of(requires, Decision, InputData) + _of(
                knowledge, KnowledgeModel, DecisionService
            )
        case KnowledgeModel(knowledge=knowledge):
            return _of(knowledge, KnowledgeModel, DecisionService)
        case DecisionService():
            return (
                _of(element.outputs, Decision)
                + _of(element.encapsulated, Decision)
                + _of(element.input_decisions, Decision)
                + _of(element.input_data, InputData)
            )
        case _:
            return ()


def _of(found: Iterable[Reference], *kinds: type) -> tuple[tuple[Reference, tuple[type, ...]], ...]:
    return tuple((one, kinds) for one in found)


def _check_references(graph: Graph, namespace: str, element: Element, findings: Findings) -> None:
    for reference, kinds in references(element):
        target = graph.elements.get(reference.key)
        known = reference.namespace in {namespace, *graph.prefixes[namespace]}
        if known and isinstance(target, kinds):
            continue
        findings.error(
            "dmn-unresolved-reference",
            reference.place,
            f"“{element.name}”引用的“{reference.id}”不存在或种类不对。请改正 href 或补上该元素。",
            f"{element.name!r} refers to {reference.id!r}, which does not exist or is of another "
            "kind. Correct the href or add the element.",
        )


def _check_cycles(graph: Graph, findings: Findings) -> None:
    done: set[Key] = set()
    for start in graph.elements:
        if start in done:
            continue
        path: list[Key] = []
        on_path: set[Key] = set()
        waiting: list[tuple[Key, bool]] = [(start, False)]
        while waiting:
            current, leaves = waiting.pop()
            if leaves:
                on_path.discard(path.pop())
                done.add(current)
                continue
            if current in done:
                continue
            path.append(current)
            on_path.add(current)
            waiting.append((current, True))
            for reference, _kinds in references(graph.elements[current]):
                if reference.key == current and isinstance(graph.elements[current], KnowledgeModel):
                    continue
                if reference.key in on_path:
                    _circular(graph.elements[current], graph.elements[reference.key], findings)
                    return
                waiting.append((reference.key, False))


def _circular(one: Element, other: Element, findings: Findings) -> None:
    findings.error(
        "dmn-circular",
        Place(one.id, one.place.line),
        f"“{one.name}”与“{other.name}”互相依赖。请去掉其中一条依赖。",
        f"{one.name!r} and {other.name!r} depend on each other. Remove one of the requirements.",
    )
