"""Activities: work that waits for somebody, messages, decisions."""

from typing import Any

from bpmn import dmn, feel
from bpmn.running.events import Catching, publish
from bpmn.running.formulas import Text, as_variable, fail
from bpmn.running.levels import Run
from bpmn.running.mapping import Bound, close_inputs, open_inputs
from bpmn.running.nodes import Node, close_waits, scope_of
from bpmn.running.step import DecisionMade, Item, ItemKind, Target
from bpmn.running.tokens import READY, WAITING, Token, put
from bpmn.running.triggers import listen
from bpmn.running.waits import Role


class Activity(Node):
    """An activity that acts at once, and the base of those that wait.

    Attributes:
        mapped_in, mapped_out: Its `camunda:inputOutput`. With inputs the token has a
            scope of its own.
    """

    mapped_in: tuple[Bound, ...] = ()
    mapped_out: tuple[Bound, ...] = ()

    def enter(self, run: Run, task: Token) -> bool:
        """Open the token's own scope, let its boundary events listen, and begin."""
        open_inputs(run, task, self.mapped_in)
        listen_at_boundary(run, task)
        return self.begin(run, task)

    def begin(self, run: Run, task: Token) -> bool:
        """Begin the work itself; whether it can be done at once."""
        return True

    def leave(self, run: Run, task: Token) -> None:
        """Map the outputs to the scope around, and close the token's own."""
        close_waits(run, task)
        close_inputs(run, task, self.mapped_out)


def listen_at_boundary(run: Run, task: Token) -> None:
    """Let the boundary events of the token's activity listen."""
    spec: Node = task.task_spec
    for name in spec.boundaries:
        event: Any = task.workflow.spec.task_specs[name]
        listen(run, task, Role.BOUNDARY, event, scope_of(task))


class Work(Activity):
    """A user task, manual task or external task: it waits as an item until it is completed."""

    needs_somebody = True
    kind = ItemKind.USER
    shown: Text
    groups: Text | None = None
    users: Text | None = None
    assignee: Text | None = None
    form_ref: Text | None = None
    priority: Text | None = None
    topic: Text | None = None

    def begin(self, run: Run, task: Token) -> bool:
        """Open the item."""
        self.describe(run, task)
        return True

    def describe(self, run: Run, task: Token) -> None:
        """Open the item as the diagram describes it now."""
        task.internal_data["item"] = self._described(run, task)
        run.journal.open(self.item(task))

    def _described(self, run: Run, task: Token) -> dict[str, Any]:
        scope = scope_of(task)
        properties: dict[str, str] = {}
        level = task.workflow
        for owner in level.calls():
            spec: Node = owner.task_spec
            where = scope_of(owner)
            properties.update({k: t.shown(run, where) for k, t in spec.properties.items()})
        properties.update({k: t.shown(run, scope) for k, t in self.properties.items()})
        found: dict[str, Any] = {
            "name": self.shown.shown(run, scope),
            "groups": self.groups.names(run, scope) if self.groups else (),
            "users": self.users.names(run, scope) if self.users else (),
            "properties": properties,
        }
        for key in ("assignee", "form_ref", "priority", "topic"):
            text: Text | None = getattr(self, key)
            if text is not None:
                found[key] = text.shown(run, scope)
        return {key: value for key, value in found.items() if value}

    def item(self, task: Token) -> Item:
        """Return the item as it opened."""
        held = task.internal_data
        found = held["item"]
        index = held.get("index")
        return Item(
            id=task.id,
            process=self.element.process,
            element=self.element.id,
            name=found.get("name", ""),
            lane=self.element.lane,
            kind=self.kind,
            candidate_groups=tuple(found.get("groups", ())),
            candidate_users=tuple(found.get("users", ())),
            assignee=found.get("assignee"),
            form_ref=found.get("form_ref"),
            priority=found.get("priority"),
            topic=found.get("topic"),
            properties=dict(found.get("properties", {})),
            callers=task.workflow.callers,
            loop=None if index is None else (index, task.parent.task_spec.of_how_many(task.parent)),
        )


def items(run: Run) -> tuple[Item, ...]:
    """Return what waits for somebody, oldest first."""
    waiting = [
        task
        for level in run.levels()
        for task in level.tokens()
        if task.state == READY and task.task_spec.needs_somebody
    ]
    return tuple(task.task_spec.item(task) for task in sorted(waiting, key=lambda t: int(t.id)))


class Receive(Activity, Catching):
    """A receive task: it waits for its message."""

    def enter(self, run: Run, task: Token) -> bool:
        """Wait, unless an event-based gateway has the message already."""
        if task.internal_data.pop("fired", False):
            return True
        return super().enter(run, task)

    def begin(self, run: Run, task: Token) -> bool:
        """Wait for the message."""
        listen(run, task, Role.CATCH, self, scope_of(task))
        put(task, WAITING)
        return False


class Send(Activity):
    """A send task: its message leaves the instance at once."""

    message = ""
    targets: tuple[Target, ...] = ()

    def act(self, run: Run, task: Token) -> None:
        """Throw the message."""
        publish(run, task, "message", self.message, [m.name for m in self.mapped_in])


class Rule(Activity):
    """A business rule task: it takes a decision of the bundle.

    Attributes:
        decision: The id of the decision.
        model: The file that holds it, read.
        result: The variable that the outcome goes into.
        mapping: `camunda:mapDecisionResult`.
    """

    decision = ""
    model: Any = None
    result = ""
    mapping = "resultList"

    def act(self, run: Run, task: Token) -> None:
        """Take the decision and write its outcome to the result variable."""
        scope = scope_of(task)
        given = {k: feel.normalise(v) for k, v in run.scopes.visible(scope).items()}
        try:
            outcome = self.model.evaluate(self.decision, given, run.environment)
            output = as_variable(dmn.map_result(outcome, self.mapping))
        except (ValueError, ArithmeticError) as error:
            fail(
                self.place,
                f"决策“{self.decision}”求值失败：{getattr(error, 'zh', error)}",
                f"The decision {self.decision!r} failed: {error}",
            )
        if self.result:
            run.scopes.write(scope, {self.result: output})
        kept = dmn.consulted(self.model, outcome)
        run.journal.decisions.append(
            DecisionMade(
                process=self.element.process,
                element=self.element.id,
                decision=self.decision,
                file=kept.file,
                digest=kept.digest,
                inputs=kept.inputs,
                matched=kept.matched,
                results=kept.results,
                output=output,
                warnings=kept.warnings,
            )
        )
