"""What every node does: enter, wait or act, leave by its flows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec

from bpmn.running.formulas import Formula, Place, Text, fail
from bpmn.running.holding import enter
from bpmn.running.levels import Level, Run
from bpmn.running.step import Element, Trace, TraceEvent
from bpmn.running.tokens import CANCELLED, FINISHED, READY, Token, make, put
from bpmn.running.triggers import Trigger


class Plan(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A process or sub-process as SpiffWorkflow holds it, with what we need beside.

    Attributes:
        process: The id of the process that it is, or is drawn in.
        starts: The names of the nodes at which it begins when nothing else is said.
        messages: The name of the node by the name of the message that begins it: a start
            event, a receive task that instantiates, an event after a gateway that does.
        events: The names of all nodes that an event begins it at, by the id as drawn.
        gateways: The name of the instantiating gateway by that of the event behind it.
        handlers: The names of its event sub-processes.
        stores: The variables of the case's file that the process draws.
        objects: The data objects that are drawn in it, as variables.
        joins: It holds inclusive or complex gateways, which are asked when all else is quiet.
    """

    process: str = ""
    starts: tuple[str, ...] = ()
    messages: Mapping[str, str] = {}
    events: Mapping[str, str] = {}
    gateways: Mapping[str, str] = {}
    handlers: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    joins: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """An outgoing sequence flow.

    Attributes:
        id: As it was drawn.
        target: The name of the node it leads to.
    """

    id: str
    target: str
    condition: Formula | None
    is_default: bool


class Node(BpmnTaskSpec):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A node that is passed through: none events, and the base of all others.

    Attributes:
        boundaries: The names of the boundary events attached to it.
        needs_all: It fires when each of its triggers has come, not when the first has.
        properties: Those of the element, ready to be evaluated.
        wrapper: The name of the loop that it is the body of, or None.
        is_handler: It is an event sub-process.
        hidden: It is none of the diagram's and leaves no trace.
        compensator: The name of the activity that undoes it, or None.
    """

    needs_somebody = False
    is_handler = False
    hidden = False

    def __init__(self, plan: Plan, name: str, element: Element) -> None:
        super().__init__(plan, name)
        self.element = element
        self.place = Place(element.process, element.id)
        self.paths: tuple[Path, ...] = ()
        self.boundaries: tuple[str, ...] = ()
        self.triggers: tuple[Trigger, ...] = ()
        self.interrupting = True
        self.needs_all = False
        self.properties: Mapping[str, Text] = {}
        self.wrapper: str | None = None
        self.compensator: str | None = None

    @property
    def many_at_once(self) -> bool:
        """It is a multi-instance activity, and not a sequential one."""
        return False

    def enter(self, run: Run, task: Token) -> bool:
        """Begin; whether the node can act at once. One that waits sets its own state."""
        return True

    def act(self, run: Run, task: Token) -> None:
        """Do what the node is for."""

    def leave(self, run: Run, task: Token) -> None:
        """End: tidy up what belonged to the token."""
        close_waits(run, task)

    def throw(self, run: Run, task: Token) -> None:
        """Throw what may interrupt the token's own level, after it is complete."""

    def choose(self, run: Run, task: Token) -> Sequence[Path]:
        """Return the flows that are taken; the default one when no other is.

        Raises:
            StepFailed: There are flows, and none can be taken.
        """
        scope = scope_of(task)
        taken = [
            path
            for path in self.paths
            if not path.is_default and (path.condition is None or path.condition.holds(run, scope))
        ]
        return taken or self._default()

    def _default(self) -> Sequence[Path]:
        defaults = [path for path in self.paths if path.is_default]
        if not defaults and self.paths:
            name = self.element.name or self.element.id
            fail(
                self.place,
                f"“{name}”之后没有一个条件成立，也没有默认流。请补上默认流。",
                f"After {name!r} no condition holds and there is no default flow. Draw one.",
            )
        return defaults

    # What SpiffWorkflow calls.

    def test(self) -> None:
        """Nothing is left to check: the diagram was."""

    def _predict(self, my_task: Token, *_: object, **__: object) -> None:
        """Predict nothing."""

    def _update_hook(self, my_task: Token) -> bool:
        return self.enter(my_task.workflow.top_workflow, my_task)

    def _on_ready_hook(self, my_task: Token) -> None:
        if not self.needs_somebody:
            my_task.workflow.top_workflow.agenda.append(my_task)

    def _run_hook(self, my_task: Token) -> bool:
        self.act(my_task.workflow.top_workflow, my_task)
        return True

    def _on_complete(self, my_task: Token) -> None:
        level: Any = my_task.workflow
        run: Run = my_task.workflow.top_workflow
        self.leave(run, my_task)
        note(run, my_task, TraceEvent.COMPLETED)
        interrupted = level.interrupted
        diverted = my_task.internal_data.pop("diverted", None)
        self.throw(run, my_task)
        reports = my_task.internal_data.get("reports")
        if reports is not None:
            thrower = run.find(reports)
            if thrower is not None:
                thrower.task_spec.turn_done(run, thrower, my_task)
            settle(run, level)
            return
        if self.compensator is not None:
            level.log.append([self.name, None, None])
        if self.wrapper is not None:
            my_task.parent.task_spec.turn_done(run, my_task.parent, my_task)
        elif not level.over and level.interrupted == interrupted and diverted is not None:
            spawn(run, level, diverted, my_task)
        elif not level.over and level.interrupted == interrupted:
            if not self.paths and level.counts_ends and not (self.is_handler or self.hidden):
                run.ends.append(self.element.id)
            for path in self.choose(run, my_task):
                run.journal.trace.append(
                    Trace(self.element.process, path.id, TraceEvent.TAKEN, my_task.id)
                )
                spawn(run, level, path.target, my_task, flow=path.id)
            if level is not run:
                owner = level.owner
                owner.task_spec.inner_done(run, owner, level, my_task)
        settle(run, level)

    def _on_cancel(self, my_task: Token) -> None:
        """Leave it to `cancel`, which knows the order."""


