"""What a multi-instance activity throws as its instances are completed.

Source: OMG BPMN 2.0.2, 10.2.8.2, table 10.29: None throws at each instance, One at the first,
Complex whenever a condition holds. The activity's own boundary events may catch what is thrown.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bpmn.running.events import Throw, publish
from bpmn.running.firing import deliver, raise_escalation
from bpmn.running.formulas import Formula
from bpmn.running.levels import Run
from bpmn.running.tokens import STARTED, Token
from bpmn.running.waits import WaitKind


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One event that is thrown.

    Attributes:
        only_first: At the first instance that is completed, and no other.
        condition: It is thrown only where this holds, read in the scope of the instance.
    """

    throw: Throw
    only_first: bool = False
    condition: Formula | None = None

    def is_due(self, run: Run, scope: str, *, first: bool) -> bool:
        """Whether it is thrown as an instance is completed whose scope is `scope`."""
        if self.only_first and not first:
            return False
        return self.condition is None or self.condition.holds(run, scope)


def throw_all(run: Run, task: Token, thrown: Iterable[Throw]) -> bool:
    """Throw from the activity at `task`; whether it still runs afterwards."""
    for throw in thrown:
        if throw.kind == "escalation":
            raise_escalation(run, task, throw.name, at_host=True)
        else:
            payload = publish(run, task, throw.kind, throw.name, ())
            if throw.kind == "signal":
                deliver(run, WaitKind.SIGNAL, throw.name, payload)
        if task.state != STARTED:
            return False
    return True
