"""Acting on a running instance: what the commands of an administrator do to it."""

from collections.abc import Callable, Mapping
from typing import Any

from bpmn.running.faults import NotWaiting
from bpmn.running.levels import Run
from bpmn.running.loops import Several
from bpmn.running.moving import (
    cancel_branch,
    check_cancel,
    check_divert,
    check_move,
    check_reopen,
    move,
    reopen,
)
from bpmn.running.nodes import cancel_tokens, scope_of, settle
from bpmn.running.step import Step
from bpmn.running.tokens import READY, Token


class Acting:
    """The part of an instance that changes its course; each act is one step."""

    _run: Run

    def _take(self, action: Callable[[Run], object]) -> Step:
        """Take one step; `Instance` does."""
        raise NotImplementedError

    def move(self, item_id: str, element: str) -> Step:
        """Take an item's token back or forward to `element`, in its level or one around it.

        What runs inside the token's activity there is withdrawn; parallel branches go on.

        Raises:
            NotWaiting: There is no such item.
            CannotMove: No token can be put there, or no end could be reached from there; the
                instance stands as before.
            StepFailed: Something on the way failed.
        """
        check_move(self._run, item_of(self._run, item_id), element)
        return self._take(lambda run: move(run, item_of(run, item_id), element))

    def complete_to(self, item_id: str, result: Mapping[str, object], element: str) -> Step:
        """Complete an item and go on at `element` of its level, not along the drawn flows.

        What was sent back and done again comes straight back in this way.

        Raises:
            NotWaiting: There is no such item.
            CannotMove: `element` stands in another level, or `move` could not go there either;
                the instance stands as before.
            StepFailed: Something on the way failed.
        """
        check_divert(self._run, item_of(self._run, item_id), element)

        def complete(run: Run) -> None:
            task = item_of(run, item_id)
            run.scopes.write(scope_of(task), result)
            task.internal_data["diverted"] = check_divert(run, task, element).name
            task.run()

        return self._take(complete)

    def add_instance(self, item_id: str, thing: object) -> Step:
        """Add an instance for `thing` to the multi-instance activity that an item belongs to.

        Raises:
            NotWaiting: There is no such item.
            ValueError: It belongs to no multi-instance activity.
        """
        _turn(self._run, item_id)

        def add(run: Run) -> None:
            _, loop = _turn(run, item_id)
            loop.task_spec.add(run, loop, thing)

        return self._take(add)

    def remove_instance(self, item_id: str) -> Step:
        """Withdraw the instance that an item belongs to, with all inside; it leaves no result.

        Raises:
            NotWaiting: There is no such item.
            ValueError: It belongs to no multi-instance activity.
        """
        _turn(self._run, item_id)

        def remove(run: Run) -> None:
            turn, loop = _turn(run, item_id)
            loop.task_spec.remove(run, loop, turn)

        return self._take(remove)

    def cancel(self) -> Step:
        """Cancel all that waits; the instance is over without having reached an end."""

        def end(run: Run) -> None:
            cancel_tokens(run, run)
            settle(run, run)

        return self._take(end)

    def cancel_branch(self, item_id: str) -> Step:
        """Withdraw an item with its branch; what stands beside it goes on.

        Raises:
            NotWaiting: There is no such item.
            CannotMove: Nothing would be left, or what is left could not come to an end.
        """
        check_cancel(item_of(self._run, item_id))
        return self._take(lambda run: cancel_branch(run, item_of(run, item_id)))

    def reopen(self, element: str, beside: str | None = None) -> Step:
        """Put one more token on an element that is done, while all else goes on.

        Args:
            element: In the process, or around the item `beside`.
            beside: An item; None for the process itself.

        Raises:
            NotWaiting: There is no such item.
            CannotMove: No token can be put there, or the instance could not come to an end.
        """
        item = None if beside is None else item_of(self._run, beside)
        check_reopen(self._run, element, item)

        def act(run: Run) -> None:
            reopen(run, element, None if beside is None else item_of(run, beside))

        return self._take(act)


def item_of(run: Run, item_id: str) -> Token:
    """Return the token that waits as an item.

    Raises:
        NotWaiting: There is none.
    """
    task = run.find(item_id)
    if task is None or task.state != READY or not task.task_spec.needs_somebody:
        raise NotWaiting(
            item_id,
            f"事项 {item_id} 已不在等待：它已办结，或已被撤回。",
            f"The item {item_id} waits no longer: it was completed or withdrawn.",
        )
    return task


def _turn(run: Run, item_id: str) -> tuple[Token, Token]:
    """Return the innermost instance that an item belongs to, and its loop."""
    token: Any = item_of(run, item_id)
    while True:
        if token.task_spec.wrapper is not None and isinstance(token.parent.task_spec, Several):
            return token, token.parent
        if token.workflow is run:
            raise ValueError(f"The item {item_id} belongs to no multi-instance activity.")
        token = token.workflow.owner
