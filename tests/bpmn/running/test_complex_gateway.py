"""A complex gateway runs."""

from __future__ import annotations

from tests.bpmn.diagrams import chain, diagram, end, flow, node, start, user
from tests.bpmn.running.playing import Play


class TestAComplexGateway:
    """It goes on when its activation condition holds, and takes in the rest (13.4.5)."""

    @staticmethod
    def _file(condition: str) -> bytes:
        asked = f"<activationCondition>{condition}</activationCondition>" if condition else ""
        return diagram(
            start(), node("exclusiveGateway", "m"), node("parallelGateway", "f"),
            user("a", "b", "c", "z"), node("complexGateway", "j", asked),
            chain("s", "m", "f", "a", "j", "z", "m"), chain("f", "b", "j"), chain("f", "c", "j"),
        )  # fmt: skip

    def test_goes_on_with_the_second_of_three(self) -> None:
        play = Play(self._file("activationCount >= 2"))

        play.do("a")
        assert play.waiting == ["b", "c"]
        play.do("c")
        assert play.waiting == ["b", "z"]
        play.do("b")

        assert play.waiting == ["z"]
        assert play.count("z") == 1

    def test_is_ready_again_when_the_rest_has_come(self) -> None:
        play = Play(self._file("activationCount >= 2"))
        for turn in (1, 2, 3):
            for element in ("b", "c", "a"):
                play.do(element)
            assert play.count("z") == turn
            play.do("z")

    def test_without_condition_waits_for_all(self) -> None:
        play = Play(self._file(""))

        play.do("a")
        play.do("b")
        assert play.count("z") == 0
        play.do("c")
        assert play.waiting == ["z"]

    def test_reads_variables_in_its_condition(self) -> None:
        play = Play(self._file("urgent or activationCount = 3"), variables={"urgent": False})

        play.do("a")
        assert play.count("z") == 0
        play.do("b", urgent=True)
        assert play.waiting == ["c", "z"]

    def test_of_which_the_rest_never_comes_lets_the_process_end(self) -> None:
        asked = "<activationCondition>true</activationCondition>"
        play = Play(
            diagram(
                start(),
                node("exclusiveGateway", "g", default="d"),
                user("a", "b"),
                node("complexGateway", "j", asked),
                end(),
                chain("s", "g"),
                flow("g", "a", "x"),
                flow("g", "b", key="d"),
                chain("a", "j", "e"),
                chain("b", "j"),
            ),
            variables={"x": True},
        )

        play.do("a")

        assert play.over
