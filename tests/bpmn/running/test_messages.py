import pytest

from bpmn import DiagramRefused
from bpmn.running import NotWaiting, Thrown
from tests.bpmn.diagrams import (
    MESSAGE,
    MESSAGE2,
    SIGNAL,
    boundary,
    chain,
    condition,
    diagram,
    end,
    extensions,
    node,
    properties,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play


def _on_a(inner: str, *, interrupts: bool) -> bytes:
    return diagram(
        start(), user("a", "b"), boundary("x", "a", inner, interrupts=interrupts), end(),
        chain("s", "a", "e"), chain("x", "b"),
    )  # fmt: skip


class TestAMessage:
    """A message has a name and one receiver (BPMN 2.0.2, 10.5.1)."""

    CATCH = diagram(
        start(), node("intermediateCatchEvent", "c", MESSAGE), user("a"), chain("s", "c", "a")
    )

    def test_is_waited_for_and_then_lets_the_token_go_on(self) -> None:
        play = Play(self.CATCH)
        (awaited,) = play.step.awaited
        assert (awaited.kind, awaited.name, awaited.element) == ("message", "msg", "c")
        assert play.instance.accepts("msg")
        assert not play.instance.accepts("msg2")

        play.send("msg")

        assert play.waiting == ["a"]
        assert play.step.awaited == ()
        assert ("c", "fired") in play.trace

    def test_that_nobody_waits_for_is_refused(self) -> None:
        play = Play(self.CATCH)

        with pytest.raises(NotWaiting) as refused:
            play.send("msg2")

        assert "msg2" in refused.value.zh

    def test_overwrites_no_variable_that_is_not_mapped(self) -> None:
        play = Play(self.CATCH, variables={"sum": 1})

        play.send("msg", sum=99, evil=True)

        assert play.variables == {"sum": 1}

    def test_may_go_whole_into_one_variable(self) -> None:
        catch = node("intermediateCatchEvent", "c", MESSAGE, camunda_resultVariable="letter")
        play = Play(diagram(start(), catch, user("a"), chain("s", "c", "a")))

        play.send("msg", text="申诉", n=2)

        assert play.variables == {"letter": {"text": "申诉", "n": 2}}

    def test_may_be_mapped_part_by_part(self) -> None:
        mapping = extensions(
            '<camunda:inputOutput><camunda:outputParameter name="reason">=text'
            '</camunda:outputParameter></camunda:inputOutput><camunda:out source="n" target="m"/>'
        )
        catch = node("intermediateCatchEvent", "c", mapping + MESSAGE)
        play = Play(diagram(start(), catch, user("a"), chain("s", "c", "a")))

        play.send("msg", text="申诉", n=2, other=3)

        assert play.variables == {"reason": "申诉", "m": 2}

    def test_goes_to_one_of_several_that_wait_the_oldest(self) -> None:
        play = Play(
            diagram(
                start(), node("intermediateCatchEvent", "c", MESSAGE),
                node("intermediateCatchEvent", "d", MESSAGE), user("a", "b"),
                chain("s", "c", "a"), chain("s", "d", "b"),
            )
        )  # fmt: skip

        play.send("msg")
        assert play.waiting == ["a"]
        play.send("msg")
        assert play.waiting == ["a", "b"]

    def test_reaches_the_inner_scope_before_the_outer(self) -> None:
        inner = start("is") + user("i") + boundary("ib", "i", MESSAGE) + chain("is", "i")
        play = Play(
            diagram(
                start(), node("subProcess", "sub", inner), user("o"),
                boundary("ob", "sub", MESSAGE), chain("s", "sub"), chain("ob", "o"),
            )
        )  # fmt: skip

        play.send("msg")

        assert play.count("ib", "fired") == 1
        assert play.count("ob", "fired") == 0
        assert play.over

    def test_begins_a_process(self) -> None:
        file = diagram(
            start("s", MESSAGE), start("s2", MESSAGE2), user("a", "b"),
            chain("s", "a"), chain("s2", "b"),
        )  # fmt: skip

        play = Play(file, message="msg2", variables={"clue": 1})

        assert play.definition.start_messages == ("msg", "msg2")
        assert play.waiting == ["b"]
        with pytest.raises(NotWaiting, match="does not begin"):
            Play(file, message="other")
        with pytest.raises(NotWaiting, match="begins with a message only: msg, msg2"):
            Play(file)

    def test_is_received_by_a_receive_task(self) -> None:
        task = node("receiveTask", "r", messageRef="M")
        play = Play(diagram(start(), task, end(), chain("s", "r", "e")))

        assert play.waiting == []
        play.send("msg")
        assert play.over

    def test_leaves_with_what_is_mapped_and_nothing_else(self) -> None:
        carried = extensions(
            '<camunda:in source="a" target="b"/><camunda:in sourceExpression="x * 2" target="y"/>'
            '<camunda:in businessKey="=number"/>'
        )
        within = MESSAGE.replace("/>", f">{carried}</messageEventDefinition>")
        throws = (
            node("intermediateThrowEvent", "t", carried + MESSAGE)
            + node("sendTask", "st", carried, messageRef="M2")
            + end("e", within)
        )
        play = Play(
            diagram(start(), throws, chain("s", "t", "st", "e")),
            variables={"a": "甲", "x": 4, "secret": 1, "number": "某问〔2026〕1号"},
        )

        payload = {"b": "甲", "y": 8}
        key = "某问〔2026〕1号"
        assert play.step.thrown == (
            Thrown("message", "msg", payload, "P", "t", key),
            Thrown("message", "msg2", payload, "P", "st", key),
            Thrown("message", "msg", payload, "P", "e", key),
        )

    def test_at_a_boundary_that_interrupts(self) -> None:
        play = Play(_on_a(MESSAGE, interrupts=True))

        play.send("msg")

        assert play.waiting == ["b"]

    def test_at_a_boundary_that_does_not_interrupt_fires_every_time(self) -> None:
        play = Play(_on_a(MESSAGE, interrupts=False))

        play.send("msg")
        play.send("msg")
        play.send("msg")

        assert play.waiting == ["a", "b", "b", "b"]
        play.do("a")
        assert not play.instance.accepts("msg")


class TestStartEvents:
    """A process may begin in several ways; each has a start event (BPMN 2.0.2, 10.5.2)."""

    FILE = diagram(
        start("n"), start("m", MESSAGE), start("t", timer("R/P1D", "timeCycle")),
        start("d", timer('deadline("DL-1")', "timeDate")), start("g", SIGNAL),
        start("c", condition("x > 1")), user("a"),
        *(chain(key, "a") for key in "nmtdgc"),
    )  # fmt: skip

    def test_are_told_to_whoever_keeps_time_and_signals(self) -> None:
        play = Play(self.FILE)

        assert [(b.element, b.kind, b.name, b.text) for b in play.definition.beginnings] == [
            ("n", "none", "", ""),
            ("m", "message", "msg", ""),
            ("t", "timer", "", "R/P1D"),
            ("d", "timer", "", 'deadline("DL-1")'),
            ("g", "signal", "sig", ""),
            ("c", "conditional", "", "x > 1"),
        ]

    @pytest.mark.parametrize("at", ["n", "m", "t", "d", "g", "c"])
    def test_begin_the_process_each(self, at: str) -> None:
        play = Play(self.FILE, at=at)

        assert play.trace[0] == (at, "entered")
        assert play.waiting == ["a"]
        assert play.timers == {}

    def test_that_do_not_exist_begin_nothing(self) -> None:
        with pytest.raises(NotWaiting, match="no start event 'a'"):
            Play(self.FILE, at="a")


class TestAnEventBasedGateway:
    """The first event that comes decides the way (BPMN 2.0.2, 13.4.4)."""

    FILE = diagram(
        start(), node("eventBasedGateway", "g"),
        node("intermediateCatchEvent", "m", MESSAGE),
        node("intermediateCatchEvent", "t1", timer("PT1H")),
        node("intermediateCatchEvent", "t2", timer("PT5H")),
        node("receiveTask", "r", messageRef="M2"), user("a", "b", "c", "d"),
        chain("s", "g", "m", "a"), chain("g", "t1", "b"), chain("g", "t2", "c"),
        chain("g", "r", "d"),
    )  # fmt: skip

    def test_arms_each_of_its_timers(self) -> None:
        assert {k: str(v) for k, v in Play(self.FILE).due.items()} == {
            "t1": "1:00:00",
            "t2": "5:00:00",
        }

    @pytest.mark.parametrize(("timer_at", "way"), [("t1", "b"), ("t2", "c")])
    def test_goes_the_way_of_the_timer_that_fires(self, timer_at: str, way: str) -> None:
        play = Play(self.FILE)

        step = play.fire(timer_at)

        assert play.waiting == [way]
        assert len(step.disarmed) == 1
        assert play.timers == {}
        assert step.awaited == ()
        assert (timer_at, "fired") in play.trace

    @pytest.mark.parametrize(("message", "way"), [("msg", "a"), ("msg2", "d")])
    def test_goes_the_way_of_the_message_that_comes(self, message: str, way: str) -> None:
        play = Play(self.FILE)

        play.send(message)

        assert play.waiting == [way]
        assert play.timers == {}


class TestACorrelation:
    """A catching element may name what a message must be correlated by."""

    FILE = diagram(
        start(),
        node("parallelGateway", "f"),
        node("intermediateCatchEvent", "a", properties(correlation="=one") + MESSAGE),
        node("intermediateCatchEvent", "b", properties(correlation="=two") + MESSAGE),
        user("ua", "ub"),
        chain("s", "f", "a", "ua"),
        chain("f", "b", "ub"),
    )

    def test_is_told_with_what_is_awaited(self) -> None:
        play = Play(self.FILE, variables={"one": "A", "two": "B"})

        assert [(w.element, w.correlation) for w in play.instance.awaited] == [
            ("a", "A"),
            ("b", "B"),
        ]

    def test_names_the_one_that_takes_the_message(self) -> None:
        play = Play(self.FILE, variables={"one": "A", "two": "B"})

        step = play.instance.deliver("msg", correlation="B")

        assert [item.element for item in step.opened] == ["ub"]

    def test_that_none_has_is_not_accepted(self) -> None:
        instance = Play(self.FILE, variables={"one": "A"}).instance

        assert not instance.accepts("msg", "C")
        with pytest.raises(NotWaiting):
            instance.deliver("msg", correlation="C")

    def test_of_an_event_sub_process_stands_at_its_start_event(self) -> None:
        begin = node(
            "startEvent", "hs", properties(correlation="=one") + MESSAGE, isInterrupting="false"
        )
        inside = begin + user("u") + chain("hs", "u")
        file = diagram(
            start(), user("a"), chain("s", "a"),
            node("subProcess", "h", inside, triggeredByEvent="true"),
        )  # fmt: skip
        instance = Play(file, variables={"one": "A"}).instance

        assert instance.accepts("msg", "A")
        assert not instance.accepts("msg", "B")


class TestAnEarlyMessage:
    """How long one is kept that came too early stands at what catches it."""

    def test_is_kept_for_the_longest_time_that_is_declared(self) -> None:
        file = diagram(
            start(), node("intermediateCatchEvent", "a", properties(earlyFor="P7D") + MESSAGE),
            node("receiveTask", "b", properties(earlyFor="P1M"), messageRef="M"),
            node("intermediateCatchEvent", "c", MESSAGE2), chain("s", "a", "b", "c"),
        )  # fmt: skip

        early = Play(file).definition.early_for

        assert {name: length.months for name, length in early.items()} == {"msg": 1}

    def test_for_what_is_no_length_of_time_is_refused(self) -> None:
        file = diagram(
            start(), node("intermediateCatchEvent", "a", properties(earlyFor="a week") + MESSAGE),
            chain("s", "a"),
        )  # fmt: skip

        with pytest.raises(DiagramRefused, match="P7D"):
            Play(file)
