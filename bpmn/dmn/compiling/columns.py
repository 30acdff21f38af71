"""One input column of a table: which rules a value lets through.

Cells that compare with constants are searched: the cuts of all of them divide the axis, and each
piece knows its rules as the bits of a number; single texts are looked up. What remains is tried,
each different text once.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bpmn.dmn.cells import ANY, BY_KIND, Cover, cover_of, kind_of
from bpmn.dmn.compiling.compiler import Compiler, Names
from bpmn.dmn.evaluation import Evaluation, Scope
from bpmn.dmn.item_types import Value
from bpmn.dmn.nodes import Source
from bpmn.dmn.regions import Cut
from bpmn.feel import UnaryTests
from bpmn.feel.values.dates import Date

_WITHIN = 0.5
_PYTHON = {"number": Decimal, "string": str, "boolean": bool, "date": Date}


@dataclass(frozen=True, slots=True)
class _Cell:
    """A text that stands in one or more rules of a column."""

    tests: UnaryTests
    rules: int
    line: int
    cover: Cover | None


class Column:
    """The cells of one input, in the order of the rules.

    Args:
        cells: What stands in them.
        compiler: Where they are compiled.
        names: The names in scope.
        variable: A name for the input, or "".
    """

    def __init__(
        self, cells: Sequence[Source], compiler: Compiler, names: Names, variable: str = ""
    ) -> None:
        self._variable = variable
        names = names | {variable} if variable else names
        rules: dict[str, int] = {}
        first: dict[str, Source] = {}
        for index, source in enumerate(cells):
            rules[source.text] = rules.get(source.text, 0) | 1 << index
            first.setdefault(source.text, source)
        found = []
        for text, source in first.items():
            tests = compiler.tests(source, names)
            if tests is not None:
                cover = cover_of(tests.tree)
                found.append(_Cell(tests, rules[text], source.place.line, cover))
        self._always = 0
        for cell in found:
            if cell.cover == ANY:
                self._always |= cell.rules
        tried = [cell for cell in found if cell.cover != ANY]
        kind = kind_of([cell.cover for cell in tried])
        self._searched = [
            cell for cell in tried if kind and cell.cover is not None and cell.cover.kind == kind
        ]
        self._tried = [cell for cell in tried if cell not in self._searched]
        self._type: Any = _PYTHON.get(kind)
        self._is_date = kind == "date"
        self._cuts: tuple[Cut, ...] = ()
        self._pieces: list[int] = []
        self._by_text: dict[str, int] | None = None
        if kind:
            self._divide(BY_KIND[kind].all.cuts)
        if kind == "string":
            self._by_text = _by_point(self._cuts, self._pieces)

    def _divide(self, ends: tuple[Cut, ...]) -> None:
        covers = [(cell.cover.region, cell.rules) for cell in self._searched if cell.cover]
        cuts = sorted({*ends, *(cut for region, _rules in covers for cut in region.cuts)})
        self._cuts = tuple(cuts)
        state = 0
        toggles: dict[Cut, int] = {}
        for region, rules in covers:
            if region.unbounded_below:
                state |= rules
            for cut in region.cuts:
                toggles[cut] = toggles.get(cut, 0) ^ rules
        self._pieces = [state | self._always]
        for cut in cuts:
            state ^= toggles.get(cut, 0)
            self._pieces.append(state | self._always)

    def mask(self, value: Value, alive: int, scope: Scope, run: Evaluation) -> int:
        """Return the rules, as bits, whose cell in this column lets the value through.

        Args:
            value: The input.
            alive: The rules that still matter; cells of others are not tried.
            scope: Names that cells may read.
            run: The evaluation.
        """
        key: Any = value
        if type(key) is self._type:
            if self._by_text is not None:
                found = self._by_text.get(key, self._pieces[0])
            else:
                key = key.ordinal if self._is_date else key
                found = self._pieces[bisect_right(self._cuts, (key, _WITHIN))]
        else:
            found = self._always
            found |= _try(self._searched, value, alive & ~found, scope, run)
        if self._tried:
            if self._variable:
                scope = {**scope, self._variable: value}
            found |= _try(self._tried, value, alive & ~found, scope, run)
        return found


def _by_point(cuts: Sequence[Cut], pieces: Sequence[int]) -> dict[str, int] | None:
    """Return the rules of each single text, if all other texts are of the same rules; else None."""
    if len(cuts) % 2 or any(piece != pieces[0] for piece in pieces[::2]):
        return None
    points = zip(cuts[::2], cuts[1::2], pieces[1::2], strict=True)
    found = {}
    for (low, _), (high, _), piece in points:
        if low != high:
            return None
        found[low] = piece
    return found


def _try(cells: list[_Cell], value: Value, wanted: int, scope: Scope, run: Evaluation) -> int:
    found = 0
    for cell in cells:
        if not cell.rules & wanted:
            continue
        run.spend()
        before = len(run.warnings)
        if cell.tests.matches(value, scope, run.env, warnings=run.warnings, meter=run):
            found |= cell.rules
        if len(run.warnings) > before:
            run.locate(before, cell.line)
    return found
