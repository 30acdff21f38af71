"""Types: whether a value conforms to one, and the conversions that are made for it.

A value that does not conform becomes null with a warning, as DMN 1.5 (10.3.2.9.4) says; before that
a list of one element gives its element, a single value becomes a list of one, and a date becomes a
date and time, where that is what the type asks for. null conforms to every type. A context must
have every component of its type, if only as null; it may have more.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from bpmn.dmn.nodes import ItemDefinition, Source
from bpmn.feel import PLAIN, Environment, compile_expression, type_of

Value: TypeAlias = Any


class Mismatch:
    """What a check returns instead of a value that does not conform."""


MISMATCH: Final = Mismatch()

Check: TypeAlias = Callable[[Value, Environment], Value]
CompileTests: TypeAlias = Callable[[Source, frozenset[str]], "Callable[[Value, Environment], bool]"]

# The names by which files call FEEL's types; integer, long and double are Camunda's.
BUILT_IN: Final[Mapping[str, str]] = {
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "date time": "date and time",
    "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "years and months duration": "years and months duration",
    "context": "context",
    "list": "list",
    "range": "range",
    "function": "function",
}
ANYTHING: Final = frozenset({"", "Any", "any"})
INTEGERS: Final = frozenset({"integer", "long"})

_TO_INSTANT = compile_expression('date and time(day, time("00:00:00Z"))', names=frozenset({"day"}))


class UnknownType(LookupError):
    """A file names a type that neither it nor FEEL knows."""


class Types:
    """The types that one file may name: FEEL's, its own, and those it imports."""

    def __init__(
        self,
        own: Mapping[str, ItemDefinition],
        imported: Mapping[str, "Types"],
        tests: CompileTests,
    ) -> None:
        self._own = own
        self._imported = imported
        self._tests = tests
        self._checks: dict[str, Check | None] = {}

    def built_in(self, reference: str | None) -> str:
        """Return FEEL's name of the type that `reference` comes down to, or "" for another one."""
        definition = self.definition(reference)
        seen = {reference}
        while definition is not None:
            if definition.is_collection or definition.type_ref in seen:
                return ""
            reference = definition.type_ref
            seen.add(reference)
            definition = self.definition(reference)
        return BUILT_IN.get(_plain(reference), "")

    def is_function(self, reference: str | None) -> bool:
        """Return whether the type is one of functions."""
        definition = self.definition(reference)
        if definition is not None:
            return definition.is_function
        return _plain(reference).partition("<")[0].strip() == "function"

    def result(self, reference: str | None) -> str | None:
        """Return the type of what a function of this type gives.

        Tools write the type of the result as often as that of the function: any other type counts
        as the result's own.
        """
        if not self.is_function(reference):
            return reference
        definition = self.definition(reference)
        return None if definition is None else definition.output_type

    def definition(self, reference: str | None) -> ItemDefinition | None:
        """Return the item definition called `reference`, here or in an imported file."""
        if not reference:
            return None
        name = _plain(reference)
        if name in self._own:
            return self._own[name]
        before, _, rest = name.partition(".")
        if rest and before in self._imported:
            return self._imported[before].definition(rest)
        return None

    def allowed(self, reference: str | None) -> Source | None:
        """Return the unary tests to which the type restricts its values."""
        definition = self.definition(reference)
        return None if definition is None else definition.allowed or definition.constraint

    def names(self, reference: str | None) -> frozenset[str]:
        """Return the names of all components that a value of this type may have, at any depth."""
        found: set[str] = set()
        self._gather(self.definition(reference), found, set())
        return frozenset(found)

    def _gather(self, definition: ItemDefinition | None, found: set[str], seen: set[int]) -> None:
        if definition is None or id(definition) in seen:
            return
        seen.add(id(definition))
        found.update(component.name for component in definition.components)
        for component in definition.components:
            self._gather(component, found, seen)
        self._gather(self.definition(definition.type_ref), found, seen)

    def check(self, reference: str | None) -> Check | None:
        """Return what makes a value conform to the type, or None where anything does.

        Raises:
            UnknownType: There is no such type.
        """
        name = _plain(reference)
        if name not in self._checks:
            # A type may contain itself: what looks it up meanwhile finds it when it runs.
            self._checks[name] = lambda value, env: self._run(name, value, env)
            self._checks[name] = self._build(name)
        return self._checks[name]

    def memberships(self, prefix: str = "") -> dict[str, Callable[[Value], bool]]:
        """Return, for each type of the file and of those it imports, whether a value belongs to it.

        For `instance of`: no conversion counts, and null belongs to none.
        """
        found = {prefix + name: _membership(self.check(name)) for name in self._own}
        for name, types in self._imported.items():
            found.update(types.memberships(f"{prefix}{name}." if name else prefix))
        return found

    def _run(self, name: str, value: Value, env: Environment) -> Value:
        check = self._checks[name]
        return value if check is None else check(value, env)

    def _build(self, name: str) -> Check | None:
        if name in ANYTHING:
            return None
        definition = self._own.get(name)
        if definition is not None:
            return self._defined(definition)
        before, _, rest = name.partition(".")
        if rest and before in self._imported:
            return self._imported[before].check(rest)
        if name in BUILT_IN:
            return _of_kind(BUILT_IN[name])
        if name.startswith("list<") and name.endswith(">"):
            return _collection(self.check(name[5:-1]))
        generic, _, arguments = name.partition("<")
        if arguments and generic.strip() in BUILT_IN:
            return _of_kind(BUILT_IN[generic.strip()])
        raise UnknownType(name)

    def _defined(self, definition: ItemDefinition) -> Check | None:
        inner: Check | None
        if definition.is_function:
            inner = _of_kind("function")
        elif definition.components:
            inner = _single(
                _structure({part.name: self._defined(part) for part in definition.components})
            )
        else:
            inner = self.check(definition.type_ref)
        names: frozenset[str] = frozenset()
        if definition.allowed is not None:
            inner = _restricted(inner, self._tests(definition.allowed, names))
        if definition.is_collection:
            inner = _collection(inner)
        if definition.constraint is not None:
            inner = _restricted(inner, self._tests(definition.constraint, names))
        return inner


