"""The ad-hoc sub-process: its activities are offered, and whoever works decides on the order.

Source: OMG BPMN 2.0.2, 13.3.5.
"""

from typing import Any

from bpmn.running.enclosing import SubProcess
from bpmn.running.formulas import Formula
from bpmn.running.levels import Inner, Run
from bpmn.running.nodes import cancel, cancel_tokens, spawn
from bpmn.running.tokens import Token


class AdHoc(SubProcess):
    """An ad-hoc sub-process.

    With a completion condition each activity without incoming flow is offered again as often as
    it is done, until the condition holds; without one each is done once. In sequential order
    one activity runs at a time: what follows it goes before the other offers.

    Attributes:
        completion: The condition; it is asked whenever an activity inside is done.
        cancels_rest: What is still open is withdrawn when the condition holds.
        sequential: One activity runs at a time.
    """

    completion: Formula | None = None
    cancels_rest = True
    sequential = False

    def start_all(self, run: Run, task: Token, level: Inner) -> None:
        """Offer every activity."""
        task.internal_data["performed"] = []
        super().start_all(run, task, level)
        for token in level.tokens():
            token.internal_data["offer"] = True

    def inner_done(self, run: Run, task: Token, level: Any, done: Token) -> None:
        """Ask the condition; offer the activity again, if there is more to do."""
        held = task.internal_data
        name = done.task_spec.name
        was_offer = bool(done.internal_data.get("offer"))
        if was_offer:
            held["performed"].append(name)
        if self.completion is not None and not held.get("enough"):
            held["enough"] = self.completion.holds(run, level.scope)
            if held["enough"] and self.cancels_rest:
                cancel_tokens(run, level)
                return
        follows = any(not t.internal_data.get("offer") for t in level.tokens())
        if self.sequential and follows:
            for token in reversed(list(level.tokens())):
                if token.internal_data.get("offer"):
                    cancel(run, token)
        elif was_offer and not self.sequential:
            self._offer(run, task, level, [name])
        elif self.sequential:
            self._offer(run, task, level, list(level.spec.starts))

    def goes_on(self, run: Run, task: Token, level: Any) -> bool:
        """Whether something was offered again although nothing was left."""
        if self.sequential:
            self._offer(run, task, level, list(level.spec.starts))
        return not level.is_quiet()

    def _offer(self, run: Run, task: Token, level: Any, names: list[str]) -> None:
        held = task.internal_data
        if held.get("enough"):
            return
        open_now = {t.task_spec.name for t in level.tokens()}
        for name in names:
            done_before = self.completion is None and name in held["performed"]
            if name not in open_now and not done_before:
                spawn(run, level, name, level.task_tree, offer=True)
