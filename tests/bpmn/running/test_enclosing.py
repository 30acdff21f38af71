import pytest

from bpmn.running import StepFailed
from tests.bpmn.diagrams import (
    MESSAGE,
    a_process,
    boundary,
    bpmn,
    chain,
    diagram,
    end,
    extensions,
    flow,
    handler,
    node,
    properties,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play


def _sub(key: str, *body: str) -> str:
    return node("subProcess", key, "".join(body))


class TestASubProcess:
    """It is a scope of its own, over when no token is left in it (BPMN 2.0.2, 13.3.4)."""

    FILE = diagram(
        start(), _sub("sub", start("is"), user("i", "j"), chain("is", "i"), chain("is", "j")),
        user("a"), chain("s", "sub", "a"),
    )  # fmt: skip

    def test_goes_on_when_all_inside_is_done(self) -> None:
        play = Play(self.FILE)

        play.do("i")
        assert play.waiting == ["j"]
        play.do("j")

        assert play.waiting == ["a"]

    def test_sees_and_writes_what_is_declared_around_it(self) -> None:
        play = Play(self.FILE, variables={"x": 1})

        assert play.instance.visible(play.item("i").id) == {"x": 1}
        play.do("i", x=2, y=3)

        assert play.variables == {"x": 2, "y": 3}

    def test_is_withdrawn_with_all_inside_by_its_boundary(self) -> None:
        deep = _sub("deep", start("ds"), user("d"), boundary("dt", "d", timer("P1D")),
                    chain("ds", "d"))  # fmt: skip
        play = Play(
            diagram(
                start(), _sub("sub", start("is"), deep, user("i"), chain("is", "deep"),
                              chain("is", "i")),
                boundary("x", "sub", MESSAGE), user("b"), chain("s", "sub"), chain("x", "b"),
            )
        )  # fmt: skip

        step = play.send("msg")

        assert play.waiting == ["b"]
        assert len(step.withdrawn) == 2
        assert len(step.disarmed) == 1
        assert [e for e, what in play.trace if what == "cancelled"] == ["i", "d", "deep", "sub"]

    def test_runs_anew_in_each_turn_of_a_loop(self) -> None:
        play = Play(
            diagram(
                start(), node("exclusiveGateway", "m"),
                _sub("sub", start("is"), user("i"), chain("is", "i")),
                node("exclusiveGateway", "g", default="out"), end(),
                chain("s", "m", "sub", "g"), flow("g", "m", "again"), flow("g", "e", key="out"),
            )
        )  # fmt: skip

        play.do("i", again=True)
        play.do("i", again=True)
        play.do("i", again=False)

        assert play.over
        assert play.count("sub", "completed") == 3


_OUTER = a_process(
    start(),
    node(
        "callActivity", "c1",
        extensions(
            '<camunda:properties><camunda:property name="article" value="篇1§8"/>'
            '<camunda:property name="who" value="=name"/></camunda:properties>'
            '<camunda:in source="x" target="given"/><camunda:in sourceExpression="x + 1" '
            'target="more"/><camunda:in businessKey="=name"/><camunda:out source="found" '
            'target="result"/><camunda:out sourceExpression="given * 100" target="big"/>'
        ),
        calledElement="C",
    ),
    user("z"), chain("s", "c1", "z"),
)  # fmt: skip
_INNER = a_process(
    start("cs"),
    node("callActivity", "c2", extensions('<camunda:in variables="all"/>'
                                          '<camunda:out variables="all"/>'),
         calledElement="D"),
    user("cu"), chain("cs", "c2", "cu"), process="C",
)  # fmt: skip
_INMOST = a_process(
    start("ds"), node("userTask", "du", properties(article="篇1§9", stage="s")),
    chain("ds", "du"), process="D",
)  # fmt: skip


def test_an_instance_can_be_cancelled_as_a_whole() -> None:
    """What waits is withdrawn from the inside out, and nothing can happen any more."""
    inner = node("subProcess", "sub", start("is") + user("i") + chain("is", "i"))
    play = Play(
        diagram(
            start(),
            user("a"),
            inner,
            boundary("x", "a", timer("P1D")),
            handler("h", MESSAGE, user("hu") + chain("h_s", "hu")),
            chain("s", "a"),
            chain("s", "sub"),
        )
    )

    step = play.cancel()

    assert len(step.withdrawn) == 2
    assert len(step.disarmed) == 1
    assert not step.awaited
    assert not step.ended
    assert play.over


class TestACallActivity:
    """The called process has its own scope: only what is mapped passes (Camunda 7, in and out)."""

    @pytest.fixture
    def play(self) -> Play:
        return Play(
            bpmn(_OUTER), bpmn(_INNER, roots=""), bpmn(_INMOST, roots=""),
            variables={"x": 2, "name": "甲", "secret": 1},
        )  # fmt: skip

    def test_sees_nothing_but_what_is_mapped_in(self, play: Play) -> None:
        assert play.instance.visible(play.item("du").id) == {
            "given": 2, "more": 3, "businessKey": "甲",
        }  # fmt: skip

    def test_lets_out_nothing_but_what_is_mapped(self, play: Play) -> None:
        play.do("du", found="事实", x=99)
        play.do("cu", other=1)

        assert play.waiting == ["z"]
        assert play.variables == {"x": 2, "name": "甲", "secret": 1, "result": "事实", "big": 200}

    def test_hands_its_properties_to_the_work_inside_the_inner_ones_winning(
        self, play: Play
    ) -> None:
        item = play.item("du")

        assert item.properties == {"article": "篇1§9", "who": "甲", "stage": "s"}
        assert item.callers == ("c1", "c2")
        assert (item.process, item.element) == ("D", "du")

    def test_names_its_callers_in_the_trace(self, play: Play) -> None:
        entered = next(t for t in play.step.trace if t.element == "du")

        assert (entered.process, entered.callers) == ("D", ("c1", "c2"))
        assert {("P", "c1"), ("C", "c2"), ("D", "du")} <= set(play.definition.elements)

    def test_may_be_given_variables_by_the_caller_of_the_engine(self) -> None:
        play = Play(
            bpmn(_OUTER), bpmn(_INNER, roots=""), bpmn(_INMOST, roots=""),
            variables={"x": 2, "name": "甲"},
            called=lambda element: {"policy": {"for": element.id}, f"in {element.id}": 1},
        )  # fmt: skip

        visible = play.instance.visible(play.item("du").id)

        assert visible["policy"] == {"for": "c2"}
        assert visible["in c1"] == 1

    def test_is_given_nothing_that_hides_what_the_diagram_maps_by_name(self) -> None:
        play = Play(
            bpmn(_OUTER), bpmn(_INNER, roots=""), bpmn(_INMOST, roots=""),
            variables={"x": 2, "name": "甲"},
            called=lambda element: {"more": "hidden"} if element.id == "c1" else {},
        )  # fmt: skip

        assert play.instance.visible(play.item("du").id)["more"] == 3

    def test_may_call_the_same_process_at_several_places_at_once(self) -> None:
        called = a_process(start("cs"), user("cu"), chain("cs", "cu"), process="C")

        def call(key: str) -> str:
            mapped = extensions(f'<camunda:out source="r" target="{key}"/>')
            return node("callActivity", key, mapped, calledElement="C")

        caller = a_process(start(), call("p"), call("q"), end(), chain("s", "p", "e"),
                           chain("s", "q", "e"))  # fmt: skip
        play = Play(bpmn(caller, called))

        assert [i.callers for i in play.instance.items] == [("p",), ("q",)]
        play.do("cu", 1, r="Q")
        play.do("cu", r="P")

        assert play.over
        assert play.variables == {"p": "P", "q": "Q"}

    def test_may_call_itself_as_long_as_it_comes_to_rest(self) -> None:
        again = extensions('<camunda:in sourceExpression="n - 1" target="n"/>')
        play = Play(
            diagram(
                start(), node("exclusiveGateway", "g", default="out"), end(), user("a"),
                node("callActivity", "c", again, calledElement="P"),
                chain("s", "g"), flow("g", "c", "n > 0"), flow("g", "a", key="out"),
                chain("c", "e"), chain("a", "e"),
            ),
            variables={"n": 3},
        )  # fmt: skip

        assert play.item("a").callers == ("c", "c", "c")
        play.do("a")
        assert play.over

    def test_that_calls_itself_for_ever_fails_the_step(self) -> None:
        file = diagram(start(), node("callActivity", "c", calledElement="P"), chain("s", "c"))

        with pytest.raises(StepFailed, match="deep"):
            Play(file)
