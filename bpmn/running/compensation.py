"""Compensation: what is complete is undone, the last first; and the cancelling of transactions.

Source: OMG BPMN 2.0.2, 13.5.5 (compensation), 13.3.4 (transaction).
"""

from typing import Any

from bpmn.running.firing import catcher, fire_boundary
from bpmn.running.formulas import fail
from bpmn.running.levels import Level, Run
from bpmn.running.nodes import Node, cancel_tokens, spawn
from bpmn.running.tokens import WAITING, Token, put, wake

UNDO = "#undo"  # no BPMN id holds a '#'


def home_of(level: Any) -> Level:
    """Return the level whose activities are compensated from `level`.

    An event sub-process compensates the level that it handles events for.
    """
    home: Any = level
    while home.parent_workflow is not None and home.owner.task_spec.is_handler:
        home = home.parent_level
    found: Level = home
    return found


class Compensate(Node):
    """Throws compensation, and goes on when every handler is done.

    Attributes:
        target: The name of the activity to undo, or "" for all of the level.
    """

    target = ""

    def enter(self, run: Run, task: Token) -> bool:
        """Take what is to be undone from the log, and undo the last."""
        home = home_of(task.workflow)
        mine = [done for done in home.log if not self.target or done[0] == self.target]
        home.log = [done for done in home.log if done not in mine]
        task.internal_data["undo"] = mine
        if not mine:
            return True
        put(task, WAITING)
        self._undo_next(run, task)
        return False

    def _undo_next(self, run: Run, task: Token) -> None:
        home: Any = home_of(task.workflow)
        name, inner, values = task.internal_data["undo"].pop()
        node: Node = home.spec.task_specs[name]
        if node.compensator is not None:
            spawn(run, home, node.compensator, home.task_tree, reports=task.id)
        else:
            undone = {"log": inner, "values": values}
            spawn(run, home, name, home.task_tree, reports=task.id, undone=undone)

    def turn_done(self, run: Run, task: Token, _turn: Token) -> None:
        """Undo the next, or go on."""
        if task.internal_data.get("undo"):
            self._undo_next(run, task)
        else:
            wake(task)


class Undo(Compensate):
    """Undoes a sub-process from inside: by its own handler, else activity by activity."""

    hidden = True

    def enter(self, run: Run, task: Token) -> bool:
        """Begin the level's compensation handler, where it has one."""
        level: Any = task.workflow
        for name in level.spec.handlers:
            if any(t.kind == "compensate" for t in level.spec.task_specs[name].triggers):
                put(task, WAITING)
                spawn(run, level, name, level.task_tree, reports=task.id)
                return False
        return super().enter(run, task)

    def throw(self, run: Run, task: Token) -> None:
        """After the undoing of a transaction that was cancelled, leave it by its boundary."""
        if not task.internal_data.get("cancels"):
            return
        owner = task.workflow.owner
        host = owner.parent if owner.task_spec.wrapper is not None else owner
        event = catcher(owner.workflow, host.task_spec.boundaries, "cancel", "")
        if event is None:
            fail(
                host.task_spec.place,
                "事务被取消，但没有取消边界事件。请画上。",
                "The transaction was cancelled and has no cancel boundary event. Draw one.",
            )
        fire_boundary(run, host, event, {})


class Cancel(Node):
    """The cancel end event of a transaction: all stops, all is undone."""

    def throw(self, run: Run, task: Token) -> None:
        """Cancel every token of the transaction and undo what it did."""
        level: Any = task.workflow
        cancel_tokens(run, level)
        spawn(run, level, UNDO, level.task_tree, cancels=True)
