"""How a built-in function is declared, and how it reads its arguments."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from bpmn.feel.errors import Semantic
from bpmn.feel.limits import Limits
from bpmn.feel.values.callables import Function, signature_of
from bpmn.feel.values.kinds import Value, listed, unwrapped, wrong_type


class HostEnvironment(Protocol):
    """What built-in functions see of the environment."""

    @property
    def limits(self) -> Limits:
        """The bounds of the evaluation."""

    @property
    def now(self) -> Callable[[], Any] | None:
        """The clock."""

    @property
    def zone(self) -> Any:
        """The civil time."""


class Running(Protocol):
    """What built-in functions see of the evaluation."""

    @property
    def env(self) -> HostEnvironment:
        """What the host handed in."""

    def spend(self, steps: int) -> None:
        """Count steps."""

    def built(self, text: str) -> str:
        """Account for a new string."""

    def grown(self, length: int) -> None:
        """Account for a new list."""


Implementation = Callable[..., Value]


class Family(dict[str, Function]):
    """Built-in functions by name."""

    def define(
        self, name: str, *signatures: Sequence[str]
    ) -> Callable[[Implementation], Implementation]:
        """Declare the function that follows, with the ways to call it.

        Args:
            name: FEEL's name.
            signatures: Names of parameters; `name?` may be left out, a last `name...` repeats.
        """

        def declare(implementation: Implementation) -> Implementation:
            def invoke(run: Running, arguments: list[Value]) -> Value:
                return implementation(run, *arguments)

            self[name] = Function(name, tuple(signature_of(one) for one in signatures), invoke)
            return implementation

        return declare


def number(value: Value) -> Decimal:
    """Return a number.

    Raises:
        Semantic: It is none.
    """
    value = unwrapped(value)
    if type(value) is not Decimal:
        raise wrong_type("number", value)
    return value


def integer(value: Value) -> int:
    """Return the integer part of a number of moderate size.

    Raises:
        Semantic: It is no number, or too large to count anything.
    """
    found = number(value)
    if found.copy_abs() > _LARGEST:
        raise Semantic("number-range", "数值过大。", "The number is too large here.")
    return int(found)


_LARGEST = 10**15


def string(value: Value) -> str:
    """Return a string.

    Raises:
        Semantic: It is none.
    """
    value = unwrapped(value)
    if type(value) is not str:
        raise wrong_type("string", value)
    return value


def items(value: Value) -> list[Value]:
    """Return a list; anything but null is a list of itself.

    Raises:
        Semantic: It is null.
    """
    if value is None:
        raise wrong_type("list", value)
    return listed(value)


def context(value: Value) -> dict[str, Value]:
    """Return a context.

    Raises:
        Semantic: It is none.
    """
    value = unwrapped(value)
    if type(value) is not dict:
        raise wrong_type("context", value)
    return value


def spread(arguments: tuple[Value, ...]) -> list[Value]:
    """Return the elements that a function was given: one list, or one by one.

    Raises:
        Semantic: The only argument is null.
    """
    if len(arguments) == 1:
        return items(arguments[0])
    return list(arguments)
