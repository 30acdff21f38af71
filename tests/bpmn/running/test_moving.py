import pytest

from bpmn.running import CannotMove
from tests.bpmn.diagrams import (
    MESSAGE,
    TERMINATE,
    a_process,
    boundary,
    bpmn,
    chain,
    diagram,
    end,
    flow,
    handler,
    node,
    start,
    timer,
    user,
)
from tests.bpmn.running.playing import Play


class TestMoving:
    """An item is sent back or forward; what could then not end is refused (退回、跳转)."""

    FORK = diagram(
        start(), user("a"), node("parallelGateway", "f"), user("b", "b2", "c"),
        node("parallelGateway", "j"), user("d"), end(),
        chain("s", "a", "f", "b", "b2", "j", "d", "e"), chain("f", "c", "j"),
    )  # fmt: skip

    def test_goes_back_and_runs_again_from_there(self) -> None:
        play = Play(diagram(start(), user("a", "b"), end(), chain("s", "a", "b", "e")))
        play.do("a")

        step = play.move("b", "a")

        assert len(step.withdrawn) == 1
        assert play.waiting == ["a"]
        play.do("a")
        play.do("b")
        assert play.step.ended == ("e",)

    def test_goes_back_and_forward_within_its_branch(self) -> None:
        play = Play(self.FORK)
        play.do("a")

        play.move("b", "b2")
        assert play.waiting == ["c", "b2"]
        play.move("b2", "b")
        play.do("b")
        play.do("b2")
        play.do("c")

        assert play.waiting == ["d"]

    @pytest.mark.parametrize("target", ["a", "d", "c"])
    def test_does_not_leave_its_branch(self, target: str) -> None:
        play = Play(self.FORK)
        play.do("a")

        with pytest.raises(CannotMove, match="wait for ever") as refused:
            play.move("b", target)

        assert "汇合" in refused.value.zh
        assert play.waiting == ["b", "c"]

    def test_does_not_enter_a_branch_from_outside(self) -> None:
        play = Play(self.FORK)

        with pytest.raises(CannotMove):
            play.move("a", "b")
        play.do("a")
        play.do("c")
        play.do("b")
        play.do("b2")
        with pytest.raises(CannotMove):
            play.move("d", "b")
        play.move("d", "a")
        assert play.waiting == ["a"]

    def test_may_leave_branches_that_meet_without_waiting(self) -> None:
        play = Play(
            diagram(
                start(), user("a"), node("exclusiveGateway", "x", default="o"), user("b", "c", "d"),
                node("inclusiveGateway", "j"), node("inclusiveGateway", "i", default="q"), end(),
                chain("s", "a", "x"), flow("x", "b", "v"), flow("x", "i", key="o"),
                flow("i", "c", "v"), flow("i", "d", key="q"), chain("b", "e"),
                chain("c", "j", "e"), chain("d", "j"),
            ),
            variables={"v": False},
        )  # fmt: skip
        play.do("a")

        play.move("d", "b")
        play.move("b", "i")
        assert play.waiting == ["d"]

    def test_may_leave_any_branch_where_the_end_terminates(self) -> None:
        play = Play(
            diagram(start(), user("a", "b", "c"), end("e", TERMINATE), chain("s", "a", "e"),
                    chain("s", "b", "c"))
        )  # fmt: skip

        play.move("a", "c")

        assert play.waiting == ["b", "c"]

    def test_out_of_a_sub_process_withdraws_it(self) -> None:
        inner = start("is") + user("i", "k") + chain("is", "i") + chain("is", "k")
        play = Play(
            diagram(start(), user("a"), node("subProcess", "sub", inner), user("z"),
                    boundary("x", "sub", timer("P1D")), chain("s", "a", "sub", "z"))
        )  # fmt: skip
        play.do("a")

        step = play.move("i", "a")

        assert len(step.withdrawn) == 2
        assert len(step.disarmed) == 1
        assert play.waiting == ["a"]

    def test_out_of_a_called_process_withdraws_the_call(self) -> None:
        called = a_process(start("cs"), user("cu"), chain("cs", "cu"), process="C")
        caller = a_process(start(), user("a"), node("callActivity", "c", calledElement="C"),
                           chain("s", "a", "c"))  # fmt: skip
        play = Play(bpmn(caller, called))
        play.do("a")

        play.move("cu", "a")

        assert play.waiting == ["a"]

    def test_out_of_one_instance_withdraws_the_whole_multi_instance(self) -> None:
        loop = '<multiInstanceLoopCharacteristics camunda:collection="[1, 2]"/>'
        play = Play(diagram(start(), user("a"), node("userTask", "m", loop), chain("s", "a", "m")))
        play.do("a")

        step = play.move("m", "a")

        assert len(step.withdrawn) == 2
        assert play.waiting == ["a"]

    def test_lets_event_sub_processes_go_on(self) -> None:
        play = Play(
            diagram(start(), user("a", "b"), chain("s", "a", "b"),
                    handler("x", MESSAGE, user("h") + chain("x_s", "h"), interrupts=False))
        )  # fmt: skip
        play.do("a")
        play.send("msg")

        play.move("b", "a")

        assert play.waiting == ["h", "a"]

    @pytest.mark.parametrize("target", ["s", "x", "late", "j", "nowhere", "i"])
    def test_does_not_go_where_no_token_can_be_put(self, target: str) -> None:
        inner = start("is") + user("i") + chain("is", "i")
        play = Play(
            diagram(
                start(), user("a", "b"), boundary("late", "b", timer("P1D")),
                node("parallelGateway", "j"), node("subProcess", "sub", inner),
                handler("x", MESSAGE, user("h") + chain("x_s", "h")),
                chain("s", "a", "b", "sub", "j"), chain("late", "j"),
            )
        )  # fmt: skip

        with pytest.raises(CannotMove):
            play.move("a", target)


