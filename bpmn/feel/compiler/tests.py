"""Unary tests, and `in`.

A decision table asks its cells at every turn, and most of them compare with a literal: those are
answered without a frame.
"""

from collections.abc import Callable
from decimal import Decimal

from bpmn.feel.compiler.free import mentions
from bpmn.feel.compiler.run import Closure, Frame, Handler, Translator
from bpmn.feel.errors import Semantic
from bpmn.feel.nodes import In, Literal, Negation, Node, OneSided, RangeLiteral, Tests
from bpmn.feel.values.comparing import satisfies
from bpmn.feel.values.kinds import Value
from bpmn.feel.values.ranges import Form

INPUT = "?"

Test = Callable[[Frame, Value], bool | None]
"""Takes a frame in which `?` is the value, and the value."""

_PLAIN = frozenset({Decimal, str})
_COMPARE: dict[Form, Callable[[Value, Value], bool]] = {
    Form.LESS: lambda one, two: bool(one < two),
    Form.AT_MOST: lambda one, two: bool(one <= two),
    Form.GREATER: lambda one, two: bool(one > two),
    Form.AT_LEAST: lambda one, two: bool(one >= two),
    Form.EQUAL: lambda one, two: bool(one == two),
    Form.UNEQUAL: lambda one, two: bool(one != two),
}


def _general(node: Node, translate: Translator) -> Test:
    test, uses_input, at = translate(node), mentions(node, INPUT), node.at
    is_condition = not isinstance(node, Literal)

    def ask(frame: Frame, value: Value) -> bool | None:
        found = test(frame)
        if uses_input and (found is True or found is False or found is None):
            return found
        if is_condition and (found is True or found is False) and type(value) is not bool:
            # A condition that does not look at the input decides by itself; `true` is none.
            return found
        try:
            return satisfies(value, found, frame.run.spend)
        except Semantic as reason:
            frame.run.warn(reason, at)
            return None

    return ask


def _constant(node: Node) -> Value:
    """Return the number or string that a node always is; None for any other node."""
    if isinstance(node, Negation):
        inner = _constant(node.operand)
        return inner.copy_negate() if type(inner) is Decimal else None
    if isinstance(node, Literal) and type(node.value) in _PLAIN:
        return node.value
    return None


def _test(node: Node, translate: Translator) -> Test:
    """Return the test of a node, with a short way for values of the kind of its literals."""
    general = _general(node, translate)
    if isinstance(node, OneSided):
        return _short(_constant(node.operand), _COMPARE[node.form], general)
    if isinstance(node, RangeLiteral):
        return _within(node, general)
    return _short(_constant(node), _COMPARE[Form.EQUAL], general)


def _short(constant: Value, compare: Callable[[Value, Value], bool], general: Test) -> Test:
    if constant is None:
        return general
    kind = type(constant)

    def ask(frame: Frame, value: Value) -> bool | None:
        return compare(value, constant) if type(value) is kind else general(frame, value)

    return ask


def _within(node: RangeLiteral, general: Test) -> Test:
    low, high = _constant(node.start), _constant(node.end)
    if low is None or type(low) is not type(high):
        return general
    kind, opens, closes = type(low), node.start_included, node.end_included

    def ask(frame: Frame, value: Value) -> bool | None:
        if type(value) is not kind:
            return general(frame, value)
        above = low <= value if opens else low < value
        return bool(above and (value <= high if closes else value < high))

    return ask


def _any_of(nodes: tuple[Node, ...], translate: Translator) -> Test:
    with translate.inside():
        tests = [_test(node, translate) for node in nodes]
    if len(tests) == 1:
        return tests[0]

    def ask(frame: Frame, value: Value) -> bool | None:
        result: bool | None = False
        for test in tests:
            met = test(frame, value)
            if met:
                return True
            if met is None:
                result = None
        return result

    return ask


def _in(node: In, translate: Translator) -> Closure:
    value, test = translate(node.value), _any_of(node.tests, translate)

    def ask(frame: Frame) -> Value:
        found = value(frame)
        return test(Frame(frame.run, {INPUT: found}, frame), found)

    return ask


def _tests(node: Tests, translate: Translator) -> Closure:
    if not node.tests:
        return lambda _frame: True
    test, negated = _any_of(node.tests, translate), node.negated

    def ask(frame: Frame) -> Value:
        met = test(frame, frame.names[INPUT])
        return not met if negated and met is not None else met

    return ask


HANDLERS: dict[type[Node], Handler] = {In: _in, Tests: _tests}
