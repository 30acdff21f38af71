"""Plays the processes of some files against an in-memory case, until nothing more happens."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from bpmn.playing.admitting import admitted
from bpmn.playing.outcome import Happened, Outcome, Played
from bpmn.playing.post import Letter, Post
from bpmn.reading import Diagram, Process
from bpmn.running import (
    Beginning,
    Definition,
    Incident,
    Instance,
    Item,
    Step,
    StepFailed,
    Timer,
    TraceEvent,
    World,
    compile_definition,
    restore,
    start,
)

Answer = Callable[[Item], Mapping[str, object] | None]
"""What a completed item gives; None leaves it, and all that waits, undone."""

MOST_STEPS = 5_000
_DEADLINE = timedelta(days=30)  # proposed: a drawing alone does not say what a deadline's key means
_RANK = ("none", "message", "timer", "signal", "conditional")
_MOST_SUPPLIED = 3  # how often the outside answers one element


def play(
    files: Mapping[str, bytes],
    *,
    now: datetime,
    process: str | None = None,
    inputs: Mapping[str, object] = MappingProxyType({}),
    answer: Answer = lambda _: {},
    outside: bool = False,
    most_steps: int = MOST_STEPS,
) -> Played:
    """Play the processes of `files` until they end or nothing more happens.

    Post is delivered as soon as somebody waits for it, then the oldest work is done; only when
    nothing else is left the clock moves to the next timer. Every step begins from the stored
    state of the one before.

    Args:
        files: The diagrams and decision tables by name.
        now: Where the clock stands at the beginning; aware.
        process: The id of the process to begin; None begins every executable one that no other
            calls or sends its first message to.
        inputs: The variables that each process begins with.
        answer: What completes an item.
        outside: Send also the messages and signals that only a closed pool could send.
        most_steps: After so many steps the play is given up.

    Raises:
        DiagramRefused: A file is refused, or there is no such process.
    """
    diagrams = admitted(files)
    player = _Player(files, diagrams, now, inputs, answer, outside=outside)
    player.begin(process)
    return player.go(most_steps)


@dataclass(slots=True)
class _Live:
    """A process that began: its definition and the state that its last step left."""

    definition: Definition
    state: bytes = b""
    over: bool = False
    timers: dict[str, Timer] = field(default_factory=dict)


class _Player:
    """The case: what lives, what is on its way, and the clock."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        diagrams: Mapping[str, Diagram],
        now: datetime,
        inputs: Mapping[str, object],
        answer: Answer,
        *,
        outside: bool,
    ) -> None:
        self._files = {
            name if name.endswith((".bpmn", ".dmn")) else f"{name}.bpmn": content
            for name, content in files.items()
        }
        self._diagrams = diagrams
        self._post = Post(diagrams.values())
        self._now = now
        self._world = World(now=lambda: self._now)
        self._inputs = inputs
        self._answer = answer
        self._outside = outside
        self._lives: list[_Live] = []
        self._letters: list[Letter] = []
        self._signals: list[tuple[str, _Live]] = []
        self._trace: list[Happened] = []
        self._variables: dict[str, Mapping[str, object]] = {}
        self._assumed: dict[str, None] = {}
        self._supplied: dict[str, int] = {}
        self._incidents: list[Incident] = []

    # Beginning.

    def begin(self, process: str | None) -> None:
        """Begin the process, or all that begin by themselves."""
        for each in self._chosen(process):
            definition = compile_definition(self._files, each)
            beginning = min(definition.beginnings, key=lambda b: _RANK.index(b.kind), default=None)
            self._guarded(partial(self._begin, definition, beginning))

    def _chosen(self, process: str | None) -> list[str]:
        """Return what begins by itself: called by none, and not begun by another's message."""
        if process is not None:
            return [process]
        runs = [
            p
            for diagram in self._diagrams.values()
            for p in diagram.processes.values()
            if p.is_executable is not False
        ]
        called = {node.called_element for p in runs for node in p.nodes.values()}
        tops = [str(p.id) for p in runs if p.id not in called] or [str(p.id) for p in runs[:1]]
        free = [p for p in tops if not self._is_written_to(p)]
        return free or tops[:1]

    def _is_written_to(self, process: str) -> bool:
        """It begins with messages only, and another process of the files sends one of them."""
        definition = compile_definition(self._files, process)
        kinds = {beginning.kind for beginning in definition.beginnings}
        return kinds == {"message"} and any(
            beginning.name in self._post.sent for beginning in definition.beginnings
        )

    def _begin(self, definition: Definition, beginning: Beginning | None) -> None:
        live = _Live(definition)
        begun = partial(start, definition, self._world, self._inputs)
        if beginning is None or beginning.kind == "none":
            self._take(live, begun())
        elif beginning.kind == "message":
            self._take(live, begun(message=beginning.name))
        else:
            self._take(live, begun(at=beginning.element))

    # Going on.

    def go(self, most_steps: int) -> Played:
        """Go on until nothing more happens."""
        steps = 0
        while not self._incidents and (move := self._next()) is not None:
            steps += 1
            if steps > most_steps:
                self._give_up(most_steps)
                break
            self._guarded(move)
        waiting = tuple(self._waiting())
        over = all(live.over for live in self._lives)
        outcome = Outcome.ENDED if over else Outcome.WAITING
        return Played(
            Outcome.INCIDENT if self._incidents else outcome,
            tuple(self._trace),
            MappingProxyType(self._variables),
            waiting,
            tuple(self._incidents),
            tuple(self._assumed),
            self._now,
        )

    def _guarded(self, move: Callable[[], None]) -> None:
        try:
            move()
        except StepFailed as failed:
            self._incidents.append(failed.incident)

    def _give_up(self, most: int) -> None:
        process = self._lives[0].definition.process_id
        self._incidents.append(
            Incident(
                process,
                process,
                f"走了 {most} 步仍未结束，已停止。请检查循环的条件。",
                f"It did not end within {most} steps and was stopped. Check what its loops ask.",
            )
        )

    def _next(self) -> Callable[[], None] | None:
        """Return what happens next, or None where nothing can."""
        if self._signals:
            return partial(self._broadcast, *self._signals.pop(0))
        found = self._delivery()
        if found is not None:
            return found
        for live, instance in self._instances():
            for item in instance.items:
                result = self._answer(item)
                if result is None:
                    return None
                return partial(self._complete, live, item.id, result)
        if self._outside:
            found = self._from_outside()
            if found is not None:
                return found
        return self._timer()

    def _instances(self) -> Iterator[tuple[_Live, Instance]]:
        for live in self._lives:
            if not live.over:
                yield live, restore(live.definition, live.state, self._world)

    def _complete(self, live: _Live, item: str, result: Mapping[str, object]) -> None:
        instance = restore(live.definition, live.state, self._world)
        self._take(live, instance.complete(item, result))

    def _delivery(self) -> Callable[[], None] | None:
        """Return the delivery of the first letter that somebody waits for by now."""
        for letter in self._letters:
            for live, instance in self._instances():
                to = live.definition.process_id
                if letter.process in ("", to) and instance.accepts(letter.message):
                    return partial(self._deliver, live, letter)
            for process in self._processes():
                if letter.process not in ("", str(process.id)):
                    continue
                definition = compile_definition(self._files, str(process.id))
                if letter.message in definition.start_messages:
                    return partial(self._begin_by, definition, letter)
        return None

    def _deliver(self, live: _Live, letter: Letter) -> None:
        self._letters.remove(letter)
        instance = restore(live.definition, live.state, self._world)
        self._take(live, instance.deliver(letter.message, dict(letter.payload)))

    def _begin_by(self, definition: Definition, letter: Letter) -> None:
        self._letters.remove(letter)
        live = _Live(definition)
        variables = {**self._inputs, **dict(letter.payload)}
        self._take(live, start(definition, self._world, variables, message=letter.message))

    def _processes(self) -> Iterator[Process]:
        for diagram in self._diagrams.values():
            for process in diagram.processes.values():
                if process.is_executable is not False:
                    yield process

    def _from_outside(self) -> Callable[[], None] | None:
        """Return the delivery of a message or signal that only a closed pool could send."""
        for live, instance in self._instances():
            for awaited in instance.awaited:
                key = f"{awaited.process}/{awaited.element}"
                if not self._is_on_the_way(awaited.process, awaited.element):
                    continue
                if self._supplied.get(key, 0) >= _MOST_SUPPLIED:
                    continue
                self._supplied[key] = self._supplied.get(key, 0) + 1
                self._assumed[f"{awaited.element} ← {awaited.kind} {awaited.name}"] = None
                if awaited.kind == "signal":
                    return partial(self._broadcast, awaited.name, None)
                letter = Letter(awaited.name, live.definition.process_id)
                self._letters.append(letter)
                return partial(self._deliver, live, letter)
        return None

    def _is_on_the_way(self, process: str, element: str) -> bool:
        """A token stands there; what waits at a border need not come."""
        for diagram in self._diagrams.values():
            if process in diagram.processes:
                node = diagram.processes[process].nodes[element]
                return node.type in ("intermediateCatchEvent", "receiveTask")
        return False

    def _timer(self) -> Callable[[], None] | None:
        """Return the firing of the next timer, to which the clock moves."""
        due = [
            (timer.due_at, number, live, timer.id)
            for number, live in enumerate(self._lives)
            if not live.over
            for timer in live.timers.values()
            if timer.due_at is not None
        ]
        if not due:
            return None
        at, _, live, key = min(due, key=lambda each: (each[0], each[1], int(each[3])))
        return partial(self._fire, live, key, at)

    def _fire(self, live: _Live, key: str, at: datetime) -> None:
        self._now = max(self._now, at)
        del live.timers[key]
        instance = restore(live.definition, live.state, self._world)
        self._take(live, instance.fire(key, due_at=at))

    def _broadcast(self, name: str, but: _Live | None) -> None:
        """Deliver a signal to all instances but the one that has had it, and to start events."""
        for live, instance in list(self._instances()):
            if live is not but:
                self._take(live, instance.signal(name))
        for process in self._processes():
            definition = compile_definition(self._files, str(process.id))
            for beginning in definition.beginnings:
                if beginning.kind == "signal" and beginning.name == name:
                    self._begin(definition, beginning)

    # What a step leaves.

    def _take(self, live: _Live, step: Step) -> None:
        if not live.state:
            self._lives.append(live)  # one whose first step fails never lived
        live.state = step.state
        live.over = restore(live.definition, step.state, self._world).is_over
        for timer in step.armed:
            live.timers[timer.id] = self._dated(timer)
        for key in step.disarmed:
            live.timers.pop(key, None)
        self._incidents.extend(step.incidents)
        self._variables[live.definition.process_id] = step.variables
        for each in step.trace:
            self._trace.append(Happened(each.process, each.element, each.event.value))
            if each.event is TraceEvent.COMPLETED:
                self._letters.extend(self._post.completed(each.element))
        for thrown in step.thrown:
            if thrown.kind == "signal":
                self._signals.append((thrown.name, live))
                continue
            payload = tuple(thrown.payload.items())
            for letter in self._post.thrown(thrown.element, thrown.name):
                self._letters.append(replace(letter, payload=payload))

    def _dated(self, timer: Timer) -> Timer:
        if timer.due_at is not None:
            return timer
        self._assumed[f'{timer.element} ← deadline("{timer.deadline}") = P{_DEADLINE.days}D'] = None
        return replace(timer, due_at=self._now + _DEADLINE)

    def _waiting(self) -> Iterator[str]:
        for live, instance in self._instances():
            yield from (item.element for item in instance.items)
            yield from (awaited.element for awaited in instance.awaited)
            yield from (timer.element for timer in live.timers.values())
