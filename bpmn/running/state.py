"""The state of an instance as bytes: small, versioned, and without the definition.

Byte 0 is the version of the format. Format 1: the rest is a Zstandard frame that holds a JSON
object; its keys are described in docs/bpmn.md. A release reads every format that an earlier
one wrote.
"""

from typing import Any

import orjson
import zstandard
from SpiffWorkflow.task import Task

from bpmn.running.dormant import asleep, can_sleep, noted, remembered
from bpmn.running.enclosing import Call
from bpmn.running.encoding import decode, encode
from bpmn.running.faults import StateUnreadable
from bpmn.running.levels import Inner, Level, Run
from bpmn.running.step import World
from bpmn.running.tokens import parent_key
from bpmn.running.values import Values
from bpmn.running.waits import Role, Wait, WaitKind

FORMAT = 1
_MAX_BYTES = 64_000_000


def write(run: Run) -> bytes:
    """Return the state of `run`, which must have come to rest.

    Raises:
        ValueError: A variable holds something that cannot be kept.
    """
    away: set[str] = set()
    levels = [_level(run, level, away) for level in run.levels() if not level.over or level is run]
    body = {
        "n": run.counter,
        "p": run.spec.name,
        "e": run.ends,
        "d": run.completed,
        "l": levels,
        "s": [
            [s.id, s.parent, s.values.encoded(), s.closed]
            for s in run.scopes.all()
            if s.id not in away
        ],
        "w": [
            [w.id, w.kind, w.role, w.name, w.token, w.node, w.trigger, w.left, w.was]
            for w in run.waits.values()
        ],
    }
    return bytes([FORMAT]) + zstandard.compress(orjson.dumps(body), 3)


def _level(run: Run, level: Any, away: set[str]) -> list[Any]:
    """Return a level, and add to `away` what of it goes to sleep."""
    root = level.task_tree
    sleeping = {task.id: asleep(run, task) for task in level.awake() if can_sleep(task)}
    away.update(sleeping)
    return [
        None if level.parent_workflow is None else level.parent_task_id,
        level.spec.name,
        level.scope,
        root.id,
        [
            [
                task.id,
                parent_key(task),
                task.task_spec.name if task is not root else "",
                task.state,
                noted(task.internal_data),
            ]
            for task in level.tasks.values()
            if task.id not in sleeping
        ],
        encode(level.log),
        {**level.dormant, **sleeping},
    ]


def read(state: bytes, plans: dict[str, Any], process: str, world: World) -> Run:
    """Return the instance that `state` holds.

    Args:
        state: What `write` returned, in this release or an earlier one.
        world: The clock and the functions that it may ask.
        plans: The plans of the definition that it began with.
        process: The id of that definition's process.

    Raises:
        StateUnreadable: It is no state, of a later format, or of another definition.
    """
    if not state or state[0] != FORMAT:
        found = state[0] if state else "nothing"
        raise StateUnreadable(f"The state has format {found}; this release reads {FORMAT}.")
    try:
        unpacked = zstandard.decompress(state[1:], max_output_size=_MAX_BYTES)
        body = orjson.loads(unpacked)
        return _run(body, plans, process, world)
    except (zstandard.ZstdError, orjson.JSONDecodeError, KeyError, ValueError) as error:
        raise StateUnreadable(f"The state cannot be read: {error!r}.") from error


def _run(body: dict[str, Any], plans: dict[str, Any], process: str, world: World) -> Run:
    if body["p"] != process:
        raise StateUnreadable(f"The state is one of {body['p']!r}, not of {process!r}.")
    run = Run(plans[process], plans, world)
    run.counter = body["n"]
    run.ends = body["e"]
    run.completed = run.over = body["d"]
    for scope, parent, values, closed in body["s"]:
        run.scopes.open(scope, parent, Values(values), closed=closed)
    for entry in body["l"]:
        _read_level(run, entry)
    for key, kind, role, *rest in body["w"]:
        run.waits[key] = Wait(key, WaitKind(kind), Role(role), *rest)
    return run


def _read_level(run: Run, entry: list[Any]) -> None:
    owner, plan, scope, root, tasks, log, *dormant = entry
    level: Level
    if owner is None:
        level = run
    else:
        task = run.find(owner)
        if task is None:
            raise KeyError(owner)
        inner: Inner = run.enclose(task, plan, scope)
        level = inner
        outer = inner.parent_level.callers
        call = isinstance(task.task_spec, Call)
        level.callers = (*outer, task.task_spec.element.id) if call else outer
    level.log = decode(log)
    for key, parent, name, state, held in tasks:
        spec = level.spec.task_specs[name] if name else level.spec.start
        task = Task(level, spec, level.tasks.get(parent), state=state, id=key)
        task.internal_data = remembered(held)
        if key == root:
            level.task_tree = task
    level.dormant = dormant[0] if dormant else {}
