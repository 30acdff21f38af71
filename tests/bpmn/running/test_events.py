import pytest

from bpmn.running import NotWaiting, StepFailed, Thrown
from tests.bpmn.diagrams import (
    ANY_ERROR,
    ERROR,
    ESCALATION,
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
    node,
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


class TestASignal:
    """A signal reaches all that wait for it (BPMN 2.0.2, 10.5.1)."""

    def test_thrown_within_the_instance_reaches_every_catch_and_leaves_it(self) -> None:
        play = Play(
            diagram(
                start(), node("intermediateCatchEvent", "c", SIGNAL),
                node("intermediateCatchEvent", "d", SIGNAL), user("a", "b", "w"),
                end("e", SIGNAL), chain("s", "c", "a"), chain("s", "d", "b"),
                chain("s", "w", "e"),
            )
        )  # fmt: skip

        play.do("w")

        assert play.waiting == ["a", "b"]
        assert play.thrown == [("signal", "sig", {})]

    def test_from_outside_reaches_boundaries_in_both_modes(self) -> None:
        play = Play(_on_a(SIGNAL, interrupts=False))
        play.signal("sig")
        play.signal("sig")
        assert play.waiting == ["a", "b", "b"]

        play = Play(_on_a(SIGNAL, interrupts=True))
        play.signal("sig")
        play.signal("sig")
        assert play.waiting == ["b"]

    def test_of_which_an_earlier_receiver_interrupts_a_later_one_passes_that_by(self) -> None:
        inner = start("is") + node("intermediateCatchEvent", "c", SIGNAL) + chain("is", "c")
        outer = (
            user("w") + node("subProcess", "sub", inner) + boundary("b", "w", SIGNAL)
            + end("t", TERMINATE)
        )  # fmt: skip
        play = Play(diagram(start(), outer, chain("s", "w"), chain("s", "sub"), chain("b", "t")))

        play.signal("sig")

        assert play.over


class TestAnError:
    """An error goes to the nearest scope that catches it (BPMN 2.0.2, 13.5.4)."""

    def test_from_work_is_caught_at_its_boundary(self) -> None:
        play = Play(_on_a(ERROR, interrupts=True))

        play.err("a", "E1", "缺材料")

        assert play.waiting == ["b"]
        assert ("a", "cancelled") in play.trace

    def test_may_leave_its_code_and_message_in_variables(self) -> None:
        definition = (
            '<errorEventDefinition errorRef="E" camunda:errorCodeVariable="code" '
            'camunda:errorMessageVariable="why"/>'
        )
        play = Play(_on_a(definition, interrupts=True))

        play.err("a", "E1", "缺材料")

        assert play.variables == {"code": "E1", "why": "缺材料"}

    def test_prefers_the_catch_of_its_code_to_a_catch_of_all(self) -> None:
        play = Play(
            diagram(
                start(), user("a", "b", "c"), boundary("any", "a", ANY_ERROR),
                boundary("one", "a", ERROR), chain("s", "a"), chain("any", "b"),
                chain("one", "c"),
            )
        )  # fmt: skip

        assert play.count("a") == 1
        play.err("a", "E1")
        assert play.waiting == ["c"]

    def test_of_another_code_goes_to_the_catch_of_all(self) -> None:
        play = Play(_on_a(ANY_ERROR, interrupts=True))

        play.err("a", "ANYTHING")

        assert play.waiting == ["b"]

    def test_at_the_end_of_a_sub_process_is_caught_around_it(self) -> None:
        inner = start("is") + user("i", "j") + end("ie", ERROR) + chain("is", "i", "ie")
        inner += chain("is", "j")
        play = Play(
            diagram(
                start(), node("subProcess", "sub", inner), boundary("x", "sub", ERROR),
                user("a", "b"), chain("s", "sub", "a"), chain("x", "b"),
            )
        )  # fmt: skip

        step = play.do("i")

        assert play.waiting == ["b"]
        assert len(step.withdrawn) == 1
        assert [e for e, what in play.trace if what == "cancelled"] == ["j", "sub"]

    def test_passes_out_of_a_called_process(self) -> None:
        called = a_process(start("cs"), end("ce", ERROR), chain("cs", "ce"), process="C")
        caller = a_process(
            start(), node("callActivity", "c", calledElement="C"), boundary("x", "c", ERROR),
            user("b"), chain("s", "c"), chain("x", "b"),
        )  # fmt: skip

        assert Play(bpmn(caller, called)).waiting == ["b"]

    def test_that_nothing_catches_fails_the_step(self) -> None:
        play = Play(_on_a(ERROR, interrupts=True))

        with pytest.raises(StepFailed) as failed:
            play.err("a", "E2", "坏了")

        assert failed.value.incident.element == "a"
        assert "E2" in failed.value.incident.zh
        assert play.waiting == ["a"]


class TestAnEscalation:
    """An escalation tells the scope around; one that nobody catches is over (10.5.1)."""

    @staticmethod
    def _file(*, interrupts: bool) -> bytes:
        inner = (
            start("is") + node("intermediateThrowEvent", "t", ESCALATION) + user("i")
            + chain("is", "t", "i")
        )  # fmt: skip
        return diagram(
            start(), node("subProcess", "sub", inner), user("b"),
            boundary("x", "sub", ESCALATION, interrupts=interrupts), chain("s", "sub"),
            chain("x", "b"),
        )  # fmt: skip

    def test_that_does_not_interrupt_lets_the_thrower_go_on(self) -> None:
        assert sorted(Play(self._file(interrupts=False)).waiting) == ["b", "i"]

    def test_that_interrupts_ends_the_thrower(self) -> None:
        assert Play(self._file(interrupts=True)).waiting == ["b"]

    def test_that_nobody_catches_changes_nothing(self) -> None:
        throw = node("intermediateThrowEvent", "t", ESCALATION)

        assert Play(diagram(start(), throw, user("a"), chain("s", "t", "a"))).waiting == ["a"]


class TestACondition:
    """A conditional event fires when its condition becomes true (BPMN 2.0.2, 10.5.5)."""

    def test_is_asked_when_a_variable_changes(self) -> None:
        catch = node("intermediateCatchEvent", "c", condition("x > 2"))
        play = Play(diagram(start(), catch, user("a"), chain("s", "c", "a")), variables={"x": 1})

        assert play.waiting == []
        play.put(x=2)
        assert play.waiting == []
        play.put(x=3)
        assert play.waiting == ["a"]

    def test_holds_at_once_where_it_is_true_already(self) -> None:
        catch = node("intermediateCatchEvent", "c", condition("x > 2"))

        play = Play(diagram(start(), catch, user("a"), chain("s", "c", "a")), variables={"x": 3})

        assert play.waiting == ["a"]

    def test_sees_what_another_branch_wrote(self) -> None:
        play = Play(
            diagram(
                start(), node("intermediateCatchEvent", "c", condition("done")), user("a", "b"),
                chain("s", "c", "a"), chain("s", "b"),
            ),
            variables={"done": False},
        )  # fmt: skip

        play.do("b", done=True)

        assert play.waiting == ["a"]

    def test_that_does_not_interrupt_fires_each_time_it_becomes_true(self) -> None:
        play = Play(_on_a(condition("x > 2"), interrupts=False), variables={"x": 1})

        for x, fired in ((3, 1), (4, 1), (1, 1), (5, 2)):
            play.put(x=x)
            assert play.count("x", "fired") == fired

    def test_that_is_null_has_not_come(self) -> None:
        assert Play(_on_a(condition("x > 2"), interrupts=True)).waiting == ["a"]


class TestAMultipleEvent:
    """The first of its triggers fires it; all of them if it is parallel (10.5.5)."""

    @staticmethod
    def _catch(*, parallel: bool) -> bytes:
        marked = "true" if parallel else "false"
        what = MESSAGE + timer("P1D") + SIGNAL
        catch = node("intermediateCatchEvent", "c", what, parallelMultiple=marked)
        return diagram(start(), catch, user("a"), chain("s", "c", "a"))

    def test_fires_with_the_first(self) -> None:
        play = Play(self._catch(parallel=False))

        step = play.signal("sig")

        assert play.waiting == ["a"]
        assert len(step.disarmed) == 1
        assert not step.awaited

    def test_that_is_parallel_fires_with_the_last(self) -> None:
        play = Play(self._catch(parallel=True))

        play.signal("sig")
        assert [a.name for a in play.step.awaited] == ["msg"]
        play.fire("c")
        assert play.waiting == []
        play.send("msg")
        assert play.waiting == ["a"]

    def test_that_is_parallel_waits_for_all_again_where_it_does_not_interrupt(self) -> None:
        both = boundary("x", "a", MESSAGE + SIGNAL, interrupts=False).replace(
            "<boundaryEvent", '<boundaryEvent parallelMultiple="true"'
        )
        play = Play(diagram(start(), user("a", "b"), both, chain("s", "a"), chain("x", "b")))

        for turn in (1, 2):
            play.send("msg")
            assert not play.instance.accepts("msg")
            play.signal("sig")
            assert play.count("b") == turn

    def test_of_two_cycles_each_keeps_its_own_rhythm(self) -> None:
        both = timer("R/PT1H", "timeCycle") + timer("R/P1D", "timeCycle")
        play = Play(_on_a(both, interrupts=False))
        daily = next(t for t in play.timers.values() if t.repeat == "R/P1D")

        step = play.instance.fire(daily.id, due_at=daily.due_at)

        assert [t.repeat for t in step.armed] == ["R/P1D"]


class TestAnEnd:
    """A process is over when no token is left, or at once at a terminating end (13.5.6)."""

    def test_names_every_end_that_was_reached(self) -> None:
        play = Play(
            diagram(
                start(), user("a", "b"), end("e1"), end("e2"), chain("s", "a", "e1"),
                chain("s", "b", "e2"),
            )
        )  # fmt: skip

        play.do("b")
        assert not play.step.ended
        play.do("a")
        assert play.step.ended == ("e2", "e1")

    def test_that_terminates_withdraws_all_that_waits(self) -> None:
        play = Play(
            diagram(
                start(), user("a", "b"), boundary("x", "b", timer("P1D")), end("e", TERMINATE),
                chain("s", "a", "e"), chain("s", "b"),
            )
        )  # fmt: skip

        step = play.do("a")

        assert play.over
        assert step.ended == ("e",)
        assert len(step.withdrawn) == 1
        assert len(step.disarmed) == 1

    def test_that_terminates_a_sub_process_ends_that_alone(self) -> None:
        inner = start("is") + user("i", "j") + end("ie", TERMINATE) + chain("is", "i", "ie")
        inner += chain("is", "j")
        play = Play(
            diagram(start(), node("subProcess", "x", inner), user("a"), chain("s", "x", "a"))
        )

        play.do("i")

        assert play.waiting == ["a"]


def test_a_link_is_short_for_a_flow() -> None:
    """A throwing link leads to the catching link of its name (BPMN 2.0.2, 10.5.5)."""
    play = Play(
        diagram(
            start(), user("a", "b", "c"),
            node("intermediateThrowEvent", "t1", '<linkEventDefinition name="L"/>'),
            node("intermediateThrowEvent", "t2", '<linkEventDefinition name="L"/>'),
            node("intermediateCatchEvent", "l", '<linkEventDefinition name="L"/>'),
            chain("s", "a", "t1"), chain("s", "b", "t2"), chain("l", "c"),
        )
    )  # fmt: skip

    play.do("a")
    play.do("b")

    assert play.waiting == ["c", "c"]
    assert flow("a", "b")  # the helper that draws what a link is short for