_BRANCHES = diagram(
    start(), node("parallelGateway", "f"), user("a", "b"), end("ea"), end("eb"),
    chain("s", "f", "a", "ea"), chain("f", "b", "eb"),
)  # fmt: skip
_JOINED = diagram(
    start(), user("z"), node("parallelGateway", "f"), user("a", "b"),
    node("parallelGateway", "j"), end(), chain("s", "z", "f", "a", "j", "e"), chain("f", "b", "j"),
)  # fmt: skip


class TestCancellingABranch:
    """一个分支被撤销，其余继续；撤销后走不下去的，拒绝。"""

    def test_leaves_the_others(self) -> None:
        play = Play(_BRANCHES)

        step = play.drop("a")

        assert len(step.withdrawn) == 1
        assert play.waiting == ["b"]
        play.do("b")
        assert play.step.ended == ("eb",)

    def test_of_an_activity_for_many_withdraws_it_as_a_whole(self) -> None:
        loop = '<multiInstanceLoopCharacteristics camunda:collection="members"/>'
        file = diagram(
            start(), node("parallelGateway", "f"), node("userTask", "a", loop), user("b"),
            chain("s", "f", "a"), chain("f", "b"),
        )  # fmt: skip
        play = Play(file, variables={"members": [1, 2]})

        play.drop("a")

        assert play.waiting == ["b"]

    def test_that_a_join_waits_for_is_refused(self) -> None:
        play = Play(_JOINED)
        play.do("z")

        with pytest.raises(CannotMove, match="join"):
            play.instance.cancel_branch(play.item("a").id)

    def test_that_is_the_last_is_refused(self) -> None:
        play = Play(_BRANCHES)
        play.do("a")

        with pytest.raises(CannotMove, match="nothing would be left"):
            play.instance.cancel_branch(play.item("b").id)


class TestOpeningAgain:
    """已完成的环节可再开一次，其余不受影响；开了走不到结束的，拒绝。"""

    def test_puts_one_more_token_on_it(self) -> None:
        play = Play(_BRANCHES)
        play.do("a")

        play.reopen("a")

        assert play.waiting == ["b", "a"]
        play.do("a")
        play.do("b")
        assert play.over

    def test_of_what_a_join_would_take_alone_is_refused(self) -> None:
        play = Play(_JOINED)
        play.do("z")
        play.do("a")

        with pytest.raises(CannotMove, match="opened again"):
            play.instance.reopen("a")

    def test_stands_in_the_sub_process_of_an_item(self) -> None:
        inside = start("i") + user("x", "y") + chain("i", "x", "y")
        play = Play(diagram(start(), node("subProcess", "sub", inside), chain("s", "sub")))
        play.do("x")

        play.reopen("x", "y")

        assert play.waiting == ["y", "x"]

    def test_of_what_is_not_there_is_refused(self) -> None:
        play = Play(_BRANCHES)

        with pytest.raises(CannotMove, match="no node"):
            play.instance.reopen("nothing")

    def test_of_what_is_over_is_refused(self) -> None:
        play = Play(_BRANCHES)
        play.do("a")
        play.do("b")

        with pytest.raises(CannotMove, match="opened again"):
            play.instance.reopen("a")


class TestComingStraightBack:
    """What was sent back and done again goes on where it was not accepted."""

    CHAIN = diagram(start(), user("a", "b", "c"), end(), chain("s", "a", "b", "c", "e"))

    def test_goes_on_at_the_named_node_and_has_completed(self) -> None:
        play = Play(self.CHAIN)
        play.do("a")
        play.do("b")
        play.move("c", "a")

        play.complete_to("a", "c")

        assert play.waiting == ["c"]
        assert ("a", "completed") in play.trace[-3:]
        play.do("c")
        assert play.step.ended == ("e",)

    def test_not_out_of_its_own_level_nor_out_of_one_of_several_turns(self) -> None:
        inside = start("s2") + user("x") + end("e2") + chain("s2", "x", "e2")
        inner = node("subProcess", "sub", inside)
        play = Play(diagram(start(), user("a"), inner, end(), chain("s", "a", "sub", "e")))
        play.do("a")

        with pytest.raises(CannotMove, match="another process"):
            play.complete_to("x", "a")
        assert play.waiting == ["x"]

    def test_not_where_no_end_could_be_reached(self) -> None:
        play = Play(TestMoving.FORK)
        play.do("a")
        with pytest.raises(CannotMove, match="wait for ever"):
            play.complete_to("b", "d")
