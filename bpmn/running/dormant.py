"""Instances of a multi-instance activity that only wait for somebody, kept as text until needed.

An activity for 1,000 people has 1,000 tokens, and each of 1,000 completions restores the
instance. So that this does not cost a million visits, a token that has nothing of its own but a
scope and an open item stays a line of JSON; it is woken when it is asked for by its id, or when
all tokens of its level are.
"""

from typing import Any

import orjson
from SpiffWorkflow.task import Task

from bpmn.running.encoding import decode, encode
from bpmn.running.tokens import READY, Token, parent_key
from bpmn.running.values import Values

ENCODED = frozenset({"item", "undo", "undone", "incident"})
"""What a token notes that may hold values which are not JSON's own."""


def can_sleep(task: Token) -> bool:
    """Whether the token is an instance that waits as an item and for nothing else."""
    spec = task.task_spec
    return bool(
        task.state == READY
        and spec.needs_somebody
        and spec.wrapper is not None
        and task.parent.task_spec.many_at_once
        and "waits" not in task.internal_data
        and task.internal_data.get("scope") == task.id
    )


def asleep(run: Any, task: Token) -> str:
    """Return a token and its scope as text."""
    scope = run.scopes.get(task.id)
    entry = [
        parent_key(task),
        task.task_spec.name,
        noted(task.internal_data),
        scope.parent,
        scope.values.encoded(),
        scope.closed,
    ]
    return orjson.dumps(entry).decode()


def awaken(run: Any, level: Any, key: str, text: str) -> Token:
    """Put a token and its scope back in place."""
    parent, name, held, outer, values, closed = orjson.loads(text)
    task = Task(level, level.spec.task_specs[name], level.tasks[parent], state=READY, id=key)
    task.internal_data = remembered(held)
    run.scopes.open(key, outer, Values(values), closed=closed)
    return task


def noted(held: dict[str, Any]) -> dict[str, Any]:
    """Return what a token notes as JSON values."""
    return {key: encode(value) if key in ENCODED else value for key, value in held.items()}


def remembered(held: dict[str, Any]) -> dict[str, Any]:
    """Return what `noted` wrote as a token keeps it."""
    return {key: decode(value) if key in ENCODED else value for key, value in held.items()}
