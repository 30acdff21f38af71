from tests.bpmn.diagrams import (
    MESSAGE,
    SIGNAL,
    TERMINATE,
    boundary,
    chain,
    condition,
    diagram,
    end,
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
