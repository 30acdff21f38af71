"""Activities with a level inside: sub-process, event sub-process, call activity."""

from typing import Any

from bpmn.running.compensation import UNDO
from bpmn.running.events import Passed
from bpmn.running.formulas import fail
from bpmn.running.levels import Inner, Level, Run
from bpmn.running.nodes import begin, close, scope_of, spawn
from bpmn.running.scopes import FILE
from bpmn.running.tokens import STARTED, Token, put
from bpmn.running.triggers import listen
from bpmn.running.waits import Role
from bpmn.running.work import Activity

DEEPEST = 50


class SubProcess(Activity):
    """An embedded sub-process.

    Attributes:
        inside: The name of the plan of its level.
    """

    inside = ""

    def begin(self, run: Run, task: Token) -> bool:
        """Begin the level inside; the token waits until that is over."""
        scope = self._open_scope(run, task)
        level = self._enclose(run, task, scope)
        put(task, STARTED)
        undone = task.internal_data.pop("undone", None)
        if undone is not None:
            level.log = undone["log"]
            run.scopes.declare(scope, undone["values"])
            spawn(run, level, UNDO, level.task_tree)
        else:
            self.start_all(run, task, level)
        return False

    def start_all(self, run: Run, task: Token, level: Inner) -> None:
        """Put the first tokens into the level."""
        begin(run, level, level.spec.starts)

    def inner_done(self, run: Run, task: Token, level: Any, done: Token) -> None:
        """Take note that a node inside is done and its tokens have gone on."""

    def goes_on(self, run: Run, task: Token, level: Any) -> bool:
        """Whether the level has more to do although no token was left in it."""
        return False

    def _enclose(self, run: Run, task: Token, scope: str) -> Inner:
        level = run.enclose(task, self.inside, scope)
        if level.depth > DEEPEST:
            fail(
                self.place,
                f"子流程和调用活动嵌套超过 {DEEPEST} 层，流程很可能在无休止地调用自己。",
                f"Sub-processes and calls are more than {DEEPEST} deep: the process probably "
                "calls itself without end.",
            )
        level.plant(run.next_id())
        level.callers = self._callers(task)
        return level

    def _open_scope(self, run: Run, task: Token) -> str:
        scope = f"{task.id}s"
        objects = run.subprocess_specs[self.inside].objects
        run.scopes.open(scope, scope_of(task), dict.fromkeys(objects))
        return scope

    def _callers(self, task: Token) -> tuple[str, ...]:
        return tuple(task.workflow.callers)

    def _can_be_undone(self, level: Any) -> bool:
        if self.compensator is not None or self.is_handler:
            return False
        plan = level.spec
        return bool(level.log) or any(
            trigger.kind == "compensate"
            for name in plan.handlers
            for trigger in plan.task_specs[name].triggers
        )

    def finish(self, run: Run, task: Token, level: Any) -> None:
        """Go on after the level inside is over; what can be undone of it stays on record."""
        if "reports" not in task.internal_data and self._can_be_undone(level):
            values = dict(run.scopes.own(level.scope))
            task.workflow.log.append([self.name, level.log, values])
        close(run, level)
        task.complete()


class EventSubProcess(SubProcess):
    """A sub-process that an event starts, while its level runs.

    Attributes:
        start: The name of its start event inside.
    """

    is_handler = True
    start = ""

    def listen(self, run: Run, level: Level) -> None:
        """Listen for the start event from now on."""
        listen(run, level.task_tree, Role.HANDLER, self, level.scope)

    def begin(self, run: Run, task: Token) -> bool:
        """Begin with the payload of the event in the scope of the level inside."""
        scope = self._open_scope(run, task)
        payload = task.internal_data.pop("payload", {})
        if any(trigger.kind in ("message", "signal") for trigger in self.triggers):
            run.scopes.declare(scope, payload)
        level = self._enclose(run, task, scope)
        put(task, STARTED)
        event: Any = level.spec.task_specs[self.start]
        event.receive(run, scope, payload)
        begin(run, level, (self.start,))
        return False


class Call(SubProcess):
    """A call activity: a process of its own, of which only what is mapped passes.

    Attributes:
        ins, outs: Its `camunda:in` and `camunda:out`.
    """

    ins: tuple[Passed, ...] = ()
    outs: tuple[Passed, ...] = ()

    def _open_scope(self, run: Run, task: Token) -> str:
        scope = f"{task.id}s"
        outer = scope_of(task)
        given: dict[str, object] = {}
        for passed in (one for one in self.ins if one.everything):
            given.update(passed.read(run, outer))
        # What the world gives to this call goes before what merely passes along with everything
        # else, for a process called in a called one has a policy of its own.
        if run.world.called is not None:
            given.update(run.world.called(self.element))
        for passed in (one for one in self.ins if not one.everything):
            given.update(passed.read(run, outer))
        file = FILE if run.subprocess_specs[self.inside].stores else None
        run.scopes.open(scope, file, given)
        return scope

    def _can_be_undone(self, level: Any) -> bool:
        return False  # what a called process did is its own; the boundary may name a handler

    def _callers(self, task: Token) -> tuple[str, ...]:
        return (*task.workflow.callers, self.element.id)

    def finish(self, run: Run, task: Token, level: Any) -> None:
        """Map what comes out, and go on."""
        found: dict[str, object] = {}
        for passed in self.outs:
            found.update(passed.read(run, level.scope))
        run.scopes.write(scope_of(task), found)
        super().finish(run, task, level)
