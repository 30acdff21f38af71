import pytest

from bpmn.running import StepFailed
from tests.bpmn.diagrams import boundary, chain, diagram, end, flow, node, start, timer, user
from tests.bpmn.running.playing import Play


def _exclusive(*flows: str, default: str = "") -> bytes:
    attributes = {"default": default} if default else {}
    return diagram(
        start(),
        node("exclusiveGateway", "g", **attributes),
        user("a", "b", "c"),
        chain("s", "g"),
        *flows,
    )


class TestAnExclusiveGateway:
    """The first flow whose condition holds is taken, else the default (BPMN 2.0.2, 13.4.2)."""

    FLOWS = (flow("g", "a", "x > 5"), flow("g", "b", "x > 3"), flow("g", "c", key="other"))

    @pytest.mark.parametrize(("x", "way"), [(9, "a"), (4, "b"), (1, "c")])
    def test_takes_one_flow(self, x: int, way: str) -> None:
        play = Play(_exclusive(*self.FLOWS, default="other"), variables={"x": x})

        assert play.waiting == [way]

    def test_fails_the_step_when_nothing_holds_and_there_is_no_default(self) -> None:
        with pytest.raises(StepFailed) as failed:
            Play(_exclusive(flow("g", "a", "x > 5")), variables={"x": 1})

        incident = failed.value.incident
        assert (incident.process, incident.element) == ("P", "g")
        assert "默认流" in incident.zh
        assert "default" in incident.en

    def test_fails_the_step_when_a_condition_reads_what_is_not_there(self) -> None:
        with pytest.raises(StepFailed) as failed:
            Play(_exclusive(flow("g", "a", "x > 5"), flow("g", "b", key="other"), default="other"))

        assert failed.value.incident.element == "g__a"
        assert "x > 5" in failed.value.incident.en

    def test_reads_conditions_of_camunda_7(self) -> None:
        flows = (flow("g", "a", "${x == 1}"), flow("g", "b", key="other"))
        play = Play(_exclusive(*flows, default="other"), variables={"x": 1})

        assert play.waiting == ["a"]

    def test_leaves_the_old_state_good_when_a_step_fails(self) -> None:
        play = Play(
            diagram(
                start(),
                user("a", "b"),
                node("exclusiveGateway", "g"),
                chain("s", "a", "g"),
                flow("g", "b", "ok"),
            )
        )
        instance = play.instance
        key = instance.items[0].id
        with pytest.raises(StepFailed):
            instance.complete(key, {})

        with pytest.raises(RuntimeError, match="restore it"):
            instance.set_variables({"ok": True})
        play.do("a", ok=True)
        assert play.waiting == ["b"]


class TestAParallelGateway:
    """It waits for a token on every flow, and sends one out on each (BPMN 2.0.2, 13.4.1)."""

    FORK = diagram(
        start(),
        node("parallelGateway", "f"),
        user("a", "b"),
        node("parallelGateway", "j"),
        user("c"),
        chain("s", "f", "a", "j", "c"),
        chain("f", "b", "j"),
    )

    def test_opens_every_branch(self) -> None:
        assert Play(self.FORK).waiting == ["a", "b"]

    @pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
    def test_goes_on_once_when_all_have_come(self, order: tuple[str, str]) -> None:
        play = Play(self.FORK)

        play.do(order[0])
        assert play.waiting == [order[1]]
        play.do(order[1])

        assert play.waiting == ["c"]
        assert play.count("c") == 1
        assert play.count("j", "completed") == 1

    def test_loses_nothing_that_the_branches_wrote(self) -> None:
        play = Play(self.FORK, variables={"opinions": ["x"]})

        seen = play.instance.visible(play.item("a").id)["opinions"]
        assert isinstance(seen, list)
        play.do("a", opinions=[*seen, "A1"], a=1)
        seen = play.instance.visible(play.item("b").id)["opinions"]
        assert isinstance(seen, list)
        play.do("b", opinions=[*seen, "B1"], b=2)

        assert play.variables == {"opinions": ["x", "A1", "B1"], "a": 1, "b": 2}

    def test_keeps_a_second_token_of_one_flow_for_its_next_turn(self) -> None:
        play = Play(
            diagram(
                start(),
                node("parallelGateway", "f"),
                user("a", "b", "c", "d"),
                node("exclusiveGateway", "m"),
                node("parallelGateway", "j"),
                user("z"),
                chain("s", "f"),
                chain("f", "a", "m", "j"),
                chain("f", "b", "m"),
                chain("f", "c", "n"),
                chain("f", "d", "n"),
                node("exclusiveGateway", "n"),
                chain("n", "j", "z"),
            )
        )

        play.do("a")
        play.do("b")
        assert play.count("z") == 0
        play.do("c")
        assert play.count("z") == 1
        play.do("d")
        assert play.count("z") == 2

    def test_joins_again_in_each_turn_of_a_loop(self) -> None:
        play = Play(
            diagram(
                start(),
                node("exclusiveGateway", "m"),
                node("parallelGateway", "f"),
                user("a", "b", "c"),
                node("parallelGateway", "j"),
                node("exclusiveGateway", "g", default="out"),
                end(),
                chain("s", "m", "f", "a", "j", "c", "g"),
                chain("f", "b", "j"),
                flow("g", "m", "again"),
                flow("g", "e", key="out"),
            )
        )

        for turn in range(3):
            play.do("b")
            play.do("a")
            play.do("c", again=turn < 2)

        assert play.over
        assert play.count("j", "completed") == 3


