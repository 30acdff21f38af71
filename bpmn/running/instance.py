"""An instance between its state and its next step: what the engine of cases talks to."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bpmn.running import state as states
from bpmn.running import work
from bpmn.running.definition import Definition
from bpmn.running.faults import NotWaiting, StepFailed
from bpmn.running.firing import deliver, fire, raise_error, run_until_quiet
from bpmn.running.formulas import Place, fail
from bpmn.running.journal import Journal
from bpmn.running.levels import PROCESS_SCOPE, Run
from bpmn.running.loops import Several
from bpmn.running.moving import check_move, move
from bpmn.running.nodes import begin, cancel_tokens, scope_of, settle
from bpmn.running.step import Awaited, Item, Step, World
from bpmn.running.tokens import READY, Token
from bpmn.running.waits import WaitKind

_NOTHING: Mapping[str, object] = MappingProxyType({})


def start(
    definition: Definition,
    world: World,
    variables: Mapping[str, object],
    *,
    message: str | None = None,
    at: str | None = None,
    prune: bool = True,
) -> Step:
    """Begin an instance and run it until it waits.

    Args:
        definition: What runs.
        world: The clock and the functions that it may ask.
        variables: What the process's scope holds from the beginning.
        message: The name of the message that begins it; None for its plain start event.
        at: The id of the start event instead, when its timer, signal or condition came.
        prune: Drop what has finished from the state; False only to show that this changes
            nothing.

    Raises:
        NotWaiting: It does not begin in this way.
        StepFailed: An expression or a rule on the way failed.
    """
    return Instance.begin(definition, world, variables, message=message, at=at, prune=prune)


def restore(
    definition: Definition, state: bytes, world: World, *, prune: bool = True
) -> "Instance":
    """Return the instance whose last step left `state`.

    Args:
        definition: The one that it began with.
        state: `Step.state`.
        world: The clock and the functions that it may ask.
        prune: As in `start`.

    Raises:
        StateUnreadable: The bytes are no state of this definition that this release can read.
    """
    run = states.read(state, dict(definition.plans), definition.process_id, world)
    run.prunes = prune
    return Instance(definition, run)


class Instance:
    """A running instance. One thread uses it; after `StepFailed` nobody does."""

    def __init__(self, definition: Definition, run: Run) -> None:
        self._definition = definition
        self._run = run
        self._broken = False

    @classmethod
    def begin(
        cls,
        definition: Definition,
        world: World,
        variables: Mapping[str, object],
        *,
        message: str | None = None,
        at: str | None = None,
        prune: bool = True,
    ) -> Step:
        """Begin an instance; see `start`."""
        plans = dict(definition.plans)
        plan = plans[definition.process_id]
        starts = _starts(plan, message, at)
        run = Run(plan, plans, world)
        run.prunes = prune
        run.plant(run.next_id())
        run.scopes.open(PROCESS_SCOPE, None, variables)
        instance = cls(definition, run)
        with instance._step():
            begin(run, run, starts)
        return instance._outcome()

    @property
    def items(self) -> tuple[Item, ...]:
        """What waits for somebody now, oldest first."""
        return work.items(self._run)

    @property
    def variables(self) -> Mapping[str, object]:
        """The process's own scope."""
        return MappingProxyType(dict(self._run.scopes.own(PROCESS_SCOPE)))

    @property
    def awaited(self) -> tuple[Awaited, ...]:
        """The messages and signals that are waited for."""
        return tuple(
            Awaited(wait.kind, wait.name, node.place.process, _start_of(run, node))
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
        return self._run.scopes.visible(scope_of(self._item(item_id)))

    def complete(self, item_id: str, result: Mapping[str, object]) -> Step:
        """Complete an item and run on.

        Each result goes to the nearest scope that declares its name, else to the process;
        within an item of a multi-instance it stays there and is gathered.

        Raises:
            NotWaiting: There is no such item, or it waits no longer.
            StepFailed: Something on the way failed.
        """
        task = self._item(item_id)
        with self._step():
            self._run.scopes.write(scope_of(task), result)
            task.run()
        return self._outcome()

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
        with self._step():
            fire(self._run, wait, {}, due_at=due_at)
        return self._outcome()

    def accepts(self, message: str) -> bool:
        """Whether something waits for this message now."""
        return any(
            wait.kind is WaitKind.MESSAGE and wait.name == message
            for wait in self._run.waits.values()
        )

    def deliver(self, message: str, payload: Mapping[str, object] = _NOTHING) -> Step:
        """Deliver a message to the one that waits for it, and run on.

        Where several wait: the inner scope before the outer, what interrupts before what does
        not, the older before the newer.

        Raises:
            NotWaiting: Nothing waits for it.
            StepFailed: Something on the way failed.
        """
        if not self.accepts(message):
            raise NotWaiting(
                message,
                f"现在没有环节等待消息“{message}”。",
                f"Nothing waits for the message {message!r} now.",
            )
        with self._step():
            deliver(self._run, WaitKind.MESSAGE, message, payload)
        return self._outcome()

    def signal(self, name: str, payload: Mapping[str, object] = _NOTHING) -> Step:
        """Deliver a signal to all that wait for it, which may be nobody, and run on.

        Raises:
            StepFailed: Something on the way failed.
        """
        with self._step():
            deliver(self._run, WaitKind.SIGNAL, name, payload)
        return self._outcome()

    def fail(self, item_id: str, code: str, message: str = "") -> Step:
        """Let the work of an item end in a BPMN error, and run on where that is caught.

        Raises:
            NotWaiting: There is no such item.
            StepFailed: Nothing catches the error, or something on the way failed.
        """
        task = self._item(item_id)
        with self._step():
            raise_error(self._run, task, code, message, at_host=True)
            settle(self._run, task.workflow)
        return self._outcome()

    def set_variables(self, mapping: Mapping[str, object], item_id: str | None = None) -> Step:
        """Write variables as seen from an item, or from the process, and run on.

        Raises:
            NotWaiting: There is no such item.
            StepFailed: A condition that this set off failed.
        """
        scope = PROCESS_SCOPE if item_id is None else scope_of(self._item(item_id))
        with self._step():
            self._run.scopes.write(scope, mapping)
        return self._outcome()

    def move(self, item_id: str, element: str) -> Step:
        """Take an item's token back or forward to `element`, in its level or one around it.

        What runs inside the token's activity there is withdrawn; parallel branches go on.

        Raises:
            NotWaiting: There is no such item.
            CannotMove: No token can be put there, or no end could be reached from there; the
                instance stands as before.
            StepFailed: Something on the way failed.
        """
        item = self._item(item_id)
        check_move(self._run, item, element)
        with self._step():
            move(self._run, item, element)
        return self._outcome()

    def add_instance(self, item_id: str, thing: object) -> Step:
        """Add an instance for `thing` to the multi-instance activity that an item belongs to.

        Raises:
            NotWaiting: There is no such item.
            ValueError: It belongs to no multi-instance activity.
        """
        _, loop = self._turn(item_id)
        with self._step():
            loop.task_spec.add(self._run, loop, thing)
        return self._outcome()

    def remove_instance(self, item_id: str) -> Step:
        """Withdraw the instance that an item belongs to, with all inside; it leaves no result.

        Raises:
            NotWaiting: There is no such item.
            ValueError: It belongs to no multi-instance activity.
        """
        turn, loop = self._turn(item_id)
        with self._step():
            loop.task_spec.remove(self._run, loop, turn)
        return self._outcome()

    def _turn(self, item_id: str) -> tuple[Token, Token]:
        """Return the innermost instance that an item belongs to, and its loop."""
        token: Any = self._item(item_id)
        while True:
            if token.task_spec.wrapper is not None and isinstance(token.parent.task_spec, Several):
                return token, token.parent
            if token.workflow is self._run:
                raise ValueError(f"The item {item_id} belongs to no multi-instance activity.")
            token = token.workflow.owner

    def cancel(self) -> Step:
        """Cancel all that waits; the instance is over without having reached an end."""
        with self._step():
            cancel_tokens(self._run, self._run)
            settle(self._run, self._run)
        return self._outcome()

    # One step.

    def _item(self, item_id: str) -> Token:
        task = self._run.find(item_id)
        if task is None or task.state != READY or not task.task_spec.needs_somebody:
            raise NotWaiting(
                item_id,
                f"事项 {item_id} 已不在等待：它已办结，或已被撤回。",
                f"The item {item_id} waits no longer: it was completed or withdrawn.",
            )
        return task

    def _token(self, key: str) -> Token:
        task = self._run.find(key)
        if task is None:
            raise LookupError(f"There is no token {key}.")
        return task

    @contextmanager
    def _step(self) -> Iterator[None]:
        """Run one step: what is done inside, then on until all is quiet."""
        if self._broken:
            raise RuntimeError("A step of this instance failed; restore it from its state.")
        self._broken = True  # until the step has come to its end
        self._run.journal = Journal()
        yield
        run_until_quiet(self._run)
        self._run.prune_all()
        self._broken = False

    def _outcome(self) -> Step:
        run, journal = self._run, self._run.journal
        ended = tuple(run.ends) if run.completed else ()
        try:
            state = states.write(run)
        except ValueError as error:
            self._broken = True
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
            incidents=tuple(journal.incidents),
            warned=tuple(journal.warned),
            variables=self.variables,
        )


def _starts(plan: Any, message: str | None, at: str | None) -> tuple[str, ...]:
    if at is not None:
        if at in plan.events:
            return (plan.events[at],)
        raise NotWaiting(
            at,
            f"流程“{plan.process}”没有开始事件“{at}”。",
            f"The process {plan.process!r} has no start event {at!r}.",
        )
    if message is None:
        if plan.starts:
            return tuple(plan.starts)
        raise NotWaiting(
            plan.process,
            f"流程“{plan.process}”只能由消息发起：{'、'.join(plan.messages)}。",
            f"The process {plan.process!r} begins with a message only: "
            f"{', '.join(plan.messages) or 'none is drawn'}.",
        )
    if message not in plan.messages:
        raise NotWaiting(
            message,
            f"消息“{message}”不能发起流程“{plan.process}”。",
            f"The message {message!r} does not begin the process {plan.process!r}.",
        )
    return (plan.messages[message],)


def _start_of(run: Run, node: Any) -> str:
    """The element that waits; for an event sub-process its start event."""
    if node.is_handler:
        return str(run.subprocess_specs[node.inside].task_specs[node.start].element.id)
    return str(node.element.id)


__all__ = ["Instance", "StepFailed", "restore", "start"]
