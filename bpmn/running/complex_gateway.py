"""The complex gateway: it goes on when its activation condition holds, then takes in the rest.

Source: OMG BPMN 2.0.2, 13.4.5.
"""

from bpmn.running.formulas import Formula
from bpmn.running.gateways import Joining
from bpmn.running.levels import Run
from bpmn.running.nodes import scope_of
from bpmn.running.tokens import CANCELLED, WAITING, Token, make, put


class Complex(Joining):
    """Waits for its activation condition; afterwards what still comes is taken in silently.

    The condition sees `activationCount`, the number of incoming flows that have brought a token.
    The gateway is ready for its next turn when no token can arrive any more by a flow that has
    brought none in this one. What the standard lets it send out at that moment, on flows whose
    conditions ask for `waitingForStart = false`, is not sent.

    Attributes:
        activation: The condition; None waits for every incoming flow.
    """

    activation: Formula | None = None

    def enter(self, run: Run, task: Token) -> bool:
        """Be taken in, where this turn has gone on already; else see whether it is time."""
        if len(self.incoming) < 2:  # noqa: PLR2004 - one flow has nothing to wait for
            return True
        keeper = self._keeper(task)
        put(task, WAITING)
        if keeper is None:
            self._ask(run, task)
        elif task.internal_data["flow"] in keeper.internal_data["missing"]:
            keeper.internal_data["missing"].remove(task.internal_data["flow"])
            put(task, CANCELLED)
        return False

    def _keeper(self, task: Token) -> Token | None:
        """Return the hidden token of a turn that has gone on and still takes in others."""
        return next((t for t in self.here(task) if "missing" in t.internal_data), None)

    def _ask(self, run: Run, task: Token) -> None:
        here = self.here(task)
        arrived = {token.internal_data["flow"] for token in here}
        if self.activation is None:
            holds = arrived >= set(self.incoming)
        else:
            count: dict[str, object] = {"activationCount": len(arrived)}
            holds = self.activation.holds(run, scope_of(task), count)
        if not holds:
            return
        self.merge(here)
        missing = sorted(set(self.incoming) - arrived)
        if missing:
            keeper = make(task.workflow, self, task.workflow.task_tree, run.next_id())
            keeper.internal_data["missing"] = missing
            put(keeper, WAITING)

    def try_join(self, run: Run, task: Token) -> bool:
        """End the turn when nothing can arrive any more by the flows that it still lacks."""
        keeper = self._keeper(task)
        if keeper is None or self.can_arrive(task, set(keeper.internal_data["missing"]), set()):
            return False
        put(keeper, CANCELLED)
        waiting = self.here(task)
        if waiting:
            self._ask(run, waiting[-1])
        return True
