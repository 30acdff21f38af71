"""Activities that run several times: multi-instance and standard loop."""

from typing import Any

from bpmn import feel
from bpmn.running.behaviour import Behaviour, throw_all
from bpmn.running.encoding import decode, encode
from bpmn.running.formulas import Formula, as_variable, fail
from bpmn.running.levels import Run
from bpmn.running.nodes import Node, cancel, close_waits, scope_of, spawn
from bpmn.running.tokens import STARTED, Token, put
from bpmn.running.work import listen_at_boundary

_COUNTED = ("nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances")
MOST_INSTANCES = 10_000


class Loop(Node):
    """The wrapper around an activity that runs several times.

    Attributes:
        body: The name of the node that runs.
    """

    body = ""

    def enter(self, run: Run, task: Token) -> bool:
        """Open the scope of the loop and begin its first turns."""
        task.internal_data["outer"] = scope_of(task)
        run.scopes.open(task.id, scope_of(task))
        task.internal_data["scope"] = task.id
        listen_at_boundary(run, task)
        return not self.begin(run, task)

    def begin(self, run: Run, task: Token) -> bool:
        """Begin; whether there is anything to do."""
        raise NotImplementedError

    def leave(self, run: Run, task: Token) -> None:
        """Close the scope of the loop."""
        close_waits(run, task)
        outer = task.internal_data.pop("outer")
        self.gather(run, task, outer)
        run.scopes.close(task.id)
        task.internal_data["scope"] = outer

    def gather(self, run: Run, task: Token, outer: str) -> None:
        """Write what the turns gave to the scope around."""

    def turn_done(self, run: Run, task: Token, turn: Token) -> None:
        """Go on after one turn of the body."""
        raise NotImplementedError

    def _finish(self, task: Token) -> None:
        task.complete()


