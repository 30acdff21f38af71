"""Plays an instance as the engine of cases does: every step begins from the stored state."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bpmn.running import (
    Definition,
    Instance,
    Item,
    Step,
    Timer,
    World,
    compile_definition,
    restore,
    start,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday 2 March 2026, 12:00 in Beijing


class Play:
    """One instance, its timers as the engine's rows would hold them, and its whole trace."""

    def __init__(
        self,
        *files: bytes,
        process: str = "P",
        message: str | None = None,
        at: str | None = None,
        variables: Mapping[str, object] | None = None,
        functions: Mapping[str, Any] | None = None,
        called: Callable[[Any], Mapping[str, object]] | None = None,
        tables: Mapping[str, bytes] | None = None,
        payload: Mapping[str, object] | None = None,
        keeps: bool = False,
    ) -> None:
        named = {f"file{n}.bpmn": content for n, content in enumerate(files)}
        self.definition: Definition = compile_definition({**named, **(tables or {})}, process)
        self.now = NOON
        self.world = World(now=lambda: self.now, functions=functions or {}, called=called)
        self.timers: dict[str, Timer] = {}
        self.trace: list[tuple[str, str]] = []
        self.tokens: list[tuple[str, str, str]] = []
        self.thrown: list[tuple[str, str, Mapping[str, object]]] = []
        self.open: dict[str, Item] = {}
        self.step: Step
        self.keeps = keeps
        self._take(
            start(
                self.definition, self.world, variables or {},
                message=message, at=at, payload=payload or {}, keep_incidents=keeps,
            )
        )  # fmt: skip

    def _take(self, step: Step) -> Step:
        self.step = step
        for item in step.opened:
            assert item.id not in self.open
            self.open[item.id] = item
        for key in step.withdrawn:
            del self.open[key]
        for timer in step.armed:
            self.timers[timer.id] = timer
        for key in step.disarmed:
            del self.timers[key]
        self.trace += [(t.element, t.event.value) for t in step.trace]
        self.tokens += [(t.element, t.event.value, t.token) for t in step.trace]
        self.thrown += [(t.kind, t.name, dict(t.payload)) for t in step.thrown]
        assert {item.id for item in self.instance.items} == set(self.open)
        for item in self.instance.items:  # an item stays as it opened, but for how many there are
            assert replace(item, loop=None) == replace(self.open[item.id], loop=None)
        return step

    @property
    def instance(self) -> Instance:
        """The instance, restored from the last state."""
        return restore(self.definition, self.step.state, self.world, keep_incidents=self.keeps)

    @property
    def waiting(self) -> list[str]:
        """The elements that wait for somebody, oldest first."""
        return [item.element for item in self.instance.items]

    @property
    def due(self) -> dict[str, timedelta | str]:
        """What each armed timer waits for: a length from now, or the key of a deadline."""
        return {
            t.element: t.deadline if t.due_at is None else t.due_at - self.now  # type: ignore[misc]
            for t in self.timers.values()
        }

    @property
    def over(self) -> bool:
        """Whether the instance is over."""
        return self.instance.is_over

    @property
    def variables(self) -> dict[str, object]:
        """The process's own scope."""
        return dict(self.step.variables)

    def item(self, element: str, number: int = 0) -> Item:
        """Return an item that waits at `element`."""
        return [i for i in self.instance.items if i.element == element][number]

    def do(self, element: str, number: int = 0, /, **result: object) -> Step:
        """Complete an item at `element`."""
        item = self.item(element, number)
        step = self.instance.complete(item.id, result)
        del self.open[item.id]
        return self._take(step)

    def fire(self, element: str, *, late: timedelta = timedelta()) -> Step:
        """Move the clock to the timer at `element` and fire it, `late` after it was due."""
        timer = next(t for t in self.timers.values() if t.element == element)
        if timer.due_at is not None:
            self.now = timer.due_at + late
        step = self.instance.fire(timer.id, due_at=timer.due_at)
        del self.timers[timer.id]
        return self._take(step)

    def send(self, message: str, /, **payload: object) -> Step:
        """Deliver a message."""
        return self._take(self.instance.deliver(message, payload))

    def signal(self, name: str, /, **payload: object) -> Step:
        """Deliver a signal."""
        return self._take(self.instance.signal(name, payload))

    def err(self, element: str, code: str, message: str = "") -> Step:
        """Let the work at `element` fail with a BPMN error."""
        return self._take(self.instance.fail(self.item(element).id, code, message))

    def retry(self, number: int = 0) -> Step:
        """Let the oldest incident, or another, try again."""
        return self._take(self.instance.retry(self.instance.incidents[number].id))

    def put(self, **variables: object) -> Step:
        """Write variables to the process."""
        return self._take(self.instance.set_variables(variables))

    def move(self, element: str, target: str) -> Step:
        """Move the item at `element` to `target`."""
        return self._take(self.instance.move(self.item(element).id, target))

    def complete_to(self, element: str, target: str) -> Step:
        """Complete the item at `element` and go on at `target`."""
        item = self.item(element)
        step = self.instance.complete_to(item.id, {}, target)
        del self.open[item.id]
        return self._take(step)

    def drop(self, element: str) -> Step:
        """Cancel the branch of the item at `element`."""
        return self._take(self.instance.cancel_branch(self.item(element).id))

    def reopen(self, element: str, beside: str | None = None) -> Step:
        """Open `element` again, beside an item or in the process."""
        item = None if beside is None else self.item(beside).id
        return self._take(self.instance.reopen(element, item))

    def add(self, element: str, thing: object) -> Step:
        """Add an instance to the multi-instance activity at `element`."""
        return self._take(self.instance.add_instance(self.item(element).id, thing))

    def remove(self, element: str) -> Step:
        """Remove the oldest instance at `element`."""
        return self._take(self.instance.remove_instance(self.item(element).id))

    def cancel(self) -> Step:
        """Cancel the instance as a whole."""
        return self._take(self.instance.cancel())

    def count(self, element: str, event: str = "entered") -> int:
        """Return how often something happened to an element."""
        return self.trace.count((element, event))

    def completed(self) -> list[str]:
        """Return the elements in the order in which they were completed."""
        return [element for element, event in self.trace if event == "completed"]
