"""Variables live in scopes: process, sub-process, called process, item of a multi-instance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NewType

from bpmn.running.values import Values

ScopeId = NewType("ScopeId", str)

FILE = ScopeId("file")
"""The scope of the case's file: it lies around every process that draws a data store."""


@dataclass(slots=True)
class Scope:
    """A scope and what it declares.

    Attributes:
        parent: The scope around it; None for a process, called ones too: nothing of the caller
            is visible in it that is not mapped in.
        closed: What is written inside goes no further out, except to a variable that is
            declared here: the results of one item of a multi-instance.
    """

    id: ScopeId
    parent: ScopeId | None
    values: Values = field(default_factory=Values)
    closed: bool = False


class Scopes:
    """All scopes of one instance."""

    def __init__(self) -> None:
        self._all: dict[str, Scope] = {}
        self.changes = 0

    def open(
        self,
        scope: str,
        parent: str | None,
        values: Mapping[str, object] | None = None,
        *,
        closed: bool = False,
    ) -> None:
        """Open a scope inside `parent`."""
        self._all[scope] = Scope(
            ScopeId(scope),
            ScopeId(parent) if parent is not None else None,
            values if isinstance(values, Values) else Values(),
            closed,
        )
        if values and not isinstance(values, Values):
            self.declare(scope, values)

    def close(self, scope: str) -> None:
        """Forget a scope and what it declared."""
        self._all.pop(scope, None)

    def get(self, scope: str) -> Scope:
        """Return a scope."""
        return self._all[scope]

    def chain(self, scope: str) -> Iterator[Scope]:
        """Yield `scope` and those around it, innermost first."""
        current: Scope | None = self._all[scope]
        while current is not None:
            yield current
            current = self._all[current.parent] if current.parent is not None else None

    def visible(self, scope: str) -> dict[str, object]:
        """Return every variable that is visible in `scope`; the innermost wins."""
        found: dict[str, object] = {}
        for each in reversed(list(self.chain(scope))):
            found.update(each.values)
        return found

    def look_up(self, scope: str, names: frozenset[str]) -> dict[str, object]:
        """Return those of `names` that are visible in `scope`."""
        found: dict[str, object] = {}
        for each in self.chain(scope):
            for name in names:
                if name not in found and name in each.values:
                    found[name] = each.values[name]
        return found

    def declare(self, scope: str, values: Mapping[str, object]) -> None:
        """Write `values` into `scope` itself, whatever is declared around it."""
        own = self._all[scope].values
        for name, value in values.items():
            own[_checked(name)] = value
        self.changes += 1

    def write(self, scope: str, values: Mapping[str, object]) -> None:
        """Write each value to the nearest scope that declares its name, else to the process."""
        chain = list(self.chain(scope))
        for name, value in values.items():
            _checked(name)
            for each in chain:
                if name in each.values or each.closed:
                    each.values[name] = value
                    break
            else:
                home = chain[-1] if chain[-1].id != FILE else chain[-2]
                home.values[name] = value
        self.changes += 1

    def own(self, scope: str) -> Values:
        """Return what `scope` itself declares."""
        return self._all[scope].values

    def all(self) -> Iterator[Scope]:
        """Yield every scope in the order in which they were opened."""
        yield from self._all.values()

    def __contains__(self, scope: str) -> bool:
        return scope in self._all


def _checked(name: str) -> str:
    if not name:
        raise ValueError("The name of a variable is not empty.")
    return name
