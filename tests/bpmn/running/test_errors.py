import pytest

from bpmn.running import StepFailed
from tests.bpmn.diagrams import (
    ANY_ERROR,
    ERROR,
    ESCALATION,
    a_process,
    boundary,
    bpmn,
    chain,
    diagram,
    end,
    node,
    start,
    user,
)
from tests.bpmn.running.playing import Play


def _on_a(inner: str, *, interrupts: bool) -> bytes:
    return diagram(
        start(), user("a", "b"), boundary("x", "a", inner, interrupts=interrupts), end(),
        chain("s", "a", "e"), chain("x", "b"),
    )  # fmt: skip


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
