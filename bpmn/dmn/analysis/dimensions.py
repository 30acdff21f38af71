"""The inputs of a table as axes, cut into pieces on which every rule says the same.

Inputs with the same expression are one axis: `score >= 5` in one column and `score < 3` in another
leave nothing. A list that is only asked for constants is one axis for each of them: in it or not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bpmn.dmn.analysis.findings import Undecided
from bpmn.dmn.cells import (
    ANY,
    BOOLEAN,
    BY_KIND,
    INTEGER,
    NUMBER,
    Cover,
    cover_of,
    kind_of,
    members_of,
)
from bpmn.dmn.item_types import INTEGERS, Types, Value
from bpmn.dmn.nodes import InputClause, Source, Table
from bpmn.dmn.regions import EVERYTHING, NOTHING, Axis, Region, point, segments
from bpmn.feel import FeelError, compile_unary_tests, literal


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an axis.

    Attributes:
        region: The part.
        may: The rules, as bits, that may match there: also those whose cell is undecided.
    """

    region: Region
    may: int


@dataclass(frozen=True, slots=True)
class Dimension:
    """One input.

    Attributes:
        name: What it is called: the expression, or the question about a list's member.
        expression: What it reads.
        axis: Its kind of value.
        domain: The values that may come.
        covers: For each rule what it covers within the domain, None where that is undecided.
        pieces: The domain, divided; none is empty, and no two have the same rules.
        member: The constant, where the question is whether a list holds it.
    """

    name: str
    expression: str
    axis: Axis
    domain: Region
    covers: tuple[Region | None, ...]
    pieces: tuple[Piece, ...]
    member: Value = None

    def example(self, region: Region | None = None) -> Value:
        """Return a value of the region, or of the domain."""
        return self.axis.example(self.domain if region is None else region)


def dimensions_of(table: Table, types: Types) -> tuple[list[Dimension], list[Undecided]]:
    """Return the axes of a table on which its rules differ, and the cells that were left out."""
    columns: dict[str, list[int]] = {}
    for index, clause in enumerate(table.inputs):
        columns.setdefault(" ".join(clause.source.text.split()), []).append(index)
    found: list[Dimension] = []
    undecided: list[Undecided] = []
    for expression, indices in columns.items():
        clauses = [table.inputs[index] for index in indices]
        cells = [[rule.inputs[index] for index in indices] for rule in table.rules]
        members = _member_dimensions(expression, cells)
        if members:
            found.extend(members)
            continue
        covers = [_covers(row) for row in cells]
        kind = _kind(covers, clauses, types)
        merged: list[Region | None] = []
        for number, (row, row_covers) in enumerate(zip(cells, covers, strict=True), start=1):
            region = _region(row_covers, kind)
            merged.append(region)
            if region is None:
                text = " | ".join(one.text for one in row)
                undecided.append(Undecided(number, expression, text))
        if kind:
            axis = BY_KIND[kind]
            if axis is NUMBER and any(one.type_ref in INTEGERS for one in clauses):
                axis = INTEGER
            domain = _domain(clauses, types, axis)
            found.append(_dimension(expression, axis, domain, merged, expression))
    return found, undecided


def _member_dimensions(expression: str, cells: Sequence[Sequence[Source]]) -> list[Dimension]:
    """Return an axis for each constant that cells ask a list for; none if they ask more."""
    asked: list[list[tuple[Value, bool]]] = []
    for row in cells:
        answers: list[tuple[Value, bool]] = []
        for source in row:
            members = _read_members(source)
            if members is None:
                return []
            answers.extend(members)
        asked.append(answers)
    made = []
    for value in dict.fromkeys(value for answers in asked for value, _is_in in answers):
        regions: list[Region | None] = []
        for answers in asked:
            region = BOOLEAN.all
            for other, is_in in answers:
                if other == value:
                    region &= BOOLEAN.occupied(point(int(is_in)))
            regions.append(region)
        name = f"list contains({expression}, {literal(value)})"
        made.append(_dimension(name, BOOLEAN, BOOLEAN.all, regions, expression, value))
    return made


def _read_members(source: Source) -> tuple[tuple[Value, bool], ...] | None:
    try:
        return members_of(compile_unary_tests(source.text).tree)
    except FeelError:
        return None


def _covers(cells: Sequence[Source]) -> list[Cover | None]:
    made: list[Cover | None] = []
    for source in cells:
        try:
            made.append(cover_of(compile_unary_tests(source.text).tree))
        except FeelError:
            made.append(None)
    return made


def _kind(
    covers: Sequence[list[Cover | None]], clauses: Sequence[InputClause], types: Types
) -> str:
    declared = {types.built_in(clause.type_ref) for clause in clauses} & set(BY_KIND)
    if len(declared) == 1:
        return declared.pop()
    return kind_of([cover for row in covers for cover in row])


def _region(covers: Sequence[Cover | None], kind: str) -> Region | None:
    region = EVERYTHING
    for cover in covers:
        if cover is None:
            return None
        if cover == ANY:
            continue
        # A test of another kind of value never holds.
        region &= cover.region if cover.kind == kind else NOTHING
    return region


def _domain(clauses: Sequence[InputClause], types: Types, axis: Axis) -> Region:
    domain = axis.all
    for clause in clauses:
        allowed = clause.allowed or types.allowed(clause.type_ref)
        if allowed is None:
            continue
        cover = _covers([allowed])[0]
        if cover is not None and cover.kind == axis.kind:
            domain &= cover.region
    return axis.occupied(domain)


def _dimension(  # noqa: PLR0917 - what an axis consists of
    name: str,
    axis: Axis,
    domain: Region,
    merged: Sequence[Region | None],
    expression: str,
    member: Value = None,
) -> Dimension:
    covers = [None if region is None else region & domain for region in merged]
    cuts = {cut for region in (domain, *covers) if region is not None for cut in region.cuts}
    by_rules: dict[int, Region] = {}
    for segment in segments(tuple(sorted(cuts))):
        part = axis.occupied(segment & domain)
        if not part:
            continue
        may = sum(
            1 << index for index, region in enumerate(covers) if region is None or region & part
        )
        by_rules[may] = by_rules.get(may, NOTHING) | part
    pieces = tuple(Piece(region, may) for may, region in by_rules.items())
    return Dimension(name, expression, axis, domain, tuple(covers), pieces, member)


def example_of(dimensions: Sequence[Dimension], chosen: Mapping[str, Region]) -> dict[str, Value]:
    """Return a value for every expression: of the region chosen for its axis, or of the domain."""
    made: dict[str, Value] = {}
    for one in dimensions:
        value = one.example(chosen.get(one.name))
        if one.member is None:
            made[one.expression] = value
        else:
            made.setdefault(one.expression, []).extend([one.member] if value else [])
    return made
