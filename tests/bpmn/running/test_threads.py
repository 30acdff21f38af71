from concurrent.futures import ThreadPoolExecutor

from bpmn.running import World, compile_definition, restore, start
from tests.bpmn.diagrams import (
    MESSAGE,
    chain,
    diagram,
    end,
    flow,
    handler,
    node,
    user,
)
from tests.bpmn.diagrams import start as start_event
from tests.bpmn.running.playing import NOON


def test_eight_threads_run_one_definition_without_disturbing_each_other() -> None:
    """A definition is shared between threads and never changed by running."""
    loop = '<multiInstanceLoopCharacteristics camunda:collection="[1, 2, 3]"/>'
    file = diagram(
        start_event(), node("parallelGateway", "f"), user("a"), node("userTask", "b", loop),
        node("parallelGateway", "j"), node("exclusiveGateway", "g", default="out"),
        user("z"), end(), handler("x", MESSAGE, user("h") + chain("x_s", "h"), interrupts=False),
        chain("s", "f", "a", "j", "g"), chain("f", "b", "j"), flow("g", "z", "n > 3"),
        flow("g", "e", key="out"), chain("z", "e"),
    )  # fmt: skip
    definition = compile_definition({"p.bpmn": file}, "P")
    before = {name: list(plan.task_specs) for name, plan in definition.plans.items()}
    world = World(now=lambda: NOON)

    def play(number: int) -> list[str]:
        step = start(definition, world, {"n": number % 7})
        step = restore(definition, step.state, world).deliver("msg")
        trace = []
        while not step.ended:
            instance = restore(definition, step.state, world)
            step = instance.complete(instance.items[0].id, {"m": number})
            trace += [f"{t.element} {t.event}" for t in step.trace]
        return trace

    with ThreadPoolExecutor(8) as threads:
        traces = list(threads.map(play, range(160)))

    for number, trace in enumerate(traces):
        assert trace == play(number % 7)
        assert trace.count("z completed") == (1 if number % 7 > 3 else 0)
    assert {n: list(p.task_specs) for n, p in definition.plans.items()} == before
