"""Random block-structured diagrams do what a small interpreter of the blocks says."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bpmn.diagrams import (
    MESSAGE,
    a_process,
    boundary,
    bpmn,
    chain,
    end,
    flow,
    node,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play

# A block: ("task",), ("wait",), or a kind with the blocks inside it.
Block = tuple[object, ...]

_LEAF = st.sampled_from([("task",), ("task",), ("wait",), ("receive",)])
_BLOCKS = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), inner, inner),
        st.tuples(st.just("choice"), inner, inner),
        st.tuples(st.just("parallel"), inner, inner),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("interrupted"), inner, inner),
        st.tuples(st.just("reminded"), inner, inner),
        st.tuples(st.just("expired"), inner, inner),
        st.tuples(st.just("some"), inner, inner),
    ),
    max_leaves=7,
)


@dataclass(frozen=True, slots=True)
class Named:
    """A block with the name under which it is drawn."""

    kind: str
    name: str
    inner: tuple["Named", ...]


def _named(block: Block, numbers: Iterator[int]) -> Named:
    kind = str(block[0])
    inner = tuple(_named(part, numbers) for part in block[1:] if isinstance(part, tuple))
    return Named(kind, f"{kind[0]}{next(numbers)}", inner)


def _drawn(block: Named) -> tuple[str, str, str]:  # noqa: PLR0911 - one for each kind
    """Return the first node, the last node and the XML of a block."""
    name = block.name
    inner = [_drawn(part) for part in block.inner]
    match block.kind:
        case "task":
            return name, name, user(name)
        case "wait":
            return name, name, node("intermediateCatchEvent", name, timer("PT1H"))
        case "receive":
            return name, name, node("receiveTask", name, messageRef=f"M_{name}")
        case "some":
            (a, b, x), (c, d, y) = inner
            drawn = node("inclusiveGateway", f"{name}_f") + node("inclusiveGateway", f"{name}_j")
            drawn += flow(f"{name}_f", a, "x") + flow(f"{name}_f", c, "true")
            drawn += chain(b, f"{name}_j") + chain(d, f"{name}_j")
            return f"{name}_f", f"{name}_j", drawn + x + y
        case "sequence":
            (a, b, x), (c, d, y) = inner
            return a, d, x + y + chain(b, c)
        case "choice" | "parallel":
            (a, b, x), (c, d, y) = inner
            kind = "exclusiveGateway" if block.kind == "choice" else "parallelGateway"
            default = {"default": f"{name}_d"} if block.kind == "choice" else {}
            first = flow(f"{name}_f", a, "x" if default else None)
            drawn = node(kind, f"{name}_f", **default) + node(kind, f"{name}_j") + first
            drawn += flow(f"{name}_f", c, key=f"{name}_d") + chain(b, f"{name}_j")
            return f"{name}_f", f"{name}_j", drawn + chain(d, f"{name}_j") + x + y
        case "loop":
            ((a, b, x),) = inner
            drawn = node("exclusiveGateway", f"{name}_m") + chain(f"{name}_m", a)
            drawn += node("exclusiveGateway", f"{name}_g", default=f"{name}_d") + chain(
                b, f"{name}_g"
            )
            drawn += flow(f"{name}_g", f"{name}_m", "x") + x
            out = node("intermediateThrowEvent", f"{name}_o")
            return (
                f"{name}_m",
                f"{name}_o",
                drawn + out + flow(f"{name}_g", f"{name}_o", key=f"{name}_d"),
            )
        case "sub":
            ((a, _, x),) = inner
            return (
                name,
                name,
                node("subProcess", name, start(f"{name}_s") + x + chain(f"{name}_s", a)),
            )
        case _:  # a sub-process with a boundary event, whose path goes on to the same end
            (a, _, x), (c, d, y) = inner
            interrupts = block.kind != "reminded"
            what = timer("PT2H") if block.kind == "expired" else MESSAGE
            event = boundary(f"{name}_b", name, what, interrupts=interrupts)
            drawn = node("subProcess", name, start(f"{name}_s") + x + chain(f"{name}_s", a))
            drawn += event + y + chain(f"{name}_b", c)
            if not interrupts:
                return name, name, drawn
            join = node("exclusiveGateway", f"{name}_j")
            return (
                name,
                f"{name}_j",
                drawn + join + chain(name, f"{name}_j") + chain(d, f"{name}_j"),
            )


_SCOPES = ("sub", "interrupted", "reminded", "expired")


@dataclass(slots=True)
class World:
    """What the running blocks share; around all of them it is their scope."""

    x: bool = False
    extras: list["Running"] = field(default_factory=list)


class Running:
    """A block that runs, interpreted as it is written.

    Attributes:
        scope: The sub-process around it, or the world.
        extras: The paths that events at borders began inside of it, where it is a sub-process.
    """

    def __init__(
        self, block: Named, world: World, depth: int, scope: "Running | World | None" = None
    ) -> None:
        self.block, self.world, self.depth = block, world, depth
        self.scope: Running | World = world if scope is None else scope
        self.done = False
        self.inside: list[Running] = []
        self.extras: list[Running] = []
        match block.kind:
            case "choice":
                self._begin(block.inner[0 if world.x else 1])
            case "parallel":
                self._begin(*block.inner)
            case "some":
                self._begin(*(block.inner if world.x else block.inner[1:]))
            case "task" | "wait" | "receive":
                pass
            case _:
                self._begin(block.inner[0])

    def _begin(self, *blocks: Named) -> None:
        deeper = self.block.kind in _SCOPES
        scope = self if deeper else self.scope
        self.inside = [Running(block, self.world, self.depth + deeper, scope) for block in blocks]

    def advance(self) -> None:
        """Go on as far as possible."""
        parts = (*self.inside, *self.extras)
        for each in parts:
            each.advance()
        if self.done or not self.inside or not all(each.done for each in parts):
            return
        last = self.inside[-1].block
        if self.block.kind == "sequence" and last is self.block.inner[0]:
            self._begin(self.block.inner[1])
            self.advance()
        elif self.block.kind == "loop" and self.world.x:
            self._begin(self.block.inner[0])
            self.advance()
        else:
            self.done = True

    def leaves(self) -> Iterator["Running"]:
        """Yield what waits: leaves, and timers at borders."""
        if self.done:
            return
        leaf = self.block.kind in ("task", "wait", "receive")
        if leaf or (self.block.kind == "expired" and self._is_watched()):
            yield self
        for each in (*self.inside, *self.extras):
            yield from each.leaves()

    def _is_watched(self) -> bool:
        """The first block inside runs, so that the event at its border may come."""
        return not self.done and self.inside[0].block is self.block.inner[0]

    def receivers(self) -> Iterator["Running"]:
        """Yield the blocks whose boundary event a message can reach."""
        if self.done:
            return
        if self.block.kind in ("interrupted", "reminded") and self._is_watched():
            yield self
        for each in (*self.inside, *self.extras):
            yield from each.receivers()

    def receive(self) -> None:
        """Take the event at the border: a path beside it, or one instead of it and all inside."""
        aside = Running(self.block.inner[1], self.world, self.depth, self.scope)
        if self.block.kind == "reminded":
            self.scope.extras.append(aside)
        else:
            self.inside, self.extras = [aside], []


class Reference:
    """The whole: the block, and the paths that boundary events began beside it."""

    def __init__(self, block: Named) -> None:
        self.world = World()
        self.main = Running(block, self.world, 0)
        self.settle()

    def settle(self) -> None:
        """Let everything go on until it waits."""
        for each in (self.main, *self.world.extras):
            each.advance()

    def all(self) -> list[Running]:
        """Return the main block and the paths beside it."""
        return [self.main, *self.world.extras]

    def leaves(self) -> list[Running]:
        """Return what waits."""
        return [leaf for each in self.all() for leaf in each.leaves()]

    def receiver(self) -> Running | None:
        """Return the one block that a message goes to; None if that is not plain."""
        found = [one for each in self.all() for one in each.receivers()]
        if not found:
            return None

        def key(one: Running) -> tuple[int, bool]:
            return (-one.depth, one.block.kind != "interrupted")

        best = min(key(one) for one in found)
        first = [one for one in found if key(one) == best]
        return first[0] if len(first) == 1 else None

    @property
    def over(self) -> bool:
        """Nothing is left to do."""
        return all(each.done for each in self.all())


class TestReference:
    """Whatever order is chosen, the same work waits and the same end comes."""

    @given(block=_BLOCKS, seed=st.integers(0, 10_000))
    @settings(max_examples=120, deadline=timedelta(seconds=5))
    def test_the_engine_does_what_the_blocks_say(self, block: Block, seed: int) -> None:
        named = _named(block, count(1))
        first, last, body = _drawn(named)
        messages = {key: f"M_{key}" for key in _receives(named)}
        roots = '<message id="M" name="msg"/>' + "".join(
            f'<message id="{name}" name="{name}"/>' for name in messages.values()
        )
        process = a_process(start(), body, end(), chain("s", first), chain(last, "e"))
        choose = random.Random(seed)  # noqa: S311 - a test is no secret
        play = Play(bpmn(process, roots=roots), variables={"x": False})
        reference = Reference(named)
        reminded: set[str] = set()
        acted: list[str] = []
        for _ in range(40):
            leaves = reference.leaves()
            awaited = [a.element for a in play.step.awaited if a.element in messages]
            waiting = play.waiting + [t.element for t in play.timers.values()] + awaited
            assert Counter(waiting) == Counter(_waits_at(leaf.block) for leaf in leaves)
            assert play.over == reference.over
            done = [e for e, event in play.trace if event == "completed" and e in acted]
            assert done == acted
            if reference.over:
                return
            receiver = reference.receiver()
            if receiver and receiver.block.name not in reminded and choose.random() < 0.3:
                # A second path beside the first would meet it at its joins: not block-structured.
                reminded.add(receiver.block.name)
                receiver.receive()
                play.send("msg")
            else:
                leaf = choose.choice(leaves)
                acted.append(_waits_at(leaf.block))
                self._act(play, reference, leaf, choose)
            reference.settle()

    def _act(self, play: Play, reference: Reference, leaf: Running, choose: random.Random) -> None:
        """Let a leaf be done, or the timer at a border fire, in both."""
        if leaf.block.kind == "expired":
            leaf.receive()
        else:
            leaf.done = True
        match leaf.block.kind:
            case "task":
                reference.world.x = choose.random() < 0.4
                play.do(leaf.block.name, x=reference.world.x)
            case "receive":
                play.send(f"M_{leaf.block.name}")
            case _:
                play.fire(_waits_at(leaf.block))


def _waits_at(block: Named) -> str:
    return f"{block.name}_b" if block.kind == "expired" else block.name


def _receives(block: Named) -> Iterator[str]:
    if block.kind == "receive":
        yield block.name
    for part in block.inner:
        yield from _receives(part)
