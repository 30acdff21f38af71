"""What the cell of a table covers, where it compares its input with constants.

The same reading serves two ends: columns of such cells are searched instead of tried one by one,
and the analysis of gaps and overlaps computes with them exactly. Any other cell gives None.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import singledispatch

from bpmn.dmn.item_types import Value
from bpmn.dmn.regions import EVERYTHING, NOTHING, Axis, Region, above, below, point
from bpmn.feel import nodes
from bpmn.feel.values.dates import Date, parse_date
from bpmn.feel.values.ranges import Form

NUMBER = Axis("number", key=lambda value: value, value=Decimal)
INTEGER = Axis("number", key=lambda value: value, value=Decimal, is_discrete=True)
STRING = Axis("string", key=lambda value: value, value=lambda key: key)
BOOLEAN = Axis("boolean", key=int, value=bool, is_discrete=True)
DATE = Axis("date", key=lambda value: value.ordinal, value=Date.from_ordinal, is_discrete=True)

AXES: dict[type, Axis] = {Decimal: NUMBER, str: STRING, bool: BOOLEAN, Date: DATE}
BY_KIND = {axis.kind: axis for axis in AXES.values()}


@dataclass(frozen=True, slots=True)
class Cover:
    """What a cell covers: the kind of value, "" for any, and the region."""

    kind: str
    region: Region


ANY = Cover("", EVERYTHING)


def cover_of(tests: nodes.Tests) -> Cover | None:
    """Return what unary tests cover, or None where they do more than compare with constants."""
    if not tests.tests:
        return ANY
    found = _union([_test(test) for test in tests.tests])
    if found is None or not tests.negated:
        return found
    return _inverse(found)


def constant(node: nodes.Node) -> Value:
    """Return the number, string, boolean or date that the node is, or None for anything else."""
    match node:
        case nodes.Literal(value=value):
            return value
        case nodes.Negation(operand=nodes.Literal(value=Decimal() as value)):
            return -value
        case nodes.AtLiteral(text=text):
            return _date(text)
        case nodes.Call(
            of=nodes.Name(name="date"), arguments=(nodes.Literal(value=str() as text),)
        ):
            return _date(text)
    return None


def _date(text: str) -> Date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _keyed(node: nodes.Node) -> tuple[Axis, Value] | None:
    value = constant(node)
    axis = AXES.get(type(value))
    return None if axis is None else (axis, axis.key(value))


def _union(covers: list[Cover | None]) -> Cover | None:
    made: Cover | None = None
    for cover in covers:
        if cover is None or (made is not None and cover.kind != made.kind):
            return None
        made = cover if made is None else Cover(made.kind, made.region | cover.region)
    return made


def _inverse(cover: Cover) -> Cover:
    axis = BY_KIND[cover.kind]
    return Cover(cover.kind, ~cover.region & axis.all)


def _compared(form: Form, node: nodes.Node) -> Cover | None:
    keyed = _keyed(node)
    if keyed is None:
        return None
    axis, key = keyed
    if form not in {Form.EQUAL, Form.UNEQUAL} and axis is BOOLEAN:
        return None
    return Cover(axis.kind, _FORMS[form](key) & axis.all)


_FORMS: dict[Form, Callable[[Value], Region]] = {
    Form.EQUAL: point,
    Form.UNEQUAL: lambda key: ~point(key),
    Form.LESS: lambda key: below(key, included=False),
    Form.AT_MOST: lambda key: below(key, included=True),
    Form.GREATER: lambda key: above(key, included=False),
    Form.AT_LEAST: lambda key: above(key, included=True),
}
_MIRRORED = {
    Form.LESS: Form.GREATER,
    Form.AT_MOST: Form.AT_LEAST,
    Form.GREATER: Form.LESS,
    Form.AT_LEAST: Form.AT_MOST,
}
_INPUT = nodes.Name("?")


def members_of(tests: nodes.Tests) -> tuple[tuple[Value, bool], ...] | None:
    """Return which constants a list must hold or lack: `list contains(?, "a")`, also in `not(…)`.

    None where the tests are anything else; nothing where they are `-`.
    """
    if not tests.tests:
        return ()
    if len(tests.tests) > 1:
        return None
    found = _members(tests.tests[0])
    if not tests.negated:
        return found
    return _opposite(found)


def _opposite(
    found: tuple[tuple[Value, bool], ...] | None,
) -> tuple[tuple[Value, bool], ...] | None:
    if found is None or len(found) != 1:
        return None
    ((value, is_in),) = found
    return ((value, not is_in),)


def _members(node: nodes.Node) -> tuple[tuple[Value, bool], ...] | None:
    match node:
        case nodes.Call(of=nodes.Name(name="list contains"), arguments=(source, item)):
            value = constant(item)
            return None if value is None or source != _INPUT else ((value, True),)
        case nodes.Call(of=nodes.Name(name="not"), arguments=(inner,)):
            return _opposite(_members(inner))
        case nodes.Conjunction(items=items):
            parts = [_members(item) for item in items]
            known = [part for part in parts if part is not None]
            return tuple(one for part in known for one in part) if known == parts else None
    return None


@singledispatch
def _test(node: nodes.Node) -> Cover | None:
    return _compared(Form.EQUAL, node)


@_test.register
def _(node: nodes.OneSided) -> Cover | None:
    return _compared(node.form, node.operand)


@_test.register
def _(node: nodes.RangeLiteral) -> Cover | None:
    low = _compared(Form.AT_LEAST if node.start_included else Form.GREATER, node.start)
    high = _compared(Form.AT_MOST if node.end_included else Form.LESS, node.end)
    return _both(low, high)


@_test.register
def _(node: nodes.ListLiteral) -> Cover | None:
    return _union([_test(item) for item in node.items]) if node.items else None


@_test.register
def _(node: nodes.Comparison) -> Cover | None:
    form = Form(node.operator)
    if node.left == _INPUT:
        return _compared(form, node.right)
    if node.right == _INPUT:
        return _compared(_MIRRORED.get(form, form), node.left)
    return None


@_test.register
def _(node: nodes.Between) -> Cover | None:
    if node.value != _INPUT:
        return None
    return _both(_compared(Form.AT_LEAST, node.low), _compared(Form.AT_MOST, node.high))


@_test.register
def _(node: nodes.In) -> Cover | None:
    return _union([_test(test) for test in node.tests]) if node.value == _INPUT else None


@_test.register
def _(node: nodes.Conjunction) -> Cover | None:
    made: Cover | None = None
    for item in node.items:
        cover = _claim(item)
        made = cover if made is None else _both(made, cover)
        if made is None:
            return None
    return made


@_test.register
def _(node: nodes.Disjunction) -> Cover | None:
    return _union([_claim(item) for item in node.items])


def _claim(node: nodes.Node) -> Cover | None:
    """Return what a condition about the input covers; a bare constant is no condition."""
    if isinstance(
        node, nodes.Comparison | nodes.Between | nodes.In | nodes.Conjunction | nodes.Disjunction
    ):
        return _test(node)
    return None


def _both(one: Cover | None, two: Cover | None) -> Cover | None:
    if one is None or two is None or one.kind != two.kind:
        return None
    return Cover(one.kind, one.region & two.region)


def kind_of(covers: list[Cover | None]) -> str:
    """Return the only kind that the covers of a column name, or "" for none or several."""
    kinds = {cover.kind for cover in covers if cover is not None and cover.kind}
    return kinds.pop() if len(kinds) == 1 else ""


__all__ = [
    "ANY",
    "BY_KIND",
    "INTEGER",
    "NOTHING",
    "Cover",
    "constant",
    "cover_of",
    "kind_of",
    "members_of",
]
