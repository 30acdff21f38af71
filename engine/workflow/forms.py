"""Forms: the answers to a form-js schema, checked on the server with our FEEL.

What a reader cannot see is not taken: hidden, disabled and read-only fields
and unknown keys are dropped. What a field marks confidential is split off, so
that it reaches nothing but the vault.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from bpmn import feel
from engine.errors import AnswersRefused, Fault
from engine.workflow.fields import KEYED, LONGEST_LIST, Error, Judge, errors_of

_MATCHES = "matches(text, pattern)"


@dataclass(frozen=True, slots=True)
class Secret:
    """A confidential value and where it stood.

    Attributes:
        path: Keys and row numbers from the root of the answers.
        field: The name that the form's property `confidential` gives it.
        value: The plain value; never logged, never stored outside the vault.
    """

    path: tuple[str | int, ...]
    field: str
    value: Any = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class Passed:
    """Answers that satisfy their form.

    Attributes:
        answers: Without the confidential values.
        secrets: Those, for the vault.
    """

    answers: dict[str, Any]
    secrets: tuple[Secret, ...] = ()

    def sealed(self, put: Callable[[Secret], object]) -> dict[str, Any]:
        """Return the answers with a reference in the place of each confidential value.

        Args:
            put: Takes a value into the vault; returns its reference.
        """
        for secret in self.secrets:
            _put(self.answers, secret.path, put(secret))
        return self.answers


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a procedure.

    Attributes:
        key: Folder and name, such as ``corporate-accountability:report``.
        schema: The form-js JSON.
    """

    key: str
    schema: Mapping[str, Any] = dataclasses.field(repr=False)

    def check(
        self,
        data: Mapping[str, Any],
        *,
        variables: Mapping[str, Any],
        environment: feel.Environment,
        today: date,
    ) -> Passed:
        """Return the answers that the form takes from `data`.

        Args:
            data: What was sent; hostile.
            variables: What the form may read besides: the case's variables and the
                options that the engine supplies. `data` cannot stand in for them.
            environment: The clock and functions of expressions.
            today: The authority's civil day.

        Raises:
            AnswersRefused: With the errors of each field, by its dotted path.
        """
        reading = _Reading(environment, today, variables)
        answers: dict[str, Any] = {}
        components = self.schema.get("components") or ()
        known = _known(components, data)
        reading.walk(components, _Level(data, answers, (), {**variables, **known}))
        if reading.errors:
            raise AnswersRefused(reading.errors)
        return Passed(answers, tuple(reading.secrets))

    def fields(self) -> Iterator[Mapping[str, Any]]:
        """Yield every field that has a key, in the form's order, those in groups too."""
        yield from _fields(self.schema.get("components") or ())

    def filled_up(self, answers: Mapping[str, Any], known: Container[str]) -> dict[str, Any]:
        """Return answers with null where a field was left empty, for the diagram.

        Expressions then read "nothing was said" instead of a name without a value.
        What a field would set is left alone where it is hidden and set already.

        Args:
            answers: As `check` passed them.
            known: The names that have a value in scope.
        """
        whole: dict[str, Any] = copy.deepcopy(dict(answers))
        for path in _places(self.schema.get("components") or ()):
            if path[0] in whole or path[0] not in known:
                _fill(whole, path)
        return whole

    def without_secrets(self, data: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return what a draft may keep of `data`, and the keys of what it may not.

        Unknown keys are dropped; nothing is judged.
        """
        components = self.schema.get("components") or ()
        left_out: list[str] = []
        kept = _bare(components, _known(components, data), left_out)
        return kept, tuple(dict.fromkeys(left_out))

    def confidential(self) -> frozenset[str]:
        """Return the keys of the fields that go to the vault."""
        return frozenset(str(one["key"]) for one in self.fields() if secret_name(one))


def read_form(key: str, content: bytes) -> Form:
    """Return the form that a ``.form`` file holds.

    Raises:
        Fault: The file is no form-js JSON; publishing lets none pass.
    """
    try:
        schema = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Fault(f"the form {key} is no JSON: {error}") from error
    if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
        raise Fault(f"the form {key} has no components")
    return Form(key, schema)


def secret_name(component: Mapping[str, Any]) -> str:
    """Return the vault's name for a field, or "" if it is not confidential."""
    return str((component.get("properties") or {}).get("confidential") or "")


@dataclass(frozen=True, slots=True)
class _Level:
    """The whole of the answers, or one row of a list.

    Attributes:
        source: What was sent.
        target: Where what passes goes.
        at: Where the level stands in the whole.
        scope: What expressions of this level see.
    """

    source: Mapping[str, Any]
    target: dict[str, Any]
    at: tuple[str | int, ...]
    scope: Mapping[str, Any]


class _Reading:
    """One reading of answers: collects what is wrong and what is confidential."""

    def __init__(
        self, environment: feel.Environment, today: date, variables: Mapping[str, Any]
    ) -> None:
        self.errors: dict[str, list[Error]] = {}
        self.secrets: list[Secret] = []
        self._environment = environment
        self._today = today
        self._variables = variables

    def walk(self, components: Any, level: _Level, prefix: tuple[str, ...] = ()) -> None:
        """Take what `components` ask for.

        Args:
            components: Of the form, a group or one row of a list.
            level: The whole, or one row.
            prefix: The paths of the groups around, within the level.
        """
        for one in components:
            kind = one.get("type")
            if self._is_true((one.get("conditional") or {}).get("hide"), level.scope):
                continue
            path = prefix + _keys(one.get("path"))
            if kind in {"group", "default"}:
                self.walk(one.get("components") or (), level, path)
            elif kind == "dynamiclist":
                self._rows(one, level, path)
            elif kind in KEYED and one.get("key"):
                self._field(one, level, prefix + _keys(one["key"]))

    def _rows(self, one: Mapping[str, Any], level: _Level, path: tuple[str, ...]) -> None:
        rows = _get(level.source, path)
        if rows is None:
            rows = []
        if not isinstance(rows, list) or len(rows) > LONGEST_LIST:
            self.errors[_dotted(level.at + path)] = [("field.rows", {"most": LONGEST_LIST})]
            return
        taken: list[dict[str, Any]] = []
        _put(level.target, path, taken)
        components = one.get("components") or ()
        for number, row in enumerate(rows):
            source = row if isinstance(row, dict) else {}
            scope = {**level.scope, **_known(components, source)}
            scope |= {"this": source, "parent": dict(level.scope), "i": [number + 1]}
            taken.append({})
            at = (*level.at, *path, number)
            self.walk(components, _Level(source, taken[-1], at, scope))

    def _field(self, one: Mapping[str, Any], level: _Level, path: tuple[str, ...]) -> None:
        scope = level.scope
        if one.get("disabled") or self._is_true(one.get("readonly"), scope):
            return
        value = _get(level.source, path)
        if one["type"] == "expression":
            value = self._value(str(one.get("expression") or "null"), scope)
        judge = Judge(
            options=lambda chosen: self._options(chosen, scope),
            evaluate=lambda text: self._value(text, scope),
            matches=self._matches,
            today=self._today,
        )
        found = errors_of(one, value, judge)
        if value is None and one["type"] in {"checklist", "taglist"}:
            value = []  # the reader saw it and picked nothing
        if found:
            self.errors[_dotted(level.at + path)] = found
        elif value is not None:
            name = secret_name(one)
            if name and value not in ("", []):
                self.secrets.append(Secret(level.at + path, name, value))
                value = None
            _put(level.target, path, value)

    def _options(self, one: Mapping[str, Any], scope: Mapping[str, Any]) -> list[Any]:
        if one.get("valuesExpression"):
            offered = self._value(str(one["valuesExpression"]), scope)
        elif one.get("valuesKey"):
            offered = self._variables.get(str(one["valuesKey"]))
        else:
            offered = one.get("values")
        values = offered if isinstance(offered, list | tuple) else ()
        return [item.get("value") if isinstance(item, Mapping) else item for item in values]

    def _is_true(self, condition: object, scope: Mapping[str, Any]) -> bool:
        if isinstance(condition, str) and condition:
            return self._value(condition, scope) is True
        return condition is True

    def _value(self, text: str, scope: Mapping[str, Any]) -> Any:
        try:
            source = text.removeprefix("=")
            value = feel.compile_expression(source).evaluate(scope, self._environment)
            return feel.to_python(value)
        except feel.FeelError as error:
            raise Fault(f"the form's expression {text!r} fails: {error}") from error

    def _matches(self, text: str, pattern: str) -> bool:
        return self._value(_MATCHES, {"text": text, "pattern": pattern}) is True


def _known(components: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return of `data` what the form asks for: the rest must not reach an expression."""
    known: dict[str, Any] = {}
    for one in components:
        path, kind = _keys(one.get("path")), one.get("type")
        if kind == "group" and not path:
            known |= _known(one.get("components") or (), data)
        elif kind in {"group", "dynamiclist"} and path:
            known[path[0]] = data.get(path[0])
        elif kind in KEYED and one.get("key"):
            first = _keys(one["key"])[0]
            known[first] = data.get(first)
    return known


def _bare(components: Any, data: Mapping[str, Any], left_out: list[str]) -> dict[str, Any]:
    """Return a copy of `data` without confidential values; rows of lists likewise."""
    bare: dict[str, Any] = orjson.loads(orjson.dumps(dict(data)))
    for one in components:
        path = _keys(one.get("path"))
        inner = one.get("components") or ()
        if one.get("type") == "group" and not path:
            bare = _bare(inner, bare, left_out)
        elif one.get("type") == "group" and isinstance(held := _get(bare, path), Mapping):
            _put(bare, path, _bare(inner, held, left_out))
        elif one.get("type") == "dynamiclist" and isinstance(held := _get(bare, path), list):
            rows = [_bare(inner, row, left_out) for row in held if isinstance(row, Mapping)]
            _put(bare, path, rows)
        elif one.get("key") and secret_name(one) and _get(bare, _keys(one["key"])) is not None:
            _put(bare, _keys(one["key"]), None)
            left_out.append(str(one["key"]))
    return bare


def _fields(components: Any) -> Iterator[Mapping[str, Any]]:
    for one in components:
        if one.get("type") in KEYED and one.get("key"):
            yield one
        yield from _fields(one.get("components") or ())


def _keys(path: object) -> tuple[str, ...]:
    return tuple(part for part in str(path or "").split(".") if part)


def _dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


def _get(source: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        source = source.get(part) if isinstance(source, Mapping) else None
    return source


def _put(target: Any, path: tuple[str | int, ...], value: object) -> None:
    for part in path[:-1]:
        target = target[part] if isinstance(part, int) else target.setdefault(part, {})
    target[path[-1]] = value


def _places(components: Any, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of each field outside of repeated rows."""
    for one in components:
        path = prefix + _keys(one.get("path"))
        if one.get("type") in {"group", "default"}:
            yield from _places(one.get("components") or (), path)
        elif one.get("type") == "dynamiclist":
            if path:
                yield path
        elif one.get("key"):
            yield prefix + _keys(one["key"])


def _fill(whole: dict[str, Any], path: tuple[str, ...]) -> None:
    """Put null at `path` where nothing stands; what is no context is left alone."""
    at: Any = whole
    for step in path[:-1]:
        at = at.setdefault(step, {})
        if not isinstance(at, dict):
            return
    at.setdefault(path[-1], None)
