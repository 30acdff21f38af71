"""Paths `a.b` and filters `a[b]`."""

from decimal import Decimal

from bpmn.feel.compiler.run import Closure, Frame, Handler, Translator
from bpmn.feel.errors import At, Semantic
from bpmn.feel.nodes import Filter, Literal, Negation, Node, Path
from bpmn.feel.values.kinds import Value, wrong_type
from bpmn.feel.values.properties import property_of


def _path(node: Path, translate: Translator) -> Closure:
    of, name, at = translate(node.of), node.name, node.at

    def follow(frame: Frame) -> Value:
        value = of(frame)
        if type(value) is dict and name in value:
            return value[name]
        return _member(frame, value, name, at)

    return follow


def _member(frame: Frame, value: Value, name: str, at: At) -> Value:
    if type(value) is list:
        frame.run.grown(len(value))
        return [_member(frame, item, name, at) for item in value]
    try:
        return property_of(value, name)
    except Semantic as reason:
        frame.run.warn(reason, at)
        return None


def _filter(node: Filter, translate: Translator) -> Closure:
    of = translate(node.of)
    with translate.inside():
        by = translate(node.by)
    at = node.at
    if isinstance(node.by, Literal | Negation) and _is_number(node.by):

        def pick(frame: Frame) -> Value:
            return _at_index(frame, _listed(of(frame)), by(frame), at)

        return pick

    def keep(frame: Frame) -> Value:
        items = _listed(of(frame))
        frame.run.grown(len(items))
        if not items:
            index = by(_item_frame(frame, None))
            return None if type(index) is Decimal else []
        kept: list[Value] = []
        for item in items:
            met = by(_item_frame(frame, item))
            if met is True:
                kept.append(item)
            elif type(met) is Decimal:
                return _at_index(frame, items, met, at)
            elif met is not False and met is not None:
                frame.run.warn(wrong_type("boolean", met), at)
        return kept

    return keep


def _is_number(node: Node) -> bool:
    if isinstance(node, Negation):
        node = node.operand
    return isinstance(node, Literal) and isinstance(node.value, Decimal)


def _listed(value: Value) -> list[Value]:
    if value is None:
        return []
    return value if type(value) is list else [value]


def _item_frame(frame: Frame, item: Value) -> Frame:
    if type(item) is dict:
        return Frame(frame.run, item, Frame(frame.run, {"item": item}, frame))
    return Frame(frame.run, {"item": item}, frame)


def _at_index(frame: Frame, items: list[Value], index: Decimal, at: At) -> Value:
    # Bounded before it becomes an integer: 1e6000 would be a very long one.
    place = int(index) if index.copy_abs() <= len(items) else 0
    if place > 0:
        return items[place - 1]
    if place < 0:
        return items[place]
    frame.run.warn(
        Semantic(
            "index",
            f"列表只有 {len(items)} 项，没有第 {index!s:.20} 项。",
            f"The list has {len(items)} items; there is none at {index!s:.20}.",
        ),
        at,
    )
    return None


HANDLERS: dict[type[Node], Handler] = {Path: _path, Filter: _filter}
