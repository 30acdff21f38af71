"""Logic of three values, comparison, arithmetic, `if`."""

from collections.abc import Callable
from decimal import Decimal

from bpmn.feel.compiler.arithmetic import OPERATIONS, negated
from bpmn.feel.compiler.run import Closure, Frame, Handler, Translator, calm
from bpmn.feel.errors import Semantic
from bpmn.feel.nodes import (
    Arithmetic,
    Between,
    Comparison,
    Conjunction,
    Disjunction,
    If,
    Literal,
    Negation,
    Node,
)
from bpmn.feel.values.comparing import equal, order_key
from bpmn.feel.values.kinds import Value, wrong_type

_ORDER: dict[str, Callable[[Value, Value], bool]] = {
    "<": lambda one, two: bool(one < two),
    "<=": lambda one, two: bool(one <= two),
    ">": lambda one, two: bool(one > two),
    ">=": lambda one, two: bool(one >= two),
}
_PLAIN = frozenset({Decimal, str})


def _logic(node: Conjunction | Disjunction, translate: Translator) -> Closure:
    items = [(translate(item), item.at) for item in node.items]
    decisive = isinstance(node, Disjunction)

    def decide(frame: Frame) -> Value:
        result: bool | None = not decisive
        for item, at in items:
            value = item(frame)
            if value is decisive:
                return decisive
            if value is not True and value is not False:
                result = None
                if value is not None:
                    frame.run.warn(wrong_type("boolean", value), at)
        return result

    return decide


def _comparison(node: Comparison, translate: Translator) -> Closure:
    left, right, at = translate(node.left), translate(node.right), node.at
    if node.operator in {"=", "!="}:
        positive = node.operator == "="
        return calm(lambda frame: equal(left(frame), right(frame), frame.run.spend) is positive, at)
    compare = _ORDER[node.operator]
    if isinstance(node.right, Literal) and isinstance(node.right.value, Decimal):
        bound = node.right.value

        def against_number(frame: Frame) -> Value:
            value = left(frame)
            if type(value) is Decimal:
                return compare(value, bound)
            try:
                return compare(*order_key(value, bound))
            except Semantic as reason:
                frame.run.warn(reason, at)
                return None

        return against_number
    return calm(lambda frame: compare(*order_key(left(frame), right(frame))), at)


def _between(node: Between, translate: Translator) -> Closure:
    value, low, high = translate(node.value), translate(node.low), translate(node.high)
    at = node.at

    def within(frame: Frame) -> Value:
        found, least, most = value(frame), low(frame), high(frame)
        result: bool | None = True
        for one, two in ((least, found), (found, most)):
            try:
                smaller, larger = order_key(one, two)
            except Semantic as reason:
                frame.run.warn(reason, at)
                result = None
            else:
                if smaller > larger:
                    return False
        return result

    return within


def _negation(node: Negation, translate: Translator) -> Closure:
    operand = translate(node.operand)
    if isinstance(node.operand, Literal) and isinstance(node.operand.value, Decimal):
        value = negated(node.operand.value)
        return lambda _frame: value
    return calm(lambda frame: negated(operand(frame)), node.at)


def _arithmetic(node: Arithmetic, translate: Translator) -> Closure:
    left, right, at = translate(node.left), translate(node.right), node.at
    operation = OPERATIONS[node.operator]

    def calculate(frame: Frame) -> Value:
        try:
            return operation(frame.run, left(frame), right(frame))
        except Semantic as reason:
            frame.run.warn(reason, at)
            return None

    return calculate


def _if(node: If, translate: Translator) -> Closure:
    condition, at = translate(node.condition), node.condition.at
    chosen, otherwise = translate(node.chosen), translate(node.otherwise)

    def choose(frame: Frame) -> Value:
        decided = condition(frame)
        if decided is True:
            return chosen(frame)
        if decided is not False:
            frame.run.warn(wrong_type("boolean", decided), at)
        return otherwise(frame)

    return choose


HANDLERS: dict[type[Node], Handler] = {
    Conjunction: _logic,
    Disjunction: _logic,
    Comparison: _comparison,
    Between: _between,
    Negation: _negation,
    Arithmetic: _arithmetic,
    If: _if,
}
