"""What happens while a step runs, in order; it becomes the `Step`."""

from dataclasses import dataclass, field

from bpmn.feel import Warned
from bpmn.running.step import (
    DecisionMade,
    ExpressionWarned,
    Incident,
    Item,
    Thrown,
    Timer,
    Trace,
)

MOST_WARNED = 100
"""How many expressions of one step are noted to have given null."""


@dataclass(slots=True)
class Journal:
    """The notes of one step."""

    opened: dict[str, Item] = field(default_factory=dict)
    withdrawn: list[str] = field(default_factory=list)
    armed: dict[str, Timer] = field(default_factory=dict)
    disarmed: list[str] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    decisions: list[DecisionMade] = field(default_factory=list)
    trace: list[Trace] = field(default_factory=list)
    incidents: list[Incident] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    warned: dict[ExpressionWarned, None] = field(default_factory=dict)

    def open(self, item: Item) -> None:
        """Note that `item` waits from now on."""
        self.opened[item.id] = item

    def withdraw(self, item: str) -> None:
        """Note that an item waits no longer without having been completed.

        What was opened and withdrawn within one step was never seen by anybody.
        """
        if self.opened.pop(item, None) is None:
            self.withdrawn.append(item)

    def warn(self, process: str, element: str, text: str, warnings: list[Warned]) -> None:
        """Note that something of an expression gave null; the same is noted once."""
        if warnings and len(self.warned) < MOST_WARNED:
            self.warned[ExpressionWarned(process, element, text, tuple(warnings))] = None

    def arm(self, timer: Timer) -> None:
        """Note that a timer waits from now on."""
        self.armed[timer.id] = timer

    def disarm(self, timer: str) -> None:
        """Note that a timer waits no longer without having fired."""
        if self.armed.pop(timer, None) is None:
            self.disarmed.append(timer)
