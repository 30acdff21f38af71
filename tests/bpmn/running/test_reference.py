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
    boundary,
    chain,
    diagram,
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

_LEAF = st.sampled_from([("task",), ("task",), ("wait",)])
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
            interrupts = block.kind == "interrupted"
            event = boundary(f"{name}_b", name, MESSAGE, interrupts=interrupts)
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


@dataclass(slots=True)
class World:
    """What the running blocks share."""

    x: bool = False
    extras: list["Running"] = field(default_factory=list)


class Running:
    """A block that runs, interpreted as it is written."""

    def __init__(self, block: Named, world: World, depth: int) -> None:
        self.block, self.world, self.depth = block, world, depth
        self.done = False
        self.inside: list[Running] = []
        match block.kind:
            case "choice":
                self._begin(block.inner[0 if world.x else 1])
            case "parallel":
                self._begin(*block.inner)
            case "task" | "wait":
                pass
            case _:
                self._begin(block.inner[0])

    def _begin(self, *blocks: Named) -> None:
        deeper = self.block.kind in ("sub", "interrupted", "reminded")
        self.inside = [Running(block, self.world, self.depth + deeper) for block in blocks]

    def advance(self) -> None:
        """Go on as far as possible."""
        for each in self.inside:
            each.advance()
        if self.done or not self.inside or not all(each.done for each in self.inside):
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
        """Yield the leaves that wait."""
        if self.block.kind in ("task", "wait") and not self.done:
            yield self
        for each in self.inside:
            if not self.done:
                yield from each.leaves()

    def receivers(self) -> Iterator["Running"]:
        """Yield the blocks whose boundary event a message can reach."""
        if self.done:
            return
        watched = self.block.kind in ("interrupted", "reminded")
        if watched and self.inside[0].block is self.block.inner[0]:
            yield self
        for each in self.inside:
            yield from each.receivers()

    def receive(self) -> None:
        """Take the message at the boundary."""
        if self.block.kind == "reminded":
            self.world.extras.append(Running(self.block.inner[1], self.world, self.depth))
        else:
            self.inside = [Running(self.block.inner[1], self.world, self.depth)]


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
        file = diagram(start(), body, end(), chain("s", first), chain(last, "e"))
        choose = random.Random(seed)  # noqa: S311 - a test is no secret
        play = Play(file, variables={"x": False})
        reference = Reference(named)
        reminded: set[str] = set()
        for _ in range(40):
            leaves = reference.leaves()
            waiting = play.waiting + [t.element for t in play.timers.values()]
            assert Counter(waiting) == Counter(leaf.block.name for leaf in leaves)
            assert play.over == reference.over
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
                leaf.done = True
                if leaf.block.kind == "task":
                    reference.world.x = choose.random() < 0.4
                    play.do(leaf.block.name, x=reference.world.x)
                else:
                    play.fire(leaf.block.name)
            reference.settle()
