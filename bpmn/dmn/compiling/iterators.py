"""Boxed `for`, `some`, `every` and filters (DMN 1.5, 10.2.2.6 to 10.2.2.9).

Unlike in FEEL's own quantifiers, a condition that is not a boolean makes the whole result null.
"""

from bpmn.dmn.evaluation import Code, Evaluation, Scope
from bpmn.dmn.item_types import Value
from bpmn.dmn.nodes import Filter, Iteration, Iterator, Place
from bpmn.feel import compile_expression

_EXPAND = compile_expression("for one in many return one", names=frozenset({"many"}))


def compile_filter(node: Filter, within: Code, match: Code) -> Code:
    """Return the code of a boxed filter; in it `item` is the element, its entries by name too."""

    def run_filter(scope: Scope, run: Evaluation) -> Value:
        items = _elements(within(scope, run), run, node.place)
        if items is None:
            return None
        kept = []
        for item in items:
            inner = {**scope, "item": item}
            if isinstance(item, dict):
                inner.update(item)
            verdict = _verdict(match(inner, run), run, node.place)
            if verdict is None:
                return None
            if verdict:
                kept.append(item)
        return kept

    return run_filter


def compile_iterator(node: Iterator, within: Code, body: Code) -> Code:
    """Return the code of a boxed `for`, `some` or `every`."""
    if node.kind is Iteration.FOR:
        return _for(node, within, body)
    wanted = node.kind is Iteration.SOME
    variable = node.variable

    def run_quantified(scope: Scope, run: Evaluation) -> Value:
        items = _elements(within(scope, run), run, node.place)
        if items is None:
            return None
        found = not wanted
        for item in items:
            verdict = _verdict(body({**scope, variable: item}, run), run, node.place)
            if verdict is None:
                return None
            if verdict is wanted:
                found = wanted
        return found

    return run_quantified


def _for(node: Iterator, within: Code, body: Code) -> Code:
    variable = node.variable

    def run_for(scope: Scope, run: Evaluation) -> Value:
        items = _elements(within(scope, run), run, node.place)
        if items is None:
            return None
        made: list[Value] = []
        for item in items:
            made.append(body({**scope, variable: item, "partial": list(made)}, run))
        return made

    return run_for


def _elements(value: Value, run: Evaluation, place: Place) -> list[Value] | None:
    if isinstance(value, list):
        return value
    if value is None:
        run.warn(
            "dmn-not-a-list",
            place,
            "没有可逐一处理的列表,结果为空值。",
            "There is no list to go through; the result is null.",
        )
        return None
    before = len(run.warnings)
    expanded = _EXPAND.evaluate({"many": value}, run.env, warnings=run.warnings, meter=run)
    run.locate(before, place.line)
    return expanded if isinstance(expanded, list) else [value]


def _verdict(value: Value, run: Evaluation, place: Place) -> bool | None:
    if isinstance(value, bool):
        return value
    run.warn(
        "dmn-not-a-boolean",
        place,
        "条件的结果不是布尔值,结果为空值。",
        "The condition does not give a boolean; the result is null.",
    )
    return None
