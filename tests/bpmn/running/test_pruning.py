import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn.running import Definition, Instance, Step, World, compile_definition, restore, start
from tests.bpmn.diagrams import (
    MESSAGE,
    boundary,
    chain,
    diagram,
    end,
    flow,
    handler,
    node,
    timer,
    user,
)
from tests.bpmn.diagrams import start as start_event
from tests.bpmn.running.playing import NOON, Play

Block = tuple[object, ...]

_LEAF = st.sampled_from([("task",), ("timer",), ("message",), ("rule",)])
_BLOCKS = st.recursive(
    _LEAF,
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), inner, inner),
        st.tuples(st.just("choice"), inner, inner),
        st.tuples(st.just("parallel"), inner, inner),
        st.tuples(st.just("inclusive"), inner, inner),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("boundary"), st.booleans(), inner),
        st.tuples(st.just("handler"), inner, inner),
        st.tuples(st.just("several"), st.booleans(), inner),
    ),
    max_leaves=8,
)


class _Drawing:
    """Draws a block-structured diagram."""

    def __init__(self) -> None:
        self.count = 0

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def draw(self, block: Block) -> tuple[str, str, str]:  # noqa: PLR0911 - one for each kind
        """Return the first node, the last node and the XML of a block."""
        kind, *parts = block
        inner = [part for part in parts if isinstance(part, tuple)]
        match kind:
            case "task":
                key = self.name("u")
                return key, key, user(key)
            case "timer" | "message":
                key = self.name(str(kind)[0])
                what = timer("PT1H") if kind == "timer" else MESSAGE
                return key, key, node("intermediateCatchEvent", key, what)
            case "rule":
                key = self.name("t")
                return key, key, node("intermediateThrowEvent", key)
            case "sequence":
                a, b = (self.draw(part) for part in inner)
                return a[0], b[1], a[2] + b[2] + chain(a[1], b[0])
            case "choice" | "parallel" | "inclusive":
                return self._gateways(str(kind), inner)
            case "loop":
                return self._loop(inner[0])
            case _:
                return self._enclosed(str(kind), inner, flag=bool(parts[0]))

    def _gateways(self, kind: str, inner: list[Block]) -> tuple[str, str, str]:
        tag = {"choice": "exclusiveGateway"}.get(kind, f"{kind}Gateway")
        fork, join = self.name("f"), self.name("j")
        a, b = (self.draw(part) for part in inner)
        other = f"{fork}_else"
        conditions = {"choice": "x > 2", "inclusive": "x > 1", "parallel": None}
        attributes = {} if kind == "parallel" else {"default": other}
        drawn = (
            node(tag, fork, **attributes)
            + node(tag, join)
            + flow(fork, a[0], conditions[kind])
            + (flow(fork, b[0], key=other) if kind != "inclusive" else "")
            + (flow(fork, b[0], "x > 0") + flow(fork, join, key=other)
               if kind == "inclusive" else "")
            + chain(a[1], join)
            + chain(b[1], join)
        )  # fmt: skip
        return fork, join, drawn + a[2] + b[2]

    def _loop(self, inner: Block) -> tuple[str, str, str]:
        begin, again, out = self.name("m"), self.name("g"), self.name("f")
        a = self.draw(inner)
        drawn = (
            node("exclusiveGateway", begin)
            + node("userTask", again, default=out)
            + node("intermediateThrowEvent", f"{again}_o")
            + chain(begin, a[0])
            + chain(a[1], again)
            + flow(again, begin, "x > 2")
            + flow(again, f"{again}_o", key=out)
        )
        return begin, f"{again}_o", drawn + a[2]

    def _enclosed(self, kind: str, inner: list[Block], *, flag: bool) -> tuple[str, str, str]:
        key = self.name("s")
        bodies = [self.draw(part) for part in inner]
        first = bodies[0]
        body = start_event(f"{key}_s") + first[2] + chain(f"{key}_s", first[0])
        if kind == "several":
            body = (
                f'<multiInstanceLoopCharacteristics isSequential="{str(flag).lower()}">'
                '<loopCardinality xsi:type="tFormalExpression">2</loopCardinality>'
                "</multiInstanceLoopCharacteristics>"
            ) + body
        if kind == "handler":
            second = bodies[1]
            inside = second[2] + chain(f"{key}_h_s", second[0])
            body += handler(f"{key}_h", MESSAGE, inside, interrupts=False)
        drawn = node("subProcess", key, body)
        if kind == "boundary":
            event, after = self.name("b"), self.name("u")
            drawn += boundary(event, key, timer("PT2H"), interrupts=flag) + user(after)
            drawn += chain(event, after)
        return key, key, drawn


def _drawn(block: Block) -> bytes:
    first, last, body = _Drawing().draw(block)
    return diagram(start_event(), body, end(), chain("s", first), chain(last, "e"))


