"""Compiles the pieces of FEEL in a file; a piece that is no FEEL is a finding, with its place."""

from collections.abc import Callable

from bpmn.dmn.cells import constant
from bpmn.dmn.evaluation import Code, Evaluation, Scope
from bpmn.dmn.item_types import Check, Types, UnknownType, Value
from bpmn.dmn.nodes import Place, Source
from bpmn.dmn.refusals import Findings
from bpmn.feel import (
    Environment,
    Expression,
    FeelError,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from bpmn.feel.compiler.free import Parts, parts_read
from bpmn.feel.nodes import Name

Names = frozenset[str]


class Compiler:
    """Compiles the expressions of one file.

    Args:
        findings: Where to note what is wrong.
        lenient: Whether an expression that is no FEEL gives null with a warning when it is
            evaluated, instead of a finding. The kit's tests ask for it; publishing never does.

    Attributes:
        types: The types that the file may name.
        reads: The names that expressions read which were compiled since it was last cleared.
        free: Those of them that were not in scope.
        parts: The components of each that are read; None is all of it.
    """

    def __init__(self, findings: Findings, *, lenient: bool) -> None:
        self.findings = findings
        self.lenient = lenient
        self.types: Types = Types({}, {}, self.allows)
        self.reads: set[str] = set()
        self.free: set[str] = set()
        self.parts: dict[str, frozenset[str] | None] = {}

    def expression(self, source: Source, names: Names) -> Expression | None:
        """Return the compiled expression, or None after noting that it is none."""
        try:
            compiled = compile_expression(source.text, names=names)
        except FeelError as error:
            self._note(source, error)
            return None
        self._read(compiled, names)
        return compiled

    def tests(self, source: Source, names: Names) -> UnaryTests | None:
        """Return the compiled unary tests, or None after noting that they are none."""
        try:
            compiled = compile_unary_tests(source.text, names=names)
        except FeelError as error:
            self._note(source, error)
            return None
        self._read(compiled, names)
        return compiled

    def forget(self) -> None:
        """Clear what has been read so far: another element begins."""
        self.reads.clear()
        self.free.clear()
        self.parts.clear()

    def _read(self, compiled: Expression | UnaryTests, names: Names) -> None:
        self.reads |= compiled.names
        self.free |= compiled.names - names
        merge_parts(self.parts, parts_read(compiled.tree))

    def literal(self, source: Source, names: Names) -> Code:
        """Return the code of a literal expression."""
        expression = self.expression(source, names)
        line = source.place.line
        if expression is None:
            return _broken(source)
        evaluate = expression.evaluate
        fixed = constant(expression.tree)
        if fixed is not None:
            return lambda _scope, _run: fixed

        def run_literal(scope: Scope, run: Evaluation) -> Value:
            run.spend()
            warnings = run.warnings
            before = len(warnings)
            value = evaluate(scope, run.env, warnings=warnings, meter=run)
            if len(warnings) > before:
                run.locate(before, line)
            return value

        if isinstance(expression.tree, Name):
            return _variable(expression.tree.name, run_literal)
        return run_literal

    def allows(self, source: Source, names: Names) -> Callable[[Value, Environment], bool]:
        """Return whether the unary tests of a type or a clause let a value pass."""
        tests = self.tests(source, names)
        if tests is None:
            return lambda _value, _env: False
        return lambda value, env: tests.matches(value, {}, env) is True

    def check(self, reference: str | None, place: Place) -> Check | None:
        """Return what makes a value conform to a type; an unknown type is a finding."""
        try:
            return self.types.check(reference)
        except UnknownType:
            self.findings.error(
                "dmn-unknown-type",
                place,
                f"没有名为“{reference}”的类型。请在 itemDefinition 中定义，或改用 FEEL 的类型。",
                f"There is no type {reference!r}. "
                "Define it as an itemDefinition or name one of FEEL's.",
            )
            return None

    def typed(self, code: Code, reference: str | None, place: Place, name: str) -> Code:
        """Return code whose result conforms to the type."""
        check = self.check(reference, place)
        if check is None:
            return code
        wanted = reference or ""

        def run_typed(scope: Scope, run: Evaluation) -> Value:
            return run.conform(check, code(scope, run), place, name, wanted)

        return run_typed

    def _note(self, source: Source, error: FeelError) -> None:
        if self.lenient:
            return
        place = Place(source.place.element, source.place.line + error.line - 1)
        shown = source.text if len(source.text) <= _SHOWN else source.text[:_SHOWN] + "…"
        self.findings.error(
            "dmn-feel",
            place,
            f"“{shown}”不是合格的 FEEL（第 {error.column} 列）：{error.zh}",
            f"{shown!r} is not FEEL (column {error.column}): {error.en}",
        )


def merge_parts(found: dict[str, frozenset[str] | None], more: Parts) -> None:
    """Add the components that an expression reads to those that others read."""
    for name, parts in more.items():
        known = found.get(name, frozenset())
        found[name] = None if parts is None or known is None else known | parts


_SHOWN = 60


def _variable(name: str, otherwise: Code) -> Code:
    """Return code that reads a variable: most inputs of tables do just that."""

    def run_variable(scope: Scope, run: Evaluation) -> Value:
        return scope[name] if name in scope else otherwise(scope, run)

    return run_variable


def _broken(source: Source) -> Code:
    def run_broken(_scope: Scope, run: Evaluation) -> Value:
        run.warn(
            "dmn-feel",
            source.place,
            f"“{source.text}”不是合格的 FEEL,结果为空值。",
            f"{source.text!r} is not FEEL; it gives null.",
        )
        return None

    return run_broken