def scope_of(task: Token) -> str:
    """Return the id of the innermost scope that a token sees."""
    return str(task.internal_data.get("scope") or task.workflow.scope)


def spawn(
    run: Run, level: Level, name: str, parent: Token, *, key: str | None = None, **notes: Any
) -> Token:
    """Put a new token on the node called `name` and let it begin."""
    spec: Node = level.spec.task_specs[name]
    task = make(level, spec, parent, key or run.next_id())
    task.internal_data.update(notes)
    note(run, task, TraceEvent.ENTERED)
    enter(run, task)
    return task


def note(run: Run, task: Token, event: TraceEvent) -> None:
    """Write into the journal what happened to the token's node.

    In an activity that runs several times the properties go with the whole, not with each turn.
    """
    spec: Node = task.task_spec
    if spec.hidden:
        return
    element = spec.element
    if spec.properties and spec.wrapper is None:
        scope = scope_of(task)
        run.journal.trace.append(
            Trace(
                element.process,
                element.id,
                event,
                task.id,
                task.workflow.callers,
                {key: text.shown(run, scope) for key, text in spec.properties.items()},
                run.scopes.visible(scope),
            )
        )
    else:
        run.journal.trace.append(
            Trace(element.process, element.id, event, task.id, task.workflow.callers)
        )


def close_waits(run: Run, task: Token, *, fired: str | None = None) -> None:
    """Wait no longer for anything that `task` waited for."""
    for key in task.internal_data.pop("waits", ()):
        wait = run.waits.pop(key)
        if wait.kind == "timer" and key != fired:
            run.journal.disarm(key)


def cancel(run: Run, task: Token) -> None:
    """Cancel a token with all that runs inside it, innermost first."""
    if task.has_state(FINISHED):
        return
    if task.task_spec.many_at_once:
        task.workflow.wake_all()
    for child in task.children:
        cancel(run, child)
    inner = run.subprocesses.get(task.id)
    if inner is not None:
        abandon(run, inner)
    close_waits(run, task)
    if task.task_spec.needs_somebody and task.state == READY:
        run.journal.withdraw(task.id)
    if "incident" in task.internal_data:
        run.journal.settled.append(task.id)
    put(task, CANCELLED)
    note(run, task, TraceEvent.CANCELLED)
    run.scopes.close(task.id)


def cancel_tokens(run: Run, level: Level) -> None:
    """Cancel every token of a level, the newest first; its root goes on waiting."""
    for task in reversed(list(level.tokens())):
        cancel(run, task)
    level.interrupted += 1


def abandon(run: Run, level: Any) -> None:
    """Cancel a sub-process or called process that is running, and forget it."""
    cancel_tokens(run, level)
    close(run, level)


def close(run: Run, level: Any) -> None:
    """Forget a level in which nothing runs any more."""
    level.over = True
    close_waits(run, level.task_tree)
    if level is not run:
        del run.subprocesses[level.parent_task_id]
        run.scopes.close(level.scope)


def settle(run: Run, level: Any) -> None:
    """End a level once no token is left in it."""
    if level.over or not level.is_quiet():
        return
    if level is run:
        close(run, run)
        run.completed = True
        return
    owner = level.owner
    if owner.task_spec.goes_on(run, owner, level):
        return
    owner.task_spec.finish(run, owner, level)


def listen_for_handlers(run: Run, level: Level) -> None:
    """Let the event sub-processes of a level listen."""
    for handler in level.spec.handlers:
        level.spec.task_specs[handler].listen(run, level)


def begin(run: Run, level: Level, starts: Sequence[str], **notes: Any) -> None:
    """Begin a level: its event sub-processes listen, then its start nodes get their tokens."""
    plan: Plan = level.spec
    listen_for_handlers(run, level)
    for name in starts:
        if level.over:
            break
        node: Node = plan.task_specs[name]
        if node.element.type == "startEvent" and node.triggers:
            spawn(run, level, name, level.task_tree, fired=True, **notes)
        else:
            spawn(run, level, name, level.task_tree, **notes)
