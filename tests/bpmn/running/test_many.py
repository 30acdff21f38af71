"""A thousand instances open and complete at a cost that does not grow with their number."""

import sys
from types import FrameType

import pytest

from bpmn.running import Definition, Step, World, compile_definition, restore, start
from tests.bpmn.diagrams import boundary, chain, diagram, end, node, timer, user
from tests.bpmn.diagrams import start as start_event
from tests.bpmn.running.playing import NOON, Play

_WORLD = World(now=lambda: NOON)


def _vote(*, sequential: bool = False) -> bytes:
    order = "true" if sequential else "false"
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{order}" '
        'camunda:collection="members" camunda:elementVariable="member"/>'
    )
    return diagram(
        start_event(), node("userTask", "vote", loop, camunda_assignee="=member"),
        boundary("late", "vote", timer("P1D")), user("after"), end(),
        chain("s", "vote", "e"), chain("late", "after"),
    )  # fmt: skip


def _calls(definition: Definition, state: bytes, item: str) -> tuple[int, Step]:
    """Return how many functions of ours one completion calls, reload and state included."""
    counted = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal counted
        counted += event == "call" and "/bpmn/" in frame.f_code.co_filename

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        step = restore(definition, state, _WORLD).complete(item, {"vote": "同意"})
    finally:
        sys.setprofile(before)
    return counted, step


@pytest.mark.parametrize("sequential", [False, True])
class TestAThousand:
    """一千名成员逐一表决，每一次的代价与人数无关。"""

    def test_complete_with_as_many_visits_as_ten(self, *, sequential: bool) -> None:
        definition = compile_definition({"vote.bpmn": _vote(sequential=sequential)}, "P")
        visits = []
        for number in (10, 1_000):
            members = [f"成员{n}" for n in range(number)]
            step = start(definition, _WORLD, {"members": members})
            item = step.opened[0].id
            _calls(definition, step.state, item)  # whatever is cached is cached now
            visits.append(_calls(definition, step.state, item)[0])

        few, many = visits
        assert few == many

    def test_complete_at_the_end_as_at_the_beginning(self, *, sequential: bool) -> None:
        definition = compile_definition({"vote.bpmn": _vote(sequential=sequential)}, "P")
        step = start(definition, _WORLD, {"members": [f"成员{n}" for n in range(300)]})
        waiting = [item.id for item in step.opened]
        visits = []
        while waiting:
            counted, step = _calls(definition, step.state, waiting.pop(0))
            waiting += [item.id for item in step.opened]
            visits.append(counted)

        assert max(visits[20:-1]) <= max(visits[:20])
        assert step.ended == ("e",)
        results = step.variables["vote_results"]
        assert isinstance(results, list)
        assert [r["vote"] for r in results] == ["同意"] * 300


class TestOpening:
    """What is opened for each of many is opened once for each."""

    def test_a_thousand_visits_ten_times_what_a_hundred_do(self) -> None:
        definition = compile_definition({"vote.bpmn": _vote()}, "P")
        opened = []
        for number in (100, 1_000):
            counted = 0

            def count(frame: FrameType, event: str, _: object) -> None:
                nonlocal counted
                counted += event == "call" and "/bpmn/" in frame.f_code.co_filename

            before = sys.getprofile()
            sys.setprofile(count)
            try:
                start(definition, _WORLD, {"members": [f"成员{n}" for n in range(number)]})
            finally:
                sys.setprofile(before)
            opened.append(counted)

        assert opened[1] < 10.5 * opened[0]

    def test_holds_only_what_the_step_needs(self) -> None:
        definition = compile_definition({"vote.bpmn": _vote()}, "P")
        step = start(definition, _WORLD, {"members": list(range(1_000))})

        instance = restore(definition, step.state, _WORLD)
        instance.visible(step.opened[500].id)

        assert instance.size == 3  # the root, the activity, the one instance


class TestSleepers:
    """Whoever sleeps wakes as one who never slept."""

    def test_are_withdrawn_by_a_boundary_event(self) -> None:
        play = Play(_vote(), variables={"members": ["甲", "乙", "丙"]})
        keys = [item.id for item in play.instance.items]
        play.do("vote", 1)

        step = play.fire("late")

        assert step.withdrawn == (keys[0], keys[2])
        assert play.waiting == ["after"]

    def test_keep_their_order_whoever_was_asked_for_first(self) -> None:
        play = Play(_vote(), variables={"members": ["甲", "乙", "丙"]})
        instance = play.instance
        keys = [item.id for item in play.open.values()]

        instance.visible(keys[2])

        assert [item.id for item in instance.items] == keys
        assert instance.cancel().withdrawn == tuple(reversed(keys))

    def test_see_what_changed_while_they_slept(self) -> None:
        play = Play(_vote(), variables={"members": ["甲", "乙"]})
        play.put(rule="过半数")
        play.do("vote", 0)

        seen = play.instance.visible(play.item("vote").id)

        assert seen["rule"] == "过半数"
        assert seen["member"] == "乙"
        assert seen["nrOfCompletedInstances"] == 1

    def test_of_a_variable_with_the_name_of_the_state_s_own_mark_lose_nothing(self) -> None:
        play = Play(_vote(), variables={"members": ["甲"], "$": {"$": 1}})

        play.put(other=1)

        assert play.variables["$"] == {"$": 1}
        assert play.variables["other"] == 1
