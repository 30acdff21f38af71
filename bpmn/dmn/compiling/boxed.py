"""Boxed expressions as closures (DMN 1.5, 10.2.2)."""

from functools import singledispatch

from bpmn.dmn.compiling.compiler import Compiler, Names
from bpmn.dmn.compiling.functions import compile_function, compile_invocation
from bpmn.dmn.compiling.iterators import compile_filter, compile_iterator
from bpmn.dmn.compiling.tables import CompiledTable
from bpmn.dmn.evaluation import Code, Evaluation, Scope
from bpmn.dmn.item_types import Value
from bpmn.dmn.nodes import (
    Boxed,
    BoxedList,
    Conditional,
    Context,
    Filter,
    FunctionDefinition,
    Invocation,
    Iterator,
    Literal,
    Relation,
    Table,
)


def compile_boxed(node: Boxed, compiler: Compiler, names: Names, owner: str) -> Code:
    """Return the code of an expression.

    Args:
        node: The expression.
        compiler: Where its FEEL is compiled.
        names: The names in scope.
        owner: Id of the decision or business knowledge model to which it belongs.
    """
    code = _code(node, compiler, names, owner)
    if isinstance(node, FunctionDefinition):
        return code
    return compiler.typed(code, node.type_ref, node.place, owner)


@singledispatch
def _code(node: Boxed, compiler: Compiler, names: Names, owner: str) -> Code:
    raise NotImplementedError(type(node).__name__)


@_code.register
def _(node: Literal, compiler: Compiler, names: Names, _owner: str) -> Code:
    return compiler.literal(node.source, names)


@_code.register
def _(node: Table, compiler: Compiler, names: Names, owner: str) -> Code:
    return CompiledTable(node, compiler, names, owner).run


@_code.register
def _(node: Context, compiler: Compiler, names: Names, owner: str) -> Code:
    parts: list[tuple[str | None, Code]] = []
    known = names
    for entry in node.entries:
        variable = entry.variable
        if variable is not None and isinstance(entry.value, FunctionDefinition):
            # A function may call itself by the name that it is about to get.
            known = known | {variable.name, *(one.name for one in entry.value.parameters)}
        code = compile_boxed(entry.value, compiler, known, owner)
        if variable is None:
            parts.append((None, code))
            continue
        code = compiler.typed(code, variable.type_ref, node.place, variable.name)
        parts.append((variable.name, code))
        known = known | {variable.name} | compiler.types.names(variable.type_ref)

    def run_context(scope: Scope, run: Evaluation) -> Value:
        inner = dict(scope)
        made: Scope = {}
        for name, code in parts:
            if name is None:
                return code(inner, run)
            inner[name] = made[name] = code(inner, run)
        return made

    return run_context


@_code.register
def _(node: BoxedList, compiler: Compiler, names: Names, owner: str) -> Code:
    codes = [compile_boxed(item, compiler, names, owner) for item in node.items]
    return lambda scope, run: [code(scope, run) for code in codes]


@_code.register
def _(node: Relation, compiler: Compiler, names: Names, owner: str) -> Code:
    rows = [
        [
            (
                column.name,
                compiler.typed(
                    compile_boxed(cell, compiler, names, owner),
                    column.type_ref,
                    node.place,
                    column.name,
                ),
            )
            for column, cell in zip(node.columns, row, strict=False)
        ]
        for row in node.rows
    ]
    return lambda scope, run: [{name: code(scope, run) for name, code in row} for row in rows]


@_code.register
def _(node: Conditional, compiler: Compiler, names: Names, owner: str) -> Code:
    condition, then, otherwise = (
        compile_boxed(part, compiler, names, owner)
        for part in (node.condition, node.then, node.otherwise)
    )
    return lambda scope, run: (
        then(scope, run) if condition(scope, run) is True else otherwise(scope, run)
    )


@_code.register
def _(node: FunctionDefinition, compiler: Compiler, names: Names, owner: str) -> Code:
    parameters = frozenset(parameter.name for parameter in node.parameters)
    known = names | parameters
    for parameter in node.parameters:
        known |= compiler.types.names(parameter.type_ref)
    body = None if node.body is None else compile_boxed(node.body, compiler, known, owner)
    return compile_function(node, body, compiler, owner)


@_code.register
def _(node: Invocation, compiler: Compiler, names: Names, owner: str) -> Code:
    called = compile_boxed(node.called, compiler, names, owner)
    bindings = [
        (
            binding.parameter,
            None if binding.value is None else compile_boxed(binding.value, compiler, names, owner),
        )
        for binding in node.bindings
    ]
    return compile_invocation(node, called, bindings, compiler)


@_code.register
def _(node: Filter, compiler: Compiler, names: Names, owner: str) -> Code:
    within = compile_boxed(node.within, compiler, names, owner)
    match = compile_boxed(node.match, compiler, names | {"item"}, owner)
    return compile_filter(node, within, match)


@_code.register
def _(node: Iterator, compiler: Compiler, names: Names, owner: str) -> Code:
    within = compiler.typed(
        compile_boxed(node.within, compiler, names, owner),
        node.within_type,
        node.place,
        node.variable,
    )
    body = compile_boxed(node.body, compiler, names | {node.variable, "partial"}, owner)
    return compile_iterator(node, within, body)
