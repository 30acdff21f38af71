from datetime import timedelta

import pytest

from bpmn.running import StepFailed
from tests.bpmn.diagrams import (
    ERROR,
    MESSAGE,
    MESSAGE2,
    SIGNAL,
    TERMINATE,
    a_process,
    boundary,
    bpmn,
    chain,
    condition,
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


class TestAnEventSubProcess:
    """It begins when its event comes while its scope runs (BPMN 2.0.2, 13.5.4)."""

    @staticmethod
    def _file(definition: str, *, interrupts: bool) -> bytes:
        body = user("h") + chain("x_s", "h")
        return diagram(
            start(), user("a"), handler("x", definition, body, interrupts=interrupts), end(),
            chain("s", "a", "e"),
        )  # fmt: skip

    def test_that_interrupts_withdraws_all_else(self) -> None:
        play = Play(self._file(MESSAGE, interrupts=True))
        assert play.step.awaited[0].element == "x_s"

        play.send("msg")

        assert play.waiting == ["h"]
        assert not play.instance.accepts("msg")
        play.do("h")
        assert play.over

    def test_that_does_not_interrupt_begins_every_time(self) -> None:
        play = Play(self._file(MESSAGE, interrupts=False))

        play.send("msg")
        play.send("msg")

        assert play.waiting == ["a", "h", "h"]
        play.do("h")
        play.send("msg")
        assert play.count("h") == 3

    def test_keeps_its_scope_alive_until_it_is_over(self) -> None:
        play = Play(self._file(MESSAGE, interrupts=False))
        play.send("msg")

        play.do("a")
        assert not play.over
        play.do("h")
        assert play.over

    def test_that_never_begins_does_not_keep_its_scope_alive(self) -> None:
        play = Play(self._file(timer("P1D"), interrupts=True))

        step = play.do("a")

        assert play.over
        assert len(step.disarmed) == 1

    def test_begins_with_a_timer(self) -> None:
        play = Play(self._file(timer("P1D"), interrupts=True))

        play.fire("x")

        assert play.waiting == ["h"]

    def test_begins_with_each_turn_of_a_cycle(self) -> None:
        play = Play(self._file(timer("R2/P1D", "timeCycle"), interrupts=False))

        play.fire("x")
        assert play.due == {"x": timedelta(days=1)}
        play.fire("x")

        assert play.timers == {}
        assert play.waiting == ["a", "h", "h"]

    def test_begins_with_a_signal_or_a_condition(self) -> None:
        play = Play(self._file(SIGNAL, interrupts=True))
        play.signal("sig")
        assert play.waiting == ["h"]

        play = Play(self._file(condition("x > 1"), interrupts=False))
        play.put(x=2)
        assert play.waiting == ["a", "h"]

    def test_begins_with_an_error_of_the_work_around(self) -> None:
        play = Play(self._file(ERROR, interrupts=True))

        play.err("a", "E1")

        assert play.waiting == ["h"]

    def test_does_not_catch_the_error_that_it_throws_itself(self) -> None:
        body = end("he", ERROR) + chain("x_s", "he")
        play = Play(diagram(start(), user("a"), handler("x", ERROR, body), chain("s", "a")))

        with pytest.raises(StepFailed, match="Nothing catches"):
            play.err("a", "E1")

    def test_has_what_the_message_carried_in_a_scope_of_its_own(self) -> None:
        play = Play(self._file(MESSAGE, interrupts=False), variables={"reason": "原"})

        play.send("msg", reason="新", by="乙")

        assert play.instance.visible(play.item("h").id) == {"reason": "新", "by": "乙"}
        assert play.variables == {"reason": "原"}

    def test_belongs_to_the_sub_process_that_it_is_drawn_in(self) -> None:
        inner = handler("x", MESSAGE, user("h") + chain("x_s", "h"))
        play = Play(
            diagram(
                start(), user("o"),
                _sub("sub", start("is"), user("i"), inner, chain("is", "i")),
                user("z"), chain("s", "sub", "z"), chain("s", "o"),
            )
        )  # fmt: skip

        play.send("msg")

        assert play.waiting == ["o", "h"]
        play.do("h")
        assert play.waiting == ["o", "z"]

    def test_may_call_a_process(self) -> None:
        called = a_process(start("cs"), user("cu"), chain("cs", "cu"), process="C")
        body = node("callActivity", "hc", calledElement="C") + chain("x_s", "hc")
        caller = a_process(
            start(), user("a"), handler("x", MESSAGE, body, interrupts=False), chain("s", "a")
        )
        play = Play(bpmn(caller, called))

        play.send("msg")
        play.send("msg")

        assert play.waiting == ["a", "cu", "cu"]
        assert play.item("cu").callers == ("hc",)

    def test_reaches_ends_that_count_as_ends_of_the_process(self) -> None:
        body = end("he") + chain("x_s", "he")
        play = Play(diagram(start(), user("a"), handler("x", MESSAGE, body), chain("s", "a")))

        step = play.send("msg")

        assert step.ended == ("he",)

    def test_that_terminates_ends_itself_alone(self) -> None:
        body = end("he", TERMINATE) + chain("x_s", "he")
        play = Play(
            diagram(
                start(), user("a"), handler("x", MESSAGE, body, interrupts=False),
                chain("s", "a"),
            )
        )  # fmt: skip

        play.send("msg")

        assert play.waiting == ["a"]

    def test_of_several_the_one_whose_event_came_begins(self) -> None:
        play = Play(
            diagram(
                start(), user("a"), handler("x", MESSAGE, user("h") + chain("x_s", "h")),
                handler("y", MESSAGE2, user("k") + chain("y_s", "k"), interrupts=False),
                chain("s", "a"),
            )
        )  # fmt: skip

        play.send("msg2")
        assert play.waiting == ["a", "k"]
        play.send("msg")
        assert play.waiting == ["h"]
