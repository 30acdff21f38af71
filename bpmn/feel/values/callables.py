"""Functions as values: the standard's, the host's, and those that expressions define."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bpmn.feel.errors import Semantic


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function.

    Attributes:
        parameters: Names, in order.
        required: How many of them must be given.
        variadic: Whether any number of further arguments may follow.
    """

    parameters: tuple[str, ...]
    required: int
    variadic: bool = False

    def takes(self, count: int) -> bool:
        """Whether that many arguments by position fit."""
        return self.required <= count and (self.variadic or count <= len(self.parameters))

    def arrange(self, named: dict[str, Any]) -> list[Any] | None:
        """Return named arguments in order, or None where they do not fit."""
        if any(name not in self.parameters for name in named):
            return None
        if any(name not in named for name in self.parameters[: self.required]):
            return None
        last = max((self.parameters.index(name) for name in named), default=-1)
        return [named.get(name) for name in self.parameters[: last + 1]]


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function.

    Attributes:
        name: What it is called in messages.
        signatures: The ways to call it.
        invoke: Takes the running evaluation and the arguments in order.
    """

    name: str
    signatures: tuple[Signature, ...]
    invoke: Callable[[Any, list[Any]], Any]

    def call(self, run: Any, arguments: list[Any]) -> Any:
        """Call with arguments by position.

        Raises:
            Semantic: So many arguments do not fit, or the function has no result for them.
        """
        count = len(arguments)
        for signature in self.signatures:
            if signature.takes(count):
                return self.invoke(run, arguments)
        raise self._misfit(f"{count}")

    def call_named(self, run: Any, arguments: dict[str, Any]) -> Any:
        """Call with arguments by name.

        Raises:
            Semantic: These names do not fit, or the function has no result for them.
        """
        for signature in self.signatures:
            arranged = signature.arrange(arguments)
            if arranged is not None:
                return self.invoke(run, arranged)
        raise self._misfit(", ".join(arguments))

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the first signature's parameters."""
        return self.signatures[0].parameters

    def _misfit(self, given: str) -> Semantic:
        wanted = " / ".join(f"({', '.join(one.parameters)})" for one in self.signatures)
        return Semantic(
            "arguments",
            f"函数“{self.name}”的参数不符：给出 {given}，应为 {wanted}。",
            f"The arguments of {self.name!r} do not fit: given {given}, wanted {wanted}.",
        )


def signature_of(parameters: Sequence[str]) -> Signature:
    """Return the signature that a list of names means.

    A name ending in `?` may be left out; a last name ending in `...` may repeat.
    """
    variadic = bool(parameters) and parameters[-1].endswith("...")
    required = sum(1 for name in parameters if not name.endswith(("?", "...")))
    return Signature(tuple(name.rstrip("?.") for name in parameters), required, variadic)
