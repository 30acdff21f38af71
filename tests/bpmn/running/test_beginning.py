"""How an instance begins: several start events, receive tasks and gateways that instantiate.

Source: OMG BPMN 2.0.2, 10.5.2, 10.6.6, 13.2.
"""

import pytest

from bpmn import DiagramRefused
from bpmn.running import Beginning, NotWaiting
from tests.bpmn.diagrams import (
    MESSAGE,
    MESSAGE2,
    SIGNAL,
    chain,
    condition,
    diagram,
    end,
    extensions,
    handler,
    node,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play


class TestSeveralStartEvents:
    """Each start event is independent: one begins the instance."""

    FILE = diagram(
        start("plain"), start("day", timer("2026-04-08", "timeDate")), start("sig", SIGNAL),
        start("cond", condition("amount > 5")), start("msg", MESSAGE),
        user("a", "b", "c", "d", "f"),
        chain("plain", "a"), chain("day", "b"), chain("sig", "c"), chain("cond", "d"),
        chain("msg", "f"),
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("at", "begun"),
        [("plain", "a"), ("day", "b"), ("sig", "c"), ("cond", "d"), ("msg", "f")],
    )
    def test_begin_where_their_event_came_and_nowhere_else(self, at: str, begun: str) -> None:
        play = Play(self.FILE, at=at)

        assert play.waiting == [begun]
        assert play.completed() == [at]

    def test_are_told_to_whoever_keeps_time_and_signals(self) -> None:
        assert Play(self.FILE).definition.beginnings == (
            Beginning("plain", "none"),
            Beginning("day", "timer", "", "2026-04-08"),
            Beginning("sig", "signal", "sig"),
            Beginning("cond", "conditional", "", "amount > 5"),
            Beginning("msg", "message", "msg"),
        )

    def test_without_saying_which_begin_at_the_plain_one(self) -> None:
        assert Play(self.FILE).waiting == ["a"]

    def test_of_which_two_are_plain_must_be_told_apart(self) -> None:
        file = diagram(start("s1"), start("s2"), user("a", "b"), chain("s1", "a"), chain("s2", "b"))

        with pytest.raises(NotWaiting, match="say at which it begins: s1, s2"):
            Play(file)
        assert Play(file, at="s2").waiting == ["b"]

    def test_that_only_a_timer_begins_do_not_begin_plainly(self) -> None:
        file = diagram(start("s", timer("P1D")), user("a"), chain("s", "a"))

        with pytest.raises(NotWaiting, match="begins with an event only: s"):
            Play(file)


class TestAMessageThatBegins:
    """The message that begins a process is mapped as one that is caught."""

    def test_writes_what_its_start_event_maps(self) -> None:
        mapped = extensions('<camunda:out source="no" target="clue_no"/>')
        file = diagram(start("s", mapped + MESSAGE), user("a"), chain("s", "a"))

        play = Play(file, message="msg", payload={"no": "2026-1", "other": 1})

        assert play.variables == {"clue_no": "2026-1"}

    def test_goes_whole_into_the_result_variable(self) -> None:
        file = diagram(
            start("s", MESSAGE, camunda_resultVariable="clue"), user("a"), chain("s", "a")
        )

        assert Play(file, message="msg", payload={"no": 1}).variables == {"clue": {"no": 1}}

    def test_lets_event_sub_processes_listen_from_the_beginning(self) -> None:
        file = diagram(
            start("s", MESSAGE), user("a"), chain("s", "a"),
            handler("h", MESSAGE2, user("u"), chain("h_s", "u")),
        )  # fmt: skip
        play = Play(file, message="msg")

        play.send("msg2")

        assert play.waiting == ["u"]


class TestAMultipleStart:
    """One of several triggers begins it; a parallel one needs them all."""

    def test_begins_with_any(self) -> None:
        file = diagram(start("s", MESSAGE + MESSAGE2), user("a"), chain("s", "a"))

        assert Play(file, message="msg2").waiting == ["a"]

    def test_in_parallel_begins_with_the_first_and_goes_on_with_the_last(self) -> None:
        file = diagram(
            start("s", MESSAGE + MESSAGE2, parallelMultiple="true"), user("a"), chain("s", "a")
        )
        play = Play(file, message="msg2")
        assert play.waiting == []
        assert not play.instance.accepts("msg2")

        play.send("msg")

        assert play.waiting == ["a"]


_EVENTS = (
    node("intermediateCatchEvent", "m", MESSAGE) + node("receiveTask", "r", messageRef="M2")
    + user("a", "b")
)  # fmt: skip


class TestAGatewayThatInstantiates:
    """The first event behind it begins the process."""

    def _file(self, kind: str = "Exclusive", *more: str) -> bytes:
        gate = node("eventBasedGateway", "g", instantiate="true", eventGatewayType=kind)
        return diagram(
            gate, _EVENTS, *more, chain("g", "m", "a"), chain("g", "r", "b"),
        )  # fmt: skip

    def test_takes_the_way_of_the_event_that_came(self) -> None:
        play = Play(self._file(), message="msg2")

        assert play.waiting == ["b"]
        assert play.completed() == ["g", "r"]
        assert play.instance.awaited == ()

    def test_in_parallel_waits_for_the_others_too(self) -> None:
        play = Play(self._file("Parallel"), message="msg")
        assert play.waiting == ["a"]
        assert [w.name for w in play.instance.awaited] == ["msg2"]
        play.do("a")
        assert not play.over

        play.send("msg2")

        assert play.waiting == ["b"]

    def test_does_not_begin_without_an_event(self) -> None:
        with pytest.raises(NotWaiting, match="with a message only: msg, msg2"):
            Play(self._file())

    def test_may_stand_beside_a_start_event(self) -> None:
        file = self._file("Exclusive", start("s"), user("c"), chain("s", "c"))

        assert Play(file).waiting == ["c"]
        assert Play(file, message="msg").waiting == ["a"]

    def test_is_refused_with_a_flow_into_it(self) -> None:
        with pytest.raises(DiagramRefused, match="instantiate-inside"):
            Play(self._file("Exclusive", start("s"), chain("s", "g")))

    def test_in_parallel_is_refused_where_it_does_not_instantiate(self) -> None:
        gate = node("eventBasedGateway", "g", eventGatewayType="Parallel")
        file = diagram(
            start("s"), gate, _EVENTS, chain("s", "g", "m", "a"), chain("g", "r", "b"),
        )  # fmt: skip

        with pytest.raises(DiagramRefused, match="event-gateway-parallel"):
            Play(file)


class TestAReceiveTaskThatInstantiates:
    """Its message begins the process."""

    FILE = diagram(
        node("receiveTask", "r", messageRef="M", instantiate="true"), user("a"), end(),
        chain("r", "a", "e"),
    )  # fmt: skip

    def test_begins_with_its_message(self) -> None:
        play = Play(self.FILE, message="msg")

        assert play.completed() == ["r"]
        assert play.waiting == ["a"]

    def test_does_not_begin_otherwise(self) -> None:
        with pytest.raises(NotWaiting, match="with a message only: msg"):
            Play(self.FILE)

    def test_inside_of_a_sub_process_is_refused(self) -> None:
        inside = start("i") + node("receiveTask", "r", messageRef="M", instantiate="true")
        file = diagram(start(), node("subProcess", "sub", inside), chain("s", "sub"))

        with pytest.raises(DiagramRefused, match="instantiate-inside"):
            Play(file)
