"""Gateways: where tokens part and meet."""

from collections.abc import Mapping, Sequence
from typing import Any

from bpmn.running.levels import Level, Run
from bpmn.running.nodes import Node, Path, scope_of, spawn
from bpmn.running.step import Trace, TraceEvent
from bpmn.running.tokens import CANCELLED, WAITING, Token, put, wake
from bpmn.running.triggers import listen
from bpmn.running.waits import Role


class Exclusive(Node):
    """Passes each token on by the first flow whose condition holds, else the default flow.

    Source: OMG BPMN 2.0.2, 13.4.2.
    """

    def choose(self, run: Run, task: Token) -> Sequence[Path]:
        """Return the one flow that is taken."""
        scope = scope_of(task)
        for path in self.paths:
            if path.is_default:
                continue
            if path.condition is None or path.condition.holds(run, scope):
                return (path,)
        return self._default()


class Joining(Node):
    """A gateway at which tokens wait for one another.

    Attributes:
        incoming: The ids of its incoming flows.
        reach: For each node of the level, the incoming flows of this gateway that a token
            there can still arrive by without passing through the gateway.
    """

    incoming: tuple[str, ...] = ()
    reach: Mapping[str, frozenset[str]] = {}

    def here(self, task: Token) -> list[Token]:
        """Return the tokens that wait at this gateway, oldest first."""
        return [
            other
            for other in task.workflow.awake()
            if other.task_spec is self and other.state == WAITING
        ]

    def can_arrive(self, task: Token, missing: set[str], arrived: set[str]) -> bool:
        """Whether a token elsewhere can still arrive by one of the flows in `missing`.

        One that can also arrive by a flow in `arrived` need not be waited for.
        """
        for token in task.workflow.awake():
            if token.task_spec is self:
                continue
            can = self.reach.get(token.task_spec.name, frozenset())
            if can & missing and not can & arrived:
                return True
        return False

    def merge(self, here: list[Token]) -> None:
        """Consume one token of each flow; the newest goes on."""
        first: dict[str, Token] = {}
        for token in here:
            first.setdefault(token.internal_data.get("flow", ""), token)
        merged = list(first.values())
        going = max(merged, key=lambda token: int(token.id))
        for token in merged:
            if token is not going:
                put(token, CANCELLED)
        wake(going)


class Parallel(Joining):
    """Waits for a token on every incoming flow, then sends one out on every outgoing flow.

    Tokens beyond the first of a flow wait for the next turn.

    Source: OMG BPMN 2.0.2, 13.4.1.
    """

    def enter(self, run: Run, task: Token) -> bool:
        """Wait until every incoming flow has brought a token."""
        if len(self.incoming) < 2:  # noqa: PLR2004 - one flow has nothing to wait for
            return True
        put(task, WAITING)
        here = self.here(task)
        if {token.internal_data.get("flow") for token in here} >= set(self.incoming):
            self.merge(here)
        return False

    def choose(self, run: Run, task: Token) -> Sequence[Path]:
        """Return all flows."""
        return self.paths


class Inclusive(Joining):
    """Waits for every token that can still arrive; sends one out wherever a condition holds.

    Source: OMG BPMN 2.0.2, 13.4.3.
    """

    def enter(self, run: Run, task: Token) -> bool:
        """Wait; whether it goes on is asked when all else is quiet."""
        if len(self.incoming) < 2:  # noqa: PLR2004 - one flow has nothing to wait for
            return True
        put(task, WAITING)
        return False

    def try_join(self, run: Run, task: Token) -> bool:
        """Go on if nothing can arrive any more on a flow that has no token yet."""
        here = self.here(task)
        arrived = {token.internal_data.get("flow", "") for token in here}
        if self.can_arrive(task, set(self.incoming) - arrived, arrived):
            return False
        self.merge(here)
        return True


class EventBased(Node):
    """Waits for several events; the first that comes decides the way.

    One that begins the process has its first event from the beginning. If it is parallel, the
    others are waited for too, each on its own way.

    Source: OMG BPMN 2.0.2, 10.6.6 and 13.4.4.
    """

    parallel = False

    def enter(self, run: Run, task: Token) -> bool:
        """Wait for each of the events that follow."""
        if "chosen" in task.internal_data:
            return True
        for path in self.paths:
            event: Any = task.workflow.spec.task_specs[path.target]
            listen(run, task, Role.GATEWAY, event, scope_of(task))
        put(task, WAITING)
        return False

    def choose(self, run: Run, task: Token) -> Sequence[Path]:
        """Return no flow: the event that came has its token already."""
        return ()

    def throw(self, run: Run, task: Token) -> None:
        """Pass the token on to the event that came."""
        level: Level = task.workflow
        chosen = task.internal_data.pop("chosen")
        payload = task.internal_data.pop("payload")
        if self.parallel:
            for other in self.paths:
                if other.target != chosen:
                    run.journal.trace.append(
                        Trace(self.element.process, other.id, TraceEvent.TAKEN, task.id)
                    )
                    spawn(run, level, other.target, task, flow=other.id)
        path = next(path for path in self.paths if path.target == chosen)
        run.journal.trace.append(Trace(self.element.process, path.id, TraceEvent.TAKEN, task.id))
        event: Any = level.spec.task_specs[chosen]
        event.receive(run, scope_of(task), payload)
        token = spawn(run, level, chosen, task, flow=path.id, fired=True)
        run.journal.trace.append(
            Trace(self.element.process, event.element.id, TraceEvent.FIRED, token.id)
        )
