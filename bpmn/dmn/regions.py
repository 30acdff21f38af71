"""Sets of values on an ordered axis: what a cell of a table covers.

A region is kept as the cuts at which it begins and ends. A cut lies just before (side 0) or just
after (side 1) a key, so that `[1..5)` is the cuts (1, 0) and (5, 0), and `"a"` is ("a", 0) and
("a", 1). Every test that compares with constants is such a region; what is in it, beside it, and
common to two of them follows exactly, without trying values.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor
from typing import Any, TypeAlias

from bpmn.feel import literal
from bpmn.feel.values.decimals import NUMBERS

Key: TypeAlias = Any
Cut: TypeAlias = tuple[Key, int]
BEFORE, AFTER = 0, 1
_WITHIN = 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """A set of keys.

    Attributes:
        unbounded_below: Whether it holds everything before the first cut.
        cuts: Where it changes between inside and outside, ascending.
    """

    unbounded_below: bool
    cuts: tuple[Cut, ...]

    def __contains__(self, key: Key) -> bool:
        """Return whether the key lies in the region."""
        return bool(bisect_right(self.cuts, (key, _WITHIN)) % 2) is not self.unbounded_below

    def __invert__(self) -> "Region":
        """Return everything else."""
        return Region(not self.unbounded_below, self.cuts)

    def __and__(self, other: "Region") -> "Region":
        """Return what is in both."""
        return _combine(self, other, lambda one, two: one and two)

    def __or__(self, other: "Region") -> "Region":
        """Return what is in either."""
        return _combine(self, other, lambda one, two: one or two)

    def __bool__(self) -> bool:
        """Return whether there is anything in it, on an axis without gaps."""
        return self.unbounded_below or bool(self.cuts)

    def spans(self) -> Iterator[tuple[Cut | None, Cut | None]]:
        """Yield its connected pieces; None stands for an end that is open to infinity."""
        cuts: list[Cut | None] = [*self.cuts]
        if self.unbounded_below:
            cuts.insert(0, None)
        if len(cuts) % 2:
            cuts.append(None)
        yield from zip(cuts[::2], cuts[1::2], strict=True)


EVERYTHING = Region(unbounded_below=True, cuts=())
NOTHING = Region(unbounded_below=False, cuts=())


def point(key: Key) -> Region:
    """Return the region of one key."""
    return Region(unbounded_below=False, cuts=((key, BEFORE), (key, AFTER)))


def below(key: Key, *, included: bool) -> Region:
    """Return everything less than the key, or at most it."""
    return Region(unbounded_below=True, cuts=((key, AFTER if included else BEFORE),))


def above(key: Key, *, included: bool) -> Region:
    """Return everything greater than the key, or at least it."""
    return ~below(key, included=not included)


def segments(cuts: tuple[Cut, ...]) -> Iterator[Region]:
    """Yield the pieces into which cuts divide the axis, ascending."""
    if not cuts:
        yield EVERYTHING
        return
    yield Region(unbounded_below=True, cuts=cuts[:1])
    for begin, end in pairwise(cuts):
        yield Region(unbounded_below=False, cuts=(begin, end))
    yield Region(unbounded_below=False, cuts=cuts[-1:])


def _combine(one: Region, two: Region, keep: Callable[[bool, bool], bool]) -> Region:
    begins = state = keep(one.unbounded_below, two.unbounded_below)
    made: list[Cut] = []
    in_one, in_two = one.unbounded_below, two.unbounded_below
    first, second = set(one.cuts), set(two.cuts)
    for cut in sorted(first | second):
        in_one ^= cut in first
        in_two ^= cut in second
        if keep(in_one, in_two) is not state:
            state = not state
            made.append(cut)
    return Region(begins, tuple(made))


@dataclass(frozen=True, slots=True)
class Axis:
    """A kind of value with an order.

    Attributes:
        kind: FEEL's name of the kind.
        key: From a value to what is compared.
        value: Back.
        is_discrete: Whether every key is a whole number, so that (3..4) holds nothing.
    """

    kind: str
    key: Callable[[Any], Key]
    value: Callable[[Key], Any]
    is_discrete: bool = False

    @property
    def all(self) -> Region:
        """Everything that there is of the kind."""
        if self.kind == "boolean":
            return Region(unbounded_below=False, cuts=((0, BEFORE), (2, BEFORE)))
        return EVERYTHING

    def occupied(self, region: Region) -> Region:
        """Return the region without pieces in which no value lies.

        Where keys are whole numbers each piece runs from its first key to just before the one after
        its last, so that neighbours join and equal sets are equal.
        """
        if not self.is_discrete:
            return region
        kept = NOTHING
        for begin, end in region.spans():
            first = None if begin is None else (_first(begin), BEFORE)
            after = None if end is None else (_last(end) + 1, BEFORE)
            if first is None or after is None or first < after:
                kept |= _piece(first, after)
        return kept

    def example(self, region: Region) -> Any:
        """Return a value in the region: one that an author would think of, if there is one.

        Raises:
            ValueError: Nothing lies in the region.
        """
        for key in self._candidates(region):
            if key in region:
                return self.value(key)
        raise ValueError("nothing lies in the region")

    def _candidates(self, region: Region) -> Iterator[Key]:
        if self.kind == "string":
            yield from (cut[0] for cut in region.cuts)
            yield "其他"
            yield ""
            yield from (cut[0] + " " for cut in region.cuts)
            yield from (cut[0] + "\0" for cut in region.cuts)
            return
        for begin, end in region.spans():
            yield from self._between(begin, end)

    def _between(self, begin: Cut | None, end: Cut | None) -> Iterator[Key]:
        if self.is_discrete:
            first, last = begin and _first(begin), end and _last(end)
            yield from (key for key in (first, last) if key is not None)
            yield self.key(self.value(0))
            return
        ends = [cut[0] for cut in (begin, end) if cut is not None]
        yield from ends
        yield Decimal(0)
        for key in ends:
            # Adding one to a number of more digits than are kept changes nothing; doubling does.
            yield from (NUMBERS.add(key, one) for one in (1, -1))
            yield NUMBERS.multiply(key, 2)
        if len(ends) > 1:
            yield NUMBERS.divide(NUMBERS.add(*ends), 2)

    def text(self, region: Region) -> str:
        """Return the region as a FEEL unary test."""
        if region == self.all or not region:
            return "-" if region else "not(-)"
        inverse = ~region & self.all
        if self.kind == "string" and inverse and all(_is_point(*span) for span in inverse.spans()):
            return f"not({self._list(inverse)})"
        return self._list(region)

    def _list(self, region: Region) -> str:
        return ", ".join(self._span(begin, end) for begin, end in region.spans())

    def _span(self, begin: Cut | None, end: Cut | None) -> str:
        if self.is_discrete:
            begin = None if begin is None else (_first(begin), BEFORE)
            end = None if end is None else (_last(end), AFTER)
        if begin is None:
            return "-" if end is None else f"{'<=' if end[1] else '<'} {self._shown(end[0])}"
        if end is None:
            return f"{'>' if begin[1] else '>='} {self._shown(begin[0])}"
        if begin[0] == end[0]:
            return self._shown(begin[0])
        opens, closes = "(" if begin[1] else "[", "]" if end[1] else ")"
        return f"{opens}{self._shown(begin[0])}..{self._shown(end[0])}{closes}"

    def _shown(self, key: Key) -> str:
        return literal(self.value(key))


def _first(begin: Cut) -> int:
    key = begin[0]
    whole: int = ceil(key)
    return whole + 1 if whole == key and begin[1] == AFTER else whole


def _last(end: Cut) -> int:
    key = end[0]
    whole: int = floor(key)
    return whole - 1 if whole == key and end[1] == BEFORE else whole


def _piece(begin: Cut | None, end: Cut | None) -> Region:
    cuts = tuple(cut for cut in (begin, end) if cut is not None)
    return Region(unbounded_below=begin is None, cuts=cuts)


def _is_point(begin: Cut | None, end: Cut | None) -> bool:
    return begin is not None and end is not None and begin[0] == end[0]
