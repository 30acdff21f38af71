"""One evaluation: its scope, its bounds, its warnings."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bpmn.feel.environment import Environment
from bpmn.feel.errors import At, LimitExceeded, Semantic, Warned
from bpmn.feel.functions.index import BUILT_IN
from bpmn.feel.values.conversion import normalise
from bpmn.feel.values.kinds import Value


class Run:
    """What one evaluation keeps while it lasts.

    Attributes:
        env: What the host handed in.
        steps: How many steps are left.
        depth: How many calls of functions are open.
    """

    __slots__ = ("_read", "_scope", "_warnings", "depth", "env", "steps")

    def __init__(
        self, scope: Mapping[str, object], env: Environment, warnings: list[Warned] | None
    ) -> None:
        self.env = env
        self.steps = env.limits.steps
        self.depth = 0
        self._scope = scope
        self._read: dict[str, Value] = {}
        self._warnings = warnings

    def spend(self, steps: int) -> None:
        """Count steps.

        Raises:
            LimitExceeded: None are left.
        """
        self.steps -= steps
        if self.steps < 0:
            raise LimitExceeded("steps", self.env.limits.steps)

    def built(self, text: str) -> str:
        """Account for a string that an operation made, and return it.

        Raises:
            LimitExceeded: It is too long.
        """
        length = len(text)
        if length > self.env.limits.string_length:
            raise LimitExceeded("string_length", self.env.limits.string_length)
        self.spend(1 + length // 100)
        return text

    def grown(self, length: int) -> None:
        """Account for a list of that length which an operation makes.

        Raises:
            LimitExceeded: It is too long.
        """
        if length > self.env.limits.list_length:
            raise LimitExceeded("list_length", self.env.limits.list_length)
        self.spend(1 + length)

    def warn(self, reason: Semantic, at: At) -> None:
        """Record why something gave null."""
        if self._warnings is not None:
            self._warnings.append(Warned(reason.kind, at.line, at.column, reason.zh, reason.en))

    def read(self, name: str, at: At, caller: "Run | None" = None) -> Value:
        """Return a variable, else a function of the host or the standard, else null.

        Args:
            name: What to look up.
            at: Where it stands, for the warning.
            caller: The evaluation to warn, if it is another one.
        """
        found = self._read.get(name, self)
        if found is not self:
            return found
        if name in self._scope:
            try:
                found = normalise(self._scope[name])
            except ValueError as cause:
                found = None
                (caller or self).warn(
                    Semantic(
                        "value",
                        f"变量“{name}”的值不是可用的数据类型。",
                        f"The value of {name!r} is of no usable type: {cause}.",
                    ),
                    at,
                )
            self._read[name] = found
            return found
        function = self.env.functions.get(name) or BUILT_IN.get(name)
        if function is not None:
            return function
        (caller or self).warn(unknown(name), at)
        return None


def unknown(name: str) -> Semantic:
    """Return the reason that nothing has this name."""
    return Semantic("unknown-name", f"名称“{name}”没有值。", f"Nothing has the name {name!r}.")


class Frame:
    """Names bound inside an expression, and those around it."""

    __slots__ = ("names", "parent", "run")

    def __init__(self, run: Run, names: Mapping[str, Value], parent: "Frame | None") -> None:
        self.run = run
        self.names = names
        self.parent = parent

    def read(self, name: str, at: At) -> Value:
        """Return what a name means here, from the innermost binding outwards."""
        frame = self
        while True:
            if name in frame.names:
                return frame.names[name]
            if frame.parent is None:
                # A function may be called by another evaluation than the one that made it:
                # its free names keep the meaning they had there.
                return frame.run.read(name, at, self.run)
            frame = frame.parent


Closure = Callable[[Frame], Any]
Handler = Callable[[Any, "Translator"], Closure]


class Translator(Protocol):
    """What turns the parts of a node into closures."""

    nested: int

    def __call__(self, node: Any) -> Closure:
        """Return the closure of a node."""

    def inside(self) -> Any:
        """Return a context manager: what is translated within it runs below another frame."""


def calm(operation: Callable[[Frame], Value], at: At) -> Closure:
    """Return an operation whose semantic errors are null with a warning."""

    def guarded(frame: Frame) -> Value:
        try:
            return operation(frame)
        except Semantic as reason:
            frame.run.warn(reason, at)
            return None

    return guarded
