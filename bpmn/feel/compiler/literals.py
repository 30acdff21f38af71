"""Literals, names, lists, contexts, ranges."""

from bpmn.feel.compiler.run import Closure, Frame, Handler, Translator
from bpmn.feel.errors import Semantic
from bpmn.feel.functions.conversion import temporal
from bpmn.feel.nodes import (
    AtLiteral,
    ContextLiteral,
    ListLiteral,
    Literal,
    Name,
    Node,
    OneSided,
    RangeLiteral,
)
from bpmn.feel.values.comparing import mismatch
from bpmn.feel.values.kinds import Value
from bpmn.feel.values.ranges import Range, one_sided


def _literal(node: Literal, _translate: Translator) -> Closure:
    value = node.value
    return lambda _frame: value


def _at_literal(node: AtLiteral, _translate: Translator) -> Closure:
    at = node.at
    try:
        value = temporal(node.text)
    except Semantic as cause:
        reason = cause

        def unreadable(frame: Frame) -> Value:
            frame.run.warn(reason, at)

        return unreadable
    return lambda _frame: value


def _name(node: Name, translate: Translator) -> Closure:
    name, at = node.name, node.at
    if translate.nested:
        return lambda frame: frame.read(name, at)
    return lambda frame: frame.run.read(name, at)


def _list(node: ListLiteral, translate: Translator) -> Closure:
    items = [translate(item) for item in node.items]

    def make(frame: Frame) -> Value:
        frame.run.grown(len(items))
        return [item(frame) for item in items]

    return make


def _context(node: ContextLiteral, translate: Translator) -> Closure:
    with translate.inside():
        entries = [(key, translate(value)) for key, value in node.entries]
    at = node.at
    double = len({key for key, _value in node.entries}) < len(node.entries)
    reason = Semantic("duplicate-key", "上下文中的键重复。", "A key stands twice in the context.")

    def make(frame: Frame) -> Value:
        if double:
            frame.run.warn(reason, at)
            return None
        frame.run.grown(len(entries))
        made: dict[str, Value] = {}
        inner = Frame(frame.run, made, frame)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return make


def _range(node: RangeLiteral, translate: Translator) -> Closure:
    start, end = translate(node.start), translate(node.end)
    opens, closes, at = node.start_included, node.end_included, node.at

    def make(frame: Frame) -> Value:
        low, high = start(frame), end(frame)
        if low is not None and high is not None and type(low) is not type(high):
            frame.run.warn(mismatch(low, high), at)
            return None
        return Range(low, high, opens, closes)

    return make


def _one_sided(node: OneSided, translate: Translator) -> Closure:
    form, operand = node.form, translate(node.operand)
    return lambda frame: one_sided(form, operand(frame))


HANDLERS: dict[type[Node], Handler] = {
    Literal: _literal,
    AtLiteral: _at_literal,
    Name: _name,
    ListLiteral: _list,
    ContextLiteral: _context,
    RangeLiteral: _range,
    OneSided: _one_sided,
}
