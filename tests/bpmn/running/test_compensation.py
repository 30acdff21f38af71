import pytest

from bpmn.findings import DiagramRefused
from bpmn.running import StepFailed
from tests.bpmn.diagrams import (
    MESSAGE,
    boundary,
    chain,
    diagram,
    end,
    handler,
    node,
    start,
    user,
)
from tests.bpmn.running.playing import Play

_COMPENSATE = "<compensateEventDefinition/>"


def _undoable(key: str, undo: str) -> str:
    """Return a task and the task that undoes it."""
    return (
        user(key)
        + boundary(f"{key}_c", key, _COMPENSATE)
        + node("userTask", undo, isForCompensation="true")
        + f'<association id="{key}_as" sourceRef="{key}_c" targetRef="{undo}"/>'
    )


class TestCompensation:
    """What is complete is undone, the last first (BPMN 2.0.2, 13.5.5)."""

    @staticmethod
    def _file(definition: str = _COMPENSATE) -> bytes:
        return diagram(
            start(), _undoable("a", "ua"), _undoable("b", "ub"), _undoable("c", "uc"),
            node("intermediateThrowEvent", "t", definition), user("w", "z"),
            chain("s", "a", "b", "w", "t", "z"), chain("w", "c"),
        )  # fmt: skip

    def test_undoes_in_reverse_order_and_then_goes_on(self) -> None:
        play = Play(self._file())
        for element in ("a", "b", "w"):
            play.do(element)

        assert play.waiting == ["ub", "c"]
        play.do("ub")
        assert play.waiting == ["c", "ua"]
        play.do("ua")

        assert play.waiting == ["c", "z"]

    def test_undoes_nothing_that_is_not_complete_and_nothing_twice(self) -> None:
        play = Play(
            diagram(
                start(), _undoable("a", "ua"), node("intermediateThrowEvent", "t", _COMPENSATE),
                node("intermediateThrowEvent", "t2", _COMPENSATE), user("z"),
                chain("s", "t", "a", "t2", "z"), chain("z", "t2"),
            )
        )  # fmt: skip

        assert play.waiting == ["a"]
        play.do("a")
        play.do("ua")
        play.do("z")

        assert play.waiting == ["z"]
        assert play.count("ua") == 1

    def test_may_name_the_one_activity_to_undo(self) -> None:
        play = Play(self._file('<compensateEventDefinition activityRef="a"/>'))
        for element in ("a", "b", "w"):
            play.do(element)

        assert play.waiting == ["ua", "c"]
        play.do("ua")
        assert play.waiting == ["c", "z"]

    def test_undoes_each_turn_of_a_loop_by_itself(self) -> None:
        play = Play(
            diagram(
                start(), node("exclusiveGateway", "m"), _undoable("a", "ua"),
                node("task", "q", default="out"),
                node("intermediateThrowEvent", "t", _COMPENSATE), end(),
                chain("s", "m", "a", "q"),
                '<sequenceFlow id="back" sourceRef="q" targetRef="m"><conditionExpression>again'
                '</conditionExpression></sequenceFlow>',
                '<sequenceFlow id="out" sourceRef="q" targetRef="t"/>', chain("t", "e"),
            )
        )  # fmt: skip
        for again in (True, False):
            play.do("a")
            play.do("q", again=again)

        play.do("ua")
        play.do("ua")

        assert play.over

    def test_runs_at_an_end_too_before_the_process_is_over(self) -> None:
        play = Play(diagram(start(), _undoable("a", "ua"), end("e", _COMPENSATE),
                            chain("s", "a", "e")))  # fmt: skip
        play.do("a")

        assert not play.over
        play.do("ua")
        assert play.step.ended == ("e",)

    def test_undoes_what_a_completed_sub_process_did(self) -> None:
        inside = start("is") + _undoable("a", "ua") + _undoable("b", "ub") + chain("is", "a", "b")
        play = Play(
            diagram(
                start(), node("subProcess", "sub", inside), user("w"), user("z"),
                node("intermediateThrowEvent", "t", _COMPENSATE), chain("s", "sub", "w", "t", "z"),
            )
        )  # fmt: skip
        for element in ("a", "b", "w", "ub", "ua"):
            play.do(element)

        assert play.waiting == ["z"]

    def test_of_a_sub_process_is_its_own_handlers_where_it_has_one(self) -> None:
        inside = (
            start("is") + _undoable("a", "ua") + chain("is", "a")
            + handler("h", _COMPENSATE, user("hu") + end("he", _COMPENSATE)
                      + chain("h_s", "hu", "he"))
        )  # fmt: skip
        play = Play(
            diagram(
                start(), node("subProcess", "sub", inside), user("z"),
                node("intermediateThrowEvent", "t", _COMPENSATE), chain("s", "sub", "t", "z"),
            )
        )  # fmt: skip

        play.do("a")
        assert play.waiting == ["hu"]
        play.do("hu")
        assert play.waiting == ["ua"]
        play.do("ua")
        assert play.waiting == ["z"]

    def test_may_be_thrown_by_an_event_sub_process_for_its_level(self) -> None:
        body = node("intermediateThrowEvent", "t", _COMPENSATE) + end("he")
        play = Play(
            diagram(
                start(), _undoable("a", "ua"), user("w"),
                handler("x", MESSAGE, body + chain("x_s", "t", "he")), chain("s", "a", "w"),
            )
        )  # fmt: skip
        play.do("a")

        play.send("msg")
        assert play.waiting == ["ua"]
        play.do("ua")

        assert play.step.ended == ("he",)

    def test_without_anything_that_compensates_is_refused(self) -> None:
        with pytest.raises(DiagramRefused, match="compensation-without-handler"):
            Play(diagram(start(), user("a"), boundary("x", "a", _COMPENSATE), chain("s", "a")))
        unknown = node(
            "intermediateThrowEvent", "t", '<compensateEventDefinition activityRef="q"/>'
        )
        with pytest.raises(DiagramRefused, match="unresolved-reference"):
            Play(diagram(start(), unknown, chain("s", "t")))


