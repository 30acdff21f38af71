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
    bpmn,
    chain,
    condition,
    diagram,
    end,
    handler,
    node,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play


def _sub(key: str, *body: str) -> str:
    return node("subProcess", key, "".join(body))


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
