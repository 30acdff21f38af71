"""Functions that relate points and ranges (DMN 1.5, 10.3.4.9)."""

from collections.abc import Callable

from bpmn.feel.errors import Semantic
from bpmn.feel.functions.family import Family, Running
from bpmn.feel.values.comparing import before as less
from bpmn.feel.values.comparing import contains, equal
from bpmn.feel.values.kinds import Value, unwrapped, wrong_type
from bpmn.feel.values.ranges import Range

FUNCTIONS = Family()

_POINTS = ("point1", "point2")
_POINT_RANGE = ("point", "range")
_RANGE_POINT = ("range", "point")
_RANGES = ("range1", "range2")


def _both(one: Value, two: Value) -> tuple[Value, Value]:
    one, two = unwrapped(one), unwrapped(two)
    if one is None or two is None:
        raise wrong_type("range", None)
    return one, two


def _bounded(value: Value) -> Range:
    if type(value) is not Range:
        raise wrong_type("range", value)
    if value.start is None or value.end is None:
        raise Semantic("range", "区间须有两端。", "Both ends of the range are needed.")
    return value


def _define(
    name: str, relation: Callable[[Value, Value], bool], *signatures: tuple[str, str]
) -> None:
    @FUNCTIONS.define(name, *signatures)
    def _relate(_run: Running, one: Value, two: Value) -> Value:
        return relation(*_both(one, two))


def _before(one: Value, two: Value) -> bool:
    if type(one) is not Range and type(two) is not Range:
        return less(one, two)
    if type(one) is not Range:
        where = _bounded(two)
        return less(one, where.start) or (not where.start_included and equal(one, where.start))
    where = _bounded(one)
    if type(two) is not Range:
        return less(where.end, two) or (not where.end_included and equal(where.end, two))
    other = _bounded(two)
    touching = equal(where.end, other.start)
    return less(where.end, other.start) or (
        touching and not (where.end_included and other.start_included)
    )


def _after(one: Value, two: Value) -> bool:
    return _before(two, one)


def _meets(one: Value, two: Value) -> bool:
    left, right = _bounded(one), _bounded(two)
    return left.end_included and right.start_included and equal(left.end, right.start)


def _met_by(one: Value, two: Value) -> bool:
    return _meets(two, one)


def _overlaps(one: Value, two: Value) -> bool:
    return not _before(_bounded(one), _bounded(two)) and not _before(two, one)


def _starts_sooner(one: Range, two: Range) -> bool:
    return less(one.start, two.start) or (
        equal(one.start, two.start) and one.start_included and not two.start_included
    )


def _ends_sooner(one: Range, two: Range) -> bool:
    return less(one.end, two.end) or (
        equal(one.end, two.end) and two.end_included and not one.end_included
    )


def _overlaps_before(one: Value, two: Value) -> bool:
    left, right = _bounded(one), _bounded(two)
    return (
        _starts_sooner(left, right)
        and _overlaps(left, right)
        and (_ends_sooner(left, right) or _same_end(left, right))
    )


def _overlaps_after(one: Value, two: Value) -> bool:
    return _overlaps_before(two, one)


def _same_start(one: Range, two: Range) -> bool:
    return equal(one.start, two.start) and one.start_included is two.start_included


def _same_end(one: Range, two: Range) -> bool:
    return equal(one.end, two.end) and one.end_included is two.end_included


def _finishes(one: Value, two: Value) -> bool:
    if type(one) is not Range:
        where = _bounded(two)
        return where.end_included and equal(where.end, one)
    left, right = _bounded(one), _bounded(two)
    return _same_end(left, right) and (
        less(right.start, left.start)
        or (equal(left.start, right.start) and (not left.start_included or right.start_included))
    )


def _finished_by(one: Value, two: Value) -> bool:
    return _finishes(two, one)


def _includes(one: Value, two: Value) -> bool:
    where = _bounded(one)
    if type(two) is not Range:
        return contains(where, two)
    other = _bounded(two)
    return not _starts_sooner(other, where) and not _ends_sooner(where, other)


def _during(one: Value, two: Value) -> bool:
    return _includes(two, one)


def _starts(one: Value, two: Value) -> bool:
    if type(one) is not Range:
        where = _bounded(two)
        return where.start_included and equal(where.start, one)
    left, right = _bounded(one), _bounded(two)
    return _same_start(left, right) and (
        less(left.end, right.end)
        or (equal(left.end, right.end) and (not left.end_included or right.end_included))
    )


def _started_by(one: Value, two: Value) -> bool:
    return _starts(two, one)


def _coincides(one: Value, two: Value) -> bool:
    if type(one) is not Range and type(two) is not Range:
        return equal(one, two)
    left, right = _bounded(one), _bounded(two)
    return _same_start(left, right) and _same_end(left, right)


_define("before", _before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_define("after", _after, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_define("meets", _meets, _RANGES)
_define("met by", _met_by, _RANGES)
_define("overlaps", _overlaps, _RANGES)
_define("overlaps before", _overlaps_before, _RANGES)
_define("overlaps after", _overlaps_after, _RANGES)
_define("finishes", _finishes, _POINT_RANGE, _RANGES)
_define("finished by", _finished_by, _RANGE_POINT, _RANGES)
_define("includes", _includes, _RANGE_POINT, _RANGES)
_define("during", _during, _POINT_RANGE, _RANGES)
_define("starts", _starts, _POINT_RANGE, _RANGES)
_define("started by", _started_by, _RANGE_POINT, _RANGES)
_define("coincides", _coincides, _POINTS, _RANGES)