class TestATransaction:
    """A transaction that is cancelled undoes what it did and leaves by its boundary (13.3.4)."""

    @staticmethod
    def _file(*around: str) -> bytes:
        inside = (
            start("is") + _undoable("a", "ua") + user("b", "c") + end("ok")
            + end("no", "<cancelEventDefinition/>")
            + chain("is", "a", "b", "ok") + chain("a", "c", "no")
        )  # fmt: skip
        return diagram(
            start(), node("transaction", "tx", inside), user("y", "n"), *around,
            chain("s", "tx", "y"),
        )  # fmt: skip

    BOUNDARY = boundary("x", "tx", "<cancelEventDefinition/>") + chain("x", "n")

    def test_that_ends_well_goes_on(self) -> None:
        inside = start("is") + _undoable("a", "ua") + end("ok") + chain("is", "a", "ok")
        play = Play(
            diagram(
                start(),
                node("transaction", "tx", inside),
                user("y", "n"),
                self.BOUNDARY,
                chain("s", "tx", "y"),
            )
        )

        play.do("a")

        assert play.waiting == ["y"]

    def test_that_is_cancelled_undoes_and_leaves_by_the_boundary(self) -> None:
        play = Play(self._file(self.BOUNDARY))
        play.do("a")

        step = play.do("c")

        assert len(step.withdrawn) == 1
        assert play.waiting == ["ua"]
        play.do("ua")
        assert play.waiting == ["n"]

    def test_that_is_cancelled_and_has_no_boundary_fails_the_step(self) -> None:
        play = Play(self._file())
        play.do("a")
        play.do("c")

        with pytest.raises(StepFailed, match="no cancel boundary"):
            play.do("ua")

    def test_that_is_complete_can_be_undone_as_a_sub_process_can(self) -> None:
        inside = start("is") + _undoable("a", "ua") + chain("is", "a")
        play = Play(
            diagram(
                start(), node("transaction", "tx", inside), user("z"),
                node("intermediateThrowEvent", "t", _COMPENSATE), chain("s", "tx", "t", "z"),
            )
        )  # fmt: skip

        play.do("a")
        play.do("ua")

        assert play.waiting == ["z"]
