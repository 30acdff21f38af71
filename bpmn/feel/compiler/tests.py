"""Unary tests, and `in`."""

from bpmn.feel.compiler.free import mentions
from bpmn.feel.compiler.run import Closure, Frame, Handler, Translator
from bpmn.feel.errors import Semantic
from bpmn.feel.nodes import In, Node, Tests
from bpmn.feel.values.comparing import satisfies
from bpmn.feel.values.kinds import Value

INPUT = "?"


def _any_of(frame: Frame, value: Value, tests: list[tuple[Closure, bool, Node]]) -> bool | None:
    inner = Frame(frame.run, {INPUT: value}, frame)
    result: bool | None = False
    for test, uses_input, node in tests:
        found = test(inner)
        try:
            if uses_input and (found is True or found is False or found is None):
                met: bool | None = found
            elif found is True and type(value) is not bool:
                met = True
            elif found is False and type(value) is not bool:
                met = False
            else:
                met = satisfies(value, found, frame.run.spend)
        except Semantic as reason:
            frame.run.warn(reason, node.at)
            met = None
        if met:
            return True
        if met is None:
            result = None
    return result


def _compiled(tests: tuple[Node, ...], translate: Translator) -> list[tuple[Closure, bool, Node]]:
    with translate.inside():
        return [(translate(test), mentions(test, INPUT), test) for test in tests]


def _in(node: In, translate: Translator) -> Closure:
    value, tests = translate(node.value), _compiled(node.tests, translate)
    return lambda frame: _any_of(frame, value(frame), tests)


def _tests(node: Tests, translate: Translator) -> Closure:
    if not node.tests:
        return lambda _frame: True
    tests, negated = _compiled(node.tests, translate), node.negated

    def decide(frame: Frame) -> Value:
        met = _any_of(frame, frame.read(INPUT, node.at), tests)
        return not met if negated and met is not None else met

    return decide


HANDLERS: dict[type[Node], Handler] = {In: _in, Tests: _tests}