class Several(Loop):
    """A multi-instance activity, parallel or sequential.

    What an instance gives stays with it: the results are gathered in the order of the items
    into one list, so that instances overwrite nothing of one another.

    Attributes:
        collection: The variable or expression of the items, or None.
        cardinality: The number of instances instead, or None.
        item_name: The variable that holds the item, or "".
        completion: The condition that ends the activity early, or None.
        output: The variable that takes the list of results.
        output_item: What an instance gives to it; None: all that it set, as a context.
        behaviours: What is thrown as instances are completed.
    """

    sequential = False
    collection: Formula | None = None
    cardinality: Formula | None = None
    item_name = ""
    completion: Formula | None = None
    output = ""
    output_item: Formula | None = None
    behaviours: tuple[Behaviour, ...] = ()

    @property
    def many_at_once(self) -> bool:
        """All instances run at the same time."""
        return not self.sequential

    def begin(self, run: Run, task: Token) -> bool:
        """Begin all instances, or the first."""
        things = self._things(run, task)
        held = task.internal_data
        held["total"] = len(things)
        held["begun"] = 0
        held["done"] = 0
        held["results"] = {}
        if not things:
            return False
        put(task, STARTED)
        if self.sequential:
            held["items"] = self._kept(things)
            self._begin_one(run, task, things[0])
        else:
            self._count(run, task, active=len(things))
            for thing in things:
                self._begin_one(run, task, thing)
        return True

    def _kept(self, value: object) -> object:
        """Return a value as the state keeps it: it is read back only when it is needed."""
        try:
            return encode(value)
        except ValueError as error:
            fail(self.place, f"变量不能保存：{error}", f"A variable cannot be kept: {error}")

    def _things(self, run: Run, task: Token) -> list[object]:
        scope = scope_of(task)
        if self.collection is not None:
            found = self.collection.value(run, scope)
            if not isinstance(found, list):
                fail(
                    self.place,
                    f"多实例的集合“{self.collection.text}”不是列表。",
                    f"The collection {self.collection.text!r} of the multi-instance is no list.",
                )
            things = [as_variable(thing) for thing in found]
        else:
            number: Any = self.cardinality.value(run, scope) if self.cardinality else None
            if not feel_is_count(number):
                text = self.cardinality.text if self.cardinality else ""
                fail(
                    self.place,
                    f"多实例的次数“{text}”不是非负整数。",
                    f"The cardinality {text!r} of the multi-instance is no whole number from 0.",
                )
            things = [None] * int(number)
        if len(things) > MOST_INSTANCES:
            fail(
                self.place,
                f"多实例有 {len(things)} 个，上限为 {MOST_INSTANCES} 个。",
                f"The multi-instance has {len(things)} items; at most {MOST_INSTANCES} run.",
            )
        return things

    def _begin_one(self, run: Run, task: Token, thing: object) -> None:
        held = task.internal_data
        index = held["begun"]
        held["begun"] = index + 1
        if self.sequential:
            self._count(run, task, active=1)
        key = run.next_id()
        values: dict[str, object] = {"loopCounter": index}
        if self.item_name:
            values[self.item_name] = thing
        run.scopes.open(key, task.id, values, closed=True)
        spawn(
            run, task.workflow, self.body, task,
            key=key, scope=key, index=index + 1,
        )  # fmt: skip

    def _count(self, run: Run, task: Token, *, active: int) -> None:
        held = task.internal_data
        run.scopes.declare(
            task.id, dict(zip(_COUNTED, (held["total"], active, held["done"]), strict=True))
        )

    def turn_done(self, run: Run, task: Token, turn: Token) -> None:
        """Keep the instance's result; end, or begin the next."""
        held = task.internal_data
        held["done"] += 1
        given = {"loopCounter", self.item_name, *(m.name for m in turn.task_spec.mapped_in)}
        own = {k: v for k, v in run.scopes.own(turn.id).items() if k not in given}
        held["results"][str(turn.internal_data["index"])] = self._kept(
            self.output_item.stored(run, turn.id) if self.output_item is not None else own
        )
        self._count(run, task, active=0 if self.sequential else held["total"] - held["done"])
        enough = self.completion is not None and self.completion.holds(run, turn.id)
        due = [
            each.throw
            for each in self.behaviours
            if each.is_due(run, turn.id, first=held["done"] == 1)
        ]
        run.scopes.close(turn.id)
        if not throw_all(run, task, due):
            return  # what was thrown is caught at the border and cancelled the activity
        if enough or held["done"] == held["total"]:
            task.workflow.wake_all()
            for child in reversed(task.children):
                cancel(run, child)
            self._finish(task)
        elif self.sequential:
            self._begin_one(run, task, decode(held["items"][held["begun"]]))

    def add(self, run: Run, task: Token, thing: object) -> None:
        """Add an instance for one more item."""
        held = task.internal_data
        held["total"] += 1
        if self.sequential:
            held["items"].append(self._kept(thing))
            self._count(run, task, active=1)
        else:
            self._count(run, task, active=held["total"] - held["done"])
            self._begin_one(run, task, thing)

    def remove(self, run: Run, task: Token, turn: Token) -> None:
        """Withdraw one instance; what is left decides whether the activity is over."""
        held = task.internal_data
        held["total"] -= 1
        cancel(run, turn)
        left = held["total"] - held["done"]
        self._count(run, task, active=min(left, 1) if self.sequential else left)
        if not left:
            self._finish(task)
        elif self.sequential:
            held["begun"] -= 1
            del held["items"][held["begun"]]
            self._begin_one(run, task, decode(held["items"][held["begun"]]))

    def of_how_many(self, task: Token) -> int:
        """Return how many instances there are in all, those that were removed while open too."""
        return max(int(task.internal_data["total"]), int(task.internal_data["begun"]))

    def gather(self, run: Run, task: Token, outer: str) -> None:
        """Write the list of results, in the order of the items."""
        results = task.internal_data.pop("results")
        task.internal_data.pop("items", None)
        ordered = [decode(results[key]) for key in sorted(results, key=int)]
        run.scopes.write(outer, {self.output: ordered})


def feel_is_count(value: Any) -> bool:
    """Whether a FEEL value is a whole number from 0."""
    return feel.type_of(value) == "number" and value >= 0 and value == int(value)


class Repeated(Loop):
    """A standard loop.

    Source: OMG BPMN 2.0.2, 10.2.8.1.

    Attributes:
        condition: It goes on while this holds; None where only the maximum ends it.
        test_before: The condition is asked before the first turn too.
        maximum: The greatest number of turns, or None.
    """

    condition: Formula | None = None
    test_before = False
    maximum: int | None = None

    def begin(self, run: Run, task: Token) -> bool:
        """Begin the first turn."""
        task.internal_data["done"] = 0
        if self.test_before and not self._goes_on(run, task):
            return False
        put(task, STARTED)
        self._turn(run, task)
        return True

    def _goes_on(self, run: Run, task: Token) -> bool:
        done = task.internal_data["done"]
        run.scopes.declare(task.id, {"loopCounter": done})
        if self.maximum is not None and done >= self.maximum:
            return False
        return self.condition is None or self.condition.holds(run, task.id)

    def _turn(self, run: Run, task: Token) -> None:
        run.scopes.declare(task.id, {"loopCounter": task.internal_data["done"]})
        key = run.next_id()
        run.scopes.open(key, task.id)
        spawn(run, task.workflow, self.body, task, key=key, scope=key)

    def turn_done(self, run: Run, task: Token, turn: Token) -> None:
        """Begin the next turn, or end."""
        run.scopes.close(turn.id)
        task.internal_data["done"] += 1
        if self._goes_on(run, task):
            self._turn(run, task)
        else:
            self._finish(task)
