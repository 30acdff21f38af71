"""Compiling the expressions of a diagram for their checks."""

from collections.abc import Iterator
from dataclasses import fields

from bpmn import feel
from bpmn.feel.nodes import Call, Name, NamedCall, Node
from bpmn.lint.context import Context
from bpmn.lint.expressions import Found


def compiled(found: Found, context: Context) -> feel.Expression:
    """Return the expression compiled, as the runtime would.

    Raises:
        FeelError: It is neither FEEL nor a `${…}` that can be read as FEEL.
    """
    source = feel.translate_camunda(found.text) if found.is_camunda else found.feel
    return feel.compile_expression(source, names=tuple(sorted(context.names or ())))


def unknown_functions(expression: feel.Expression, context: Context) -> frozenset[str]:
    """Return the names of the functions that the expression calls and nobody defines."""
    called = frozenset(_called(expression.tree))
    return (called & expression.names) - context.functions - (context.names or frozenset())


def _called(part: object) -> Iterator[str]:
    """Yield the names that stand where a function is called."""
    if isinstance(part, tuple):
        for each in part:
            yield from _called(each)
    elif isinstance(part, Node):
        if isinstance(part, Call | NamedCall) and isinstance(part.of, Name):
            yield part.of.name
        for each in fields(part):
            yield from _called(getattr(part, each.name))
