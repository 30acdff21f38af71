"""Runs test cases in the format of the DMN Technology Compatibility Kit.

A kit is a folder of models (`*.dmn`) with their test cases (`*-test-*.xml`) beside them, grouped in
folders `compliance-level-2` and `compliance-level-3`. Each result that a case expects counts once.
Models are read leniently: the kit holds expressions that are wrong on purpose, and expects null.

Source: dmn-tck/tck, `testCases.xsd`, and its runners: numbers agree if they do to 8 decimals.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bpmn.dmn.evaluation import Outcome
from bpmn.dmn.item_types import Value
from bpmn.dmn.model import DecisionModel, UnknownDecision, read_decisions
from bpmn.dmn.refusals import DecisionRefused
from bpmn.feel import Environment, LimitExceeded, compile_expression, literal
from bpmn.findings import DiagramRefused
from bpmn.reading.markup import XSI, Element, local_name, parse_xml

TOLERANCE = Decimal("0.00000001")
# The kit asks only that today() and now() are a day and an instant.
KIT_CLOCK = Environment(now=lambda: datetime(2026, 1, 5, 1, tzinfo=UTC))

_READ = {
    kind: compile_expression(f"{kind}(text)", names=frozenset({"text"}))
    for kind in ("date", "time", "date and time", "duration")
}
_TYPES = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}
_NUMBERS = frozenset({"decimal", "double", "float", "integer", "int", "long"})


@dataclass(frozen=True, slots=True)
class Failure:
    """A result that is not what the kit expects.

    Attributes:
        suite: Folder of the model.
        case: Id of the test case.
        node: The decision or service.
        reason: What was expected and what came, or why there is nothing.
    """

    suite: str
    case: str
    node: str
    reason: str

    def __str__(self) -> str:
        """Return the failure as one line."""
        return f"{self.suite} {self.case} {self.node}: {self.reason}"


@dataclass(frozen=True, slots=True)
class KitResult:
    """What a kit says of this engine."""

    passed: int
    total: int
    failures: tuple[Failure, ...]


@dataclass(slots=True)
class _Suite:
    """A folder of the kit: its models are read once."""

    folder: Path
    env: Environment
    models: dict[str, DecisionModel | str] = field(default_factory=dict)

    def model(self, name: str) -> DecisionModel | str:
        """Return the model of that file name, or why it cannot be read."""
        if name not in self.models:
            self.models[name] = self._read(name)
        return self.models[name]

    def _read(self, name: str) -> DecisionModel | str:
        files = {
            one.relative_to(self.folder).as_posix(): one.read_bytes()
            for one in sorted(self.folder.rglob("*.dmn"))
        }
        chosen = name if name in files else next(iter(files), "")
        if not chosen:
            return "there is no model"
        content = files.pop(chosen)
        try:
            return read_decisions(content, name=chosen, imports=files, lenient=True)
        except DecisionRefused as refused:
            return f"refused: {refused}"


def run_kit(
    directory: Path,
    *,
    level: int | None = None,
    report: Callable[[str], None] | None = None,
    env: Environment = KIT_CLOCK,
) -> KitResult:
    """Run every test case below a folder.

    Args:
        directory: The kit.
        level: Only the models of this compliance level.
        report: Told the name of each suite with its count as soon as it is done.
        env: Clock, zone, functions and bounds of the evaluations.
    """
    failures: list[Failure] = []
    total = 0
    pattern = "*-test-*.xml" if level is None else f"compliance-level-{level}/*/*-test-*.xml"
    files = sorted(directory.rglob(pattern) if level is None else directory.glob(pattern))
    suites: dict[Path, _Suite] = {}
    for file in files:
        suite = suites.setdefault(file.parent, _Suite(file.parent, env))
        count, failed = _run_file(file, suite)
        total += count
        failures.extend(failed)
        if report is not None:
            report(f"{file.parent.name}: {count - len(failed)} of {count}")
    return KitResult(total - len(failures), total, tuple(failures))


def kit_lines(
    directory: Path, *, level: int | None = None, failures: bool = False
) -> Iterator[str]:
    """Yield what `wenze dmn-tck` prints: the failures if they are asked for, and the count.

    Args:
        directory: The kit.
        level: Only the models of this compliance level.
        failures: Whether to list each failure.
    """
    result = run_kit(directory, level=level)
    if failures:
        yield from (str(failure) for failure in result.failures)
    yield f"passed {result.passed} of {result.total}"


def _run_file(file: Path, suite: _Suite) -> tuple[int, list[Failure]]:
    try:
        root = parse_xml(file.read_bytes(), name=file.name)
    except DiagramRefused as refused:
        return 1, [Failure(suite.folder.name, file.name, "-", str(refused))]
    name = _text(_first(root, "modelName"))
    count = 0
    failed = []
    for case in _children(root, "testCase"):
        for node in _children(case, "resultNode"):
            count += 1
            reason = _check(case, node, suite.model(name), suite.env)
            if reason is not None:
                failed.append(
                    Failure(suite.folder.name, case.get("id", ""), node.get("name", ""), reason)
                )
    return count, failed


def _check(
    case: Element, node: Element, model: DecisionModel | str, env: Environment
) -> str | None:
    if isinstance(model, str):
        return model
    inputs = {_input_name(given): _value(given) for given in _children(case, "inputNode")}
    expects_error = node.get("errorResult") == "true"
    try:
        outcome = _outcome(case, node, model, inputs, env)
    except LimitExceeded as exceeded:
        return None if expects_error else str(exceeded)
    except UnknownDecision:
        return "there is no such decision"
    expected_node = _first(node, "expected")
    expected = None if expected_node is None else _value(expected_node)
    if expects_error and outcome.value is None:
        return None
    if _agree(expected, outcome.value):
        return None
    why = "; ".join(warned.en for warned in outcome.warnings[-3:])
    return f"expected {_shown(expected)}, got {_shown(outcome.value)}" + (
        f" ({why})" if why else ""
    )


def _outcome(
    case: Element,
    node: Element,
    model: DecisionModel,
    inputs: Mapping[str, object],
    env: Environment,
) -> Outcome:
    name = node.get("name", "")
    if case.get("type") == "decisionService" or node.get("type") == "decisionService":
        return model.evaluate_service(case.get("invocableName") or name, inputs, env)
    if name not in model.decisions and name in model.services:
        return model.evaluate_service(name, inputs, env)
    if name not in model.decisions and (case.get("invocableName") or name) in model.knowledge:
        return model.call(case.get("invocableName") or name, inputs, env)
    return model.evaluate(name, inputs, env)


def _input_name(given: Element) -> str:
    namespace, name = given.get("namespace"), given.get("name", "")
    return f"{{{namespace}}}{name}" if namespace else name


def _value(node: Element) -> Value:
    """Return the value that an element of `valueType` holds."""
    held = _first(node, "list")
    if held is not None:
        return None if _is_nil(held) else [_value(item) for item in _children(held, "item")]
    components = list(_children(node, "component"))
    if components:
        return {one.get("name", ""): None if _is_nil(one) else _value(one) for one in components}
    found = _first(node, "value")
    if found is None or _is_nil(found):
        return None
    return _scalar(found.text or "", found.get(f"{{{XSI}}}type", "string"))


def _scalar(text: str, kind: str) -> Value:
    kind = kind.rpartition(":")[2]
    if kind in _NUMBERS:
        try:
            return Decimal(text.strip())
        except InvalidOperation:
            return text
    if kind == "boolean":
        return text.strip() in {"true", "1"}
    if kind in _TYPES:
        return _READ[_TYPES[kind]].evaluate({"text": text.strip()}, KIT_CLOCK)
    return text


def _agree(expected: Value, found: Value) -> bool:
    if isinstance(expected, list) or isinstance(found, list):
        return (
            isinstance(expected, list)
            and isinstance(found, list)
            and len(expected) == len(found)
            and all(_agree(one, two) for one, two in zip(expected, found, strict=True))
        )
    if isinstance(expected, dict) or isinstance(found, dict):
        return (
            isinstance(expected, dict)
            and isinstance(found, dict)
            and set(expected) == set(found)
            and all(_agree(value, found[name]) for name, value in expected.items())
        )
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(expected - found) < TOLERANCE
    return type(expected) is type(found) and bool(expected == found)


def _shown(value: Value) -> str:
    try:
        return literal(value)
    except ValueError:
        return repr(value)


def _is_nil(node: Element) -> bool:
    return node.get(f"{{{XSI}}}nil") in {"true", "1"}


def _children(node: Element, name: str) -> Iterator[Element]:
    for found in node:
        tag: object = found.tag  # of a comment it is a function, which the stubs do not say
        if isinstance(tag, str) and local_name(found) == name:
            yield found


def _first(node: Element, name: str) -> Element | None:
    return next(_children(node, name), None)


def _text(node: Element | None) -> str:
    return "" if node is None else (node.text or "").strip()