class TestAnInclusiveGateway:
    """It waits exactly for the tokens that can still arrive (BPMN 2.0.2, 13.4.3)."""

    FILE = diagram(
        start(),
        node("inclusiveGateway", "f", default="fc"),
        user("a", "b", "c", "z"),
        node("inclusiveGateway", "j"),
        chain("s", "f"),
        flow("f", "a", "x > 1"),
        flow("f", "b", "x > 2"),
        flow("f", "c", key="fc"),
        chain("a", "j"),
        chain("b", "j"),
        chain("c", "j", "z"),
    )

    @pytest.mark.parametrize(("x", "ways"), [(3, ["a", "b"]), (2, ["a"]), (0, ["c"])])
    def test_takes_every_flow_that_holds_else_the_default(self, x: int, ways: list[str]) -> None:
        play = Play(self.FILE, variables={"x": x})

        assert play.waiting == ways
        for way in ways:
            assert play.count("z") == 0
            play.do(way)
        assert play.waiting == ["z"]
        assert play.count("z") == 1

    def test_fails_when_nothing_holds_and_there_is_no_default(self) -> None:
        file = diagram(
            start(),
            node("inclusiveGateway", "f"),
            user("a"),
            chain("s", "f"),
            flow("f", "a", "false"),
        )
        with pytest.raises(StepFailed, match="no condition holds"):
            Play(file)

    def test_waits_for_a_token_behind_a_loop_that_can_come_again(self) -> None:
        play = Play(
            diagram(
                start(),
                node("parallelGateway", "f"),
                user("a", "b", "z"),
                node("exclusiveGateway", "m"),
                node("exclusiveGateway", "g", default="on"),
                node("inclusiveGateway", "j"),
                chain("s", "f", "a", "j", "z"),
                chain("f", "m", "b", "g"),
                flow("g", "m", "again"),
                flow("g", "j", key="on"),
            )
        )

        play.do("a")
        play.do("b", again=True)
        assert play.waiting == ["b"]
        play.do("b", again=False)
        assert play.waiting == ["z"]

    def test_waits_no_longer_when_the_other_token_went_another_way(self) -> None:
        play = Play(
            diagram(
                start(),
                node("parallelGateway", "f"),
                user("a", "b", "z", "y"),
                node("exclusiveGateway", "g", default="on"),
                node("inclusiveGateway", "j"),
                chain("s", "f", "a", "j", "z"),
                chain("f", "b", "g"),
                flow("g", "y", "away"),
                flow("g", "j", key="on"),
            )
        )

        play.do("a")
        assert play.waiting == ["b"]
        play.do("b", away=True)
        assert play.waiting == ["y", "z"]

    def test_waits_for_a_host_whose_boundary_event_leads_to_it(self) -> None:
        play = Play(
            diagram(
                start(),
                node("parallelGateway", "f"),
                user("a", "b", "z"),
                end(),
                boundary("late", "b", timer("P1D")),
                node("inclusiveGateway", "j"),
                chain("s", "f", "a", "j", "z"),
                chain("f", "b", "e"),
                chain("late", "j"),
            )
        )

        play.do("a")
        assert play.waiting == ["b"]
        play.fire("late")
        assert play.waiting == ["z"]


class TestFlowsOutOfAnActivity:
    """Several flows out of an activity part as if from a gateway (BPMN 2.0.2, 13.2.1)."""

    def test_without_conditions_all_are_taken(self) -> None:
        play = Play(diagram(start(), user("a", "b"), chain("s", "a"), chain("s", "b")))

        assert play.waiting == ["a", "b"]

    def test_with_conditions_those_that_hold(self) -> None:
        play = Play(
            diagram(
                start(),
                node("task", "t", default="fd"),
                user("a", "b", "c", "d"),
                chain("s", "t"),
                flow("t", "a", "x > 1"),
                flow("t", "b", "x > 2"),
                flow("t", "c"),
                flow("t", "d", key="fd"),
            )
        )

        play.do("t", x=2)

        assert play.waiting == ["a", "c"]

    def test_the_default_only_when_no_other_is(self) -> None:
        play = Play(
            diagram(
                start(),
                node("task", "t", default="fd"),
                user("a", "d"),
                chain("s", "t"),
                flow("t", "a", "x > 1"),
                flow("t", "d", key="fd"),
            )
        )

        play.do("t", x=0)

        assert play.waiting == ["d"]


def test_a_loop_in_which_nothing_waits_fails_the_step() -> None:
    """A step comes to rest, or it is given up with the node that it turned around."""
    file = diagram(
        start(),
        node("exclusiveGateway", "m"),
        node("exclusiveGateway", "n"),
        chain("s", "m", "n", "m"),
    )
    with pytest.raises(StepFailed, match="without coming to rest"):
        Play(file)


def test_a_gateway_with_one_way_in_passes_tokens_on() -> None:
    """A join needs two; a diverging gateway of any kind has nothing to wait for."""
    asked = "<activationCondition>false</activationCondition>"
    for gateway in (
        node("complexGateway", "g", asked),
        node("inclusiveGateway", "g"),
        node("parallelGateway", "g"),
    ):
        ways = chain("s", "g", "a") + chain("g", "b")
        play = Play(diagram(start(), gateway, user("a", "b"), ways))
        assert play.waiting == ["a", "b"]
