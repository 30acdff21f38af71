"""Try a decision table of a version: inputs as somebody types them, the rules that match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bpmn import dmn, feel
from engine.desk.desk import Desk
from engine.desk.views.published import own_version
from engine.errors import NotFound, Refusal
from engine.workflow.functions import host_functions

LONGEST = 2_000
TEXT = "string"


class ValueNotRead(Refusal):
    """What was typed is no value of the input's type."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A table that can be tried."""

    decision: str
    title: str


@dataclass(frozen=True, slots=True)
class InputField:
    """Something that the table reads, by its path, such as ``report.severity``.

    Attributes:
        label: What the table calls it; the path where it is only part of a condition.
        options: The values that the table allows, as FEEL; empty where any may come.
        type_ref: As the table declares it; empty where it does not.
    """

    path: str
    label: str
    options: tuple[str, ...]
    type_ref: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A table and, once inputs were given, what they give.

    Attributes:
        result: As FEEL; empty before it was tried.
        matched: How many rules matched.
        warnings: What gave null, and why: Chinese and English.
        required: The tables that this one asked, with their rules lit.
    """

    table: dmn.TableView
    fields: tuple[InputField, ...]
    result: str = ""
    matched: int = 0
    warnings: tuple[tuple[str, str], ...] = ()
    required: tuple[dmn.TableView, ...] = ()
    was_tried: bool = field(default=False)


def tables_of(desk: Desk, version_id: str) -> tuple[Choice, ...]:
    """Return the decision tables of a version, in the order of their ids.

    Raises:
        NotAllowed, NotFound: As `own_version` says.
    """
    row = own_version(desk, version_id)
    decisions = desk.office.versions.get(desk.session, row.id).definition.decisions
    return tuple(
        Choice(key, model.decisions[key].name)
        for key, model in sorted(decisions.items())
        if dmn.table_view(model.decisions[key]) is not None
    )


def trial(
    desk: Desk, version_id: str, decision: str, given: Mapping[str, str] | None = None
) -> Trial:
    """Return a table with its inputs and, where some are given, the rules that match them.

    Nothing is recorded: no case is concerned.

    Args:
        desk: Of a designer or administrator.
        version_id: The version.
        decision: The decision's id.
        given: What was typed, by path; hostile. A text may stand without quotes where a
            text is expected; anything else is FEEL: `3`, `true`, `["a", "b"]`,
            `date("2026-04-08")`. Nothing typed is null.

    Raises:
        NotAllowed, NotFound: As `own_version` says, or there is no such table.
        ValueNotRead: A value is not of its type.
        Refusal: The evaluation went over its bounds.
    """
    row = own_version(desk, version_id)
    model = desk.office.versions.get(desk.session, row.id).definition.decisions.get(decision)
    if model is None:
        raise NotFound(decision)
    return tried(desk, model, decision, given)


def tried(
    desk: Desk, model: dmn.DecisionModel, decision: str, given: Mapping[str, str] | None = None
) -> Trial:
    """Return a table of a model that may be no version yet; as `trial` says.

    Raises:
        NotFound: The model has no such table.
        ValueNotRead: A value is not of its type.
        Refusal: The evaluation went over its bounds.
    """
    found = model.decisions.get(decision)
    table = dmn.table_view(found) if found is not None else None
    if table is None:
        raise NotFound(decision)
    fields = tuple(_fields(model, decision))
    if given is None:
        return Trial(table, fields)
    calendar = desk.calendar()
    environment = feel.Environment(
        now=desk.now,
        zone=calendar.zone,
        functions=host_functions(calendar, lambda _key: None, desk.now),
    )
    inputs: dict[str, Any] = dict.fromkeys(_roots(model, decision))
    for one in fields:
        _put(inputs, one.path.split("."), _read(one, given.get(one.path, ""), environment))
    try:
        outcome = model.evaluate(decision, inputs, environment)
    except feel.LimitExceeded as error:
        raise Refusal("trial.bounds", decision=decision) from error
    required = [
        view.lit(one.matched)
        for one in outcome.required
        if (view := dmn.table_view(model.decisions[one.decision])) is not None
    ]
    return Trial(
        table.lit(outcome.matched),
        fields,
        feel.literal(outcome.value),
        len(outcome.matched),
        tuple((one.zh, one.en) for one in outcome.warnings),
        tuple(required),
        was_tried=True,
    )


def _roots(model: dmn.DecisionModel, decision: str) -> list[str]:
    names = {one.name for one in model.inputs} | model.free_names(decision)
    return sorted(names)


def _fields(model: dmn.DecisionModel, decision: str) -> Iterator[InputField]:
    """Yield what the table and those it asks read from outside, each path once."""
    seen: set[str] = set()
    roots = _roots(model, decision)
    for table in _tables(model, decision, set()):
        for column in table.inputs:
            for path in _paths(column.source.text, roots):
                if path not in seen:
                    seen.add(path)
                    is_whole = path == column.source.text.strip()
                    yield InputField(
                        path,
                        column.label if is_whole and column.label else path,
                        _options(column.allowed.text) if is_whole and column.allowed else (),
                        (column.type_ref or "") if is_whole else "",
                    )
        for rule in table.rules:
            for cell in (*rule.inputs, *rule.outputs):
                for path in _paths(_without_texts(cell.text), roots):
                    if path not in seen:
                        seen.add(path)
                        yield InputField(path, path, (), "")


def _tables(model: dmn.DecisionModel, decision: str, seen: set[str]) -> Iterator[dmn.Table]:
    found = model.decisions.get(decision)
    if found is None or decision in seen:
        return
    seen.add(decision)
    if isinstance(found.logic, dmn.Table):
        yield found.logic
    for needed in found.requires:
        yield from _tables(model, needed.id, seen)


def _paths(text: str, roots: list[str]) -> Iterator[str]:
    """Yield the paths under `roots` that an expression reads."""
    for root in roots:
        name = re.escape(root)
        members = re.findall(rf'get value\(\s*{name}\s*,\s*"([^"]+)"\s*\)', text)
        bare = _without_texts(re.sub(rf'get value\(\s*{name}\s*,\s*"[^"]+"\s*\)', "", text))
        members += re.findall(rf"(?<![\w.]){name}((?:\.\w+)+)", bare)
        found = [f"{root}.{one.lstrip('.')}" for one in members]
        if not found and re.search(rf"(?<![\w.]){name}(?![\w.])", bare):
            found = [root]
        yield from found


def _without_texts(text: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)


def _options(text: str) -> tuple[str, ...]:
    """Return the values that a column lists, as FEEL; none where it allows ranges."""
    try:
        values = feel.compile_expression(f"[{text}]").evaluate({}, feel.PLAIN)
    except feel.FeelError:
        return ()
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        return ()
    return tuple(feel.literal(one) for one in values)


def _read(one: InputField, text: str, environment: feel.Environment) -> Any:
    """Return the value that was typed for a field."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST:
        raise ValueNotRead("trial.value", input=one.label, text=text[:40])
    if one.type_ref == TEXT and not text.startswith('"'):
        return text
    try:
        return feel.compile_expression(text, strict_names=True).evaluate({}, environment)
    except feel.LimitExceeded as error:
        raise Refusal("trial.bounds", decision=one.path) from error
    except feel.FeelError as error:
        if one.type_ref in {"", "Any"} and re.fullmatch(r"\w+", text):
            return text
        raise ValueNotRead("trial.value", input=one.label, text=text) from error


def _put(inputs: dict[str, Any], path: list[str], value: Any) -> None:
    target = inputs
    for part in path[:-1]:
        inner = target.get(part)
        if not isinstance(inner, dict):
            inner = target[part] = {}
        target = inner
    target[path[-1]] = value
