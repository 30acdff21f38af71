"""Compiled expressions and unary tests: what the rest of the platform holds."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Protocol

from bpmn.feel.compiler.free import free_names
from bpmn.feel.compiler.run import Closure, Frame, Run
from bpmn.feel.compiler.translation import translate
from bpmn.feel.environment import PLAIN, Environment
from bpmn.feel.errors import NOWHERE, LimitExceeded, Warned
from bpmn.feel.functions.index import NAMES as BUILT_IN
from bpmn.feel.limits import SOURCE_DEPTH, Limits
from bpmn.feel.nodes import Node, Tests
from bpmn.feel.parser import Parser
from bpmn.feel.values.conversion import normalise
from bpmn.feel.values.kinds import Value

_INPUT = "?"


class Meter(Protocol):
    """Steps that several evaluations share: those of one decision.

    Attributes:
        steps: How many are left.
    """

    steps: int


class Expression:
    """A compiled expression; immutable, and safe to share between threads.

    Attributes:
        source: What it was compiled from.
        tree: Its syntax tree.
        names: The names it reads from its scope; `?` and the standard's functions left out.
    """

    __slots__ = ("_run", "names", "source", "tree")

    def __init__(self, source: str, tree: Node, run: Closure) -> None:
        self.source = source
        self.tree = tree
        self.names = frozenset(free_names(tree) - BUILT_IN - {_INPUT})
        self._run = run

    def evaluate(
        self,
        scope: Mapping[str, object],
        env: Environment = PLAIN,
        *,
        warnings: list[Warned] | None = None,
        meter: Meter | None = None,
    ) -> Value:
        """Return the value in a scope; null where the standard says so.

        Args:
            scope: Variables by name: values of FEEL, or of Python as `normalise` takes them.
            env: Clock, zone, functions and bounds.
            warnings: Is given why something was null.
            meter: The steps that are left, shared with other evaluations.

        Raises:
            LimitExceeded: A bound of `env.limits` was passed.
        """
        run = Run(scope, env, warnings)
        return measured(_metered(self._run, Frame(run, {}, None), run, meter), env.limits)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


class UnaryTests:
    """Compiled unary tests: the cell of a decision table.

    Attributes:
        source: What they were compiled from.
        tree: Their syntax tree.
        names: The names they read from the scope, besides the input.
        is_any: Whether they are `-`, which everything meets.
    """

    __slots__ = ("_run", "is_any", "names", "source", "tree")

    def __init__(self, source: str, tree: Tests, run: Closure) -> None:
        self.source = source
        self.tree = tree
        self.names = frozenset(free_names(tree) - BUILT_IN - {_INPUT})
        self.is_any = not tree.tests
        self._run = run

    def matches(
        self,
        value: object,
        scope: Mapping[str, object],
        env: Environment = PLAIN,
        *,
        warnings: list[Warned] | None = None,
        meter: Meter | None = None,
    ) -> bool | None:
        """Return whether a value meets the tests; None if they cannot tell.

        Args:
            value: The input, also known as `?`.
            scope: Further variables by name.
            env: Clock, zone, functions and bounds.
            warnings: Is given why something was null.
            meter: The steps that are left, shared with other evaluations.

        Raises:
            LimitExceeded: A bound of `env.limits` was passed.
            ValueError: `value` is of no type that FEEL has.
        """
        if self.is_any:
            return True
        run = Run(scope, env, warnings)
        frame = Frame(run, {_INPUT: normalise(value)}, None)
        found: bool | None = _metered(self._run, frame, run, meter)
        return found

    def __repr__(self) -> str:
        return f"UnaryTests({self.source!r})"


def measured(value: Value, limits: Limits) -> Value:
    """Return a result, whose elements on all levels are counted.

    A value may hold the same list many times on every level: small here, without end for whoever
    writes it down.

    Raises:
        LimitExceeded: It has too many elements, or is nested too deeply.
    """
    if type(value) is not list and type(value) is not dict:
        return value
    level: list[Value] = [value]
    count = depth = 0
    while level:
        below: list[Value] = []
        for one in level:
            count += len(one)
            if count > limits.steps:
                raise LimitExceeded("steps", limits.steps)
            parts = one.values() if type(one) is dict else one
            below.extend(part for part in parts if type(part) is list or type(part) is dict)
        level = below
        depth += 1
        if depth > limits.depth:
            raise LimitExceeded("depth", limits.depth)
    return value


def _metered(closure: Closure, frame: Frame, run: Run, meter: Meter | None) -> Value:
    try:
        if meter is None:
            return closure(frame)
        given = run.steps = meter.steps
        try:
            return closure(frame)
        finally:
            # What ran inside, in functions of the host, has taken its steps itself.
            meter.steps -= given - run.steps
    except RecursionError:
        raise LimitExceeded("depth", frame.run.env.limits.depth) from None


def compile_expression(
    source: str, *, names: Collection[str] = (), strict_names: bool = False
) -> Expression:
    """Return an expression of full FEEL, compiled; cached by source and names.

    Args:
        source: The expression.
        names: Names in scope. They are needed for names that hold operators or words of the
            language; other names with spaces are recognised anyway.
        strict_names: Whether a name that is neither in `names` nor a function is an error.

    Raises:
        FeelError: The source is no expression; it says where, and what was expected.
    """
    return _expression(source, frozenset(names), strict_names)


def compile_unary_tests(
    source: str, *, names: Collection[str] = (), strict_names: bool = False
) -> UnaryTests:
    """Return unary tests, compiled: `"a","b"`, `[1..10]`, `not(< 5)`, `? > x`, `-`.

    Args:
        source: The tests.
        names: Names in scope, as for `compile_expression`.
        strict_names: As for `compile_expression`.

    Raises:
        FeelError: The source is not that; it says where, and what was expected.
    """
    return _unary_tests(source, frozenset(names), strict_names)


@lru_cache(maxsize=4096)
def _expression(source: str, names: frozenset[str], strict: bool) -> Expression:  # noqa: FBT001 - the key of a cache
    tree, run = _compiled(source, names, strict=strict, tests=False)
    return Expression(source, tree, run)


@lru_cache(maxsize=4096)
def _unary_tests(source: str, names: frozenset[str], strict: bool) -> UnaryTests:  # noqa: FBT001
    tree, run = _compiled(source, names, strict=strict, tests=True)
    assert isinstance(tree, Tests)  # noqa: S101 - what the parser gives for tests
    return UnaryTests(source, tree, run)


def _compiled(
    source: str, names: frozenset[str], *, strict: bool, tests: bool
) -> tuple[Node, Closure]:
    try:
        parser = Parser(source, names, strict=strict)
        tree = parser.tests() if tests else parser.whole()
        return tree, translate(tree)
    except RecursionError:
        raise LimitExceeded("depth", SOURCE_DEPTH, NOWHERE) from None
