"""All decisions and business knowledge models of a graph, compiled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bpmn.dmn.compiling.boxed import compile_boxed
from bpmn.dmn.compiling.compiler import Compiler, Names
from bpmn.dmn.compiling.tables import CompiledTable
from bpmn.dmn.evaluation import Code
from bpmn.dmn.graph import Graph, Key
from bpmn.dmn.item_types import Check, Types, Value
from bpmn.dmn.nodes import (
    Decision,
    DecisionService,
    Element,
    KnowledgeModel,
    Reference,
    Table,
    Variable,
)
from bpmn.dmn.refusals import Findings
from bpmn.feel.compiler.free import Parts

# Our own functions beside the standard's; an environment may or may not bring them.
EXTENSIONS = frozenset({"workdays", "add workdays", "deadline", "is workday"})


@dataclass(frozen=True, slots=True)
class Compiled:
    """An element, ready to run.

    Attributes:
        code: Its logic, None for input data and where the file gives none.
        check: What makes its value conform to its type; of a service its result.
        reads: The names that its expressions read.
        free: Those of them that nothing in the file gives a meaning.
        order: For a decision, those that it needs and itself, in the order of evaluation.
        parts: For each name, the components that its expressions read; None is all of it.
    """

    code: Code | None
    check: Check | None
    reads: frozenset[str]
    free: frozenset[str]
    order: tuple[Key, ...]
    parts: Parts


class CompiledModels:
    """The elements of a graph, ready to run.

    Attributes:
        graph: The graph.
        memberships: For `instance of`: whether a value belongs to a type, by the type's name.
    """

    def __init__(self, graph: Graph, namespace: str, findings: Findings, *, lenient: bool) -> None:
        self.graph = graph
        self._findings = findings
        self._lenient = lenient
        self._compilers: dict[str, Compiler] = {}
        for space in graph.files:
            self._prepare(space)
        self.memberships: Mapping[str, Callable[[Value], bool]] = self.types(
            namespace
        ).memberships()
        self._compiled = {
            key: self._compile(key, element) for key, element in graph.elements.items()
        }

    def __getitem__(self, key: Key) -> Compiled:
        """Return an element that the graph has."""
        return self._compiled[key]

    def types(self, namespace: str) -> Types:
        """Return the types that a file of the graph may name."""
        return self._compilers[namespace].types

    def parameters(self, element: Element) -> tuple[Variable, ...]:
        """Return what a function asks for: a service its input data, then input decisions."""
        match element:
            case KnowledgeModel(logic=logic) if logic is not None:
                return logic.parameters
            case DecisionService():
                return tuple(
                    self.graph.elements[one.key].variable
                    for one in (*element.input_data, *element.input_decisions)
                )
            case _:
                return ()

    def _prepare(self, space: str) -> Compiler:
        if space in self._compilers:
            return self._compilers[space]
        definitions = self.graph.files[space]
        compiler = Compiler(self._findings, lenient=self._lenient)
        self._compilers[space] = compiler
        imported = {one.name: self._prepare(one.namespace).types for one in definitions.imports}
        own = {definition.name: definition for definition in definitions.types}
        compiler.types = Types(own, imported, compiler.allows)
        for definition in definitions.types:
            compiler.check(definition.name, definition.place)
        return compiler

    def _compile(self, key: Key, element: Element) -> Compiled:
        space, _identity = key
        compiler = self._compilers[space]
        compiler.forget()
        code: Code | None = None
        check: Check | None = None
        order: tuple[Key, ...] = ()
        variable = element.variable
        match element:
            case KnowledgeModel(logic=logic):
                names = self._names(space, element.knowledge) | {variable.name}
                if logic is not None:
                    typed = replace(logic, type_ref=logic.type_ref or variable.type_ref)
                    code = compile_boxed(typed, compiler, names, element.id)
            case Decision(logic=logic):
                order = self.graph.order(key)
                check = compiler.check(variable.type_ref, element.place)
                names = self._names(space, (*element.requires, *element.knowledge))
                if isinstance(logic, Table):
                    table = CompiledTable(logic, compiler, names, element.id, variable.type_ref)
                    code = compiler.typed(table.run, logic.type_ref, logic.place, element.name)
                elif logic is not None:
                    code = compile_boxed(logic, compiler, names, element.id)
            case DecisionService():
                result = compiler.types.result(variable.type_ref)
                check = compiler.check(result, element.place)
            case _:
                check = compiler.check(variable.type_ref, element.place)
        return Compiled(
            code,
            check,
            frozenset(compiler.reads),
            frozenset(compiler.free),
            order,
            dict(compiler.parts),
        )

    def _names(self, space: str, found: tuple[Reference, ...]) -> Names:
        """Return the names that an element sees: what it requires, their components, parameters."""
        names: set[str] = set(EXTENSIONS)
        for reference in found:
            target = self.graph.elements[reference.key]
            types = self._compilers[reference.namespace].types
            names.add(target.variable.name)
            names |= types.names(target.variable.type_ref)
            if reference.namespace != space:
                names.add(self.graph.prefixes[space][reference.namespace])
            names.update(one.name for one in self.parameters(target) if _needs_saying(one.name))
        return frozenset(names - {""})


def _needs_saying(name: str) -> bool:
    """Return whether FEEL must be told of a parameter's name to recognise it in a call.

    One with a dot is left out: where the function is called, it would hide the path it looks like.
    """
    return any(sign in name for sign in "+-*/'") and "." not in name
