"""Print what one step of a diagram costs, after 20 and after 1,000 completed tasks.

Run: python tools/bench_bpmn.py
The figures are medians over many steps on the machine at hand; read them as ratios.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bpmn import Definition, Step, World, compile_definition, restore, start
from tests.bpmn.diagrams import chain, diagram, end, flow, node, user
from tests.bpmn.diagrams import start as start_event

WORLD = World(now=lambda: datetime(2026, 3, 2, 4, tzinfo=UTC))
FORM = {
    "comment": "经核查，情况属实，建议按程序办理。" * 3,
    "attachments": [{"id": n, "name": f"附件{n}.pdf", "sha256": "a" * 64} for n in range(3)],
    "severity": 5,
}
MICRO = 1_000_000


def _loop() -> Definition:
    file = diagram(
        start_event(), node("exclusiveGateway", "m"), user("a"),
        node("exclusiveGateway", "g", default="out"), end(),
        chain("s", "m", "a", "g"), flow("g", "m", "again and severity > 3"),
        flow("g", "e", key="out"),
    )  # fmt: skip
    return compile_definition({"loop.bpmn": file}, "P")


def _branches() -> Definition:
    body = node("parallelGateway", "f") + user("a", "b", "c") + node("parallelGateway", "j")
    inner = start_event("is") + body + chain("is", "f", "a", "j") + chain("f", "b", "j")
    inner += chain("f", "c", "j")
    file = diagram(
        start_event(), user("w"), node("exclusiveGateway", "m"), node("subProcess", "sub", inner),
        node("exclusiveGateway", "g", default="out"), end(),
        chain("s", "w"), chain("s", "m", "sub", "g"), flow("g", "m", "again"),
        flow("g", "e", key="out"),
    )  # fmt: skip
    return compile_definition({"branches.bpmn": file}, "P")


def _turn(definition: Definition, step: Step, elements: tuple[str, ...]) -> tuple[Step, float]:
    begun = perf_counter()
    instance = restore(definition, step.state, WORLD)
    item = next(item for item in instance.items if item.element in elements)
    step = instance.complete(item.id, {**FORM, "again": True})
    return step, (perf_counter() - begun) * MICRO


def _report(name: str, make: Callable[[], Definition], elements: tuple[str, ...]) -> None:
    definition = make()
    step = start(definition, WORLD, FORM)
    done, costs = 0, list[float]()
    for goal in (20, 1_000):
        while done < goal:
            step, _ = _turn(definition, step, elements)
            done += 1
        costs = []
        for _ in range(300):
            step, cost = _turn(definition, step, elements)
            costs.append(cost)
        done += len(costs)
        size = restore(definition, step.state, WORLD).size
        print(
            f"{name:<28} after {goal:>5} tasks: {median(costs):7.0f} µs a step "
            f"(p95 {quantiles(costs, n=20)[-1]:.0f}), {len(step.state):>6} bytes of state, "
            f"{size:>3} tasks held"
        )


def main() -> None:
    """Print the figures."""
    _report("a loop of one task", _loop, ("a",))
    _report("a sub-process of 3 branches", _branches, ("a", "b", "c"))


if __name__ == "__main__":
    main()