def _run(
    definition: Definition, seed: int, *, prune: bool, reload: bool
) -> Iterator[list[tuple[str, str, str, str]]]:
    """Yield the trace of each step, with everything chosen by the seed."""
    choose = random.Random(seed)  # noqa: S311 - a test is no secret
    world = World(now=lambda: NOON)
    step = start(definition, world, {"x": choose.randint(0, 3)}, prune=prune)
    instance: Instance | None = None
    timers: dict[str, str] = {}
    for _ in range(40):
        timers.update({t.id: t.element for t in step.armed})
        for key in step.disarmed:
            del timers[key]
        yield [(t.process, t.element, t.event.value, t.token) for t in step.trace]
        yield [("", str(step.ended), "ended", "")]
        if instance is None or reload:
            instance = restore(definition, step.state, world, prune=prune)
        ways = [("item", i.id) for i in instance.items] + [("timer", t) for t in sorted(timers)]
        ways += [("message", a.name) for a in step.awaited[:1]]
        if not ways:
            return
        kind, key = choose.choice(ways)
        step = _go(instance, kind, key, choose.randint(0, 3))
        timers.pop(key, None)


def _go(instance: Instance, kind: str, key: str, x: int) -> Step:
    match kind:
        case "item":
            return instance.complete(key, {"x": x})
        case "timer":
            return instance.fire(key)
        case _:
            return instance.deliver(key)


class TestPruning:
    """Dropping what has finished changes nothing but the size."""

    @given(block=_BLOCKS, seed=st.integers(0, 10_000))
    @settings(max_examples=150, deadline=timedelta(seconds=5))
    def test_pruned_and_reloaded_runs_go_as_whole_runs_do(self, block: Block, seed: int) -> None:
        definition = compile_definition({"p.bpmn": _drawn(block)}, "P")

        whole = list(_run(definition, seed, prune=False, reload=False))
        reloaded = list(_run(definition, seed, prune=False, reload=True))
        pruned = list(_run(definition, seed, prune=True, reload=False))
        both = list(_run(definition, seed, prune=True, reload=True))

        assert whole == reloaded
        assert whole == pruned
        assert whole == both


def _loop_file(inside: str, body: str) -> bytes:
    return diagram(
        start_event(), node("exclusiveGateway", "m"), body,
        node("exclusiveGateway", "g", default="out"), end(),
        chain("s", "m", *inside.split(), "g"), flow("g", "m", "again"),
        flow("g", "e", key="out"),
    )  # fmt: skip


_TO_A = chain("is", "a")


class TestGrowth:
    """Neither the state nor the work of a step grows with what has been done."""

    @staticmethod
    def _sizes(play: Play, turn: str, turns: int) -> list[tuple[int, int]]:
        sizes = []
        for _ in range(turns):
            step = play.do(turn, again=True)
            instance = play.instance
            sizes.append((len(step.state), instance.size))
            play.trace.clear()
            play.tokens.clear()
        return sizes

    @pytest.mark.parametrize(
        ("inside", "body", "turn"),
        [
            ("a", user("a"), "a"),
            ("sub", node("subProcess", "sub", start_event("is") + user("a") + _TO_A), "a"),
            (
                "f a j",
                node("parallelGateway", "f") + user("a") + node("task", "b")
                + node("parallelGateway", "j") + node("intermediateThrowEvent", "n")
                + chain("f", "n", "j"),
                "a",
            ),
        ],
        ids=["a loop", "a sub-process in a loop", "branches in a loop"],
    )  # fmt: skip
    def test_between_20_and_500_completed_tasks(self, inside: str, body: str, turn: str) -> None:
        play = Play(_loop_file(inside, body))

        sizes = self._sizes(play, turn, 500)

        assert sizes[499][1] == sizes[19][1]
        assert sizes[499][0] <= sizes[19][0] + 8  # counters have more digits

    def test_nor_while_other_tokens_wait(self) -> None:
        file = diagram(
            start_event(), user("w"), user("v"), node("exclusiveGateway", "m"), user("a"),
            chain("s", "w"), chain("s", "v"), chain("s", "m", "a", "m"),
        )  # fmt: skip
        play = Play(file)

        sizes = self._sizes(play, "a", 300)

        assert sizes[299][1] == sizes[19][1]
        assert sizes[299][0] <= sizes[19][0] + 8

    @pytest.mark.slow
    def test_over_5000_turns(self) -> None:
        play = Play(_loop_file("a", user("a")))

        sizes = self._sizes(play, "a", 5000)

        assert sizes[4999][1] == sizes[19][1]
        assert sizes[4999][0] <= sizes[19][0] + 12

    @pytest.mark.slow
    def test_a_multi_instance_of_1000_opens_and_completes(self) -> None:
        loop = (
            '<multiInstanceLoopCharacteristics><loopCardinality xsi:type="tFormalExpression">1000'
            "</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        file = diagram(start_event(), node("userTask", "m", loop), chain("s", "m"))
        definition = compile_definition({"p.bpmn": file}, "P")
        world = World(now=lambda: NOON)
        step = start(definition, world, {})
        items = [item.id for item in step.opened]
        assert len(items) == 1000

        for key in items:
            step = restore(definition, step.state, world).complete(key, {"vote": key})

        assert step.ended == ("m",)
        results: Any = step.variables["m_results"]
        assert [result["vote"] for result in results] == items
