"""Expressions of a diagram: compiled once, evaluated in a scope, failures said with their place."""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from bpmn import feel
from bpmn.feel.compiler.free import free_names
from bpmn.running.faults import StepFailed
from bpmn.running.levels import Run
from bpmn.running.step import Incident


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a diagram something stands."""

    process: str
    element: str


def fail(place: Place, zh: str, en: str) -> NoReturn:
    """Give the step up for what went wrong at `place`.

    Raises:
        StepFailed: Always.
    """
    raise StepFailed(Incident(place.process, place.element, zh, en))


def as_variable(value: Any) -> object:
    """Return a FEEL value as Python's own; one that Python's types cannot hold stays as it is."""
    try:
        return feel.to_python(value)
    except ValueError:
        return value


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression in FEEL and where it stands.

    Attributes:
        text: As it was written.
        names: The variables that it reads.
    """

    text: str
    place: Place
    expression: feel.Expression
    names: frozenset[str]

    @classmethod
    def compiled(cls, text: str, source: str, place: Place) -> "Formula":
        """Return the formula that the FEEL text `source` means; `text` is how it was written.

        A variable hides a function of FEEL of the same name, such as `number` or `date`, unless
        the expression calls that function.

        Raises:
            FeelError: It does not parse.
        """
        expression = feel.compile_expression(source)
        hidden = {
            name
            for name in free_names(expression.tree) - expression.names
            if name != "?" and not re.search(rf"{re.escape(name)}\s*\(", source)
        }
        return cls(text, place, expression, expression.names | hidden)

    def value(self, run: Run, scope: str, extra: dict[str, object] | None = None) -> Any:
        """Return what the expression gives in `scope`, as a FEEL value.

        Raises:
            StepFailed: The evaluation passed its limits, or the data are no FEEL values.
        """
        warnings: list[feel.Warned] = []
        value = self._evaluate(run, scope, warnings, extra)
        self._note(run, warnings)
        return value

    def is_true(self, run: Run, scope: str) -> bool:
        """Whether the condition is true by now; until its variables have values it is not.

        Raises:
            StepFailed: As `value`.
        """
        return self._evaluate(run, scope, [], None) is True

    def stored(self, run: Run, scope: str, extra: dict[str, object] | None = None) -> object:
        """Return what the expression gives as a variable keeps it: Python's value where it fits.

        Raises:
            StepFailed: As `value`.
        """
        return as_variable(self.value(run, scope, extra))

    def holds(self, run: Run, scope: str, extra: dict[str, object] | None = None) -> bool:
        """Whether the condition holds in `scope`.

        Raises:
            StepFailed: It gives neither true nor false; a missing variable is the usual cause.
        """
        warnings: list[feel.Warned] = []
        value = self._evaluate(run, scope, warnings, extra)
        if isinstance(value, bool):
            self._note(run, warnings)
            return value
        shown = feel.to_text(value) if value is not None else "null"
        zh = "；".join(warned.zh for warned in warnings)
        en = "; ".join(warned.en for warned in warnings)
        fail(
            self.place,
            f"条件“{self.text}”的结果是 {shown}，既不是 true 也不是 false。{zh}"
            "请检查它所用的变量是否已有值。",
            f"The condition {self.text!r} gives {shown}, neither true nor false. {en} "
            "Check that the variables it reads have values.",
        )

    def _note(self, run: Run, warnings: list[feel.Warned]) -> None:
        run.journal.warn(self.place.process, self.place.element, self.text, warnings)

    def _evaluate(
        self,
        run: Run,
        scope: str,
        warnings: list[feel.Warned],
        extra: dict[str, object] | None,
    ) -> Any:
        try:
            found = run.scopes.look_up(scope, self.names)
            if extra:
                found.update(extra)
            visible = {name: feel.normalise(value) for name, value in found.items()}
            return self.expression.evaluate(visible, run.environment, warnings=warnings)
        except (ValueError, ArithmeticError) as error:
            fail(
                self.place,
                f"表达式“{self.text}”求值失败：{getattr(error, 'zh', error)}",
                f"The expression {self.text!r} failed: {error}",
            )


@dataclass(frozen=True, slots=True)
class Text:
    """A value in a diagram: literal, or FEEL where it begins with `=`.

    Attributes:
        formula: None where the text is literal.
    """

    text: str
    formula: Formula | None = None

    def value(self, run: Run, scope: str) -> Any:
        """Return the literal text, or what the expression gives."""
        return self.text if self.formula is None else self.formula.value(run, scope)

    def stored(self, run: Run, scope: str, extra: dict[str, object] | None = None) -> object:
        """Return the value as a variable keeps it."""
        return self.text if self.formula is None else self.formula.stored(run, scope, extra)

    def shown(self, run: Run, scope: str) -> str:
        """Return the value as a text; null is the empty text."""
        value = self.value(run, scope)
        if value is None:
            return ""
        return value if isinstance(value, str) else feel.to_text(value)

    def names(self, run: Run, scope: str) -> tuple[str, ...]:
        """Return the value as a list of names: a FEEL list, or a text divided by commas."""
        value = self.value(run, scope)
        if isinstance(value, list):
            return tuple(v if isinstance(v, str) else feel.to_text(v) for v in value)
        if value is None:
            return ()
        text = value if isinstance(value, str) else feel.to_text(value)
        return tuple(part.strip() for part in text.split(",") if part.strip())
