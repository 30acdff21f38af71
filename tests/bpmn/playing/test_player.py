"""Playing a file: post, then work; the clock moves when nothing else is left.

`wenze run` (issue 4): headless, against an in-memory case.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bpmn import DiagramRefused
from bpmn.playing import Outcome, Played, play
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
    flow,
    node,
    start,
    timer,
    user,
)

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
ROOTS = (
    '<message id="M" name="msg"/><message id="M2" name="msg2"/><signal id="S" name="sig"/>'
    '<error id="E" name="err" errorCode="E1"/>'
)


def run(*files: bytes, **options: object) -> Played:
    named = {f"f{number}.bpmn": content for number, content in enumerate(files)}
    return play(named, now=NOON, **options)  # type: ignore[arg-type]


def completed(played: Played, process: str | None = None) -> list[str]:
    return [
        line.element
        for line in played.trace
        if line.event == "completed" and process in (None, line.process)
    ]


def pools(*pairs: tuple[str, str]) -> str:
    """Return a collaboration with a message flow for each pair."""
    flows = "".join(
        f'<messageFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>'
        for n, (a, b) in enumerate(pairs)
    )
    parts = '<participant id="pool" name="outside"/>'
    return f'<collaboration id="c">{parts}{flows}</collaboration>'


class TestOneProcess:
    """What waits is done, oldest first, until the end."""

    def test_all_work_is_completed(self) -> None:
        played = run(diagram(start(), user("a", "b"), end(), chain("s", "a", "b", "e")))

        assert played.outcome is Outcome.ENDED
        assert completed(played) == ["s", "a", "b", "e"]
        assert played.waiting == ()

    def test_inputs_and_results_are_its_variables(self) -> None:
        file = diagram(start(), user("a"), end(), chain("s", "a", "e"))
        played = run(file, inputs={"x": 1}, answer=lambda item: {"done": item.element})

        assert played.variables == {"P": {"x": 1, "done": "a"}}

    def test_work_that_is_left_undone_waits(self) -> None:
        file = diagram(start(), user("a", "b"), end(), chain("s", "a", "b", "e"))
        played = run(file, answer=lambda item: {} if item.element == "a" else None)

        assert played.outcome is Outcome.WAITING
        assert played.waiting == ("b",)

    def test_the_clock_moves_to_the_next_timer_when_nothing_else_is_left(self) -> None:
        file = diagram(
            start(), node("parallelGateway", "f"), user("a"),
            node("intermediateCatchEvent", "day", timer("P1D")),
            node("intermediateCatchEvent", "hour", timer("PT1H")),
            end(), chain("s", "f", "day", "e"), chain("f", "hour", "e"), chain("f", "a", "e"),
        )  # fmt: skip
        played = run(file)

        order = [x for x in completed(played) if x in ("a", "day", "hour")]
        assert order == ["a", "hour", "day"]
        assert played.ended_at == NOON + timedelta(days=1)

    def test_a_boundary_timer_does_not_fire_where_the_work_is_done_first(self) -> None:
        file = diagram(
            start(), user("a"), boundary("late", "a", timer("PT1H")), end(),
            chain("s", "a", "e"), chain("late", "e"),
        )  # fmt: skip
        played = run(file)

        assert played.ended_at == NOON
        assert "late" not in completed(played)

    def test_a_deadline_that_the_file_does_not_define_is_assumed_and_said_so(self) -> None:
        wait = node("intermediateCatchEvent", "w", timer('deadline("DL-1")'))
        played = run(diagram(start(), wait, end(), chain("s", "w", "e")))

        assert played.outcome is Outcome.ENDED
        assert played.assumed == ('w ← deadline("DL-1") = P30D',)
        assert played.ended_at == NOON + timedelta(days=30)

    def test_a_message_that_nobody_sends_is_waited_for(self) -> None:
        wait = node("intermediateCatchEvent", "w", MESSAGE)
        played = run(diagram(start(), wait, end(), chain("s", "w", "e")))

        assert played.outcome is Outcome.WAITING
        assert played.waiting == ("w",)

    def test_an_error_that_nobody_catches_is_an_incident(self) -> None:
        played = run(diagram(start(), user("a"), end("e", ERROR), chain("s", "a", "e")))

        assert played.outcome is Outcome.INCIDENT
        assert [incident.element for incident in played.incidents] == ["e"]

    def test_a_condition_without_its_variable_is_an_incident(self) -> None:
        file = diagram(
            start(), node("exclusiveGateway", "g", default="g__e"), user("a"), end(),
            chain("s", "g"), flow("g", "a", "x > 1"), chain("g", "e"), chain("a", "e"),
        )  # fmt: skip

        assert run(file).outcome is Outcome.INCIDENT
        assert run(file, inputs={"x": 1}).outcome is Outcome.ENDED

    def test_a_loop_that_the_work_never_ends_is_given_up(self) -> None:
        file = diagram(
            start(), user("a"), node("exclusiveGateway", "g", default="g__e"), end(),
            chain("s", "a", "g"), flow("g", "a", "again"), chain("g", "e"),
        )  # fmt: skip
        played = run(file, inputs={"again": True}, most_steps=10)

        assert played.outcome is Outcome.INCIDENT
        assert "10 steps" in played.incidents[0].en

    def test_what_lint_refuses_is_not_played(self) -> None:
        file = diagram(start(), node("scriptTask", "x"), end(), chain("s", "x", "e"))

        with pytest.raises(DiagramRefused) as refused:
            run(file)
        assert ("not-executable", "x") in [(f.rule, f.element) for f in refused.value.findings]

    def test_a_process_that_is_not_there_is_refused(self) -> None:
        file = diagram(start(), end(), chain("s", "e"))

        with pytest.raises(DiagramRefused, match="Q"):
            run(file, process="Q")

    def test_the_same_play_gives_the_same_trace(self) -> None:
        file = diagram(start(), user("a", "b"), end(), chain("s", "a", "b", "e"))

        assert run(file) == run(file)


class TestBeginnings:
    """A process begins as it is drawn; what another calls or writes to does not begin by itself."""

    @pytest.mark.parametrize(
        "definition", [MESSAGE, timer("P1D"), SIGNAL, condition("true")], ids=str
    )
    def test_each_kind_of_start_event_begins_it(self, definition: str) -> None:
        played = run(diagram(start("s", definition), user("a"), end(), chain("s", "a", "e")))

        assert played.outcome is Outcome.ENDED
        assert "a" in completed(played)

    def test_a_plain_start_goes_before_a_message(self) -> None:
        file = diagram(
            start("m", MESSAGE), start("s"), user("a", "b"), end(), chain("m", "a", "e"),
            chain("s", "b", "e"),
        )  # fmt: skip

        assert completed(run(file)) == ["s", "b", "e"]

    def test_a_process_that_is_called_begins_only_there(self) -> None:
        caller = diagram(
            start(), node("callActivity", "call", calledElement="Q"), end(), chain("s", "call", "e")
        )
        called = diagram(start("s1"), user("q"), end("e1"), chain("s1", "q", "e1"), process="Q")
        played = run(called, caller)

        assert completed(played, "Q") == ["s1", "q", "e1"]
        assert played.outcome is Outcome.ENDED

    def test_processes_that_call_each_other_begin_with_the_first(self) -> None:
        both = [
            diagram(
                start(f"s{a}"), node("exclusiveGateway", f"g{a}", default=f"g{a}__e{a}"),
                node("callActivity", f"c{a}", calledElement=b), end(f"e{a}"),
                chain(f"s{a}", f"g{a}"), flow(f"g{a}", f"c{a}", "again"),
                chain(f"g{a}", f"e{a}"), chain(f"c{a}", f"e{a}"), process=a,
            )
            for a, b in (("P", "Q"), ("Q", "P"))
        ]  # fmt: skip
        played = run(*both, inputs={"again": False})

        assert completed(played) == ["sP", "gP", "eP"]

    def test_the_process_that_is_named_begins_alone(self) -> None:
        p = a_process(start("s"), end("e"), chain("s", "e"))
        q = a_process(start("s1"), end("e1"), chain("s1", "e1"), process="Q")

        assert completed(run(bpmn(p, q))) == ["s", "e", "s1", "e1"]
        assert completed(run(bpmn(p, q), process="Q")) == ["s1", "e1"]


class TestPost:
    """Messages go along the message flows; without an arrow they go by their name."""

    def sender(self, throws: str = MESSAGE) -> str:
        return a_process(
            start(), node("intermediateThrowEvent", "t", throws), end(), chain("s", "t", "e")
        )

    def receiver(self, waits: str = MESSAGE, process: str = "Q") -> str:
        at = process.lower()
        return a_process(
            start(f"s_{at}"), node("intermediateCatchEvent", f"w_{at}", waits), end(f"e_{at}"),
            chain(f"s_{at}", f"w_{at}", f"e_{at}"), process=process,
        )  # fmt: skip

    def test_a_message_goes_to_who_waits_for_its_name(self) -> None:
        played = run(bpmn(self.sender(), self.receiver(), roots=ROOTS))

        assert played.outcome is Outcome.ENDED
        assert completed(played, "Q") == ["s_q", "w_q", "e_q"]

    def test_an_arrow_says_to_whom_of_two(self) -> None:
        arrow = pools(("t", "w_r"))
        file = bpmn(self.sender(), self.receiver(), self.receiver(process="R"), roots=ROOTS + arrow)
        played = run(file)

        assert completed(played, "R") == ["s_r", "w_r", "e_r"]
        assert played.waiting == ("w_q",)

    def test_an_arrow_between_two_names_carries_what_the_receiver_waits_for(self) -> None:
        arrow = pools(("t", "w_q"))
        played = run(bpmn(self.sender(), self.receiver(MESSAGE2), roots=ROOTS + arrow))

        assert played.outcome is Outcome.ENDED

    def test_an_arrow_from_a_task_is_followed_when_the_task_is_done(self) -> None:
        sender = a_process(start(), user("a"), end(), chain("s", "a", "e"))
        played = run(bpmn(sender, self.receiver(), roots=ROOTS + pools(("a", "w_q"))))

        order = completed(played)
        assert played.outcome is Outcome.ENDED
        assert order.index("a") < order.index("w_q")

    def test_an_arrow_to_or_from_a_closed_pool_is_nobodys_message(self) -> None:
        arrows = pools(("t", "pool"), ("pool", "w_q"))
        played = run(bpmn(self.sender(MESSAGE2), self.receiver(), roots=ROOTS + arrows))

        assert played.waiting == ("w_q",)

    def test_a_message_begins_a_process_and_hands_it_what_it_carries(self) -> None:
        carried = (
            '<messageEventDefinition messageRef="M"><extensionElements><camunda:in '
            'source="x" target="y"/></extensionElements></messageEventDefinition>'
        )
        begun = a_process(start("s1", MESSAGE), end("e1"), chain("s1", "e1"), process="Q")
        played = run(bpmn(self.sender(carried), begun, roots=ROOTS), inputs={"x": 7})

        assert completed(played) == ["s", "t", "e", "s1", "e1"]
        assert played.variables["Q"] == {"x": 7, "y": 7}

    def test_a_message_waits_until_the_receiver_does(self) -> None:
        receiver = a_process(
            start("s1"), node("intermediateCatchEvent", "h", timer("PT1H")),
            node("intermediateCatchEvent", "w", MESSAGE), end("e1"), chain("s1", "h", "w", "e1"),
            process="Q",
        )  # fmt: skip
        played = run(bpmn(self.sender(), receiver, roots=ROOTS))

        assert played.outcome is Outcome.ENDED
        assert completed(played)[-1] == "e1"

    def test_a_signal_goes_to_every_process_and_begins_those_that_wait_for_it_so(self) -> None:
        begun = a_process(start("s1", SIGNAL), end("e1"), chain("s1", "e1"), process="R")
        file = bpmn(self.receiver(SIGNAL), self.sender(SIGNAL), begun, roots=ROOTS)
        played = run(file, process=None)

        assert completed(played, "Q") == ["s_q", "w_q", "e_q"]
        assert completed(played, "R") == ["s1", "e1", "s1", "e1"]  # by itself, and by the signal

    def test_nobody_gets_a_message_after_a_terminate(self) -> None:
        sender = a_process(
            start(), node("intermediateThrowEvent", "t", MESSAGE), end("e", TERMINATE),
            chain("s", "t", "e"),
        )  # fmt: skip
        receiver = a_process(start("s1"), end("e1"), chain("s1", "e1"), process="Q")

        assert run(bpmn(sender, receiver, roots=ROOTS)).outcome is Outcome.ENDED


class TestOutside:
    """Asked to, the play answers for closed pools: messages and signals on the way only."""

    @pytest.mark.parametrize("waits", [MESSAGE, SIGNAL], ids=["message", "signal"])
    def test_what_a_token_waits_for_comes(self, waits: str) -> None:
        wait = node("intermediateCatchEvent", "w", waits)
        played = run(diagram(start(), wait, end(), chain("s", "w", "e")), outside=True)

        assert played.outcome is Outcome.ENDED
        assert len(played.assumed) == 1
        assert played.assumed[0].startswith("w ← ")

    def test_what_stands_at_a_border_does_not(self) -> None:
        wait = node("intermediateCatchEvent", "w", timer("PT1H"))
        inner = node("subProcess", "sub", start("s1") + wait + end("e1") + chain("s1", "w", "e1"))
        file = diagram(
            start(), inner, boundary("b", "sub", MESSAGE), end(), end("off"),
            chain("s", "sub", "e"), chain("b", "off"),
        )  # fmt: skip
        played = run(file, outside=True)

        assert played.assumed == ()
        assert "off" not in completed(played)

    def test_an_element_is_answered_three_times_and_no_more(self) -> None:
        wait = node("receiveTask", "w", messageRef="M")
        gateway = node("exclusiveGateway", "g", default="g__e")
        file = diagram(
            start(), wait, gateway, end(), chain("s", "w", "g"), flow("g", "w", "again"),
            chain("g", "e"),
        )  # fmt: skip
        played = run(file, outside=True, inputs={"again": True})

        assert played.outcome is Outcome.WAITING
        assert completed(played).count("w") == 3


def test_decision_tables_are_played_with_the_diagrams() -> None:
    """A business rule task reads its table from the files that are handed in."""
    table = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
      namespace="t"><decision id="D" name="D"><variable name="D" typeRef="number"/>
      <literalExpression><text>x + 1</text></literalExpression></decision>
      <inputData id="i" name="x"><variable name="x" typeRef="number"/></inputData></definitions>"""
    table = table.replace(
        b'<variable name="D" typeRef="number"/>',
        b'<variable name="D" typeRef="number"/><informationRequirement id="r">'
        b'<requiredInput href="#i"/></informationRequirement>',
    )
    rule = node(
        "businessRuleTask", "r", camunda_decisionRef="D", camunda_resultVariable="y",
        camunda_mapDecisionResult="singleEntry",
    )  # fmt: skip
    files: Mapping[str, bytes] = {
        "p.bpmn": diagram(start(), rule, end(), chain("s", "r", "e")),
        "d.dmn": table,
    }
    played = play(files, now=NOON, inputs={"x": 1})

    assert played.variables["P"]["y"] == 2