def _membership(check: Check | None) -> Callable[[Value], bool]:
    def belongs(value: Value) -> bool:
        if value is None or check is None:
            return value is not None
        found = check(value, PLAIN)
        return type(found) is type(value) and bool(found == value)

    return belongs


_PREFIXED = re.compile(r"[A-Za-z_][\w.-]*:([^<>:]+)")


def _plain(reference: str | None) -> str:
    """Return the reference without the prefix that DMN 1.1 puts before it: `feel:`, `tns:`."""
    name = " ".join((reference or "").split())
    found = _PREFIXED.fullmatch(name)
    return found[1].strip() if found else name


def _of_kind(kind: str) -> Check:
    if kind == "list":
        return lambda value, _env: value if value is None or type(value) is list else [value]
    wants_instant = kind == "date and time"

    def check(value: Value, env: Environment) -> Value:
        if type(value) is list and len(value) == 1:
            # Once only: a list of a list of one conforms to no single value.
            value = value[0]
        if value is None:
            return None
        found = type_of(value)
        if found == kind:
            return value
        if wants_instant and found == "date":
            return _TO_INSTANT.evaluate({"day": value}, env)
        return MISMATCH

    return check


def _single(check: Check) -> Check:
    def unwrap(value: Value, env: Environment) -> Value:
        if isinstance(value, list) and len(value) == 1:
            return check(value[0], env)
        return check(value, env)

    return unwrap


def _structure(parts: Mapping[str, Check | None]) -> Check:
    def check(value: Value, env: Environment) -> Value:
        if value is None:
            return None
        if not isinstance(value, dict):
            return MISMATCH
        made = dict(value)
        for name, part in parts.items():
            if name not in value:
                return MISMATCH
            if part is None:
                continue
            found = part(value[name], env)
            if found is MISMATCH:
                return MISMATCH
            made[name] = found
        return made

    return check


def _collection(element: Check | None) -> Check:
    def check(value: Value, env: Environment) -> Value:
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        if element is None:
            return items
        made = []
        for item in items:
            found = element(item, env)
            if found is MISMATCH:
                return MISMATCH
            made.append(found)
        return made

    return check


def _restricted(inner: Check | None, allows: Callable[[Value, Environment], bool]) -> Check:
    def check(value: Value, env: Environment) -> Value:
        found = value if inner is None else inner(value, env)
        if found is None or found is MISMATCH or allows(found, env):
            return found
        return MISMATCH

    return check
