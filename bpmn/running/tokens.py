"""The few things that SpiffWorkflow's tasks do only through private names, in one place."""
# ruff: noqa: SLF001 - SpiffWorkflow 3.2 has no public way to any of them

from typing import Any, TypeAlias

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

Token: TypeAlias = Any  # SpiffWorkflow's Task; its attributes carry no types

FUTURE, WAITING, READY = TaskState.FUTURE, TaskState.WAITING, TaskState.READY
STARTED, COMPLETED, CANCELLED = TaskState.STARTED, TaskState.COMPLETED, TaskState.CANCELLED
UNFINISHED, FINISHED = TaskState.NOT_FINISHED_MASK, TaskState.FINISHED_MASK


def make(level: Any, spec: Any, parent: Token, key: str) -> Token:
    """Return a new token of `level` that has not begun."""
    return Task(level, spec, parent, state=FUTURE, id=key)


def begin(token: Token) -> None:
    """Let a new token begin: its node is entered."""
    token.task_spec._update(token)


def wake(token: Token) -> None:
    """Make a token ready to act."""
    token._ready()


def put(token: Token, state: int) -> None:
    """Set the state of a token; SpiffWorkflow's own setter allows no step back."""
    token._set_state(state)


def parent_key(token: Token) -> str | None:
    """Return the id of the token's parent, which may be gone."""
    found: str | None = token._parent
    return found


def splice_out(tasks: dict[str, Token], token: Token) -> None:
    """Remove a token from the tree and hang its children under its parent."""
    parent = tasks[token._parent]
    for child in token._children:
        tasks[child]._parent = parent.id
        parent._children.append(child)
    parent._children.remove(token.id)
    del tasks[token.id]
