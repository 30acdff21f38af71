"""What changed between two states of a folder: by element, by row of a table, as text."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import bpmn
from bpmn import dmn
from engine.publishing.drawing.pictures import is_picture

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEXTS = (".yaml", ".form", ".typ", ".md", ".svg", ".dmn", ".bpmn")
CONTEXT = 2
LINES = 2_000
"""The most lines of one file that are shown as text."""


class Kind(StrEnum):
    """What happened to a file, a row or a line."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class RowChange:
    """A rule of a decision table that came, went or changed.

    Attributes:
        table: The name of the decision.
        number: Of the rule in the newer table; in the older one if it went.
        before: Its cells, conditions first; empty where it came.
        after: Likewise; empty where it went.
    """

    kind: Kind
    table: str
    number: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text, as it came, went or stayed."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FileDifference:
    """What changed in one file.

    Attributes:
        elements: Of a diagram, every difference of meaning; layout is left out.
        rows: Of decision tables, rule by rule.
        lines: Of any other text, with two lines around each change.
    """

    path: str
    kind: Kind
    elements: tuple[bpmn.Change, ...] = ()
    rows: tuple[RowChange, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def is_layout_only(self) -> bool:
        """Whether a diagram or table was only drawn otherwise."""
        return self.kind is Kind.CHANGED and not (self.elements or self.rows or self.lines)


def differences(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[FileDifference, ...]:
    """Return what changed from one folder to another, by path; pictures of diagrams left out.

    Args:
        old: Bytes by path.
        new: Likewise.
    """
    return tuple(
        _difference(path, old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path) and not is_picture(path, new if path in new else old)
    )


def _difference(path: str, old: bytes | None, new: bytes | None) -> FileDifference:
    if old is None or new is None:
        return FileDifference(path, Kind.ADDED if old is None else Kind.REMOVED)
    try:
        if path.endswith(".bpmn"):
            changes = bpmn.compare(
                bpmn.read_diagram(old, name=path), bpmn.read_diagram(new, name=path)
            )
            return FileDifference(path, Kind.CHANGED, elements=tuple(changes))
        if path.endswith(".dmn"):
            return _of_tables(path, old, new)
    except bpmn.DiagramRefused:
        pass  # what cannot be read as a diagram is compared as the text that it is
    if not path.endswith(TEXTS):
        return FileDifference(path, Kind.CHANGED)
    return FileDifference(path, Kind.CHANGED, lines=tuple(_lines(old, new)))


def _of_tables(path: str, old: bytes, new: bytes) -> FileDifference:
    before, after = _tables(path, old), _tables(path, new)
    rows: list[RowChange] = []
    for key in dict.fromkeys((*after, *before)):
        one, two = before.get(key), after.get(key)
        title = (two or one or _NONE).title
        rows += _rows(title, one or _NONE, two or _NONE)
    heads = [key for key in after if key in before and after[key].heads != before[key].heads]
    lines = tuple(_lines(old, new)) if heads or not rows else ()
    return FileDifference(path, Kind.CHANGED, rows=tuple(rows), lines=lines)


@dataclass(frozen=True, slots=True)
class _Table:
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


_NONE = _Table("", (), ())


def _tables(path: str, content: bytes) -> dict[str, _Table]:
    model = dmn.read_decisions(content, name=path)
    found = {}
    for key, decision in model.decisions.items():
        view = dmn.table_view(decision)
        if view is not None:
            heads = (
                view.hit_policy,
                *(one.expression for one in (*view.inputs, *view.outputs)),
                *view.annotations,
            )
            rows = tuple((*row.inputs, *row.outputs, *row.annotations) for row in view.rows)
            found[key] = _Table(view.title, heads, rows)
    return found


def _rows(title: str, old: _Table, new: _Table) -> Iterator[RowChange]:
    matcher = difflib.SequenceMatcher(None, old.rows, new.rows, autojunk=False)
    for what, one, until_one, two, until_two in matcher.get_opcodes():
        if what == "equal":
            continue
        went, came = old.rows[one:until_one], new.rows[two:until_two]
        both = min(len(went), len(came))
        for place in range(both):
            yield RowChange(Kind.CHANGED, title, two + place + 1, went[place], came[place])
        for place, row in enumerate(went[both:], start=both):
            yield RowChange(Kind.REMOVED, title, one + place + 1, row, ())
        for place, row in enumerate(came[both:], start=both):
            yield RowChange(Kind.ADDED, title, two + place + 1, (), row)


def _lines(old: bytes, new: bytes) -> Iterator[Line]:
    before = old.decode("utf-8", "replace").splitlines()[:LINES]
    after = new.decode("utf-8", "replace").splitlines()[:LINES]
    for line in list(difflib.unified_diff(before, after, lineterm="", n=CONTEXT))[2:]:
        if line.startswith("@@"):
            yield Line(Kind.SAME, "…")
        elif line.startswith("+"):
            yield Line(Kind.ADDED, line[1:])
        elif line.startswith("-"):
            yield Line(Kind.REMOVED, line[1:])
        else:
            yield Line(Kind.SAME, line[1:])
