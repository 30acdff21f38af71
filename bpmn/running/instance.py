"""An instance between its state and its next step: what the engine of cases talks to."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bpmn.running import holding, work
from bpmn.running import state as states
from bpmn.running.acting import Acting, item_of
from bpmn.running.beginning import Beginnings, begin_at, put_at
from bpmn.running.definition import Definition
from bpmn.running.faults import NotWaiting, StepFailed
from bpmn.running.firing import correlation_of, deliver, fire, fits, raise_error, run_until_quiet
from bpmn.running.formulas import Place, fail
from bpmn.running.journal import Journal
from bpmn.running.levels import PROCESS_SCOPE, Run
from bpmn.running.nodes import scope_of, settle
from bpmn.running.scopes import FILE
from bpmn.running.step import Awaited, Held, Incident, Item, Step, World
from bpmn.running.tokens import Token
from bpmn.running.waits import WaitKind

_NOTHING: Mapping[str, object] = MappingProxyType({})


def start(
    definition: Definition,
    world: World,
    variables: Mapping[str, object],
    *,
    message: str | None = None,
    at: str | None = None,
    payload: Mapping[str, object] = _NOTHING,
    keep_incidents: bool = False,
    prune: bool = True,
) -> Step:
    """Begin an instance and run it until it waits.

    Args:
        definition: What runs.
        world: The clock and the functions that it may ask.
        variables: What the process's scope holds from the beginning.
        message: The name of the message that begins it; None for its plain start event.
        at: The id of the start event instead, when its timer, signal or condition came.
        payload: What came with the message or signal; the start event says what is kept of it.
        keep_incidents: What fails on the way is held where it stands and told in
            `Step.incidents`, instead of failing the step: for what the platform begins.
        prune: Drop what has finished from the state; False only to show that this changes
            nothing.

    Raises:
        NotWaiting: It does not begin in this way.
        StepFailed: An expression or a rule on the way failed.
    """
    plan = definition.plans[definition.process_id]
    beginning = begin_at(plan, message, at)

    def first() -> Run:
        run = Run(plan, dict(definition.plans), world)
        run.prunes = prune
        run.plant(run.next_id())
        in_file = {name: variables.get(name) for each in run.plans() for name in each.stores}
        if in_file:
            run.scopes.open(FILE, None, in_file)
        own = {name: value for name, value in variables.items() if name not in plan.stores}
        run.scopes.open(PROCESS_SCOPE, FILE if plan.stores else None, own)
        return run

    instance = Instance(definition, first, keep_incidents=keep_incidents)
    return instance.begin(beginning, payload)


def restore(
    definition: Definition,
    state: bytes,
    world: World,
    *,
    keep_incidents: bool = False,
    prune: bool = True,
) -> "Instance":
    """Return the instance whose last step left `state`.

    Args:
        definition: The one that it began with.
        state: `Step.state`.
        world: The clock and the functions that it may ask.
        keep_incidents: As in `start`.
        prune: As in `start`.

    Raises:
        StateUnreadable: The bytes are no state of this definition that this release can read.
    """

    def again() -> Run:
        run = states.read(state, dict(definition.plans), definition.process_id, world)
        run.prunes = prune
        return run

    return Instance(definition, again, keep_incidents=keep_incidents)


class Instance(Acting):
    """A running instance. One thread uses it; after `StepFailed` nobody does."""

    def __init__(
        self, definition: Definition, before: Callable[[], Run], *, keep_incidents: bool
    ) -> None:
        """Stand where `before` says, which can be asked again for a step that failed."""
        self._definition = definition
        self._before = before
        self._run = before()
        self._keeps = keep_incidents
        self._broken = False

    def begin(self, beginning: Beginnings, payload: Mapping[str, object]) -> Step:
        """Take the first step; `start` does."""
        return self._take(lambda run: put_at(run, beginning, payload))

    @property
    def items(self) -> tuple[Item, ...]:
        """What waits for somebody now, oldest first."""
        return work.items(self._run)

    @property
    def variables(self) -> Mapping[str, object]:
        """The process's own scope, and the case's file where a process draws a data store."""
        scopes = self._run.scopes
        found = scopes.own(PROCESS_SCOPE).frozen()
        return {**scopes.own(FILE), **found} if FILE in scopes else found

    @property
    def awaited(self) -> tuple[Awaited, ...]:
        """The messages and signals that are waited for."""
        return tuple(
            Awaited(
                wait.kind,
                wait.name,
                node.place.process,
                _start_of(run, node),
                correlation_of(run, wait) if wait.kind is WaitKind.MESSAGE else None,
            )
            for run in (self._run,)
            for wait in run.waits.values()
            if wait.kind in (WaitKind.MESSAGE, WaitKind.SIGNAL)
            for node in (self._token(wait.token).workflow.spec.task_specs[wait.node],)
        )

    @property
    def size(self) -> int:
        """How many tasks the token engine holds: what a step could visit at most."""
        return sum(len(level.tasks) for level in self._run.levels())

    @property
    def is_over(self) -> bool:
        """Nothing will happen any more."""
        return bool(self._run.completed)

    def visible(self, item_id: str) -> dict[str, object]:
        """Return the variables in scope of an item, the innermost wins.

        Raises:
            NotWaiting: There is no such item.
        """
        return self._run.scopes.visible(scope_of(item_of(self._run, item_id)))

    def complete(self, item_id: str, result: Mapping[str, object]) -> Step:
        """Complete an item and run on.

        Each result goes to the nearest scope that declares its name, else to the process;
        within an item of a multi-instance it stays there and is gathered.

        Raises:
            NotWaiting: There is no such item, or it waits no longer.
            StepFailed: Something on the way failed.
        """
        item_of(self._run, item_id)

        def complete(run: Run) -> None:
            task = item_of(run, item_id)
            run.scopes.write(scope_of(task), result)
            task.run()

        return self._take(complete)

    def fire(self, timer_id: str, *, due_at: datetime | None = None) -> Step:
        """Let a timer fire and run on.

        Args:
            timer_id: The id by which it was armed.
            due_at: When it was due, so that the next turn of a cycle keeps the rhythm although
                this one is late; None counts from now.

        Raises:
            NotWaiting: There is no such timer.
            StepFailed: Something on the way failed.
        """
        wait = self._run.waits.get(timer_id)
        if wait is None or wait.kind is not WaitKind.TIMER:
            raise NotWaiting(
                timer_id,
                f"计时器 {timer_id} 已不在等待：它已触发，或所在环节已经结束。",
                f"The timer {timer_id} waits no longer: it fired, or its step is over.",
            )
        return self._take(lambda run: fire(run, run.waits[timer_id], {}, due_at=due_at))

    def accepts(self, message: str, correlation: str | None = None) -> bool:
        """Whether something waits for this message now, so correlated."""
        return any(
            wait.kind is WaitKind.MESSAGE
            and wait.name == message
            and fits(self._run, wait, correlation)
            for wait in self._run.waits.values()
        )

    def deliver(
        self,
        message: str,
        payload: Mapping[str, object] = _NOTHING,
        *,
        correlation: str | None = None,
    ) -> Step:
        """Deliver a message to the one that waits for it, and run on.

        Where several wait: the inner scope before the outer, what interrupts before what does
        not, the older before the newer. What names a correlation takes only a message that is
        so correlated; where the caller has found the instance otherwise, None passes.

        Raises:
            NotWaiting: Nothing waits for it.
            StepFailed: Something on the way failed.
        """
        if not self.accepts(message, correlation):
            raise NotWaiting(
                message,
                f"现在没有环节等待消息“{message}”。",
                f"Nothing waits for the message {message!r} now.",
            )
        return self._take(lambda run: deliver(run, WaitKind.MESSAGE, message, payload, correlation))

    def signal(self, name: str, payload: Mapping[str, object] = _NOTHING) -> Step:
        """Deliver a signal to all that wait for it, which may be nobody, and run on.

        Raises:
            StepFailed: Something on the way failed.
        """
        return self._take(lambda run: deliver(run, WaitKind.SIGNAL, name, payload))

    def fail(self, item_id: str, code: str, message: str = "") -> Step:
        """Let the work of an item end in a BPMN error, and run on where that is caught.

        Raises:
            NotWaiting: There is no such item.
            StepFailed: Nothing catches the error, or something on the way failed.
        """
        item_of(self._run, item_id)

        def end(run: Run) -> None:
            task = item_of(run, item_id)
            if holding.hold(run, task, Held.WORKING):
                return
            try:
                raise_error(run, task, code, message, at_host=True)
            except StepFailed as failed:
                failed.at(task.id, Held.WORKING)
                raise
            settle(run, task.workflow)

        return self._take(end)

    @property
    def incidents(self) -> tuple[Incident, ...]:
        """What failed and is held where it stands, oldest first."""
        return holding.incidents(self._run)

    def retry(self, incident_id: str) -> Step:
        """Let what failed try again, and run on.

        Where it fails again and incidents are kept, it is held again, with one retry less.

        Raises:
            NotWaiting: There is no such incident.
            StepFailed: It failed again, and incidents are not kept.
        """
        task = self._run.find(incident_id)
        if task is None or holding.incident_of(task) is None:
            raise NotWaiting(
                incident_id,
                f"事件 {incident_id} 已不存在：它已重试成功，或所在环节已被撤回。",
                f"There is no incident {incident_id} any more: it was settled or withdrawn.",
            )
        return self._take(lambda run: holding.release(run, self._token(incident_id)))

    def set_variables(self, mapping: Mapping[str, object], item_id: str | None = None) -> Step:
        """Write variables as seen from an item, or from the process, and run on.

        Raises:
            NotWaiting: There is no such item.
            StepFailed: A condition that this set off failed.
        """
        scope = PROCESS_SCOPE if item_id is None else scope_of(item_of(self._run, item_id))
        return self._take(lambda run: run.scopes.write(scope, mapping))

    def settle_in(self, action: Callable[[Run], object]) -> Step:
        """Take the step that puts a migrated instance in its place; `migrate` does."""
        return self._take(action)

    # One step.

    def _token(self, key: str) -> Token:
        task = self._run.find(key)
        if task is None:
            raise LookupError(f"There is no token {key}.")
        return task

    def _take(self, action: Callable[[Run], object]) -> Step:
        """Take one step: the action, then on until all is quiet.

        Where incidents are kept, a step that failed is taken again from where it began, with
        the token held at which it failed.
        """
        if self._broken:
            raise RuntimeError("A step of this instance failed; restore it from its state.")
        self._broken = True  # until the step has come to its end
        kept = {incident.id: incident.retries for incident in holding.incidents(self._run)}
        held: dict[str, Incident] = {}
        while True:
            self._run.journal = Journal()
            self._run.held = held
            try:
                action(self._run)
                run_until_quiet(self._run)
                break
            except StepFailed as failed:
                incident = failed.incident
                if not self._keeps or not incident.id or len(held) >= holding.MOST_HELD:
                    raise
                held[incident.id] = replace(
                    incident,
                    at=self._run.world.now(),
                    retries=max(kept.get(incident.id, holding.RETRIES + 1) - 1, 0),
                )
                self._run = self._before()
        self._run.prune_all()
        step = self._outcome()
        self._before = self._after(step.state)
        self._broken = False
        return step

    def _after(self, state: bytes) -> Callable[[], Run]:
        run, definition = self._run, self._definition

        def again() -> Run:
            found = states.read(state, dict(definition.plans), definition.process_id, run.world)
            found.prunes = run.prunes
            return found

        return again

    def _outcome(self) -> Step:
        run, journal = self._run, self._run.journal
        held = {incident.id for incident in holding.incidents(run)}
        ended = tuple(run.ends) if run.completed else ()
        try:
            state = states.write(run)
        except ValueError as error:
            place = Place(run.spec.process, run.spec.process)
            fail(place, f"变量不能保存：{error}", f"A variable cannot be kept: {error}")
        return Step(
            state=state,
            opened=tuple(journal.opened.values()),
            withdrawn=tuple(journal.withdrawn),
            armed=tuple(journal.armed.values()),
            disarmed=tuple(journal.disarmed),
            thrown=tuple(journal.thrown),
            awaited=self.awaited,
            decisions=tuple(journal.decisions),
            trace=tuple(journal.trace),
            ended=ended,
            incidents=tuple(one for one in journal.incidents if one.id in held),
            settled=tuple(dict.fromkeys(key for key in journal.settled if key not in held)),
            warned=tuple(journal.warned),
            variables=self.variables,
        )


def _start_of(run: Run, node: Any) -> str:
    """The element that waits; for an event sub-process its start event."""
    if node.is_handler:
        return str(run.subprocess_specs[node.inside].task_specs[node.start].element.id)
    return str(node.element.id)


__all__ = ["Instance", "StepFailed", "restore", "start"]
