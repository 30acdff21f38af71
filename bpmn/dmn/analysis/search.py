"""Searches a table for inputs that no rule covers, and for rules that match at once.

Overlaps are compared pair by pair. Gaps are searched axis by axis with the set of rules that are
still possible; a set that was seen to leave none is not searched again. What is left is exponential
in the worst case, so the search is bounded and says when it gave up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from bpmn.dmn.analysis.dimensions import Dimension, dimensions_of, example_of
from bpmn.dmn.analysis.findings import Analysis, Gap, Overlap
from bpmn.dmn.cells import constant
from bpmn.dmn.model import DecisionModel, UnknownDecision
from bpmn.dmn.nodes import HitPolicy, Rule, Source, Table
from bpmn.dmn.regions import NOTHING, Region
from bpmn.feel import FeelError, compile_expression

_LISTS = frozenset({HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT})
STEPS = 50_000
MOST_GAPS = 100


def analyse(model: DecisionModel, decision_id: str, *, steps: int = STEPS) -> Analysis:
    """Return the gaps and overlaps of a decision's table, with an example of each.

    null is no example: a table need not say what it gives for an input that is missing.

    Args:
        model: The model.
        decision_id: Id or name of the decision.
        steps: How many combinations of pieces are looked at before the search gives up.

    Raises:
        UnknownDecision: There is no such decision.
    """
    decision = model.decisions.get(decision_id)
    if decision is None:
        raise UnknownDecision(decision_id)
    table = decision.logic
    if not isinstance(table, Table):
        return Analysis(decision.id, is_table=False)
    dimensions, undecided = dimensions_of(table, model.types())
    search = _Search(dimensions, steps)
    gaps: tuple[Gap, ...] = ()
    has_inputs = all(one.domain for one in dimensions)
    if has_inputs and not all(output.default is not None for output in table.outputs):
        gaps = tuple(search.gaps((1 << len(table.rules)) - 1))
    return Analysis(
        decision.id,
        is_table=True,
        lists_results=table.hit_policy in _LISTS,
        gaps=gaps,
        overlaps=tuple(_overlaps(table, dimensions)),
        undecided=tuple(undecided),
        gave_up=search.gave_up,
    )


@dataclass(slots=True)
class _Search:
    """The search for gaps.

    Attributes:
        dimensions: The axes, in the order in which they are searched.
        steps: How many more combinations may be looked at.
        closed: Axis and rules from which no gap can be reached.
        gave_up: Whether the bound was passed.
    """

    dimensions: list[Dimension]
    steps: int
    closed: set[tuple[int, int]] = field(default_factory=set)
    gave_up: bool = False

    def gaps(self, rules: int) -> Iterator[Gap]:
        """Yield the gaps, at most MOST_GAPS of them."""
        by_name = {one.name: one for one in self.dimensions}
        for count, chosen in enumerate(self._from(0, rules, {})):
            if count == MOST_GAPS:
                self.gave_up = True
                return
            conditions = {
                name: by_name[name].axis.text(region)
                for name, region in chosen.items()
                if region != by_name[name].domain
            }
            yield Gap(conditions, example_of(self.dimensions, chosen))

    def _from(
        self, place: int, rules: int, chosen: Mapping[str, Region]
    ) -> Iterator[dict[str, Region]]:
        if not rules:
            yield dict(chosen)
            return
        if place == len(self.dimensions) or (place, rules) in self.closed:
            return
        self.steps -= 1
        if self.steps < 0:
            self.gave_up = True
            return
        dimension = self.dimensions[place]
        merged: dict[int, Region] = {}
        for piece in dimension.pieces:
            left = rules & piece.may
            merged[left] = merged.get(left, NOTHING) | piece.region
        is_open = False
        for left, region in merged.items():
            for found in self._from(place + 1, left, {**chosen, dimension.name: region}):
                is_open = True
                yield found
        if not is_open and not self.gave_up:
            self.closed.add((place, rules))


def _overlaps(table: Table, dimensions: list[Dimension]) -> Iterator[Overlap]:
    if table.hit_policy not in {HitPolicy.UNIQUE, HitPolicy.ANY}:
        return
    for one, two in combinations(range(len(table.rules)), 2):
        common = _common(one, two, dimensions)
        if common is None:
            continue
        agrees = _agree(table.rules[one], table.rules[two])
        if agrees and table.hit_policy is HitPolicy.ANY:
            continue
        yield Overlap((one + 1, two + 1), example_of(dimensions, common), agrees)


def _common(one: int, two: int, dimensions: list[Dimension]) -> dict[str, Region] | None:
    common: dict[str, Region] = {}
    for dimension in dimensions:
        first, second = dimension.covers[one], dimension.covers[two]
        if first is None or second is None:
            return None
        region = dimension.axis.occupied(first & second)
        if not region:
            return None
        common[dimension.name] = region
    return common


def _agree(one: Rule, two: Rule) -> bool:
    return all(_same(first, second) for first, second in zip(one.outputs, two.outputs, strict=True))


def _same(one: Source, two: Source) -> bool:
    if one.text == two.text:
        return True
    try:
        first, second = (constant(compile_expression(source.text).tree) for source in (one, two))
    except FeelError:
        return False
    return first is not None and type(first) is type(second) and bool(first == second)
