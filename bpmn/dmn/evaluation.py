"""One evaluation of a decision, and what is known of it afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bpmn.dmn.item_types import MISMATCH, Check, Value
from bpmn.dmn.nodes import DecisionId, Place, RuleId
from bpmn.feel import Environment, LimitExceeded, Warned

Scope: TypeAlias = dict[str, Value]
Code: TypeAlias = Callable[[Scope, "Evaluation"], Value]


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched: which, and what its author noted beside it.

    Attributes:
        decision: Id of the decision or business knowledge model in whose table it stands.
        index: Number of the rule in the table, from 1.
        rule: Id of the rule, "" where the file gives none.
        annotation: The rule's annotations, or its description.
    """

    decision: str
    index: int
    rule: RuleId
    annotation: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision gave, and why.

    Attributes:
        decision: The decision's id.
        value: The result.
        rows: Where the logic is a table, the outputs of each rule that counts, by name; else one
            row with the result under the decision's name.
        matched: The rules that matched, in the order of the hit policy.
        inputs: Every name that was read from outside, with the value as it was read.
        warnings: What gave null, and why; lines are those of the file.
        required: The outcomes of the decisions that this one needed.
    """

    decision: DecisionId
    value: Value
    rows: tuple[Mapping[str, Value], ...]
    matched: tuple[MatchedRule, ...]
    inputs: Mapping[str, Value]
    warnings: tuple[Warned, ...]
    required: tuple["Outcome", ...]


@dataclass(slots=True)
class Evaluation:
    """The state of one evaluation.

    Attributes:
        env: Clock, zone, functions and bounds, as they were handed in.
        warnings: What gave null so far.
        matched: The rules that matched so far in the decision that is being evaluated.
        rows: The rows of the table that was evaluated last.
        steps: How many steps are left, of all expressions together.
        depth: How many functions of the file are running within each other.
    """

    env: Environment
    warnings: list[Warned] = field(default_factory=list)
    matched: list[MatchedRule] = field(default_factory=list)
    rows: tuple[Mapping[str, Value], ...] = ()
    depth: int = 0
    steps: int = field(init=False)

    def __post_init__(self) -> None:
        self.steps = self.env.limits.steps

    def spend(self) -> None:
        """Count one more expression.

        Raises:
            LimitExceeded: No steps are left.
        """
        self.steps -= 1
        if self.steps < 0:
            raise LimitExceeded("steps", self.env.limits.steps)

    def warn(self, kind: str, place: Place, zh: str, en: str) -> None:
        """Note that something gave null."""
        self.warnings.append(Warned(kind, place.line, 1, zh, en))

    def locate(self, first: int, line: int) -> None:
        """Turn the lines of warnings from `first` on into lines of the file.

        Args:
            first: Index of the first warning of an expression that has just run.
            line: The line on which that expression begins.
        """
        for index in range(first, len(self.warnings)):
            warned = self.warnings[index]
            self.warnings[index] = replace(warned, line=line + warned.line - 1)

    def conform(self, check: Check, value: Value, place: Place, name: str, wanted: str) -> Value:
        """Return `value` as its type wants it, or null with a warning where it does not conform."""
        found = check(value, self.env)
        if found is MISMATCH:
            self.warn(
                "dmn-type",
                place,
                f"“{name}”的值不符合类型 {wanted},按空值处理。",
                f"The value of {name!r} does not conform to {wanted}; it counts as null.",
            )
            return None
        return found
