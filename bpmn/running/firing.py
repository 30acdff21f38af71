"""What happens when an event comes: to the token that waits, to its host, to its level."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bpmn.running.formulas import Place, fail
from bpmn.running.holding import act
from bpmn.running.levels import Level, Run
from bpmn.running.nodes import (
    Node,
    cancel,
    cancel_tokens,
    close_waits,
    note,
    scope_of,
    spawn,
)
from bpmn.running.step import TraceEvent
from bpmn.running.tokens import READY, Token, wake
from bpmn.running.triggers import forget, listen, rearm
from bpmn.running.waits import Role, Wait, WaitKind

Payload = Mapping[str, object]


def locate(run: Run, wait: Wait) -> Token:
    """Return the token that waits; a wait without one is a defect."""
    task = run.find(wait.token)
    if task is None:
        raise LookupError(f"The wait {wait.id} belongs to no token.")
    return task


def order(run: Run, wait: Wait) -> tuple[int, bool, int]:
    """Return the place of a wait among those that one event settles.

    Inner before outer, interrupting before not interrupting, older before newer.
    """
    task = locate(run, wait)
    node: Node = task.workflow.spec.task_specs[wait.node]
    inside = wait.role in (Role.CATCH, Role.GATEWAY)
    return (-2 * int(task.workflow.depth) - inside, not node.interrupting, int(wait.id))


def fire(run: Run, wait: Wait, payload: Payload, *, due_at: datetime | None = None) -> None:
    """Let the event come that `wait` waits for.

    Args:
        run: The instance.
        wait: One of its waits; it is over afterwards, unless the event may come again.
        payload: What came with a message; it is written only where the diagram maps it.
        due_at: When a timer was due, so that a late cycle keeps its rhythm.
    """
    task = locate(run, wait)
    level: Level = task.workflow
    node: Node = level.spec.task_specs[wait.node]
    if node.needs_all and _lacks_others(run, task, wait):
        return
    match wait.role:
        case Role.CATCH:
            close_waits(run, task, fired=wait.id)
            note(run, task, TraceEvent.FIRED)
            node.receive(run, scope_of(task), payload)
            wake(task)
        case Role.GATEWAY:
            close_waits(run, task, fired=wait.id)
            task.internal_data["chosen"] = wait.node
            task.internal_data["payload"] = dict(payload)
            wake(task)
        case Role.BOUNDARY:
            _settle_wait(run, task, wait, node, due_at)
            fire_boundary(run, task, node, payload)
        case Role.HANDLER:
            _settle_wait(run, task, wait, node, due_at)
            fire_handler(run, level, node, payload)


def _lacks_others(run: Run, task: Token, wait: Wait) -> bool:
    """Take one trigger of an event that needs all; whether another has still to come."""
    others = [w for w in run.waits.values() if w.token == task.id and w.node == wait.node]
    if len(others) > 1:
        forget(run, task, wait)
        return True
    return False


def _settle_wait(run: Run, task: Token, wait: Wait, node: Node, due_at: datetime | None) -> None:
    if node.needs_all:
        forget(run, task, wait)
        if not node.interrupting:
            listen(run, task, wait.role, node, scope_of(task))
    elif wait.kind is WaitKind.TIMER:
        if node.interrupting:
            forget(run, task, wait)
        else:
            rearm(run, task, wait, node, scope_of(task), due_at=due_at)


def fire_boundary(run: Run, host: Token, event: Node, payload: Payload) -> None:
    """Let a boundary event fire on its host, which it cancels if it interrupts."""
    level: Level = host.workflow
    parent = host.parent
    if event.interrupting:
        cancel(run, host)
    event.receive(run, level.scope, payload)
    token = spawn(run, level, event.name, parent, fired=True)
    note(run, token, TraceEvent.FIRED)


def fire_handler(run: Run, level: Level, handler: Any, payload: Payload) -> None:
    """Begin an event sub-process; one that interrupts cancels all else in its level."""
    if handler.interrupting:
        close_waits(run, level.task_tree)
        cancel_tokens(run, level)
    token = spawn(run, level, handler.name, level.task_tree, payload=dict(payload))
    note(run, token, TraceEvent.FIRED)


def correlation_of(run: Run, wait: Wait) -> str | None:
    """Return what a message must be correlated by that this waits for; None where it is any.

    Raises:
        StepFailed: The expression cannot be evaluated.
    """
    task = locate(run, wait)
    node: Any = task.workflow.spec.task_specs[wait.node]
    if node.is_handler:
        node = run.subprocess_specs[node.inside].task_specs[node.start]
    text = node.properties.get("correlation")
    return None if text is None else str(text.shown(run, scope_of(task)))


def fits(run: Run, wait: Wait, correlation: str | None) -> bool:
    """Whether a message with this correlation is meant for `wait`."""
    return correlation is None or correlation_of(run, wait) in (None, correlation)


def deliver(
    run: Run, kind: WaitKind, name: str, payload: Payload, correlation: str | None = None
) -> int:
    """Deliver a message to the first that waits for it, or a signal to all; return how many.

    Source: OMG BPMN 2.0.2, 10.5.1: a message has one receiver, a signal is broadcast.
    """
    waits = sorted(
        (
            wait
            for wait in run.waits.values()
            if wait.kind is kind and wait.name == name and fits(run, wait, correlation)
        ),
        key=lambda wait: order(run, wait),
    )
    delivered = 0
    for wait in waits:
        if wait.id not in run.waits:
            continue  # an earlier receiver interrupted it
        fire(run, wait, payload)
        delivered += 1
        if kind is WaitKind.MESSAGE:
            break
    return delivered


def raise_error(run: Run, origin: Token, code: str, message: str, *, at_host: bool) -> None:
    """Raise an error at a token: the nearest scope that catches its code handles it.

    Args:
        run: The instance.
        origin: The token at which it is raised.
        code: The error's code.
        message: What a person reads.
        at_host: The token's own activity may catch it at its boundary.

    Raises:
        StepFailed: Nothing catches it.
    """
    if _rise(run, origin, "error", code, {"code": code, "message": message}, at_host=at_host):
        return
    place: Place = origin.task_spec.place
    fail(
        place,
        f"错误“{code}”没有任何边界事件或事件子流程捕获。{message}请在流程图中补上捕获事件。",
        f"Nothing catches the error {code!r}. {message} Draw a boundary event or an event "
        "sub-process that does.",
    )


def raise_escalation(run: Run, origin: Token, code: str, *, at_host: bool = False) -> bool:
    """Raise an escalation; whether anything caught it. One that nobody catches is over.

    Args:
        run: The instance.
        origin: The token at which it is raised.
        code: The escalation's code.
        at_host: The token's own activity may catch it at its boundary.
    """
    return _rise(run, origin, "escalation", code, {"code": code, "message": ""}, at_host=at_host)


def _rise(
    run: Run, origin: Token, kind: str, code: str, payload: dict[str, object], *, at_host: bool
) -> bool:
    task, level = origin, origin.workflow
    from_handler = False
    while True:
        if at_host:
            host = task.parent if task.task_spec.wrapper is not None else task
            names = host.task_spec.boundaries
            event = catcher(level, names, kind, code)
            if event is not None:
                fire_boundary(run, host, event, payload)
                return True
        if not from_handler:
            handler = catcher(level, level.spec.handlers, kind, code)
            if handler is not None:
                fire_handler(run, level, handler, payload)
                return True
        if level is run:
            return False
        task, level, at_host = level.owner, level.parent_level, True
        from_handler = task.task_spec.name in level.spec.handlers


def catcher(level: Any, names: tuple[str, ...], kind: str, code: str) -> Any:
    """Return the node among `names` that catches this, or None.

    The catch of the code goes before a catch of all.
    """
    catch_all = None
    for name in names:
        node: Node = level.spec.task_specs[name]
        for trigger in node.triggers:
            if trigger.kind != kind:
                continue
            if trigger.name == code:
                return node
            if not trigger.name and catch_all is None:
                catch_all = node
    return catch_all


def run_until_quiet(run: Run) -> None:
    """Let every token go on until it waits; then ask the joins and the conditions.

    Raises:
        StepFailed: It does not come to rest, or something on the way failed.
    """
    moves = 0
    while True:
        while run.agenda:
            task = run.agenda.popleft()
            if task.state == READY and task.workflow.tasks.get(task.id) is task:
                moves += 1
                if moves > MOST_MOVES:
                    _endless(task)
                if moves % PRUNE_AFTER == 0:
                    run.prune_all()
                act(run, task)
        if not (_ask_joins(run) or _ask_conditions(run)):
            return
        moves += 1
        if moves > MOST_MOVES:
            fail(
                Place(run.spec.process, run.spec.process),
                "条件事件相互触发，流程停不下来。",
                "Conditional events set each other off without end.",
            )


MOST_MOVES = 20_000
PRUNE_AFTER = 100


def _endless(task: Token) -> None:
    fail(
        task.task_spec.place,
        f"一步之内走了 {MOST_MOVES} 个环节仍未停下，流程图中有没有等待环节的循环。",
        f"The step passed {MOST_MOVES} nodes without coming to rest: the diagram has a loop in "
        "which nothing waits.",
    )


def _ask_joins(run: Run) -> bool:
    for level in reversed(run.levels()):
        if level.spec.joins and any(
            task.task_spec.try_join(run, task) for task in level.waiting_joins()
        ):
            return True
    return False


def _ask_conditions(run: Run) -> bool:
    conditions = [wait for wait in run.waits.values() if wait.kind is WaitKind.CONDITION]
    for wait in sorted(conditions, key=lambda each: order(run, each)):
        task = locate(run, wait)
        node: Node = task.workflow.spec.task_specs[wait.node]
        formula = node.triggers[wait.trigger].formula
        holds = formula is not None and formula.is_true(run, scope_of(task))
        became, wait.was = holds and not wait.was, holds
        if became:
            fire(run, wait, {})
            return True
    return False
