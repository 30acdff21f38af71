"""One event that could settle several waits settles them in a defined order.

The inner scope before the outer, what interrupts before what does not, the older before the newer
(docs/bpmn.md, The order of events).
"""

from tests.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    boundary,
    chain,
    condition,
    diagram,
    flow,
    handler,
    node,
    start,
    timer,
    user,
)  # fmt: skip
from tests.bpmn.running.playing import Play


def _nested(event: str, *, outer: bool, inner: bool) -> bytes:
    """Return `a` in a sub-process, the event caught at the border of both; each may interrupt."""
    inside = (
        start("i") + user("a", "ua") + boundary("near", "a", event, interrupts=inner)
        + chain("i", "a") + chain("near", "ua")
    )  # fmt: skip
    return diagram(
        start(), node("subProcess", "sub", inside),
        boundary("far", "sub", event, interrupts=outer), user("us"),
        chain("s", "sub"), chain("far", "us"),
    )  # fmt: skip


def _fired(play: Play) -> list[str]:
    return [element for element, event in play.trace if event == "fired"]


class TestInnerBeforeOuter:
    """先内后外。"""

    def test_a_message_goes_to_the_inner_one_even_if_the_outer_interrupts(self) -> None:
        play = Play(_nested(MESSAGE, outer=True, inner=False))

        play.send("msg")

        assert _fired(play) == ["near"]
        assert play.waiting == ["a", "ua"]

    def test_a_signal_fires_the_inner_then_the_outer(self) -> None:
        play = Play(_nested(SIGNAL, outer=False, inner=True))

        play.signal("sig")

        assert _fired(play) == ["near", "far"]
        assert play.waiting == ["ua", "us"]

    def test_a_condition_fires_the_inner_then_the_outer_which_takes_all_away(self) -> None:
        play = Play(_nested(condition("go"), outer=True, inner=False))

        play.put(go=True)

        assert _fired(play) == ["near", "far"]
        assert play.waiting == ["us"]

    def test_an_event_itself_goes_before_the_event_sub_process_beside_it(self) -> None:
        file = diagram(
            start(), node("intermediateCatchEvent", "c", MESSAGE), user("u"), chain("s", "c", "u"),
            handler("h", MESSAGE, user("w"), chain("h_s", "w"), interrupts=False),
        )  # fmt: skip
        play = Play(file)

        play.send("msg")
        assert play.waiting == ["u"]
        play.send("msg")

        assert play.waiting == ["u", "w"]


class TestInterruptingFirst:
    """同层先中断、后不中断。"""

    def test_what_interrupts_goes_first_however_it_was_drawn(self) -> None:
        file = diagram(
            start(), user("a", "ub", "ui"), boundary("beside", "a", SIGNAL, interrupts=False),
            boundary("instead", "a", SIGNAL), chain("s", "a"), chain("beside", "ub"),
            chain("instead", "ui"),
        )  # fmt: skip
        play = Play(file)

        play.signal("sig")

        assert _fired(play) == ["instead"]  # the host is gone, and with it the other wait
        assert play.waiting == ["ui"]

    def test_of_two_event_sub_processes_the_interrupting_one_goes_first(self) -> None:
        file = diagram(
            start(), user("a"), chain("s", "a"),
            handler("beside", MESSAGE, user("ub"), chain("beside_s", "ub"), interrupts=False),
            handler("instead", MESSAGE, user("ui"), chain("instead_s", "ui")),
        )  # fmt: skip
        play = Play(file)

        play.send("msg")

        assert play.waiting == ["ui"]


class TestOlderFirst:
    """同等则先等先得。"""

    def test_of_two_that_wait_alike_the_older_takes_the_message(self) -> None:
        file = diagram(
            start(), node("parallelGateway", "g"), user("a", "b"),
            node("intermediateCatchEvent", "late", MESSAGE),
            node("intermediateCatchEvent", "early", MESSAGE), user("c"),
            chain("s", "g", "c", "late", "a"), chain("g", "early", "b"),
        )  # fmt: skip
        play = Play(file)
        play.do("c")

        play.send("msg")

        assert play.waiting == ["b"]


class TestTokensBeforeEvents:
    """令牌先走完，再问汇合，再问条件。"""

    def test_a_condition_is_asked_when_no_token_moves(self) -> None:
        count = node("exclusiveGateway", "g", default="out")
        task = node(
            "userTask", "a",
            '<extensionElements><camunda:inputOutput><camunda:outputParameter name="n">=n + 1'
            "</camunda:outputParameter></camunda:inputOutput></extensionElements>",
        )  # fmt: skip
        passed = node(
            "intermediateThrowEvent", "t",
            '<extensionElements><camunda:inputOutput><camunda:outputParameter name="n">=n - 1'
            "</camunda:outputParameter></camunda:inputOutput></extensionElements>",
        )  # fmt: skip
        watch = handler("h", condition("n > 0"), user("w"), chain("h_s", "w"), interrupts=False)
        file = diagram(
            start(), task, count, passed, user("z"), watch, chain("s", "a", "g"),
            flow("g", "t", key="out"), chain("t", "z"),
        )  # fmt: skip
        play = Play(file, variables={"n": 0})

        play.do("a")  # n is 1 between a and t, and 0 again when all is quiet

        assert play.waiting == ["z"]
        assert _fired(play) == []

    def test_a_join_is_asked_before_a_condition(self) -> None:
        join = node("inclusiveGateway", "j")
        late = boundary("late", "x", condition("done"), interrupts=False)
        file = diagram(
            start(), node("parallelGateway", "f"), user("a", "b", "x", "w", "z"), join, late,
            chain("s", "f", "a", "j", "z"), chain("f", "b", "j"), chain("f", "x"),
            chain("late", "w"),
        )  # fmt: skip
        play = Play(file)
        play.do("a")

        play.do("b", done=True)

        entered = [element for element, event in play.trace if event == "entered"]
        assert entered.index("z") < entered.index("w")

    def test_each_timer_fires_in_a_step_of_its_own(self) -> None:
        file = diagram(
            start(), user("a", "u", "v"), boundary("one", "a", timer("PT1H"), interrupts=False),
            boundary("two", "a", timer("PT1H"), interrupts=False), chain("s", "a"),
            chain("one", "u"), chain("two", "v"),
        )  # fmt: skip
        play = Play(file)

        play.fire("two")

        assert play.waiting == ["a", "v"]
