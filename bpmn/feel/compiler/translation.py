"""The way from a syntax tree to one closure."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bpmn.feel.compiler import calls, iteration, literals, operators, paths, tests, typed
from bpmn.feel.compiler.run import Closure, Handler
from bpmn.feel.nodes import Node

_HANDLERS: dict[type[Node], Handler] = {
    **literals.HANDLERS,
    **operators.HANDLERS,
    **paths.HANDLERS,
    **iteration.HANDLERS,
    **calls.HANDLERS,
    **tests.HANDLERS,
    **typed.HANDLERS,
}


class Translation:
    """Turns nodes into closures.

    Attributes:
        nested: How many bindings enclose the node in hand; 0 where only the scope is visible.
    """

    __slots__ = ("nested",)

    def __init__(self) -> None:
        self.nested = 0

    def __call__(self, node: Any) -> Closure:
        """Return the closure of a node."""
        return _HANDLERS[type(node)](node, self)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Translate what runs below a frame of its own."""
        self.nested += 1
        try:
            yield
        finally:
            self.nested -= 1


def translate(node: Node) -> Closure:
    """Return the closure of a whole expression."""
    return Translation()(node)
